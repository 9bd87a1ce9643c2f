"""Counting grey values: whatever is asked of the distribution of a uint8 array follows from 256 counts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
