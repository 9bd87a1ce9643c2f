"""The gap between training and validation, and where its growth comes from."""

from __future__ import annotations

import math

import pytest

from core.analysis.curves import generalization_gap
from core.run import Epoch

EPOCHS = [
    Epoch(1, 1.0, 0.60, 0.8, 0.70, 0.001, 1.0),
    Epoch(2, 0.5, 0.80, 0.6, 0.75, 0.001, 1.0),
    Epoch(3, 0.2, 0.95, 0.9, 0.73, 0.001, 1.0),
]


def test_the_growth_has_two_parts() -> None:
    loss = generalization_gap(EPOCHS, "loss", 2)
    assert loss.values == pytest.approx((-0.2, 0.1, 0.7))
    assert (loss.at_epoch, loss.at_end) == pytest.approx((0.1, 0.7))
    assert (loss.by_training, loss.by_validation) == pytest.approx((0.3, 0.3))
    accuracy = generalization_gap(EPOCHS, "accuracy", 2)
    assert accuracy.values == pytest.approx((-0.1, 0.05, 0.22))
    assert (accuracy.by_training, accuracy.by_validation) == pytest.approx((0.15, 0.02))


def test_what_is_no_number_leaves_a_hole() -> None:
    epochs = [*EPOCHS, Epoch(4, math.nan, 0.5, math.inf, None, 0.001, 1.0)]
    assert [math.isnan(value) for value in generalization_gap(epochs, "loss", 2).values] == [
        False,
        False,
        False,
        True,
    ]
    assert math.isnan(generalization_gap(epochs, "accuracy", 2).at_end)
