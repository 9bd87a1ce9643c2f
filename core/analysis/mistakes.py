"""The samples that a network got wrong, and how sure it was of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis.classification import predicted_classes


@dataclass(frozen=True)
class SamplePrediction:
    """One sample and the class it was taken for; of a right one both classes are the same.

    Attributes:
        row: Where the sample stands in its set, from 0.
        true: Its class.
        predicted: The class it was taken for.
        probability: How much of the answer the predicted class got, 0 to 1.
        of_true: How much the true class got.
    """

    row: int
    true: int
    predicted: int
    probability: float
    of_true: float


def surest_mistakes(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], pair: tuple[int, int] | None = None
) -> tuple[SamplePrediction, ...]:
    """All mistakes, the surest first; equally sure ones as they stand in the set.

    Args:
        probabilities: What the network answered, shape (n, classes), or (n, 1) for two classes. Answers that are
            no numbers are passed over.
        labels: True classes, shape (n,).
        pair: Only samples of the first class taken for the second.
    """
    wrong = predicted_classes(probabilities) != labels
    return _judged(probabilities, labels, wrong, pair, surest_first=True)


def cell_samples(
    probabilities: NDArray[np.floating],
    labels: NDArray[np.integer],
    cell: tuple[int, int],
    *,
    surest_first: bool,
) -> tuple[SamplePrediction, ...]:
    """The samples of a cell of the confusion matrix, also of one on its diagonal, by how sure the network was.

    Args:
        probabilities: As for `surest_mistakes`.
        labels: True classes, shape (n,).
        cell: The true class, and the one that they were taken for.
        surest_first: Whether those that the network was surest of come first, or last.
    """
    everything = np.ones(len(labels), dtype=np.bool_)
    return _judged(probabilities, labels, everything, cell, surest_first=surest_first)


def _judged(
    probabilities: NDArray[np.floating],
    labels: NDArray[np.integer],
    wanted: NDArray[np.bool_],
    pair: tuple[int, int] | None,
    *,
    surest_first: bool,
) -> tuple[SamplePrediction, ...]:
    two_sided = class_probabilities(probabilities)
    predicted = predicted_classes(probabilities)
    wanted = wanted & np.isfinite(probabilities).all(axis=1)
    if pair is not None:
        wanted &= (labels == pair[0]) & (predicted == pair[1])
    rows = np.flatnonzero(wanted)
    sure = two_sided[rows, predicted[rows]]
    order = rows[np.argsort(-sure if surest_first else sure, kind="stable")]
    return tuple(
        SamplePrediction(
            row=int(row),
            true=int(labels[row]),
            predicted=int(predicted[row]),
            probability=float(two_sided[row, predicted[row]]),
            of_true=float(two_sided[row, labels[row]]),
        )
        for row in order
    )


def class_probabilities(probabilities: NDArray[np.floating]) -> NDArray[np.floating]:
    """One column a class, shape (n, classes): a single unit p becomes 1 - p and p."""
    if probabilities.shape[1] == 1:
        return np.concatenate([1 - probabilities, probabilities], axis=1)
    return probabilities
