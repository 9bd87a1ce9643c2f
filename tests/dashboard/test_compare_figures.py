"""Curves, table and sentences of a comparison say what was recorded."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.run_metrics import run_metrics
from core.analysis.turning_point import Turn
from core.experiment import Dense, Dropout
from core.export.spreadsheet import BYTE_ORDER_MARK, comparison_csv
from core.run import Run, RunState
from dashboard.compare.curves import compared_runs, run_curves, summary
from dashboard.compare.table import comparison_table, outcome_rows, setting_rows
from dashboard.shared import services
from dashboard.shared.charts.run_curves import RunCurves, apart, axes_for, spread, together
from dashboard.shared.compare_address import Wish
from dashboard.shared.formats import signed
from dashboard.shared.language import CODES, language
from dashboard.shared.run_words import changes_of, short_names
from tests.dashboard import runs

SAY = language("en")
PALETTE = ("#1f83c9", "#d9731a", "#59a68c")
HARMFUL = "<script>alert(1)</script> %{y} & **x**"


@pytest.fixture
def recorded() -> list[Run]:
    """One that turned, one that did not, one under way whose losses are no numbers."""
    store = services.store()
    ids = [
        runs.over(store, title=HARMFUL, seed=1),
        runs.over(store, RunState.STOPPED, runs.FALLING, batch_size=64),
        runs.running(store, (math.nan, 0.5)),
    ]
    return store.get_many(ids)


def curves(some: Sequence[Run], wish: Wish, measure: str = "loss") -> list[RunCurves]:
    return run_curves(compared_runs(some, short_names(some, SAY), PALETTE), wish, measure)  # type: ignore[arg-type]


def test_the_curves_are_the_recorded_epochs(recorded: list[Run]) -> None:
    first, second, third = curves(recorded, Wish())
    assert (first.letter, second.letter, third.letter) == ("A", "B", "C")
    assert list(first.training) == [epoch.loss for epoch in recorded[0].epochs]
    assert list(first.validation) == [epoch.val_loss for epoch in recorded[0].epochs]
    assert (first.turn.epoch, first.turn.confirmed) == (4, True)
    assert (second.turn.epoch, second.turn.confirmed) == (4, False)
    accuracies = curves(recorded, Wish(), "accuracy")[0]
    assert list(accuracies.validation) == [epoch.val_accuracy for epoch in recorded[0].epochs]


def test_only_what_is_asked_for_is_drawn(recorded: list[Run]) -> None:
    hidden = Wish(hide=frozenset({recorded[0].id}), lines="validation", smooth=60)
    shown = curves(recorded, hidden)
    assert [curve.letter for curve in shown] == ["B", "C"]
    assert all(set(curve.lines) <= {"validation"} for curve in shown)
    assert shown[0].validation[0] == recorded[1].epochs[0].val_loss
    assert shown[0].validation[-1] > runs.FALLING[-1]  # it lags behind a falling curve
    assert shown[0].turn.value == runs.FALLING[-1]  # what is decided is not smoothed


def test_all_runs_stand_on_the_same_axes(recorded: list[Run]) -> None:
    found = curves(recorded, Wish())
    axes = axes_for(found, "loss", "epoch")
    figure = together(found, axes, SAY)
    dashes = {
        (trace.legendgroup, trace.line.dash) for trace in figure.data if trace.line.dash and trace.legendgroup
    }
    assert dashes == {(letter, dash) for letter in "ABC" for dash in ("solid", "dash")}
    assert [trace.name for trace in figure.data if trace.showlegend and trace.legendgroup] == [
        curve.title for curve in found
    ]
    solid = next(trace for trace in figure.data if trace.legendgroup == "A" and trace.line.dash == "solid")
    assert np.allclose(solid.y, [epoch.loss for epoch in recorded[0].epochs])
    assert tuple(solid.customdata) == tuple(range(1, 9))
    stars = {
        trace.legendgroup: trace
        for trace in figure.data
        if "star" in str(trace.marker.symbol) and trace.legendgroup
    }
    assert {letter: star.marker.symbol for letter, star in stars.items()} == {
        "A": "star", "B": "star-open", "C": "star-open"
    }  # fmt: skip
    assert (stars["A"].x[0], stars["A"].y[0]) == (4, 0.40)
    singles = [apart(curve, axes, SAY) for curve in found]
    assert {(single.layout.xaxis.range, single.layout.yaxis.range) for single in singles} == {
        (axes.x, axes.y)
    }
    assert figure.layout.yaxis.range == axes.y
    assert [single.layout.shapes[0].line.dash for single in singles] == ["dash", "dot", "dot"]


def test_the_first_epochs_of_no_run_flatten_the_others_and_are_marked() -> None:
    falling = (9.0, 0.8, 0.6, 0.5, 0.4, 0.35, 0.3, 0.3)
    some = [
        RunCurves(letter, "a name", "#000000", range(1, 9), falling, (1.0, *runs.TURNING[1:]), Turn(4, 0.4))
        for letter in "AB"
    ]
    axes = axes_for(some, "loss", "epoch")
    assert axes.loss is not None
    assert (axes.loss.cut, axes.loss.leaves) == (1, False)
    for figure in (together(some, axes, SAY), apart(some[0], axes, SAY)):
        marks = [trace for trace in figure.data if "triangle-up" in (trace.marker.symbol or ())]
        assert {tuple(trace.x) for trace in marks} == {(1,)}
        assert "<b>9.0000</b>" in marks[0].text[0]
    log = axes_for(some, "loss", "epoch", scale="log")
    figure = together(some, log, SAY)
    assert (figure.layout.yaxis.type, figure.layout.yaxis.range) == ("log", log.y)
    assert 10 ** log.y[1] > 9
    letters = [y for trace in figure.data if trace.mode == "text" for y in trace.y]
    assert all(log.y[0] <= math.log10(y) <= log.y[1] for y in letters)


def test_the_legend_of_many_runs_has_their_letters_only() -> None:
    many = [
        RunCurves(letter, "a name", "#000000", (1, 2), (1.0, 0.5), (1.0, 0.6), Turn()) for letter in "ABCDE"
    ]
    figure = together(many, axes_for(many, "loss", "epoch"), SAY)
    assert [trace.name for trace in figure.data if trace.showlegend and trace.legendgroup] == list("ABCDE")


def test_a_table_of_one_run_has_no_base(recorded: list[Run]) -> None:
    rows = outcome_rows(recorded[:1], [run_metrics(recorded[0])], 0, SAY)
    alone = comparison_table(["a"], "A", 0, [("Results", rows, "")], SAY, back="#ffffff")
    assert "tp-base" not in alone
    assert "tp-of-base" not in alone


def test_a_title_cannot_bring_tags_or_place_holders_into_a_figure(recorded: list[Run]) -> None:
    text = together(
        curves(recorded, Wish()), axes_for(curves(recorded, Wish()), "loss", "epoch"), SAY
    ).to_json()
    assert "<script" not in text
    assert "\\u003cscript" not in text


def test_nothing_recorded_gives_axes_and_an_empty_figure() -> None:
    empty = RunCurves("A", "a", "#000000", (), (), (), Turn())
    nothing = RunCurves("B", "b", "#000000", (1, 2), (math.nan, math.inf), (math.nan, math.nan), Turn())
    for some in ([], [empty], [nothing], [empty, nothing]):
        for measure in ("loss", "accuracy"):
            axes = axes_for(some, measure, "epoch")  # type: ignore[arg-type]
            assert axes.x[0] < axes.x[1]
            assert axes.y[0] < axes.y[1]
            assert not [trace for trace in together(some, axes, SAY).data if trace.legendgroup]


@given(
    values=st.lists(st.floats(0, 1), max_size=12).map(sorted),
    ceiling=st.floats(0, 1.2),
    least=st.floats(0.001, 0.2),
)
def test_letters_do_not_cover_each_other(values: list[float], ceiling: float, least: float) -> None:
    heights = spread(values, least, ceiling)
    assert len(heights) == len(values)
    assert all(high - low >= least * 0.999 for low, high in pairwise(heights))
    assert all(height <= ceiling for height in heights)


def test_letters_with_room_stand_at_the_ends() -> None:
    assert spread([0.1, 0.5, 0.9], 0.1, 1.0) == [0.1, 0.5, 0.9]


def test_the_sentences_say_what_the_numbers_are(recorded: list[Run]) -> None:
    outcomes = [run_metrics(run) for run in recorded]
    said = {one.key.rpartition(".")[2]: one.details for one in summary(outcomes, "ABC", "loss")}
    assert said["loss"] == {"runs": "A, B", "value": "0.4000", "epoch": "4"}
    assert said["turned"] == {"turns": "A 4"}
    assert said["not_turned"] == {"runs": "B, C"}
    gaps = [run.epochs[-1].val_loss - run.epochs[-1].loss for run in recorded]  # type: ignore[operator]
    assert said["gap"] == {"runs": "ABC"[gaps.index(max(gaps))], "gap": f"{max(gaps):.4f}"}
    (accuracy,) = summary(outcomes, "ABC", "accuracy")
    assert accuracy.details == {"runs": "A", "value": f"{0.9 - 0.4 / 8:.2%}", "epoch": "8"}
    assert summary([], "", "loss") == []
    assert summary([], "", "accuracy") == []


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [(0.5, ".2f", "+0.50"), (-1234, ",.0f", "−1,234"), (0, ".2f", "±0"), (-0.0001, ".2f", "±0")],
)
def test_differences_have_a_sign(value: float, form: str, said: str) -> None:
    assert signed(value, form) == said


@pytest.mark.parametrize("code", CODES)
def test_the_table_tells_settings_and_results_against_the_base(recorded: list[Run], code: str) -> None:
    t = language(code)
    rows = {row.label: row.cells for row in setting_rows(recorded, 1, t)}
    assert list(rows) == [t("field.batch_size"), t("field.seed")]
    assert [(cell.text, cell.same) for cell in rows[t("field.batch_size")]] == [
        ("8", False), ("64", False), ("8", False)
    ]  # fmt: skip
    assert [(cell.text, cell.same) for cell in rows[t("field.seed")]] == [
        ("1", False), ("777", False), ("777", True)
    ]  # fmt: skip
    outcomes = [run_metrics(run) for run in recorded]
    results = {row.label: row.cells for row in outcome_rows(recorded, outcomes, 0, t)}
    assert [cell.difference for cell in results[t("compare.row.epochs")]] == ["", "−4", "−6"]
    accuracy = results[t("compare.row.test_accuracy")]
    assert accuracy[0].text == "98.36%"
    assert accuracy[0].aside.startswith("94.2")
    assert [cell.text for cell in accuracy[1:]] == ["–", "–"]
    assert t("state.running") in [cell.text for cell in results[t("runs.state")]]
    turns = results[t("compare.row.turn")]
    assert [cell.difference for cell in turns] == ["", "", ""]  # nothing to take a difference from


def test_layers_of_another_kind_are_told_in_one_row() -> None:
    store = services.store()
    output = Dense(units=10, activation="softmax")
    layers = [
        [Dense(units=8, activation="relu"), output],
        [Dense(units=8, activation="relu"), Dropout(rate=0.5), output],
    ]
    some = store.get_many([runs.queued(store, layers=each) for each in layers])
    (row,) = setting_rows(some, 0, SAY)
    assert [cell.text for cell in row.cells] == [
        "Dense 8 relu → Dense 10 softmax",
        "Dense 8 relu → Dropout 0.5 → Dense 10 softmax",
    ]


def test_runs_of_one_name_are_told_apart_by_what_differs(recorded: list[Run]) -> None:
    store = services.store()
    twin = store.get(runs.queued(store, batch_size=64))
    names = short_names([*recorded, twin], SAY)
    assert names[0] == HARMFUL
    assert names[1:] == ("Batch size 64", "Batch size 8", "Batch size 64")
    same = store.get_many([runs.queued(store), runs.queued(store)])
    assert short_names(same, SAY) == tuple(run.id for run in same)


def test_a_run_tells_what_it_changed_of_its_preset(recorded: list[Run]) -> None:
    assert changes_of(recorded[1], SAY)[-1] == "Batch size 64"
    assert changes_of(replace(recorded[1], preset=""), SAY) == []
    assert changes_of(replace(recorded[1], preset="gone"), SAY) == []


def test_the_table_is_made_of_words_not_of_tags(recorded: list[Run]) -> None:
    outcomes = [run_metrics(run) for run in recorded]
    groups = [
        ("Settings <b>", setting_rows(recorded, 0, SAY), ""),
        ("Results", outcome_rows(recorded, outcomes, 0, SAY), ""),
    ]
    html = comparison_table([HARMFUL, "b", "c"], "ABC", 0, groups, SAY, back="#fff")
    assert "<script" not in html
    assert "Settings <b>" not in html
    assert html.count("<tr>") == 1 + sum(1 + len(rows) for _, rows, _ in groups)
    assert len(re.findall(r'<th scope="col"', html)) == 3
    assert html.count('class="tp-base"') == 1


def test_the_spreadsheet_has_all_digits_and_no_formulas(recorded: list[Run]) -> None:
    store = services.store()
    store.rename(recorded[0].id, '=HYPERLINK("x")')
    some = store.get_many([run.id for run in recorded])
    rows = list(csv.DictReader(io.StringIO(comparison_csv(some).removeprefix(BYTE_ORDER_MARK))))
    assert [row["run"] for row in rows] == [run.id for run in some]
    assert rows[0]["title"] == '\'=HYPERLINK("x")'
    assert [row["setting.batch_size"] for row in rows] == ["8", "64", "8"]
    assert float(rows[0]["test_accuracy"]) == 120 / 122
    assert [row["test_accuracy"] for row in rows[1:]] == ["", ""]
    assert [row["turning_point"] for row in rows] == ["4", "", ""]
    assert float(rows[0]["gap"]) == 0.60 - 1 / 8
    assert comparison_csv([]).strip() == BYTE_ORDER_MARK
