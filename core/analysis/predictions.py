"""What a network answered to the samples of a set: what it took each for, and how sure it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis.classification import predicted_classes


@dataclass(frozen=True)
class SamplePrediction:
    """One sample and the class it was taken for; of a right one both classes are the same."""

    row: int  # where the sample stands in its set, from 0
    true: int  # its class
    predicted: int  # the class it was taken for
    probability: float  # how much of the answer the predicted class got, 0 to 1
    of_true: float  # how much the true class got


@dataclass(frozen=True, eq=False)
class Predictions:
    """The answers of a network to all samples of a set."""

    labels: NDArray[np.integer]  # true classes, (n,)
    probabilities: NDArray[np.floating]  # (n, classes)
    predicted: NDArray[np.int64]  # the classes it decided for, int64 (n,)
    #: the probabilities of these, (n,); not a number where any of the sample's is none
    confidence: NDArray[np.floating]

    @classmethod
    def of(cls, answers: NDArray[np.floating], labels: NDArray[np.integer]) -> Predictions:
        """What follows from the outputs of a network, (n, classes) or (n, 1) for two classes."""
        probabilities, predicted = class_probabilities(answers), predicted_classes(answers)
        confidence = np.where(
            np.isfinite(answers).all(axis=1), probabilities[np.arange(len(labels)), predicted], np.nan
        )
        return cls(labels, probabilities, predicted, confidence)

    def rows(self, cell: tuple[int, int] | None = None, *, surest_first: bool = True) -> NDArray[np.int64]:
        """The samples of a cell of the confusion matrix, true class and predicted one, or all mistakes.

        They come by how sure the network was, equally sure ones as they stand in the set; answers that are no numbers
        are passed over.
        """
        if cell is None:
            wanted = self.predicted != self.labels
        else:
            wanted = (self.labels == cell[0]) & (self.predicted == cell[1])
        rows = np.flatnonzero(wanted & np.isfinite(self.confidence))
        sure = self.confidence[rows]
        return rows[np.argsort(-sure if surest_first else sure, kind="stable")]

    def sample(self, row: int) -> SamplePrediction:
        """The answer to one sample."""
        return SamplePrediction(
            row=row,
            true=int(self.labels[row]),
            predicted=int(self.predicted[row]),
            probability=float(self.confidence[row]),
            of_true=float(self.probabilities[row, self.labels[row]]),
        )


def class_probabilities(answers: NDArray[np.floating]) -> NDArray[np.floating]:
    """One column a class, shape (n, classes): a single unit p becomes 1 - p and p."""
    if answers.shape[1] == 1:
        return np.concatenate([1 - answers, answers], axis=1)
    return answers
