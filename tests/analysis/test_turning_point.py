"""The turning point against curves whose answer is plain to see."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.turning_point import Rule, turn, turning_point
from core.run import Epoch


def epochs(val_losses: list[float | None], val_accuracies: list[float] | None = None) -> list[Epoch]:
    accuracies = val_accuracies or [0.5] * len(val_losses)
    return [
        Epoch(number, 1 / number, 0.5, loss, accuracy, 0.001, 1.0)
        for number, (loss, accuracy) in enumerate(zip(val_losses, accuracies, strict=True), start=1)
    ]


def test_a_clear_rise_is_confirmed() -> None:
    found = turning_point(epochs([1.0, 0.5, 0.4, 0.45, 0.6]))
    assert found.epoch == 3
    assert found.loss.value == 0.4
    assert found.loss.generalisation_loss == pytest.approx(50.0)
    assert found.loss.rises == 2
    assert found.gap == pytest.approx(0.6 - 1 / 5)


def test_a_falling_curve_has_not_reached_it() -> None:
    found = turning_point(epochs([1.0, 0.8, 0.6, 0.5]))
    assert found.epoch is None
    assert (found.loss.epoch, found.loss.confirmed, found.loss.epochs_after) == (4, False, 0)


def test_noise_is_no_rise() -> None:
    assert turning_point(epochs([1.0, 0.50, 0.51, 0.505, 0.512])).epoch is None


def test_one_outlier_is_no_rise() -> None:
    assert turning_point(epochs([1.0, 0.50, 0.90])).epoch is None
    assert turning_point(epochs([1.0, 0.50, 0.90, 0.51, 0.505])).epoch is None
    assert turning_point(epochs([1.0, 0.50, 0.90, 0.51, 0.56])).epoch == 2


def test_a_slow_steady_rise_is_confirmed_by_its_steadiness() -> None:
    found = turning_point(epochs([1.0, 0.500, 0.501, 0.502, 0.503, 0.504]))
    assert found.epoch == 2
    assert found.loss.generalisation_loss < Rule().threshold


def test_loss_and_accuracy_may_turn_apart() -> None:
    found = turning_point(epochs([1.0, 0.4, 0.5, 0.6], [0.5, 0.8, 0.85, 0.9]))
    assert found.loss.epoch == 2
    assert found.accuracy.epoch == 4
    assert found.accuracy.value == pytest.approx(0.9)
    assert not found.accuracy.confirmed


def test_without_validation_there_is_none() -> None:
    found = turning_point(
        [Epoch(1, 0.5, 0.5, None, None, 0.1, 1.0), Epoch(2, 0.4, 0.6, None, None, 0.1, 1.0)]
    )
    assert found.epoch is None
    assert found.loss.epoch is None
    assert found.gap is None
    assert turning_point([]).loss.epoch is None


def test_infinity_is_worse_than_anything() -> None:
    found = turn([1.0, math.nan, math.inf], Rule())  # both are rises beyond any threshold
    assert (found.epoch, found.confirmed) == (1, True)


@given(st.lists(st.floats(0.01, 10), min_size=1, max_size=40))
def test_against_the_definition(losses: list[float]) -> None:
    """GL and rises computed the long way, straight from Prechelt's formulas."""
    found = turn(losses, Rule())
    assert found.epoch is not None
    best = min(range(len(losses)), key=lambda index: (losses[index], index))
    assert found.epoch == best + 1
    gl = [100 * (losses[t] / min(losses[: t + 1]) - 1) for t in range(best, len(losses))]
    longest = 0
    for start in range(best, len(losses)):
        length = 0
        while start + length + 1 < len(losses) and losses[start + length + 1] > losses[start + length]:
            length += 1
        longest = max(longest, length)
    assert found.generalisation_loss == pytest.approx(max(gl))
    assert found.rises == longest
    assert found.confirmed == (sum(value > 5.0 for value in gl) >= 2 or longest >= 4)
