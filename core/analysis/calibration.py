"""Whether a network is as often right as it is sure: reliability and the expected calibration error.

After Chuan Guo, Geoff Pleiss, Yu Sun and Kilian Q. Weinberger, "On Calibration of Modern Neural Networks" (ICML
2017). The confidence of an answer is the probability of the class it decides for. Confidences from 0 to 1 fall into M
bins of equal width, bin m reaching from above (m - 1) / M up to and including m / M; with n answers in all,

    ECE = sum over m of |B_m| / n * |accuracy(B_m) - confidence(B_m)|.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.analysis.classification import predicted_classes
from core.analysis.predictions import class_probabilities

BINS = 15
"""As many as Guo and others use."""
SURE = 0.9
"""Answers with a higher confidence are called sure."""


@dataclass(frozen=True)
class Bin:
    """The answers of about the same confidence."""

    low: float  # their confidence is above this
    high: float  # it is at most this
    count: int  # how many there are
    right: int  # how many of them are right
    confidence: float  # their mean confidence; not-a-number in an empty bin

    @property
    def accuracy(self) -> float:
        """The share that is right; not-a-number in an empty bin."""
        return self.right / self.count if self.count else math.nan


@dataclass(frozen=True)
class Calibration:
    """How sure a network was, and how often it was right."""

    bins: tuple[Bin, ...]  # by confidence, the lowest first
    samples: int  # the answers that are counted
    left_out: int  # answers that are no numbers, and so have no confidence
    error: float  # the expected calibration error, 0 to 1; not-a-number without answers, as the next two are
    confidence: float
    accuracy: float  # share of right answers
    confidence_right: float  # mean confidence of the right answers; not-a-number if there are none
    confidence_wrong: float  # mean confidence of the wrong answers; not-a-number if there are none
    sure_wrong: int  # how many wrong answers have a confidence above `SURE`

    @property
    def wrong(self) -> int:
        """How many answers are wrong."""
        return self.samples - sum(one.right for one in self.bins)

    @property
    def overconfidence(self) -> float:
        """Mean confidence minus accuracy: above 0 the network is surer than it is right, on average."""
        return self.confidence - self.accuracy


def calibration(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer], *, n_bins: int = BINS
) -> Calibration:
    """Compare how sure a network was with how often it was right, from its answers (n, classes) and the labels (n,).

    Of a single unit (n, 1) with the probability p of class 1 the confidence is the larger of p and 1 - p. Rows with
    what is no number are left out.
    """
    usable = np.isfinite(probabilities).all(axis=1)
    # In float64, so that 1 - p keeps the digits of p.
    answers = probabilities[usable].astype(np.float64)
    right = predicted_classes(answers) == labels[usable]
    found = calibration_from_confidences(
        class_probabilities(answers).max(axis=1, initial=0.0), right, n_bins=n_bins
    )
    return replace(found, left_out=len(usable) - found.samples)


def calibration_from_confidences(
    confidences: NDArray[np.floating], right: NDArray[np.bool_], *, n_bins: int = BINS
) -> Calibration:
    """The same for answers of which only the confidence (n,), 0 to 1, is known and whether they are right."""
    # In float64: sums of float16 stand still at 2,048.
    sure = confidences.astype(np.float64)
    # The edges between the bins; an answer on an edge belongs to the bin below it.
    edges = np.arange(1, n_bins) / n_bins
    which = np.searchsorted(edges, sure, side="left")
    counts = np.bincount(which, minlength=n_bins)
    hits = np.bincount(which[right], minlength=n_bins)
    sums = np.bincount(which, weights=sure, minlength=n_bins)
    samples = int(counts.sum())
    # |B_m| / n * |hits / |B_m| - sums / |B_m|| without the division by an empty bin.
    error = float(np.abs(hits - sums).sum() / samples) if samples else math.nan
    return Calibration(
        bins=tuple(
            Bin(
                low=place / n_bins,
                high=(place + 1) / n_bins,
                count=int(counts[place]),
                right=int(hits[place]),
                confidence=float(sums[place] / counts[place]) if counts[place] else math.nan,
            )
            for place in range(n_bins)
        ),
        samples=samples,
        left_out=0,
        error=error,
        confidence=_mean(sure),
        accuracy=_mean(right),
        confidence_right=_mean(sure[right]),
        confidence_wrong=_mean(sure[~right]),
        sure_wrong=int((sure[~right] > SURE).sum()),
    )


def _mean(values: NDArray[np.float64] | NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else math.nan
