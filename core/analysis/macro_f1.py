"""Macro-F1 of two networks on the same samples, and how sure their difference is.

The macro-F1 is the plain mean of the F1 of the classes: small classes count as much as large ones. As in
scikit-learn's `f1_score(average="macro", zero_division=0)` those classes count that occur among the labels or
the answers; a class that is neither there nor answered does not, and one that is there but never found counts 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2_000
# A block of resamples stays within a few megabytes.
_BLOCK = 100
# Cells of fewer samples are drawn sample by sample, which is faster than one binomial draw a cell.
_RARE = 5

Classes = NDArray[np.integer]


@dataclass(frozen=True)
class MacroF1Difference:
    """The macro-F1 of two networks on the same samples."""

    first: float  # the first network's, 0 to 1
    second: float  # the second's
    low: float  # lower end of the 95 % bootstrap interval of second - first
    high: float  # upper end

    @property
    def difference(self) -> float:
        """The second's minus the first's, -1 to 1."""
        return self.second - self.first


def macro_f1_difference(
    labels: Classes, first: Classes, second: Classes, *, resamples: int = RESAMPLES, seed: int = 0
) -> MacroF1Difference:
    """The difference of two macro-F1 with its 95 % paired percentile bootstrap interval; all classes (n,).

    Samples are drawn anew with replacement, each with its label and both answers, so what is hard for both networks
    stays so. The interval goes from the 2.5 to the 97.5 percentile of the differences (B. Efron and R. Tibshirani, "An
    Introduction to the Bootstrap", 1993, chapter 13). Only how many samples have which label and answers matters, so
    what is drawn are these numbers: once a resample from the multinomial distribution.
    """
    table = _Table.of(labels, first, second)
    both = _macro_f1s(table.sums(table.counts[None, :]))[0]
    rng = np.random.default_rng(seed)
    found = np.concatenate(
        [
            _macro_f1s(table.sums(table.drawn(min(_BLOCK, resamples - done), rng)))
            for done in range(0, resamples, _BLOCK)
        ]
    )
    low, high = np.percentile(found[:, 1] - found[:, 0], [2.5, 97.5])
    return MacroF1Difference(float(both[0]), float(both[1]), float(low), float(high))


@dataclass(frozen=True)
class _Group:
    """Cells that count for the same class."""

    cells: NDArray[np.intp]  # all cells that count for any class, those of the same class together
    starts: NDArray[np.intp]  # where the cells of each class begin among them
    classes: NDArray[np.int64]  # these classes

    @classmethod
    def of(cls, classes: NDArray[np.int64], counting: NDArray[np.bool_]) -> _Group:
        """By the class that each cell counts for, and whether it counts at all."""
        cells = np.flatnonzero(counting)
        cells = cells[np.argsort(classes[cells], kind="stable")]
        found, starts = np.unique(classes[cells], return_index=True)
        return cls(cells, starts, found)


@dataclass(frozen=True)
class _Table:
    """How many samples have which label and answers."""

    #: of each cell (label, first answer, second answer) that occurs, the frequent ones first; int64
    counts: NDArray[np.int64]
    #: what the cells count for: samples of a class, the first's answers and hits, the second's
    groups: tuple[_Group, ...]
    classes: int  # how many classes there are
    rare: int  # where the cells begin that are drawn sample by sample

    @classmethod
    def of(cls, labels: Classes, first: Classes, second: Classes) -> _Table:
        if not len(labels) == len(first) == len(second) > 0:
            raise ValueError(f"{len(labels)}, {len(first)} and {len(second)} are not the same samples")
        # Only classes that occur are counted.
        _, codes = np.unique(np.stack([labels, first, second]).astype(np.int64), return_inverse=True)
        codes = codes.reshape(3, -1)
        classes = int(codes.max()) + 1
        cells, counts = np.unique((codes[0] * classes + codes[1]) * classes + codes[2], return_counts=True)
        order = np.argsort(-counts, kind="stable")
        cells, counts = cells[order], counts[order].astype(np.int64)
        true, one, two = cells // classes**2, cells // classes % classes, cells % classes
        every = np.ones(len(cells), dtype=np.bool_)
        kinds = ((true, every), (one, every), (one, one == true), (two, every), (two, two == true))
        groups = tuple(_Group.of(kind, counting) for kind, counting in kinds)
        return cls(counts, groups, classes, int(np.sum(counts >= _RARE)))

    def drawn(self, times: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """As many samples as there are, drawn with replacement: counts of the cells, shape (times, cells)."""
        counts = self.counts
        samples, frequent, rare = int(counts.sum()), counts[: self.rare], counts[self.rare :]
        if not len(rare):
            return rng.multinomial(samples, frequent / samples, size=times)
        found = np.empty((times, len(counts)), dtype=np.int64)
        pool = np.repeat(np.arange(len(rare)), rare)
        shares = np.append(frequent, len(pool)) / samples
        drawn = rng.multinomial(samples, shares, size=times)
        found[:, : self.rare] = drawn[:, :-1]
        # Given how many fall among the rare cells, each is any of their samples.
        which = np.repeat(np.arange(times) * len(rare), drawn[:, -1])
        which += pool[rng.integers(len(pool), size=len(which))]
        found[:, self.rare :] = np.bincount(which, minlength=times * len(rare)).reshape(times, -1)
        return found

    def sums(self, drawn: NDArray[np.int64]) -> NDArray[np.int64]:
        """What was drawn by kind and class, shape (kinds, times, classes).

        Added up in groups and not by a matrix product, whose threads wait for each other where other processes work.
        """
        found = np.zeros((len(self.groups), len(drawn), self.classes), dtype=np.int64)
        for kind, group in enumerate(self.groups):
            if len(group.cells):
                found[kind][:, group.classes] = np.add.reduceat(drawn[:, group.cells], group.starts, axis=1)
        return found


def _macro_f1s(sums: NDArray[np.int64]) -> NDArray[np.float64]:
    """Both macro-F1 from the sums of a table, shape (times, 2)."""
    samples, first, first_hits, second, second_hits = sums
    both = []
    for answered, hits in ((first, first_hits), (second, second_hits)):
        whole = samples + answered
        f1 = np.divide(2 * hits, whole, out=np.zeros(whole.shape), where=whole > 0)
        both.append(f1.sum(axis=1) / (whole > 0).sum(axis=1))
    return np.stack(both, axis=1)
