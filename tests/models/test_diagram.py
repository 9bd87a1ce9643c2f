"""The diagram says what the layer table says."""

from __future__ import annotations

from core import presets
from core.models.diagram import dot, layer_drawing
from tests.training.experiments import OUTPUT, experiment_with


def test_every_layer_is_a_box_with_its_parameters_and_every_shape_is_on_an_arrow():
    experiment = presets.load("mnist-convnet")
    text = dot(experiment)

    for row in experiment.summary.rows:
        assert f'label="{row.name}\\n{row.kind}(' in text
        assert " × ".join(map(str, row.output_shape)) in text
        if row.parameters:
            assert f"{row.parameters:,} parameters" in text
    assert text.count(" -> ") == len(experiment.layers) + 1
    assert text.count("{") == text.count("}")
    assert "bgcolor=transparent" in text


def test_words_and_colours_are_the_caller_s():
    def t(key: str, **names: str) -> str:
        return f'<{key} "{names.get("count", "")}">'

    text = dot(experiment_with(layers=[OUTPUT]), t, fill="#111111", text="#222222", line="#333333")

    assert 'label="<diagram.input \\"\\">"' in text
    assert '<diagram.parameters \\"650\\">' in text
    assert all(colour in text for colour in ("#111111", "#222222", "#333333"))


def test_a_drawing_has_the_boxes_below_each_other_and_says_them_in_order():
    experiment = presets.load("mnist-convnet")
    drawing = layer_drawing(experiment)
    ends = [end for box in drawing.boxes for end in (box.top, box.bottom)]
    assert ends == sorted(ends)
    assert ends[-1] < drawing.height
    names = [box.lines[0] for box in drawing.boxes[1:]]
    assert names == [row.name for row in experiment.summary.rows]
    places = [drawing.said.index(f"{name}, ") for name in names]
    assert places == sorted(places)
