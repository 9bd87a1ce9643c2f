"""Whether a network is as often right as it is sure: reliability and the expected calibration error.

After Chuan Guo, Geoff Pleiss, Yu Sun and Kilian Q. Weinberger, "On Calibration of Modern Neural Networks" (ICML
2017). The confidence of an answer is the probability of the class it decides for. Confidences from 0 to 1 fall into M
bins of equal width, bin m reaching from above (m - 1) / M up to and including m / M; with n answers in all,

    ECE = sum over m of |B_m| / n * |accuracy(B_m) - confidence(B_m)|.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis.classification import predicted_classes
from core.analysis.mistakes import both_classes

BINS = 15
"""As many as Guo and others use."""


@dataclass(frozen=True)
class Bin:
    """The answers of about the same confidence.

    Attributes:
        low: Their confidence is above this.
        high: It is at most this.
        count: How many there are.
        right: How many of them are right.
        confidence: Their mean confidence; not-a-number in an empty bin.
    """

    low: float
    high: float
    count: int
    right: int
    confidence: float

    @property
    def accuracy(self) -> float:
        """The share that is right; not-a-number in an empty bin."""
        return self.right / self.count if self.count else math.nan


@dataclass(frozen=True)
class Calibration:
    """How sure a network was, and how often it was right.

    Attributes:
        bins: By confidence, the lowest first.
        samples: The answers that are counted.
        left_out: Answers that are no numbers, and so have no confidence.
        error: The expected calibration error, 0 to 1; not-a-number without answers, as the next three are.
        confidence: Mean confidence.
        accuracy: Share of right answers.
        confidence_wrong: Mean confidence of the wrong answers; not-a-number if there are none.
    """

    bins: tuple[Bin, ...]
    samples: int
    left_out: int
    error: float
    confidence: float
    accuracy: float
    confidence_wrong: float

    @property
    def overconfidence(self) -> float:
        """Mean confidence minus accuracy: above 0 the network is surer than it is right, on average."""
        return self.confidence - self.accuracy


def calibration(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], *, bins: int = BINS
) -> Calibration:
    """Compare how sure a network was with how often it was right.

    Args:
        probabilities: Its answers, floats of any size, shape (n, classes), or (n, 1) with the probability p of class 1:
            then the confidence is the larger of p and 1 - p.
        labels: True classes, shape (n,).
        bins: M, at least 1.
    """
    usable = np.isfinite(probabilities).all(axis=1)
    # In float64: the steps of float16 would add up.
    answers = probabilities[usable].astype(np.float64)
    right = predicted_classes(answers) == labels[usable]
    sure = both_classes(answers).max(axis=1, initial=0.0)
    # The edges between the bins; an answer on an edge belongs to the bin below it.
    edges = np.arange(1, bins) / bins
    which = np.searchsorted(edges, sure, side="left")
    counts = np.bincount(which, minlength=bins)
    hits = np.bincount(which[right], minlength=bins)
    sums = np.bincount(which, weights=sure, minlength=bins)
    samples = int(counts.sum())
    # |B_m| / n * |hits / |B_m| - sums / |B_m|| without the division by an empty bin.
    error = float(np.abs(hits - sums).sum() / samples) if samples else math.nan
    return Calibration(
        bins=tuple(
            Bin(
                low=place / bins,
                high=(place + 1) / bins,
                count=int(counts[place]),
                right=int(hits[place]),
                confidence=float(sums[place] / counts[place]) if counts[place] else math.nan,
            )
            for place in range(bins)
        ),
        samples=samples,
        left_out=len(usable) - samples,
        error=error,
        confidence=float(sure.mean()) if samples else math.nan,
        accuracy=float(right.mean()) if samples else math.nan,
        confidence_wrong=float(sure[~right].mean()) if samples and not right.all() else math.nan,
    )
