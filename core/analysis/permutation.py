"""Two groups of repeated runs: whether their means differ by more than the seeds explain.

The test of Fisher and Pitman: if the design made no difference, each division of all results into two groups of
these sizes would have been as likely as the one seen; p is the share of divisions at least as uneven. It needs no
assumption about how results are distributed, which three or five runs could not support anyway, and it says by itself
how little few runs can show: of 3 against 3 there are 20 divisions, so p cannot fall below 0.1. That is why it
stands here, and not Welch's t, whose interval at so few runs rests on the normal curve.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

#: With more divisions than this, so many are drawn instead.
MOST_DIVISIONS = 50_000
_SEED = 0


@dataclass(frozen=True)
class MeanDifference:
    """Two groups compared by the permutation test.

    Attributes:
        first: Mean of the first group.
        second: Mean of the second.
        p: Two-sided: twice the share of divisions whose means lie at least as far to the same side; at most 1.
        smallest: The smallest p that groups of these sizes can reach.
        low: Lower end of the 95 % interval of second - first: of all shifts that the test does not refuse at
            2.5 % on one side; None if there are too few divisions to refuse any.
        high: Its upper end.
        divisions: How many divisions there are.
        exact: Whether all were looked at, not drawn ones.
    """

    first: float
    second: float
    p: float
    smallest: float
    low: float | None
    high: float | None
    divisions: int
    exact: bool

    @property
    def difference(self) -> float:
        """The second's mean minus the first's."""
        return self.second - self.first


def mean_difference(first: Sequence[float], second: Sequence[float]) -> MeanDifference:
    """Compare the means of two groups of runs that were trained independently of each other.

    Args:
        first: A result of each run of the first group, at least one.
        second: The same of the second.

    Raises:
        ValueError: If a group is empty or a result is not a number.
    """
    pooled = np.array([*second, *first], dtype=np.float64)
    if not first or not second or not np.isfinite(pooled).all():
        raise ValueError("both groups need results that are numbers")
    size, total = len(second), len(pooled)
    divisions = math.comb(total, size)
    exact = divisions <= MOST_DIVISIONS
    members = _all_divisions(total, size) if exact else _drawn_divisions(total, size)
    sums, seen = pooled[members].sum(axis=1), float(pooled[:size].sum())
    # Sums of the same numbers in another order may differ in the last digits.
    near = 1e-12 * max(1.0, float(np.abs(pooled).sum()))
    above, below = float(np.mean(sums >= seen - near)), float(np.mean(sums <= seen + near))
    low, high = _interval(sums, seen, np.sum(members >= size, axis=1))
    return MeanDifference(
        first=float(np.mean(first)),
        second=float(np.mean(second)),
        p=min(1.0, 2 * min(above, below)),
        smallest=min(1.0, 2 / divisions),
        low=low,
        high=high,
        divisions=divisions,
        exact=exact,
    )


def _all_divisions(total: int, size: int) -> NDArray[np.intp]:
    """Which places belong to the one group, in every division; the one that was seen comes first."""
    return np.array(list(combinations(range(total), size)), dtype=np.intp)


def _drawn_divisions(total: int, size: int) -> NDArray[np.intp]:
    """The same of drawn divisions; the one that was seen stands among them, so p is never 0."""
    rng = np.random.default_rng(_SEED)
    drawn = np.stack([rng.permutation(total)[:size] for _ in range(MOST_DIVISIONS - 1)])
    return np.concatenate([np.arange(size)[None, :], drawn])


def _interval(
    sums: NDArray[np.float64], seen: float, exchanged: NDArray[np.intp]
) -> tuple[float | None, float | None]:
    """The shifts between the groups that the test does not refuse, by looking at each division once.

    A division that exchanges k results against k of the other group is as uneven as the one seen if the shift is the
    difference of the means of what it exchanges, so the interval ends at one of these differences.
    """
    shifts = np.sort((seen - sums)[exchanged > 0] / exchanged[exchanged > 0])
    place = math.floor(0.025 * len(sums))
    if place < 1:
        return None, None
    return float(shifts[place - 1]), float(shifts[-place])
