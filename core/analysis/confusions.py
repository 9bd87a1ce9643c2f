"""Which classes are taken for which: what to look at first in a large confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

ClassOrder = Literal["label", "size", "errors"]
"""In which order classes stand: by label; the most frequent first; those with the most mistakes first."""

Matrix = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Confusion:
    """One class taken for another.

    Attributes:
        true: The class it was.
        predicted: The class it was taken for.
        count: How many samples.
        share: Their share of all samples of the true class, 0 to 1.
    """

    true: int
    predicted: int
    count: int
    share: float


def largest_confusions(matrix: Matrix) -> tuple[Confusion, ...]:
    """All confusions that happened, the most frequent first; of equal ones that with the larger share.

    Args:
        matrix: Counts, true classes as rows.
    """
    counts = _counts(matrix)
    sizes = counts.sum(axis=1)
    np.fill_diagonal(counts, 0)
    found = [
        Confusion(
            int(true),
            int(predicted),
            int(counts[true, predicted]),
            float(counts[true, predicted] / sizes[true]),
        )
        for true, predicted in zip(*counts.nonzero(), strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (-one.count, -one.share, one.true, one.predicted)))


def ordered_classes(matrix: Matrix, order: ClassOrder) -> tuple[int, ...]:
    """All classes in an order; of equal ones the smaller label comes first.

    Args:
        matrix: Counts, true classes as rows.
        order: By what. Mistakes of a class are its samples taken for others, and others taken for it.
    """
    counts = _counts(matrix)
    if order == "size":
        weight = counts.sum(axis=1)
    elif order == "errors":
        weight = counts.sum(axis=1) + counts.sum(axis=0) - 2 * counts.diagonal()
    else:
        return tuple(range(len(counts)))
    return tuple(int(label) for label in np.argsort(-weight, kind="stable"))


def share_within(matrix: Matrix, labels: Sequence[int]) -> float:
    """The share of all samples whose true and predicted class are both among these labels, 0 to 1."""
    counts = _counts(matrix)
    chosen = list(labels)
    total = int(counts.sum())
    return float(counts[np.ix_(chosen, chosen)].sum() / total) if total else 0.0


def _counts(matrix: Matrix) -> NDArray[np.int64]:
    return np.array(matrix, dtype=np.int64)
