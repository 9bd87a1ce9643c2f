"""What a network answered to the same samples after each epoch: what it learned when, and what it forgot.

An epoch "forgets" a sample that was classified rightly after the one before and wrongly after this one: the forgetting
event of Toneva et al., "An Empirical Study of Example Forgetting during Deep Neural Network Learning" (ICLR 2019),
counted here on validation samples, from epoch to epoch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.analysis.classification import predicted_classes
from core.analysis.predictions import SamplePrediction, class_probabilities


@dataclass(frozen=True, eq=False)
class PredictionHistory:
    """The answers of one network to the same samples after several epochs. Places count from 0, epochs from 1."""

    epochs: tuple[int, ...]  # the epochs, in order; not each epoch of the run need be among them
    rows: NDArray[np.int64]  # where the samples stand in the raw training set, int64 (samples,)
    labels: NDArray[np.uint8]  # their classes, uint8 (samples,)
    predicted: NDArray[np.uint8]  # what they were taken for, uint8 (epochs, samples)
    confidence: NDArray[np.float16]  # the probability of that class, float16 (epochs, samples)
    of_true: NDArray[np.float16]  # the probability of the true class, float16 (epochs, samples)

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which answers were right, shape (epochs, samples)."""
        found: NDArray[np.bool_] = self.predicted == self.labels
        return found

    def place(self, epoch: int | None) -> int | None:
        """Where an epoch stands among these; None if it does not."""
        return self.epochs.index(epoch) if epoch in self.epochs else None


@dataclass(frozen=True, eq=False)
class EpochPredictions:
    """The answers of a network after one epoch; the fields are rows of those of `PredictionHistory`."""

    predicted: NDArray[np.uint8]
    confidence: NDArray[np.float16]
    of_true: NDArray[np.float16]


def epoch_predictions(
    probabilities: NDArray[np.floating], labels: NDArray[np.integer]
) -> EpochPredictions | None:
    """The part of an epoch's probabilities, (samples, classes) or (samples, 1), that is looked back at.

    None where they do not belong to the labels, (samples,), or where any probability is no number.
    """
    if probabilities.ndim != 2 or len(probabilities) != len(labels) or not probabilities.size:
        return None
    two_sided = class_probabilities(probabilities)
    if not np.isfinite(two_sided).all() or two_sided.shape[1] <= int(labels.max()):
        return None
    predicted, each = predicted_classes(probabilities), np.arange(len(labels))
    return EpochPredictions(
        predicted.astype(np.uint8),
        two_sided[each, predicted].astype(np.float16),
        two_sided[each, labels].astype(np.float16),
    )


def stacked(
    found: Sequence[tuple[int, EpochPredictions]], rows: NDArray[np.int64], labels: NDArray[np.uint8]
) -> PredictionHistory:
    """The answers of at least one epoch, in order, as one; `rows` as in `PredictionHistory`."""
    return PredictionHistory(
        epochs=tuple(epoch for epoch, _ in found),
        rows=rows,
        labels=labels,
        predicted=np.stack([one.predicted for _, one in found]),
        confidence=np.stack([one.confidence for _, one in found]),
        of_true=np.stack([one.of_true for _, one in found]),
    )


def confusion_matrices(kept: PredictionHistory, classes: int) -> NDArray[np.int64]:
    """The confusion matrix after each epoch, int64 (epochs, classes, classes): true classes as rows."""
    cells = kept.labels.astype(np.int64) * classes + kept.predicted
    # One count for all epochs, each with cells of its own.
    apart = cells + classes * classes * np.arange(len(kept.epochs))[:, np.newaxis]
    counts = np.bincount(apart.ravel(), minlength=len(kept.epochs) * classes * classes)
    return counts.reshape(-1, classes, classes)


def class_accuracies(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """The share of each class that was recognised, (epochs, classes); NaN for a class without samples."""
    hits, sizes = np.diagonal(counts, axis1=1, axis2=2), counts.sum(axis=2)
    shares: NDArray[np.float64] = np.divide(hits, sizes, out=np.full(hits.shape, np.nan), where=sizes > 0)
    return shares


@dataclass(frozen=True, eq=False)
class Change:
    """What is told otherwise after one epoch than after another, as places of samples in order."""

    wrong: NDArray[np.intp]  # wrong here, right there
    right: NDArray[np.intp]  # right here, wrong there


def change(kept: PredictionHistory, here: int, there: int) -> Change:
    """Compare the answers after two epochs, given by their places."""
    right = kept.right
    return Change(
        wrong=np.flatnonzero(~right[here] & right[there]), right=np.flatnonzero(right[here] & ~right[there])
    )


def mistaken(
    kept: PredictionHistory,
    place: int,
    samples: NDArray[np.integer[Any]] | None = None,
    pair: tuple[int, int] | None = None,
) -> NDArray[np.intp]:
    """The places of the samples told wrongly after an epoch, the surest first; equally sure ones as they were kept.

    Only those at the places `samples`, and only of the first class of `pair` taken for the second, where these are
    given.
    """
    wrong = ~kept.right[place]
    if samples is not None:
        wrong &= np.isin(np.arange(len(wrong)), samples)
    if pair is not None:
        wrong &= (kept.labels == pair[0]) & (kept.predicted[place] == pair[1])
    found = np.flatnonzero(wrong)
    return found[np.argsort(-kept.confidence[place, found], kind="stable")]


def sample_prediction(kept: PredictionHistory, place: int, sample: int) -> SamplePrediction:
    """What a sample was taken for after an epoch, right or wrong; both by their places."""
    return SamplePrediction(
        row=int(kept.rows[sample]),
        true=int(kept.labels[sample]),
        predicted=int(kept.predicted[place, sample]),
        probability=float(kept.confidence[place, sample]),
        of_true=float(kept.of_true[place, sample]),
    )


class LearningStatus(IntEnum):
    """What became of a sample from the first epoch to the last; each sample has one course."""

    ALWAYS = 0
    """Right after each epoch."""
    LEARNED = 1
    """Wrong at first, and from some epoch on right."""
    REGAINED = 2
    """Forgotten at least once, but right at the end."""
    LOST = 3
    """Right at least once, but wrong at the end."""
    NEVER = 4
    """Wrong after each epoch."""


def learning_statuses(right: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The `LearningStatus` of each sample, uint8 (samples,), by which answers were right, (epochs, samples)."""
    ever, throughout, end = right.any(axis=0), right.all(axis=0), right[-1]
    found = np.where(end, LearningStatus.LEARNED, LearningStatus.NEVER)
    found[end & (forgetting_events(right) > 0)] = LearningStatus.REGAINED
    found[~end & ever] = LearningStatus.LOST
    found[throughout] = LearningStatus.ALWAYS
    return found.astype(np.uint8)


def forgetting_events(right: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How often each sample was forgotten, int64 (samples,); `right` as in `learning_statuses`."""
    count: NDArray[np.int64] = (right[:-1] & ~right[1:]).sum(axis=0, dtype=np.int64)
    return count


def flips(right: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many samples became right, and how many wrong, from each epoch to the next: twice int64 (epochs - 1,)."""
    before, after = right[:-1], right[1:]
    return (
        (~before & after).sum(axis=1, dtype=np.int64),
        (before & ~after).sum(axis=1, dtype=np.int64),
    )


def correct_spans(epochs: Sequence[int], right: NDArray[np.bool_]) -> tuple[tuple[int, int], ...]:
    """The first and the last epoch of each span in which a sample was told rightly without a break, in order."""
    edges = np.diff(np.concatenate([[0], right.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    return tuple((epochs[int(start)], epochs[int(end)]) for start, end in zip(starts, ends, strict=True))
