"""Confusion matrix and classification report, from counts alone.

Precision, recall and F1 are those of scikit-learn's `classification_report(zero_division=0)`, which tests
compare them with. They are worked out from the matrix, so that a page needs neither labels nor predictions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ClassScores:
    """How well one class, or all on average, were told apart."""

    precision: float  # of those taken for the class, the share that was; 0 if none was taken for it
    recall: float  # of those of the class, the share that was found; 0 if there are none
    f1: float  # the harmonic mean of both; 0 if both are 0
    support: int  # how many samples of the class there were


@dataclass(frozen=True)
class ClassificationReport:
    """The scores of each class and three averages over them."""

    classes: tuple[ClassScores, ...]  # one entry a class, by label
    #: over all samples; with one label a sample precision, recall, F1 and accuracy are the same
    micro: ClassScores
    macro: ClassScores  # the plain mean over the classes: small classes count as much as large ones
    weighted: ClassScores  # the mean weighted by support
    accuracy: float  # share of samples classified rightly


def confusion_matrix(
    labels: NDArray[np.integer], predicted: NDArray[np.integer], classes: int
) -> NDArray[np.int64]:
    """Count how often each class was taken for each: int64 (classes, classes), true classes as rows."""
    pairs = labels.astype(np.int64) * classes + predicted.astype(np.int64)
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def predicted_classes(probabilities: NDArray[np.floating]) -> NDArray[np.int64]:
    """The class a network decides for, int64 (n,): the largest share, or above one half for a single unit (n, 1)."""
    if probabilities.shape[1] == 1:
        return (probabilities[:, 0] > 0.5).astype(np.int64)
    largest: NDArray[np.int64] = np.argmax(probabilities, axis=1).astype(np.int64)
    return largest


def normalize_rows(matrix: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """Each row as shares of its true class; a class without samples stays all 0."""
    counts = np.asarray(matrix, dtype=np.float64)
    return _ratio(counts, counts.sum(axis=1, keepdims=True))


def classification_report(matrix: Sequence[Sequence[int]]) -> ClassificationReport:
    """The report that belongs to a confusion matrix of counts, true classes as rows."""
    counts = np.asarray(matrix, dtype=np.int64)
    hits, support, taken = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    precision, recall = _ratio(hits, taken), _ratio(hits, support)
    f1 = _ratio(2 * hits, support + taken)
    total = int(support.sum())
    accuracy = float(hits.sum() / total) if total else 0.0
    # As scikit-learn does: classes that are neither there nor predicted do not count in the mean.
    present = (support + taken) > 0
    table = np.stack([precision, recall, f1])
    macro = table[:, present].mean(axis=1) if present.any() else np.zeros(3)
    weighted = table @ support / total if total else np.zeros(3)
    return ClassificationReport(
        classes=tuple(_scores(table[:, label], int(n)) for label, n in enumerate(support)),
        micro=_scores(np.full(3, accuracy), total),
        macro=_scores(macro, total),
        weighted=_scores(weighted, total),
        accuracy=accuracy,
    )


def _scores(three: NDArray[np.float64], support: int) -> ClassScores:
    return ClassScores(float(three[0]), float(three[1]), float(three[2]), support)


def _ratio(part: NDArray[np.generic], whole: NDArray[np.generic]) -> NDArray[np.float64]:
    shape = np.broadcast_shapes(part.shape, whole.shape)
    result: NDArray[np.float64] = np.divide(part, whole, out=np.zeros(shape), where=whole != 0)
    return result


# Which classes are taken for which: what to look at first in a large confusion matrix.


ClassOrder = Literal["label", "size", "errors"]
"""In which order classes stand: by label; the most frequent first; those with the most mistakes first."""

Matrix = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Confusion:
    """One class taken for another."""

    true: int  # the class it was
    predicted: int  # the class it was taken for
    count: int  # how many samples
    share: float  # their share of all samples of the true class, 0 to 1


def largest_confusions(matrix: Matrix) -> tuple[Confusion, ...]:
    """All confusions that happened, the most frequent first; of equal ones that with the larger share."""
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

    Mistakes of a class are its samples taken for others, and others taken for it.
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
