"""The shapes beside the curves of a run: what is said, what is drawn, and where it leads."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from core import presets
from core.analysis.curve_shapes import SHAPES, ShapeCode, shape, suspicions
from core.storage import Store
from dashboard.live.shapes import text
from dashboard.live.shapes.figures import beside
from dashboard.shared.language import CODES, language
from tests.analysis.runs import stored
from tests.dashboard.pages import opened, words

EN = language("en")
RECORDED = "recorded-imdb-multi-hot"


def said(code: ShapeCode) -> list[str]:
    example = shape(code)
    run = stored(code, example.experiment, epochs=example.epochs)
    return [text.sentence(one).said(EN) for one in suspicions(run) if one.code == code]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("rate", r"rose in 10 of 18 steps, by 62% of what it fell\. The steps \(learning rate 0\.05\)"),
        ("labels", r"Of the training samples 25% have a wrong label"),
        ("early", r"lowest after the last epoch, 6: it was still falling"),
        ("dropout", r"In 29 of 29 epochs validation loss is below .* dropout \(rate 0\.5\)"),
        ("small", r"With 40 validation samples, an accuracy of 82\.5% is known to ±12\.0 points"),
        ("noise", r"The rise is 2\.\d × the zigzag"),
    ],
)
def test_a_sentence_names_the_numbers_of_the_run(code: ShapeCode, words: str) -> None:
    (sentence,) = said(code)
    assert re.search(words, sentence), sentence


@pytest.mark.parametrize("code", SHAPES)
def test_both_panels_show_real_curves_and_accuracy_has_its_band(code: ShapeCode) -> None:
    example = shape(code)
    figure = beside(code, (example.experiment, example.epochs[:4]), (example.experiment, example.epochs), EN)
    lines = [trace for trace in figure.data if trace.fill is None and trace.mode != "markers"]
    assert len(lines) == 4
    name = "val_accuracy" if code == "small" else "val_loss"
    assert list(lines[3].y) == [getattr(epoch, name) for epoch in example.epochs]
    assert (lines[0].xaxis, lines[3].xaxis) == ("x", "x2")
    assert sum(trace.fill == "toself" for trace in figure.data) == (2 if code == "small" else 0)
    if code != "small":
        assert figure.layout.yaxis2.range is not None


def test_a_long_run_is_thinned_to_its_last_epoch() -> None:
    example = shape("noise")
    long = [replace(example.epochs[number % 30], number=number + 1) for number in range(1_000)]
    figure = beside("noise", (example.experiment, long), (example.experiment, example.epochs), EN)
    assert len(figure.data[0].x) <= 121
    assert figure.data[0].x[-1] == 1_000
    assert figure.layout.xaxis.range[1] > 1_000


@pytest.mark.parametrize("code", CODES)
def test_the_page_holds_a_run_against_three_shapes_when_asked(code: str, store: Store) -> None:
    t = language(code)
    test = opened("run", code, run=RECORDED)
    assert t("shape.title") in [box.label for box in test.expander]
    assert t("shape.about") not in words(test)
    test = opened("run", code, run=RECORDED, state={f"shapes-{RECORDED}": True})
    told = words(test)
    for name in ("noise", "small", "labels"):
        assert t(f"shape.{name}.look") in told
    falling = "recorded-fashion-single-layer"
    test = opened("run", code, run=falling, state={f"shapes-{falling}": True})
    links = [str(link.proto.label) for link in test.get("page_link")]
    assert t("shape.try.early", epochs=10) in links


def test_a_comparison_says_of_each_curve_in_a_line_what_it_could_be_and_shows_one_in_full(
    store: Store,
) -> None:
    falling = "recorded-fashion-single-layer"
    hidden = store.add(presets.load(presets.FIRST), owner="student", title="", preset="", covered=True)
    pair = f"{RECORDED},{falling},{hidden}"
    test = opened("compare", runs=pair, state={"shapes-of-several": True})
    told = words(test)
    for letter, run in (("A", RECORDED), ("B", falling)):
        first = suspicions(store.get(run))[0]
        (line,) = [one.value for one in test.markdown if one.value.startswith(f"**{letter}** · ")]
        assert f"{EN(f'shape.{first.code}')} ({text.verdict(first, EN)})" in line
    assert not [one for one in test.markdown if one.value.startswith("**C** · ")]
    assert EN("shape.early.look") not in told
    test.segmented_control(key="shapes-closer").select("B").run()
    assert EN("shape.early.look") in words(test)
    alone = opened(
        "compare", runs=pair, hide=RECORDED, state={"shapes-of-several": True, "shapes-closer": "A"}
    )
    assert not alone.exception
    assert alone.segmented_control(key="shapes-closer").value == "B"


def test_of_a_covered_run_nothing_is_said(store: Store) -> None:
    run = store.add(presets.load(presets.FIRST), owner="student", title="", preset="", covered=True)
    test = opened("run", run=run, state={f"shapes-{run}": True})
    assert EN("shape.title") not in [box.label for box in test.expander]
