"""What came of a run, in the numbers by which runs are compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.analysis.significance import Interval, wilson_interval
from core.analysis.turning_point import TurningPoint, turning_point_of
from core.run import Epoch, Evaluation, Run


@dataclass(frozen=True)
class Best:
    """The best value of a curve and the epoch it was reached after."""

    value: float
    epoch: int


@dataclass(frozen=True)
class RunMetrics:
    """What came of a run, as far as it is."""

    run: str  # its id
    parameters: int  # of the network, all together
    epochs: int  # recorded
    #: all epochs together, validation and those taken over from another run included; None before any
    seconds: float | None
    val_loss: Best | None  # the lowest validation loss; None without one that is a number
    val_accuracy: Best | None  # the highest validation accuracy, likewise
    test: Interval | None  # test accuracy with its 95 % Wilson interval; None until it is evaluated
    samples: int  # how many test samples that rests on
    #: validation loss minus training loss after the last epoch; None without validation or not a number
    gap: float | None
    turning: TurningPoint  # where the validation curves turned


def run_metrics(run: Run) -> RunMetrics:
    """Work out what came of a run. Everything but `test` comes from training and validation only."""
    turning = turning_point_of(run)
    gap = turning.gap if turning.gap is not None and math.isfinite(turning.gap) else None
    return RunMetrics(
        run=run.id,
        parameters=run.experiment.summary.parameters,
        epochs=len(run.epochs),
        seconds=sum(epoch.seconds for epoch in run.epochs) if run.epochs else None,
        val_loss=best(run.epochs, "val_loss"),
        val_accuracy=best(run.epochs, "val_accuracy"),
        test=_test(run.evaluation),
        samples=0 if run.evaluation is None else run.evaluation.samples,
        gap=gap,
        turning=turning,
    )


def _test(evaluation: Evaluation | None) -> Interval | None:
    if evaluation is None or not evaluation.samples:
        return None
    return wilson_interval(evaluation.right, evaluation.samples)


def best(epochs: Sequence[Epoch], curve: Literal["val_loss", "val_accuracy"]) -> Best | None:
    """The lowest validation loss or the highest validation accuracy; None without one that is a number.

    Of equal values the first: the network was that good from there on.
    """
    told = ((getattr(epoch, curve), epoch.number) for epoch in epochs)
    found = [Best(value, number) for value, number in told if value is not None and math.isfinite(value)]
    sign = 1 if curve == "val_loss" else -1
    return min(found, key=lambda one: sign * one.value, default=None)
