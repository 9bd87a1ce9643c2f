"""Scaling: two numbers from the training images, by counting how often each of the 256 values occurs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.catalog import DatasetInfo
from core.datasets.aligned import aligned
from core.experiment import Scaling

#: The scalings that learn nothing from the training images.
FIXED_SCALINGS: frozenset[Scaling] = frozenset({"none", "pixel"})
VALUES = 256
_PIECE = 2**20


@dataclass(frozen=True, eq=False)
class ValueCounts:
    """How often each value 0 to 255 occurs, int64 (256,); all statistics of a uint8 array follow from it exactly."""

    counts: NDArray[np.int64]

    @classmethod
    def of(cls, raw: NDArray[np.uint8]) -> ValueCounts:
        """Count the values of an array of any shape, piece by piece: `bincount` would widen it to int64."""
        flat = raw.reshape(-1)
        counts = np.zeros(VALUES, dtype=np.int64)
        for start in range(0, len(flat), _PIECE):
            counts += np.bincount(flat[start : start + _PIECE], minlength=VALUES)
        return cls(counts)

    @classmethod
    def nothing(cls) -> ValueCounts:
        """The counts of an empty array."""
        return cls(np.zeros(VALUES, dtype=np.int64))

    @property
    def total(self) -> int:
        """How many values there are."""
        return int(self.counts.sum())

    @property
    def minimum(self) -> int:
        """The smallest value that occurs."""
        return int(np.flatnonzero(self.counts)[0])

    @property
    def maximum(self) -> int:
        """The largest value that occurs."""
        return int(np.flatnonzero(self.counts)[-1])

    @property
    def mean(self) -> float:
        """The mean."""
        return int(self.counts @ np.arange(VALUES)) / self.total

    @property
    def deviation(self) -> float:
        """The standard deviation of the values as a population (divided by their number, as NumPy does)."""
        first, second = int(self.counts @ np.arange(VALUES)), int(self.counts @ np.arange(VALUES) ** 2)
        # Whole numbers up to here: no difference of two large rounded ones.
        return math.sqrt(self.total * second - first**2) / self.total

    def percentile(self, percent: float) -> float:
        """A percentile, between two values linearly, as `numpy.percentile` gives it."""
        place = (self.total - 1) * percent / 100
        below = math.floor(place)
        upto = np.cumsum(self.counts)
        low = int(np.searchsorted(upto, below, side="right"))
        high = int(np.searchsorted(upto, min(below + 1, self.total - 1), side="right"))
        return low + (high - low) * (place - below)


@dataclass(frozen=True)
class Scale:
    """The two numbers of a scaling, `(value - shift) / scale`; `replaced` if the divisor would have been 0."""

    shift: np.float32
    scale: np.float32
    replaced: bool = False

    def __call__(self, raw: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Scale raw values, float32 of the same shape, aligned; the only large array made is the result."""
        values = aligned(raw.shape)
        values[...] = raw
        if self.shift != 0:
            values -= self.shift
        if self.scale != 1:
            values /= self.scale
        return values


NO_SCALING = Scale(np.float32(0), np.float32(1))


def fit_scaling(name: Scaling, x_train_raw: NDArray[np.uint8], facts: DatasetInfo) -> Scale:
    """The two numbers of a scaling, from the training images only."""
    if name in FIXED_SCALINGS:  # no need to count anything
        return scaling_from_counts(name, ValueCounts.nothing(), facts)
    return scaling_from_counts(name, ValueCounts.of(x_train_raw), facts)


def scaling_from_counts(name: Scaling, values: ValueCounts, facts: DatasetInfo) -> Scale:
    """The two numbers of a scaling, from the counted values of the training images."""
    if name == "none":
        return NO_SCALING
    if name == "pixel":
        return _scale(0, facts.max_value)
    if name == "min_max":
        return _scale(values.minimum, values.maximum - values.minimum)
    if name == "standard":
        return _scale(values.mean, values.deviation)
    return _scale(values.percentile(50), values.percentile(75) - values.percentile(25))


def _scale(shift: float, scale: float) -> Scale:
    divisor = np.float32(scale)
    if divisor == 0:
        return Scale(np.float32(shift), np.float32(1), replaced=True)
    return Scale(np.float32(shift), divisor)
