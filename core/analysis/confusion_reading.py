"""A confusion matrix read in words: a row, a column, and the flows from classes to answers; counts in, records out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis.classification import Matrix

#: So many classes a sentence names; what is left counts together.
MOST = 3


@dataclass(frozen=True)
class Part:
    """Some samples of a row or a column: the other class, and how many they are."""

    label: int
    count: int


@dataclass(frozen=True)
class Reading:
    """A row of a confusion matrix (the samples of a class), or a column (the samples called so).

    Attributes:
        label: The class.
        total: How many samples there are.
        right: How many of them lie on the diagonal.
        others: The most frequent of the others, from the largest on.
        rest: How many samples lie in cells that are not named.
    """

    label: int
    total: int
    right: int
    others: tuple[Part, ...]
    rest: int

    @property
    def share(self) -> float:
        """Of a row the recall, of a column the precision; 0 without samples."""
        return self.right / self.total if self.total else 0.0

    @property
    def wrong(self) -> int:
        """How many samples do not lie on the diagonal."""
        return self.total - self.right


def read_row(matrix: Matrix, label: int) -> Reading:
    """What the samples of a class were taken for."""
    return _reading(np.asarray(matrix, dtype=np.int64)[label], label)


def read_column(matrix: Matrix, label: int) -> Reading:
    """Which classes the samples belong to that were called by this one's name."""
    return _reading(np.asarray(matrix, dtype=np.int64)[:, label], label)


def _reading(counts: NDArray[np.int64], label: int) -> Reading:
    order = [int(place) for place in np.argsort(-counts, kind="stable") if place != label and counts[place]]
    # One class alone is named rather than counted as what is left.
    named = order if len(order) <= MOST + 1 else order[:MOST]
    others = tuple(Part(place, int(counts[place])) for place in named)
    total, right = int(counts.sum()), int(counts[label])
    return Reading(label, total, right, others, total - right - sum(one.count for one in others))


@dataclass(frozen=True)
class RowChange:
    """How a second network's answers to the samples of a class differ from a first one's.

    Attributes:
        label: The class.
        total: How many samples it has.
        right: How many each told rightly, the first and the second.
        others: By how many the second took more samples for another class, or fewer, the largest changes first.
    """

    label: int
    total: int
    right: tuple[int, int]
    others: tuple[Part, ...]


def row_change(first: Matrix, second: Matrix, label: int) -> RowChange:
    """The difference of two confusion matrices over one test set, of the row of a class."""
    one, two = (np.asarray(matrix, dtype=np.int64)[label] for matrix in (first, second))
    change = two - one
    order = [int(place) for place in np.argsort(-np.abs(change), kind="stable") if place != label]
    others = tuple(Part(place, int(change[place])) for place in order[:MOST] if change[place])
    return RowChange(label, int(one.sum()), (int(one[label]), int(two[label])), others)


@dataclass(frozen=True)
class Flow:
    """Samples of a class that were given an answer."""

    true: int
    predicted: int
    count: int
    share: float  # of all samples of the class


@dataclass(frozen=True)
class Flows:
    """The flows from classes to answers that are worth drawing.

    Attributes:
        classes: The classes on the left, in their order.
        answers: The answers on the right; those that only come from classes not shown are not among them.
        flows: Right ones of all classes, wrong ones from a share of their class on.
        least: That share.
        left_out: How many samples of these classes lie in flows below it.
    """

    classes: tuple[int, ...]
    answers: tuple[int, ...]
    flows: tuple[Flow, ...]
    least: float
    left_out: int

    @property
    def wrong(self) -> tuple[Flow, ...]:
        """The mistakes among them, the largest share first."""
        found = [flow for flow in self.flows if flow.true != flow.predicted]
        return tuple(sorted(found, key=lambda flow: (-flow.share, flow.true, flow.predicted)))


def flows(matrix: Matrix, labels: Sequence[int], least: float) -> Flows:
    """What became of the samples of these classes, leaving out mistakes rarer than a share of their class."""
    counts = np.asarray(matrix, dtype=np.int64)
    sizes = counts.sum(axis=1)
    shown = [label for label in labels if sizes[label]]
    found, left_out = [], 0
    for true in shown:
        for predicted in np.flatnonzero(counts[true]):
            count, share = int(counts[true, predicted]), float(counts[true, predicted] / sizes[true])
            if true == predicted or share >= least:
                found.append(Flow(int(true), int(predicted), count, share))
            else:
                left_out += count
    taken = {flow.predicted for flow in found}
    answers = [label for label in labels if label in taken]
    answers += sorted(taken - set(answers))
    return Flows(tuple(shown), tuple(answers), tuple(found), least, left_out)
