"""What the figures of studies draw is what the bands and cells say."""

from __future__ import annotations

import re

import pytest

from core.analysis.bands import BandPoint, Cell, Turned, Turns, spread
from dashboard.shared.language import language
from dashboard.study.figures import (
    MOST_OVERLAID,
    OVERLAID,
    Panel,
    TurnRow,
    bands,
    factor_curve,
    factor_heatmap,
    overlaid,
    scale,
    turn_strip,
)
from dashboard.study.text import deviation_said, written, written_single
from tests.dashboard.contrast import contrast

SAY = language("en")


def points(*means: float, runs: int = 3) -> tuple[BandPoint, ...]:
    return tuple(
        BandPoint(number, runs, mean, mean - 0.1, mean + 0.1) for number, mean in enumerate(means, start=1)
    )


def panel(name: str = "64", *means: float) -> Panel:
    told = points(*(means or (0.9, 0.5, 0.6)))
    return Panel(name, points(0.8, 0.4, 0.2), told, 2.5)


def cell(*values: float, runs: int = 3, levels: tuple[int, ...] = ()) -> Cell:
    return Cell(levels, runs, values, spread(values))


def test_a_band_is_drawn_as_worked_out() -> None:
    one = panel()
    axes = scale([one], "loss")
    assert axes is not None
    figure = bands(one, axes, SAY, curve="loss")
    low, high, mean = figure.data[3:]
    assert list(low.y) == [point.low for point in one.validation]
    assert list(high.y) == [point.high for point in one.validation]
    assert list(mean.y) == [point.mean for point in one.validation]
    assert high.fill == "tonexty"
    assert figure.layout.shapes[0].x0 == 2.5


def test_training_and_validation_differ_without_colour() -> None:
    axes = scale([panel()], "loss")
    assert axes is not None
    figure = bands(panel(), axes, SAY, curve="loss")
    training, validation = figure.data[2], figure.data[5]
    assert training.line.dash != validation.line.dash
    assert training.marker.symbol != validation.marker.symbol
    assert figure.data[1].fillpattern.shape is None
    assert figure.data[4].fillpattern.shape


def test_panels_share_their_axes_and_one_that_explodes_does_not_flatten_the_others() -> None:
    panels = [panel("a"), panel("b"), panel("c", 0.9, 500, 9e9)]
    axes = scale(panels, "loss")
    assert axes is not None
    assert axes.loss is not None
    assert axes.loss.leaves
    marks = bands(panels[2], axes, SAY, curve="loss").data[-1]
    assert (list(marks.x), list(marks.y)) == ([2, 3], [pytest.approx(axes.loss.down(0.05))] * 2)
    assert "9000000000.0000" in marks.text[1]
    log = scale(panels, "loss", "log")
    assert log is not None
    assert log.high > 9e9
    assert bands(panels[2], log, SAY, curve="loss").layout.yaxis.type == "log"
    assert axes.high < 10
    assert axes.epochs == 3
    ranges = {tuple(bands(one, axes, SAY, curve="loss").layout.yaxis.range) for one in panels}
    assert len(ranges) == 1
    calm = scale(panels[:2], "loss")
    assert calm is not None
    assert calm.loss is not None
    assert not calm.loss.leaves


@pytest.mark.parametrize("curve", ["loss", "accuracy"])
def test_without_numbers_there_are_no_axes(curve: str) -> None:
    nothing = BandPoint(1, 0, float("nan"), float("nan"), float("nan"))
    assert scale([Panel("", (nothing,), (), None)], curve) is None  # type: ignore[arg-type]
    assert scale([], curve) is None  # type: ignore[arg-type]


def test_overlaid_bands_differ_by_dash_and_marker() -> None:
    panels = [panel(str(number)) for number in range(MOST_OVERLAID)]
    axes = scale(panels, "accuracy")
    assert axes is not None
    means = overlaid(panels, axes, SAY, curve="accuracy").data[2::3]
    assert [trace.name for trace in means] == [one.name for one in panels]
    assert len({trace.line.dash for trace in means}) == MOST_OVERLAID
    assert len({trace.marker.symbol for trace in means}) == MOST_OVERLAID


@pytest.mark.parametrize("page", ["#ffffff", "#14191e"], ids=["light", "dark"])
def test_overlaid_lines_stand_out_on_both_pages(page: str) -> None:
    assert all(contrast(colour, page) >= 3 for colour, _, _ in OVERLAID)


def test_each_run_has_its_mark_and_what_is_not_reached_looks_otherwise() -> None:
    turns = Turns((Turned("a", 5, True), Turned("b", 5, True)), (Turned("c", 12, False),))
    figure = turn_strip([TurnRow("64", turns), TurnRow("128", Turns((), ()))], 12, SAY)
    reached, waiting = figure.data
    assert list(reached.x) == [5, 5]
    assert len(set(reached.y)) == 2  # on top of each other
    assert list(reached.customdata) == ["a", "b"]
    assert list(waiting.x) == [12]
    assert reached.marker.symbol != waiting.marker.symbol
    assert list(figure.layout.yaxis.ticktext) == ["64", "128"]


def test_a_strip_without_any_turn_is_empty() -> None:
    assert not turn_strip([TurnRow("", Turns((), ()))], 0, SAY).data


def test_many_marks_stay_in_their_row() -> None:
    turns = Turns(tuple(Turned(str(number), 5, True) for number in range(40)), ())
    figure = turn_strip([TurnRow("", turns)], 12, SAY)
    assert all(abs(y) < 0.5 for y in figure.data[0].y)


def test_a_curve_has_the_mean_and_a_bar_from_smallest_to_largest() -> None:
    cells = [cell(0.5, 0.7), cell(), cell(0.9)]
    figure = factor_curve(cells, ["a", "b", "c"], "Units", SAY, measure="val_accuracy")
    single, means = figure.data
    assert list(single.y) == [0.5, 0.7, 0.9]
    assert list(single.x) == [0, 0, 2]
    assert list(means.x) == [0, 2]
    assert list(means.y) == pytest.approx([0.6, 0.9])
    assert list(means.error_y.array) == pytest.approx([0.1, 0])
    assert list(means.error_y.arrayminus) == pytest.approx([0.1, 0])


def test_a_heatmap_has_a_number_in_each_cell_and_how_many_runs_it_is_of() -> None:
    cells = {(0, 0): cell(5.0, 6.0), (0, 1): cell(), (1, 1): cell(7.0, runs=1)}
    figure = factor_heatmap(
        cells, ["16", "64"], ["0.1", "1"], ("Units", "Rate"), SAY, measure="turning_point", dark=True
    )
    heat, text = figure.data
    assert [list(row) for row in heat.z] == [[5.5, None], [None, 7.0]]
    plain = [re.sub(r"<[^>]+>", " ", one).split() for one in text.text]
    assert plain == [["5.5", "2/3"], ["–", "0/3"], [], ["7.0"]]
    assert figure.layout.yaxis.range == (1.5, -0.5)  # the first value on top


def test_numbers_are_written_as_what_they_are() -> None:
    assert written(0.93456, "val_accuracy") == "93.46%"
    assert written(0.93456, "test_accuracy") == "93.46%"
    assert written(0.93456, "val_loss") == "0.9346"
    assert written(11, "turning_point") == "11.0"
    assert written_single(11, "turning_point") == "11"
    assert written_single(0.93456, "val_loss") == "0.9346"
    assert deviation_said(0.0021, "val_accuracy", SAY) == "0.21 points"
    assert deviation_said(1.94, "turning_point", SAY) == "1.9"
    assert deviation_said(None, "val_loss", SAY) == "–"
