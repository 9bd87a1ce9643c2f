"""The axis of losses leaves out first epochs only, and only where that gains something."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.analysis.curves import epoch_choice
from core.analysis.loss_axis import (
    SCALES,
    LossAxis,
    axis_to_predict_on,
    first_epochs,
    loss_axis,
    loss_axis_of_all,
)

LOSSES = st.floats(0, 1e30)
ANY = st.one_of(LOSSES, st.sampled_from([math.nan, math.inf, -math.inf, None]), st.floats(-10, 0))
CURVES = st.lists(st.lists(ANY, max_size=40), max_size=3)
#: A network that learns and then memorises: first epochs far above the rest.
TURNED = (9.0, 2.2, 0.8, 0.6, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9)
LEARNING = (8.0, 1.5, 0.7, 0.5, 0.35, 0.25, 0.2, 0.1, 0.05, 0.02)


def numbers(curve: Sequence[float | None]) -> list[float]:
    return [value for value in curve if value is not None and math.isfinite(value)]


def held(axis: LossAxis, value: float) -> bool:
    return axis.low <= value <= axis.high


def test_the_first_epochs_flatten_nothing() -> None:
    axis = loss_axis([LEARNING, TURNED])
    assert (axis.low, axis.cut) == (0, 2)
    assert 0.9 < axis.high < 1.2
    assert (0.9 - 0.5) / (axis.high - axis.low) > 0.25  # of which nothing could be seen on an axis up to 9


@pytest.mark.parametrize(
    "curve",
    [
        (1.0, 0.95, 0.9, 0.86, 0.82, 0.79, 0.76, 0.73, 0.7),  # falls slowly
        (0.7, 0.5, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65),  # rises nearly as high as it began
        (5.0, 0.1),  # too short to have first epochs
        (0.5,),
        (0.5, 0.5, 0.5, 0.5),
    ],
)
def test_where_nothing_is_gained_everything_is_held(curve: Sequence[float]) -> None:
    axis = loss_axis([curve])
    assert axis.cut == 0
    assert all(held(axis, value) for value in curve)


def test_a_run_that_explodes_late_is_seen_exploding() -> None:
    exploding = (*TURNED[:6], 40.0, 900.0)
    axis = loss_axis([LEARNING, exploding])
    assert axis.cut == 0
    assert held(axis, 900.0)
    early = loss_axis([(2.0, 1.0, 300.0, 5e6, math.inf, math.nan)])  # and then breaks off
    assert held(early, 5e6)


def test_an_epoch_that_costs_little_room_is_held() -> None:
    curve = (9.0, 0.66, 0.6, 0.55, 0.5, 0.5, 0.55, 0.6)
    axis = loss_axis([curve])
    assert (axis.cut, held(axis, 0.66)) == (1, True)


def test_one_high_epoch_among_the_first_is_no_beginning() -> None:
    values = [1 / epoch for epoch in range(1, 201)]
    values[10] = 50.0
    assert held(loss_axis([values]), 50.0)


@given(CURVES, st.booleans())
def test_nothing_but_first_epochs_is_cut(curves: list[list[float | None]], from_zero: bool) -> None:
    axis = loss_axis(curves, from_zero=from_zero)
    longest = max(map(len, curves), default=0)
    assert axis.low < axis.high
    assert math.isfinite(axis.low)
    assert math.isfinite(axis.high)
    assert axis.cut <= first_epochs(longest) <= longest // 5
    for curve in curves:
        for epoch, value in enumerate(curve, start=1):
            if numbers([value]) and not held(axis, float(value or 0)):
                assert epoch <= axis.cut
        if told := numbers(curve):
            assert held(axis, min(told))
            assert held(axis, told[-1])


@given(st.lists(st.floats(5, 1e6), max_size=6), st.lists(st.floats(0, 5), min_size=1, max_size=60))
def test_what_is_cut_is_higher_than_all_that_follows_and_gains_something(
    first: list[float], rest: list[float]
) -> None:
    curve = [*sorted(first, reverse=True), *rest]
    axis = loss_axis([rest, curve])
    assert all(value > axis.high for value in curve[: axis.cut])
    fits = max(curve[axis.cut :])
    assert held(axis, fits)
    if axis.cut:
        assert curve[axis.cut - 1] - fits >= 0.15 * curve[axis.cut - 1] * (1 - 1e-9) - 0.1 * fits
    elif not held(axis, curve[0]):
        raise AssertionError("something is cut and not counted")


@given(st.lists(st.tuples(LOSSES, LOSSES), min_size=2, max_size=45))
@example([(0.0, 0.0), (0.0, 0.5), (0.0, 0.6)])
@settings(max_examples=40)
def test_from_the_first_loss_above_0_on_the_axis_only_grows(epochs: list[tuple[float, float]]) -> None:
    training, validation = ([pair[side] for pair in epochs] for side in (0, 1))
    for done in range(1, len(epochs)):
        if any(map(any, epochs[:done])) and first_epochs(done) == first_epochs(done + 1):
            now = loss_axis([training[:done], validation[:done]])
            then = loss_axis([training[: done + 1], validation[: done + 1]])
            assert then.high >= now.high


def test_losses_of_0_are_drawn_on_the_axis_of_a_run_without_any() -> None:
    for scale in SCALES:
        empty = loss_axis([], scale=scale)
        assert loss_axis([(0.0,), (0.0,)], scale=scale) == loss_axis([(0.0,) * 30], scale=scale) == empty
    assert loss_axis([]).high == 1
    first = loss_axis([(0.0, 0.0), (0.0, 0.5)])
    assert first.high < 0.6  # fits what there is to see, although the empty axis was longer


def test_an_axis_changes_a_few_times_in_a_run() -> None:
    training = [2.3 * 0.8**epoch for epoch in range(100)]
    validation = [1.2 * 0.8**epoch + 0.4 + 0.012 * epoch for epoch in range(100)]
    ends = [loss_axis([training[:done], validation[:done]]).high for done in range(1, 101)]
    assert sum(before != after for before, after in pairwise(ends)) <= 12


@pytest.mark.parametrize("epochs", [100, 1_000, 20_000])
def test_a_thinned_curve_fits_its_axis(epochs: int) -> None:
    curve = [1 + 20 * math.exp(-epoch / 5) + epoch / epochs for epoch in range(epochs)]
    axis = loss_axis([curve])
    lowest = curve.index(min(curve)) + 1
    shown = epoch_choice(epochs, 60, always=[lowest])
    above = [epoch for epoch in shown if not held(axis, curve[epoch - 1])]
    assert all(epoch <= axis.cut < lowest for epoch in above)
    assert axis.high < curve[0] / 2


@given(CURVES)
def test_a_logarithmic_axis_holds_all_that_is_above_0(curves: list[list[float | None]]) -> None:
    axis = loss_axis(curves, scale="log")
    assert 0 < axis.low < axis.high
    assert axis.cut == 0
    assert axis.range[0] < axis.range[1]
    for value in (value for curve in curves for value in numbers(curve)):
        if value > 1e-300:
            assert held(axis, value)
        elif value <= 0:
            assert axis.edge(value) == axis.low


def test_what_lies_beyond_stands_at_the_edge() -> None:
    axis = loss_axis([LEARNING, TURNED])
    assert [axis.edge(value) for value in (9.0, 0.5, None, math.nan, -1.0)] == [
        axis.high,
        None,
        None,
        None,
        0,
    ]
    assert axis.down(0) == axis.high
    assert axis.down(1) == axis.low
    log = loss_axis([TURNED], scale="log")
    assert log.down(0.5) == pytest.approx(math.sqrt(log.low * log.high))


@pytest.mark.parametrize(
    ("tops", "expected", "leaves"),
    [
        ([2.0], 2.2, False),
        ([0.7, 0.9, 1.1], 1.2, False),
        ([0.7, 800_000.0], 2.25, True),  # of two, the lower one is usual
        ([0.5, 0.6, 9.0], 1.95, True),
        ([5.0, 0.1, 0.2, 0.3], 0.66, True),
    ],
)
def test_a_run_far_above_the_others_leaves_the_axis(tops: list[float], expected: float, leaves: bool) -> None:
    runs = [[[top, top]] for top in tops]
    axis = loss_axis_of_all(runs)
    assert (axis.high, axis.leaves) == (pytest.approx(expected), leaves)
    log = loss_axis_of_all(runs, scale="log")
    assert all(held(log, top) for top in tops)
    assert not log.leaves


def test_a_run_with_higher_losses_that_does_not_explode_is_held() -> None:
    easy = [value / 6 for value in TURNED]
    axis = loss_axis_of_all([[LEARNING, TURNED], [easy, easy]])
    assert (axis.high, axis.leaves) == (loss_axis([LEARNING, TURNED]).high, False)
    exploding = loss_axis_of_all([[LEARNING, TURNED], [easy, easy], [(2.0, 1.0, 900.0, 9e9)]])
    assert exploding.leaves
    assert loss_axis([LEARNING, TURNED]).high <= exploding.high < 4


def test_each_of_several_runs_may_leave_out_its_first_epochs() -> None:
    axis = loss_axis_of_all([[LEARNING, TURNED], [TURNED]])
    assert (axis.high, axis.cut, axis.leaves) == (loss_axis([TURNED]).high, 2, False)
    assert loss_axis_of_all([[], [[math.nan]]]) == loss_axis([])


def test_an_axis_that_does_not_begin_at_0_fits_both_ends() -> None:
    axis = loss_axis([TURNED], from_zero=False)
    assert 0.4 < axis.low < 0.5
    assert 0.9 < axis.high < 1
    assert axis.cut == 2


def test_who_predicts_has_room_above_what_the_training_shows() -> None:
    plain, axis = loss_axis([LEARNING]), axis_to_predict_on(LEARNING)
    after = max(LEARNING[plain.cut :])
    assert 2.5 * after <= axis.high <= 1.25 * 2.5 * after
    assert axis.cut == sum(loss > axis.high for loss in LEARNING) == 1
    log = axis_to_predict_on(LEARNING, scale="log")
    assert (log.scale, log.low, log.cut) == ("log", loss_axis([LEARNING], scale="log").low, 0)
    assert log.high >= LEARNING[0]


def test_until_three_losses_are_known_a_constant_answer_tells_how_high_one_may_predict() -> None:
    for known in ([], [2.0], [2.0, 0.4]):
        assert axis_to_predict_on(known, constant=3.0).high == pytest.approx(3.2)
        assert axis_to_predict_on(known).high >= max([1.0, *known])
    assert axis_to_predict_on([2.0, 0.4, 0.2], constant=3.0).high == pytest.approx(2.2)


@given(st.lists(ANY, max_size=40), st.sampled_from(["linear", "log"]))
def test_any_training_has_an_axis_to_predict_on(training: list[float | None], scale: Any) -> None:
    axis = axis_to_predict_on(training, scale=scale)
    assert -math.inf < axis.low < axis.high < math.inf
    assert axis.high >= loss_axis([training], scale=scale).high
