"""The evidence for a turning point, as the run page tells and draws it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from streamlit.testing.v1 import AppTest

from core import presets
from core.analysis.curves import generalization_gap
from core.analysis.evidence import evidence
from core.analysis.loss_axis import loss_axis
from core.analysis.turning_point import Rule
from core.experiment import Dense, Dropout, NoSplit
from core.run import Epoch, RunState
from core.storage import Store
from dashboard.run.evidence import text as decide
from dashboard.run.evidence.figures import (
    beyond_sentences,
    evidence_curves,
    gap_axis,
    gap_curves,
    near_the_lowest,
    rule_answers,
)
from dashboard.shared.language import language
from tests.dashboard import runs
from tests.dashboard.pages import opened, words

SAY = language("en")
EPOCHS = runs.epochs(runs.TURNING)
FOUND = evidence(EPOCHS)
#: Wobbles at the third epoch, and turns at the fifth.
WOBBLING = (1.0, 0.8, 0.82, 0.6, 0.5, 0.55, 0.6)


def open_page(run: str, lang: str = "en", tab: str = "turning") -> AppTest:
    return opened("run", lang, state={"run-tabs": language(lang)(f"run.tab.{tab}")}, run=run)


# Decisions


def test_the_findings_name_what_was_counted() -> None:
    above, rises = decide.findings(FOUND)
    assert (above.met, rises.met) == (True, True)
    assert above.sentence.details == {"threshold": "5", "count": 4, "needed": 2, "epochs": "5–8"}
    assert rises.sentence.details == {"count": 4, "needed": 4, "epochs": "5–8"}


@pytest.mark.parametrize(
    ("losses", "key"),
    [
        (runs.TURNING, "evidence.result.confirmed"),
        ((0.9, 0.6, 0.61), "evidence.result.open"),
        (runs.FALLING, "evidence.result.last"),
    ],
)
def test_what_follows(losses: Sequence[float], key: str) -> None:
    assert decide.result(evidence(runs.epochs(losses))).key == key


@pytest.mark.parametrize(
    ("epochs", "told"), [((), "–"), ((3,), "3"), ((3, 4, 5), "3–5"), ((1, 3, 4, 9), "1, 3–4, 9")]
)
def test_epochs_are_told_in_groups(epochs: tuple[int, ...], told: str) -> None:
    assert decide.spans(epochs) == told


def test_a_smoothed_curve_says_where_the_measured_one_is_lowest() -> None:
    moved = decide.smoothing([0.9, 0.8, 0.7, 0.6, 0.5, 0.55, 0.6, 0.7], FOUND)
    assert (moved.key, moved.details) == ("evidence.smoothing.moved", {"smoothed": 5, "epoch": 4})
    assert decide.smoothing([3, 2, 2, 1, 2, math.nan, 3, 4], FOUND).key == "evidence.smoothing.same"


def test_the_matrix_holds_the_rule_being_tried() -> None:
    matrix = decide.rule_matrix(WOBBLING, Rule(7.0, 2, 4), "above")
    row, column = matrix.now
    assert (matrix.thresholds[column], matrix.numbers[row]) == (7.0, 2)
    assert matrix.answers[row][column].epoch == 5
    rises = decide.rule_matrix(WOBBLING, Rule(50.0, 5, 4), "rises")
    assert [row[-1].epoch for row in rises.answers[:3]] == [2, 5, None]


def test_the_matrix_in_words() -> None:
    early = decide.matrix_sentence(decide.rule_matrix(WOBBLING, Rule(50.0, 5, 4), "rises"), 5)
    # One rise: epoch 2 for each of 8 thresholds; two: epoch 5; of the other four rows none has five above.
    assert early.key == "evidence.matrix.early"
    assert (early.details["early"], early.details["same"], early.details["never"]) == (8, 8, 32)
    assert early.details["earliest"] == 2
    falling = decide.matrix_sentence(decide.rule_matrix(runs.FALLING, Rule(), "above"), 4)
    assert falling.key == "evidence.matrix.never"
    steep = decide.rule_matrix((1.0, 0.1, 1, 2, 3, 4, 5), Rule(), "above")
    assert decide.matrix_sentence(steep, 2).key == "evidence.matrix.all"
    slow = decide.rule_matrix((1.0, 0.5, 0.51, 0.505, 0.51), Rule(), "above")
    assert decide.matrix_sentence(slow, 2).key == "evidence.matrix.same"


def test_the_table_of_rules() -> None:
    table = decide.rule_table(list(WOBBLING), Rule(), SAY)
    rows = {row[0]: list(row[1:]) for row in table.itertuples(index=False)}
    assert rows[SAY("evidence.rule.lowest")] == ["7", "5", "+0.0%", "–"]
    assert rows[SAY("evidence.rule.first_rise")] == ["3", "2", "+60.0%", "yes"]
    assert rows[SAY("evidence.rule.rises", number="3")] == ["–", "–", "–", "no"]
    assert rows[SAY("evidence.rule.this")] == ["7", "5", "+0.0%", "yes"]


def test_the_gap_in_words() -> None:
    found = generalization_gap(EPOCHS, "loss", 4)
    said, grew = decide.gap_sentences(found, "loss", 8)
    assert said.details == {"at": 4, "last": 8, "here": "+0.1500", "end": "+0.4750"}
    assert grew.details == {"growth": "+0.3250", "training": "+0.1250", "validation": "+0.2000"}
    assert [one.key for one in decide.gap_sentences(generalization_gap(EPOCHS, "loss", 8), "loss", 8)] == [
        "evidence.gap.loss.now"
    ]
    shrinking = generalization_gap(EPOCHS[:2], "loss", 1)
    assert decide.gap_sentences(shrinking, "loss", 2)[1].key == "evidence.gap.loss.grew"
    broken = generalization_gap([*EPOCHS, Epoch(9, math.nan, 0.1, math.nan, 0.1, 0.001, 1.0)], "loss", 4)
    assert [one.key for one in decide.gap_sentences(broken, "loss", 9)] == ["evidence.gap.no_numbers"]


def test_dropout_is_named_where_it_matters(store: Store) -> None:
    plain = store.get(runs.over(store))
    dropping = store.get(runs.over(store, layers=[Dropout(rate=0.5), Dense(units=10, activation="softmax")]))
    found = generalization_gap(EPOCHS, "loss", 4)
    assert decide.gap_caveat(plain.experiment, found)[0].key == "evidence.gap.caveat"
    told = decide.gap_caveat(dropping.experiment, found)
    assert [one.key for one in told] == ["evidence.gap.caveat_dropout", "evidence.gap.better"]
    assert told[1].details == {"count": 1, "epochs": "1"}


# Figures


@pytest.mark.parametrize("kind", ["lstm", "gru", "bidirectional"])
@pytest.mark.parametrize(("share", "drops"), [(0.5, True), (0.0, False)])
def test_dropout_inside_a_recurrent_layer_is_dropout(kind: str, share: float, drops: bool) -> None:
    experiment = presets.load("imdb-lstm").with_changes(
        layers=[
            {"kind": "embedding", "vocabulary": 10_000, "dimensions": 8},
            {"kind": kind, "units": 16, "dropout": share},
            {"kind": "dense", "units": 1, "activation": "sigmoid"},
        ]
    )
    found = generalization_gap(EPOCHS, "loss", 4)
    key = "evidence.gap.caveat_dropout" if drops else "evidence.gap.caveat"
    assert decide.gap_caveat(experiment, found)[0].key == key


def test_a_network_that_learned_nothing_has_no_evidence_but_the_reason() -> None:
    found = evidence(EPOCHS, learned=False)
    assert decide.result(found).key == "evidence.result.not_learned"
    assert not found.turn.confirmed


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_tab_says_so_and_offers_no_other_rules(store: Store, lang: str) -> None:
    run = runs.over(store, val_losses=(2.31, 2.302, 2.9, 2.9, 2.9), val_accuracy=0.1)
    page = open_page(run, lang)
    said = "\n".join(one.value for one in page.markdown)
    assert language(lang)("evidence.result.not_learned") in said
    assert language(lang)("evidence.other") not in [one.value for one in page.subheader]
    assert "memorised rather" not in said
    assert "외우" not in said


def test_the_curve_and_the_bars_are_what_was_found() -> None:
    curve, rises, lowest, bars, _ = evidence_curves(FOUND, SAY).data
    assert list(curve.y) == list(runs.TURNING)
    assert list(rises.x) == [5, 6, 7, 8]
    assert (list(lowest.x), list(lowest.y)) == ([4], [0.40])
    assert list(bars.y) == pytest.approx([step.generalisation_loss for step in FOUND.steps])
    smooth = evidence_curves(FOUND, SAY, smoothed=[1.0] * 8).data
    assert list(smooth[0].y) == list(runs.TURNING)  # what was measured stays
    assert list(smooth[1].y) == [1.0] * 8


def test_high_early_losses_are_left_out_only_where_the_rise_would_be_flat() -> None:
    assert near_the_lowest(FOUND) is None
    steep = evidence(runs.epochs((9.0, 0.5, 0.4, 0.45, 0.5)))
    near = near_the_lowest(steep)
    assert near is not None
    assert 0 < near.low < 0.4
    assert 0.5 < near.high < 9
    figure = evidence_curves(steep, SAY)
    assert figure.layout.yaxis.range == near.range
    marks = figure.data[-1]
    assert (list(marks.x), list(marks.y), list(marks.marker.symbol)) == ([1], [near.high], ["triangle-up"])
    assert beyond_sentences(steep, "near", SAY) == [SAY("evidence.scale.near.about")]


def test_losses_stand_on_the_axis_of_all_charts_or_on_their_logarithms() -> None:
    epochs = runs.epochs((9.0, 0.5, 0.4, 0.45, 0.5))
    steep = evidence(epochs)
    linear = evidence_curves(steep, SAY, shown="linear")
    assert linear.layout.yaxis.range == loss_axis([[9.0, 0.5, 0.4, 0.45, 0.5]], from_zero=False).range
    assert beyond_sentences(steep, "linear", SAY) == [SAY("axis.cut", epoch=1)]
    log = evidence_curves(steep, SAY, shown="log")
    assert log.layout.yaxis.type == "log"
    assert log.layout.yaxis.range[1] > math.log10(9)
    assert beyond_sentences(steep, "log", SAY) == []
    gap = gap_curves(epochs, generalization_gap(epochs, "loss", 3), "loss", SAY, confirmed=True)
    assert gap.layout.yaxis.range == gap_axis(epochs, "linear").range
    assert list(gap.data[-1].x) == [1]


def test_what_is_no_number_is_a_hole() -> None:
    found = evidence(runs.epochs((0.9, 0.5, math.nan, math.inf)))
    curve, *_, bars = evidence_curves(found, SAY).data
    assert curve.y == (0.9, 0.5, None, None)
    assert bars.y[2:] == (None, None)


def test_the_cells_say_which_epoch() -> None:
    matrix = decide.rule_matrix(WOBBLING, Rule(50.0, 5, 4), "rises")
    cells = rule_answers(matrix, SAY, rows="rises", lowest=5).data[0]
    assert [row[0] for row in cells.text] == ["2", "5", "–", "–", "–", "–"]
    assert [row[0] for row in cells.z] == [2, 1, 0, 0, 0, 0]
    assert "60.0%" in cells.customdata[0][0]


def test_the_gap_is_drawn_as_worked_out() -> None:
    found = generalization_gap(EPOCHS, "accuracy", 4)
    training, validation, bars = gap_curves(EPOCHS, found, "accuracy", SAY, confirmed=True).data
    assert list(training.y) == [epoch.accuracy for epoch in EPOCHS]
    assert list(validation.y) == [epoch.val_accuracy for epoch in EPOCHS]
    assert list(bars.y) == pytest.approx(found.values)


# The page


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_rule_with_this_runs_numbers(store: Store, lang: str) -> None:
    t = language(lang)
    test = open_page(runs.over(store), lang)
    text = words(test)
    assert decide.rule_sentence(Rule()).said(t) in text
    assert t("evidence.result.confirmed", epoch=4, known=6) in text
    assert t("evidence.gap.title") in text
    assert len(test.get("plotly_chart")) == 3


def test_another_rule_is_tried_and_taken_back(store: Store) -> None:
    test = open_page(runs.over(store))
    test.slider(key="evidence-rises").set_value(6).run()
    test.select_slider(key="evidence-threshold").set_value(50.0).run()
    assert SAY("evidence.result.open", epoch=4) in words(test)
    assert "Validation loss was lowest after **epoch 4**" in words(test)  # the page's own verdict stays
    test.button(key="evidence-usual").click().run()
    assert not test.exception
    assert SAY("evidence.result.confirmed", epoch=4, known=6) in words(test)


def test_losses_are_drawn_by_their_logarithms_when_asked(store: Store) -> None:
    test = open_page(runs.over(store, val_losses=(9.0, *runs.TURNING)))
    assert SAY("axis.cut", epoch=1) in words(test)
    for key in ("evidence-scale1", "evidence-gap-scale"):
        test.segmented_control(key=key).select("log").run()
        assert not test.exception
    specs = [chart.proto.spec for chart in test.get("plotly_chart")]
    assert ['"type":"log"' in spec for spec in specs] == [True, False, True]
    assert SAY("axis.cut", epoch=1) not in words(test)


def test_smoothing_moves_no_turning_point(store: Store) -> None:
    test = open_page(runs.over(store))
    test.select_slider(key="evidence-smoothing").set_value(0.8).run()
    assert not test.exception
    assert "comes from the measured values" in words(test)
    assert SAY("evidence.result.confirmed", epoch=4, known=6) in words(test)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_without_validation_it_says_so(store: Store, lang: str) -> None:
    run = runs.over(store, val_losses=(None, None), split=NoSplit())
    test = open_page(run, lang)
    assert language(lang)("verdict.no_validation") in [one.value for one in test.info]
    assert not test.get("plotly_chart")


@pytest.mark.parametrize("losses", [(0.9, 0.5, math.nan), (math.nan, math.nan)])
def test_runs_that_broke_off(store: Store, losses: tuple[float, ...]) -> None:
    test = open_page(runs.over(store, RunState.FAILED, losses))
    if math.isfinite(losses[0]):
        assert SAY("evidence.other") in words(test)
    else:
        assert SAY("verdict.no_numbers") in words(test)


def test_a_thousand_epochs_are_drawn_without_markers() -> None:
    found = evidence(runs.epochs([1 / number for number in range(1, 1_001)]))
    assert evidence_curves(found, SAY).data[0].mode == "lines"
