"""The gap between what a network does on the samples it learns from and on those it does not.

Training loss and accuracy are means over the batches of an epoch, measured while the network is still changing and
with Dropout on; validation comes after the epoch, with Dropout off. So early in a training, or with much Dropout,
validation may look better, and the gap is then negative.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.run import Epoch

Measure = Literal["loss", "accuracy"]


@dataclass(frozen=True)
class Gap:
    """By how much validation is worse than training.

    Attributes:
        values: One an epoch: validation loss minus training loss, or training accuracy minus validation accuracy;
            not-a-number where one is missing.
        at: The epoch that the end is compared with.
        at_epoch: The gap there.
        at_end: The gap in the last epoch.
        by_training: How much of the growth from there to the end is training getting better.
        by_validation: How much of it is validation getting worse; both add up to the growth.
    """

    values: tuple[float, ...]
    at: int
    at_epoch: float
    at_end: float
    by_training: float
    by_validation: float


def gap(epochs: Sequence[Epoch], measure: Measure, at: int) -> Gap:
    """The gap in every epoch, and where its growth comes from.

    Args:
        epochs: The run's epochs, at least one.
        at: The epoch to compare the end with, from 1.
    """
    training = [_number(getattr(epoch, measure)) for epoch in epochs]
    validation = [_number(getattr(epoch, f"val_{measure}")) for epoch in epochs]
    sign = 1 if measure == "loss" else -1
    values = [sign * (after - before) for before, after in zip(training, validation, strict=True)]
    return Gap(
        values=tuple(values),
        at=at,
        at_epoch=values[at - 1],
        at_end=values[-1],
        by_training=sign * (training[at - 1] - training[-1]),
        by_validation=sign * (validation[-1] - validation[at - 1]),
    )


def _number(value: float | None) -> float:
    return value if value is not None and math.isfinite(value) else math.nan
