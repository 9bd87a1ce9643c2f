"""Curves of runs as they are drawn: thinned, smoothed (for the eye only), on a common axis, and the gap between two."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from core.experiment import Experiment
from core.run import Epoch


def epoch_choice(epochs: int, most: int, *, always: Collection[int] = ()) -> tuple[int, ...]:
    """At most `most` epochs spread evenly over a run, the first and the last among them, and all those of `always`.

    All of them where they are few. Epochs count from 1; others than 1 to `epochs` in `always` are passed over. `most`
    is at least 2.
    """
    if epochs <= most:
        return tuple(range(1, epochs + 1))
    # Rounded in whole numbers, so that the same run gives the same epochs everywhere.
    spread = {1 + (2 * place * (epochs - 1) + most - 1) // (2 * (most - 1)) for place in range(most)}
    return tuple(sorted(spread | {epoch for epoch in always if 1 <= epoch <= epochs}))


def exponential_moving_average(values: Sequence[float], weight: float) -> list[float]:
    """Each value mixed with the earlier ones by a weight w from 0 to below 1; what is no number stays none.

    s_t = sum over i <= t of w^(t - i) x_i, divided by the sum of the same powers of w, so that the first values are not
    drawn towards 0.
    """
    smoothed: list[float] = []
    total = weights = 0.0
    for value in values:
        total, weights = total * weight, weights * weight
        if math.isfinite(value):
            total, weights = total + value, weights + 1
        smoothed.append(total / weights if math.isfinite(value) else math.nan)
    return smoothed


Alignment = Literal["epoch", "batches", "seconds"]
"""By how often the samples were seen, by how many steps the optimizer made, or by how long it took."""


def axis_positions(experiment: Experiment, epochs: Sequence[Epoch], by: Alignment) -> tuple[float, ...]:
    """The end of each epoch: its number, or the batches or seconds since the start.

    Seconds are those spent in epochs, validation included, without what came before and between.
    """
    if by == "epoch":
        return tuple(float(epoch.number) for epoch in epochs)
    if by == "batches":
        steps = math.ceil(experiment.train_size / experiment.batch_size)
        return tuple(float(steps * epoch.number) for epoch in epochs)
    return tuple(accumulate(epoch.seconds for epoch in epochs))


Measure = Literal["loss", "accuracy"]


@dataclass(frozen=True)
class GeneralizationGap:
    """By how much validation is worse than training, in loss or accuracy.

    Training figures are means over the batches of an epoch, measured while the network is still changing and with
    Dropout on; validation comes after the epoch, with Dropout off. So early in a training, or with much Dropout,
    validation may look better, and the gap is then negative.
    """

    #: one an epoch: validation loss minus training loss, or training accuracy minus validation accuracy;
    #: not-a-number where one is missing
    values: tuple[float, ...]
    at: int  # the epoch that the end is compared with
    at_epoch: float  # the gap there
    at_end: float  # the gap in the last epoch
    by_training: float  # how much of the growth from there to the end is training getting better
    by_validation: float  # how much of it is validation getting worse; both add up to the growth


def generalization_gap(epochs: Sequence[Epoch], measure: Measure, at: int) -> GeneralizationGap:
    """The gap in every epoch, and where its growth from the epoch `at` to the end comes from."""
    training = [_number(getattr(epoch, measure)) for epoch in epochs]
    validation = [_number(getattr(epoch, f"val_{measure}")) for epoch in epochs]
    sign = 1 if measure == "loss" else -1
    values = [sign * (after - before) for before, after in zip(training, validation, strict=True)]
    return GeneralizationGap(
        values=tuple(values),
        at=at,
        at_epoch=values[at - 1],
        at_end=values[-1],
        by_training=sign * (training[at - 1] - training[-1]),
        by_validation=sign * (validation[-1] - validation[at - 1]),
    )


def _number(value: float | None) -> float:
    return value if value is not None and math.isfinite(value) else math.nan
