"""The tab about the inside of a network, pressed as a student would; real trained networks answer, in this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import presets
from core.analysis.turning_point import Turn
from core.analysis.weight_history import (
    WEIGHT_STATS,
    WeightHistory,
    weight_distribution,
    weight_growth,
    weight_stats,
)
from core.datasets import open_dataset
from core.datasets.dataset import Vocabulary
from core.errors import JobError
from core.experiment import Experiment
from core.inference.kinds.first_layer import NearWord, UnitWords, WordWeight
from core.inference.kinds.units import LayerUnits, UnitsAnswer
from core.inference.request import Values
from core.models.first_layer import first_layer
from core.run import RunState
from core.settings import Settings
from core.storage import Artifacts, open_store
from core.training import artifact_names
from core.training.weight_histograms import WeightRecorder
from dashboard.run.inside import figures
from dashboard.run.inside import text as decide
from dashboard.shared import services
from dashboard.shared.charts.colours import STOPS, coloured
from dashboard.shared.charts.weight_spread import weight_spread
from dashboard.shared.language import language
from tests.dashboard import pages, runs
from tests.dashboard.answering import answered_here
from tests.dashboard.pages import opened
from tests.training.experiments import experiment_on_texts, experiment_with

SAY = language("en")
CONV = [
    {"kind": "conv2d", "filters": 3, "activation": "relu"},
    {"kind": "dropout", "rate": 0.2},
    {"kind": "flatten"},
    {"kind": "dense", "units": 50, "activation": "tanh"},
    {"kind": "dense", "units": 10, "activation": "softmax"},
]
EMBEDDING = [
    {"kind": "embedding", "vocabulary": 150, "dimensions": 4},
    {"kind": "global_average_pooling"},
    {"kind": "dense", "units": 1, "activation": "sigmoid"},
]
EXPERIMENTS: dict[str, Experiment] = {
    "pictures": experiment_with(epochs=2),
    "filters": experiment_with(encoding={"kind": "image"}, layers=CONV, epochs=1),
    "words": experiment_on_texts(epochs=1),
    "vectors": experiment_on_texts(
        encoding={"kind": "padded", "num_words": 150, "length": 20}, layers=EMBEDDING, epochs=1
    ),
}


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, str]]:
    """A home with a run of each kind that is over, with the network as it was before the first epoch."""
    from core.models.build import build

    settings = Settings.from_environment({"TURNING_POINT_HOME": str(tmp_path_factory.mktemp("home"))})
    store, artifacts = open_store(settings), Artifacts(settings.artifacts)
    found = {}
    for name, experiment in EXPERIMENTS.items():
        run = found[name] = store.add(experiment, owner="student", worker="test")
        model = build(experiment)
        keeper = WeightRecorder(run, artifacts)
        for epoch in (0, 1, 2):
            keeper.on_weights(
                epoch, {variable.path: variable.numpy() for variable in model.trainable_variables}
            )
        path = settings.home / artifact_names.LAST
        model.save(path)
        artifacts.put_file(run, artifact_names.LAST, path)
        for epoch in runs.epochs((0.9, 0.8)):
            store.record_epoch(run, epoch)
        if name == "filters":
            taken = open_dataset("digits", settings).y_test.copy()
            taken[7] = (taken[7] + 1) % 10  # the only mistake
            artifacts.save_array(run, artifact_names.TEST_PROBABILITIES, np.eye(10, dtype=np.float32)[taken])
        store.finish(run, RunState.STOPPED, runs.DONE[RunState.STOPPED])
    store.close()
    return settings, found


@pytest.fixture
def networks(
    untrained: tuple[Settings, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, str]]:
    """The runs; questions are answered here instead of by an engine."""
    settings, found = untrained
    with answered_here(settings, monkeypatch):
        yield found


def open_tab(run: str, part: str = "first", lang: str = "en") -> AppTest:
    state = {"run-tabs": language(lang)("run.tab.inside"), "inside-part": part}
    return opened("run", lang, state=state, run=run)


def words(test: AppTest) -> str:
    return f"{pages.words(test)}\n{pages.html(test)}"


def walk(block: object) -> Iterator[object]:
    yield block
    for child in getattr(block, "children", {}).values():
        yield from walk(child)


def grids(test: AppTest) -> list[dict[str, Any]]:
    """What each grid of pictures was given."""
    texts = {getattr(getattr(one, "proto", None), "json", "") for part in test.main for one in walk(part)}
    return [json.loads(text) for text in sorted(map(str, texts)) if '"sheet"' in text]


@pytest.mark.parametrize(
    ("name", "lang"), [("pictures", "ko"), ("filters", "ko"), ("words", "en"), ("vectors", "ko")]
)
def test_the_first_layer_is_explained(networks: dict[str, str], name: str, lang: str) -> None:
    t = language(lang)
    text = words(open_tab(networks[name], "first", lang))
    layer = first_layer(EXPERIMENTS[name])
    assert t(f"inside.first.{layer.form}", layer=layer.name, units=layer.units) in text
    assert t("inside.epoch", epoch=2) in text
    if name == "words":
        assert text.count('class="tp-unit"') == 8
        for tag in ("div", "span", "b"):
            assert text.count(f"<{tag}") == text.count(f"</{tag}>")


def test_weights_by_epoch_and_idle_units_are_told(networks: dict[str, str]) -> None:
    text = words(open_tab(networks["pictures"], "weights"))
    assert "**1.00 times**" in text
    text = words(open_tab(networks["filters"], "units"))
    assert SAY("inside.units.probe.validation", samples=60) in text
    assert "hidden units" in text
    assert SAY("inside.units.none") in words(open_tab(networks["vectors"], "units"))


def test_pictures_can_be_pressed_and_have_words(networks: dict[str, str]) -> None:
    test = open_tab(networks["pictures"])
    (grid,) = grids(test)
    assert [tile["lines"] for tile in grid["samples"]] == [[f"Unit {unit}"] for unit in range(12)]
    assert grid["samples"][3]["about"].startswith("Unit 3: weights from -")
    test.session_state["inside-pictures"] = 3
    test.run()
    assert "**Unit 3**" in words(test)


def test_a_sample_goes_through_the_layers(networks: dict[str, str]) -> None:
    test = open_tab(networks["filters"], "activations")
    assert len(grids(test)) == 1
    text = words(test)
    assert SAY("inside.activations.flatten") in text
    assert SAY("inside.activations.dropout") in text
    assert "of 108 values are above 0" in text  # 6 x 6 x 3
    labels = services.image_dataset("digits").y_test
    assert f"**{labels[0]}**" in text
    test.button(key="inside-next").click().run()
    assert test.number_input(key=f"inside-row-{networks['filters']}").value == 1
    assert f"**{labels[1]}**" in words(test)
    test.toggle(key="inside-mistakes").set_value(True).run()
    test.button(key="inside-next").click().run()
    assert not test.exception
    assert test.number_input(key=f"inside-row-{networks['filters']}").value == 7


def test_a_word_has_neighbours_and_nonsense_a_reason(networks: dict[str, str]) -> None:
    test = open_tab(networks["vectors"])
    test.text_input(key=f"inside-word-{networks['vectors']}").set_value("<b>film</b>").run()
    assert not test.exception
    assert "film" in words(test)
    test.text_input(key=f"inside-word-{networks['vectors']}").set_value("xyzzy").run()
    assert not test.exception
    assert SAY("error.text_unknown_words", received=1, kept=146) in words(test)


def test_runs_without_weights_by_epoch_say_so() -> None:
    run = runs.over(services.store())
    assert SAY("inside.weights.none") in words(open_tab(run, "weights"))


def test_without_an_engine_or_a_network_the_page_works(monkeypatch: pytest.MonkeyPatch) -> None:
    run = runs.over(services.store())

    def fail(_: object) -> None:
        raise JobError("answers_absent")

    monkeypatch.setattr(services, "ask", fail)
    test = open_tab(run)
    assert SAY("error.answers_absent") in words(test)
    assert any(button.label == SAY("try.again") for button in test.button)
    assert artifact_names.LAST not in services.artifacts().names(run)


# What is said and drawn


def test_the_first_word_is_one_that_the_network_knows() -> None:
    vocabulary = Vocabulary(("the", "good", "excellent"))
    assert decide.first_word(vocabulary, 100) == "excellent"
    assert decide.first_word(vocabulary, 6) == "good"
    assert decide.first_word(vocabulary, 5) == "the"
    assert decide.first_word(Vocabulary(("the",)), 100) == "the"


def history(*epochs: np.ndarray) -> WeightHistory:
    rows = [[weight_stats(values.astype(np.float32), epoch)] for epoch, values in enumerate(epochs)]
    return WeightHistory(("dense/kernel",), np.array(rows, dtype=WEIGHT_STATS))


def test_names_of_tensors() -> None:
    assert decide.tensor_name("dense_1/kernel", SAY) == "dense_1 · weights"
    assert decide.tensor_name("lstm/lstm_cell/bias", SAY) == "lstm · biases"
    assert decide.tensor_name("bidirectional/forward_gru/gru_cell/recurrent_kernel", SAY) == (
        "bidirectional · forward_gru · recurrent weights"
    )
    assert decide.tensor_name("dense/strange", SAY) == "dense · strange"


def test_units_of_a_single_layer_are_the_classes() -> None:
    layer = first_layer(presets.load("fashion-single-layer"))
    names = tuple("abcdefghij")
    assert decide.unit_names(layer, names, SAY) == names
    assert decide.unit_names(first_layer(presets.load("mnist-convnet")), names, SAY)[1] == "Filter 1"


def test_growth_in_words() -> None:
    values = np.linspace(-1, 1, 101)
    found = history(values, 2 * values, 4 * values)
    (grown,) = weight_growth(found)
    told = [one.said(SAY) for one in decide.growth_sentences(found, grown, Turn(epoch=1, confirmed=True))]
    assert "0.583" in told[0]
    assert "**4.00 times**" in told[0]
    assert "epoch 1" in told[1]
    assert "1.17" in told[1]
    assert len(decide.growth_sentences(found, grown, Turn(epoch=1))) == 1
    (biases,) = weight_growth(history(np.zeros(3), np.ones(3)))
    assert "All were 0 at epoch 0" in decide.growth_sentences(found, biases, Turn())[0].said(SAY)


def test_idle_units_in_words() -> None:
    def layer(**sorts: tuple[int, ...]) -> LayerUnits:
        none: dict[str, tuple[int, ...]] = {"dead": (), "seldom": (), "saturated": ()}
        return LayerUnits("dense", "relu", 40, **{**none, **sorts}, shares=Values.of(np.ones(40)))

    idle = layer(dead=tuple(range(25)), seldom=(30,))
    assert "Of 80 hidden units **25 are dead**, 1 seldom" in decide.units_sentence(
        UnitsAnswer((idle, layer()), "validation", 10, 1)
    ).said(SAY)
    assert "**All 40" in decide.units_sentence(UnitsAnswer((layer(),), "validation", 10, 1)).said(SAY)
    numbers = decide.numbers_sentence(idle, "dead")
    assert numbers is not None
    assert numbers.said(SAY).endswith("18, 19 …")
    assert decide.numbers_sentence(idle, "saturated") is None


def test_words_of_units_cannot_become_part_of_the_page() -> None:
    unit = UnitWords(0, (WordWeight("<script>", 0.5),), ())
    html = decide.words_html([unit], ["<b>"], 1.0, SAY)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "<b>&lt;b&gt;</b>" in html


def test_colours_are_symmetric_about_white() -> None:
    ends = coloured(np.array([-2.0, -9.0, 0.0, 2.0, 9.0]), 2.0)
    assert ["#" + bytes(one).hex() for one in ends] == [STOPS[0], STOPS[0], STOPS[5], STOPS[-1], STOPS[-1]]
    assert coloured(np.zeros((2, 3)), 0.0).shape == (2, 3, 3)


def test_figures_hold_the_numbers() -> None:
    values = np.random.default_rng(0).standard_normal((4, 5)).astype(np.float32)
    np.testing.assert_array_equal(figures.cells(values, 1.0, across="c", down="r").data[0].z, values)
    bars = figures.units(values[0], SAY, names=("a", "<b>", "c", "d", "e"))
    np.testing.assert_array_equal(bars.data[0].y, values[0])
    assert bars.layout.xaxis.ticktext[1] == "&lt;b&gt;"
    many = np.arange(70, dtype=np.float32)
    strip = figures.units(many, SAY)
    assert strip.data[0].z.shape == (3, 32)
    np.testing.assert_array_equal(strip.data[0].z.ravel()[:70], many)
    assert np.isnan(strip.data[0].z.ravel()[70:]).all()
    assert (strip.data[0].zmin, strip.data[0].colorscale[0][1]) == (0, STOPS[5])
    below = figures.units(-many, SAY).data[0]
    assert (below.zmin, below.zmax, below.colorscale[0][1]) == (-69, 69, STOPS[0])
    near = figures.near_words([NearWord("a", 0.9), NearWord("<i>", -0.2)], SAY)
    assert list(near.layout.yaxis.ticktext) == ["a", "&lt;i&gt;"]


def test_the_spread_is_drawn_with_the_turning_point() -> None:
    values = np.random.default_rng(0).standard_normal(500)
    found = weight_distribution(history(values, 2 * values, 3 * values), "dense/kernel")
    figure = weight_spread(found, Turn(epoch=1, confirmed=True), SAY)
    np.testing.assert_allclose(np.asarray(figure.data[0].z) ** 2, found.shares, atol=1e-6)
    assert figure.layout.shapes[0].x0 == 1
    assert not weight_spread(found, Turn(epoch=1), SAY).layout.shapes
