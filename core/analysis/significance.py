"""What test results can say: Wilson, McNemar and Holm about trained networks, a permutation test about designs.

A comparison of two runs compares two trained networks, not two designs: with other seeds both would have come out
differently. Designs are compared over their seeds by the test of Fisher and Pitman: if the design made no difference,
each division of all results into two groups of these sizes would have been as likely as the one seen; p is the share
of divisions at least as uneven. It needs no assumption about how results are distributed, which three or five runs
could not support anyway, and it says by itself how little few runs can show: of 3 against 3 there are 20 divisions, so
p cannot fall below 0.1. That is why it stands here, and not Welch's t, whose interval at so few runs rests on the
normal curve.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

#: Below this probability a difference counts as shown.
ALPHA = 0.05
#: The 97.5 % point of the standard normal distribution, for two-sided 95 % intervals.
_NORMAL_97_5 = 1.959963984540054
#: With more divisions than this, so many are drawn instead.
MOST_DIVISIONS = 50_000
_SEED = 0


@dataclass(frozen=True)
class Interval:
    """A share with its 95 % interval after Wilson, all 0 to 1."""

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class McNemar:
    """The exact McNemar test on the samples that only one of two networks got right."""

    only_first: int  # samples that only the first network got right
    only_second: int  # samples that only the second network got right
    #: two-sided probability of so uneven a division if both were equally good; 1 without disagreement
    p: float


def wilson_interval(hits: int, samples: int) -> Interval:
    """The share of hits with its 95 % Wilson interval, without continuity correction; ValueError if it is no share.

    E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927). Unlike the
    interval of the normal approximation it stays between 0 and 1 and has a width also for 0 and for all hits.
    """
    if not 0 <= hits <= samples or samples < 1:
        raise ValueError(f"{hits} of {samples} is no share")
    share, z2 = hits / samples, _NORMAL_97_5**2
    centre = share + z2 / (2 * samples)
    half = _NORMAL_97_5 * math.sqrt(share * (1 - share) / samples + z2 / (4 * samples**2))
    # At both ends the formula gives 0 and 1 but for rounding.
    low = 0.0 if hits == 0 else (centre - half) / (1 + z2 / samples)
    high = 1.0 if hits == samples else (centre + half) / (1 + z2 / samples)
    return Interval(share, low, high)


def mcnemar(first_right: NDArray[np.bool_], second_right: NDArray[np.bool_]) -> McNemar:
    """Compare two networks on the same samples, right or not (n,), by the exact McNemar test; ValueError if n differs.

    If both were equally good, each sample that only one of them got right would be as likely the one's as the other's:
    p is the two-sided binomial probability of a division at least as uneven as the one seen. Samples that both got
    right, or both wrong, say nothing about the difference.
    """
    if first_right.shape != second_right.shape:
        raise ValueError(f"{first_right.shape} and {second_right.shape} are not the same samples")
    only_first = int(np.sum(first_right & ~second_right))
    only_second = int(np.sum(second_right & ~first_right))
    return McNemar(only_first, only_second, _two_sided(only_first, only_second))


def holm(ps: Sequence[float]) -> tuple[float, ...]:
    """The p values of several tests, in their order, raised so that all can be judged together by one threshold.

    The smallest is multiplied by the number of tests, the next by one less and so on; none ends below a smaller one,
    none above 1. Among all tests judged "different" at 5 % even one mistake has then a chance of 5 % at most. S. Holm,
    "A Simple Sequentially Rejective Multiple Test Procedure", Scand. J. Statist. 6 (1979).
    """
    adjusted, highest = [0.0] * len(ps), 0.0
    for rank, place in enumerate(sorted(range(len(ps)), key=lambda one: ps[one])):
        highest = max(highest, min(1.0, (len(ps) - rank) * ps[place]))
        adjusted[place] = highest
    return tuple(adjusted)


def _two_sided(one: int, other: int) -> float:
    """The probability that so many fair coins fall at least as unevenly; 1 without coins.

    Counted in whole numbers, so it is exact, and SciPy's statistics (memory, half a second) need not be loaded.
    """
    coins = one + other
    ways = tail = 1
    for heads in range(min(one, other)):
        ways = ways * (coins - heads) // (heads + 1)
        tail += ways
    return 2 * tail / 2**coins if 2 * tail < 2**coins else 1.0


@dataclass(frozen=True)
class PermutationTest:
    """Two groups compared by the permutation test."""

    first: float  # mean of the first group
    second: float  # mean of the second
    #: two-sided: twice the share of divisions whose means lie at least as far to the same side; at most 1
    p: float
    smallest: float  # the smallest p that groups of these sizes can reach
    #: lower end of the 95 % interval of second - first: of all shifts that the test does not refuse at 2.5 %
    #: on one side; None if there are too few divisions to refuse any
    low: float | None
    high: float | None  # its upper end

    @property
    def difference(self) -> float:
        """The second's mean minus the first's."""
        return self.second - self.first


def permutation_test(first: Sequence[float], second: Sequence[float]) -> PermutationTest:
    """Compare the mean results of two groups of runs that were trained independently of each other.

    ValueError if a group is empty or a result is not a number.
    """
    pooled = np.array([*second, *first], dtype=np.float64)
    if not first or not second or not np.isfinite(pooled).all():
        raise ValueError("both groups need results that are numbers")
    size, total = len(second), len(pooled)
    divisions = math.comb(total, size)
    # Which places belong to the second group, in every division; the one that was seen comes first.
    members = (
        np.array(list(combinations(range(total), size)), dtype=np.intp)
        if divisions <= MOST_DIVISIONS
        else _drawn_divisions(total, size)
    )
    sums, seen = pooled[members].sum(axis=1), float(pooled[:size].sum())
    # Sums of the same numbers in another order may differ in the last digits.
    near = 1e-12 * max(1.0, float(np.abs(pooled).sum()))
    above, below = float(np.mean(sums >= seen - near)), float(np.mean(sums <= seen + near))
    low, high = _interval(sums, seen, np.sum(members >= size, axis=1))
    return PermutationTest(
        first=float(np.mean(first)),
        second=float(np.mean(second)),
        p=min(1.0, 2 * min(above, below)),
        smallest=min(1.0, 2 / divisions),
        low=low,
        high=high,
    )


def _drawn_divisions(total: int, size: int) -> NDArray[np.intp]:
    """Drawn divisions; the one that was seen stands among them, so p is never 0."""
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
