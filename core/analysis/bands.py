"""Several runs of the same kind together: bands over epochs, where they turned, how far their results spread.

A quantile here is the one between two values (linear, as `numpy.quantile` has it by default). A number that is
missing, infinite or no number counts nowhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.analysis.run_metrics import best
from core.analysis.turning_point import turning_point_of
from core.experiment.changes import Level
from core.run import Epoch, Run, RunState

Curve = Literal["loss", "accuracy", "val_loss", "val_accuracy"]
Measure = Literal["val_accuracy", "val_loss", "turning_point", "gap", "test_accuracy"]
"""What one number is taken of a run:

- `val_accuracy`: the highest validation accuracy of all its epochs
- `val_loss`: the lowest validation loss of all its epochs
- `turning_point`: the epoch of the turning point, where it is confirmed
- `gap`: validation loss minus training loss in the last epoch
- `test_accuracy`: that of the network as it was at the end; never to be chosen on
"""

#: The shares of runs below and above which a band leaves out: it holds the middle 80 %.
LOW, HIGH = 0.1, 0.9

Levels = tuple[Level, ...]
"""The value of each setting that was varied, in their order; () if none was."""


@dataclass(frozen=True)
class BandPoint:
    """Several runs in one epoch."""

    epoch: int  # from 1
    runs: int  # how many have a number there; some end earlier than others
    mean: float  # mean over the runs; NaN if no run has a number
    low: float  # their 10 % quantile
    high: float  # their 90 % quantile


@dataclass(frozen=True)
class Spread:
    """How far some values lie apart."""

    n: int  # how many there are, at least 1
    mean: float
    #: their standard deviation with n - 1; None for one value, which tells nothing of it
    deviation: float | None
    low: float  # the smallest
    high: float  # the largest


@dataclass(frozen=True)
class Turned:
    """Where one run has its lowest validation loss."""

    run: str
    epoch: int  # the epoch of the lowest validation loss
    reached: bool  # whether the rise after it is confirmed, so that it is a turning point


@dataclass(frozen=True)
class Turns:
    """The turning points of several runs; those not reached stay apart, for they may lie anywhere later."""

    reached: tuple[Turned, ...]  # the runs with a confirmed turning point, earliest first
    open: tuple[Turned, ...]  # the runs without, by the epoch of their lowest validation loss

    @property
    def spread(self) -> Spread | None:
        """That of the confirmed turning points."""
        return spread([turned.epoch for turned in self.reached])


@dataclass(frozen=True)
class Cell:
    """What came of the runs that share their settings."""

    levels: Levels  # the settings that make the cell
    runs: int  # how many runs it has, whatever became of them
    values: tuple[float, ...]  # the measured numbers of those that have one, in the order of the runs
    spread: Spread | None  # of these numbers; None if there are none


def band(runs: Sequence[Sequence[Epoch]], curve: Curve) -> tuple[BandPoint, ...]:
    """One curve of several runs, epoch by epoch, to the last epoch that any has; () if no run has recorded it."""
    points = []
    for place in range(max(map(len, runs), default=0)):
        told = [getattr(epochs[place], curve) for epochs in runs if place < len(epochs)]
        recorded = [float(value) for value in told if value is not None]
        values = [value for value in recorded if math.isfinite(value)]
        if not recorded:
            continue
        low, high = np.quantile(values, (LOW, HIGH)).tolist() if values else (math.nan, math.nan)
        mean = float(np.mean(values)) if values else math.nan
        points.append(BandPoint(place + 1, len(values), mean, low, high))
    return tuple(points)


def lowest(points: Sequence[BandPoint]) -> BandPoint | None:
    """The epoch with the lowest mean, among those in which no run is missing.

    Where some runs have ended, the mean is one of other runs and may fall or rise by that alone.
    """
    most = max((point.runs for point in points), default=0)
    whole = [point for point in points if point.runs == most > 0]
    return min(whole, key=lambda point: point.mean, default=None)


def thins_out(points: Sequence[BandPoint]) -> int | None:
    """The first epoch in which fewer runs have a number than before; None if all go on to the end."""
    most = 0
    for point in points:
        if point.runs < most:
            return point.epoch
        most = point.runs
    return None


def spread(values: Sequence[float]) -> Spread | None:
    """How far values lie apart; None if there are none. All must be finite."""
    if not values:
        return None
    numbers = np.asarray(values, dtype=np.float64)
    deviation = float(numbers.std(ddof=1)) if len(numbers) > 1 else None
    return Spread(len(numbers), float(numbers.mean()), deviation, float(numbers.min()), float(numbers.max()))


def turns(runs: Sequence[Run]) -> Turns:
    """Where several runs turned that are over (one that still learns may yet turn) and have a validation loss."""
    turns = ((run, turning_point_of(run).loss) for run in runs)
    found = [Turned(run.id, turn.epoch, turn.confirmed) for run, turn in turns if turn.epoch is not None]
    found.sort(key=lambda turned: turned.epoch)
    return Turns(
        reached=tuple(turned for turned in found if turned.reached),
        open=tuple(turned for turned in found if not turned.reached),
    )


def measured(run: Run, measure: Measure) -> float | None:
    """One number of a run; None if it has none, or none that is finite."""
    found: float | None
    if measure == "turning_point":
        found = turning_point_of(run).epoch
    elif measure == "gap":
        found = turning_point_of(run).gap
    elif measure == "test_accuracy":
        found = run.evaluation.accuracy if run.evaluation else None
    else:
        reached = best(run.epochs, measure)
        found = reached.value if reached else None
    return float(found) if found is not None and math.isfinite(found) else None


def last(run: Run, curve: Curve) -> float | None:
    """A curve in the last epoch of a run, whatever it is; None if it has none, or none that is finite.

    What a fold of a cross-validation counts by: the best epoch would have been chosen on the fold itself.
    """
    value = getattr(run.epochs[-1], curve) if run.epochs else None
    return float(value) if value is not None and math.isfinite(value) else None


def cells(runs: Iterable[tuple[Levels, Run]], measure: Measure) -> dict[Levels, Cell]:
    """What came of each combination of levels, in the order in which they first appear.

    Only runs that finished are measured: one that was stopped or failed had fewer epochs than the others.
    """
    groups: dict[Levels, list[Run]] = {}
    for levels, run in runs:
        groups.setdefault(levels, []).append(run)
    found: dict[Levels, Cell] = {}
    for levels, group in groups.items():
        told = (measured(run, measure) for run in group if run.state is RunState.FINISHED)
        values = tuple(value for value in told if value is not None)
        found[levels] = Cell(levels, len(group), values, spread(values))
    return found
