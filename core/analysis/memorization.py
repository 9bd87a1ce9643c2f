"""When a network learned wrong labels by heart: its answers to training samples, the wrongly labelled ones apart.

Networks learn first what holds for many samples, and what holds for single ones only afterwards (Arpit et al., "A
Closer Look at Memorization in Deep Networks", ICML 2017). Where the labels of some training samples are wrong on
purpose, that can be seen: at first the network answers many of these samples with their true class, which nobody has
told it, and later with the wrong label, which it can only know by heart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis.classification import predicted_classes
from core.analysis.predictions import class_probabilities

MOST_WATCHED = 500
"""Of how many wrongly labelled training samples, and of how many others, the answers are kept at most."""

_ERRORS = 3  # standard errors

#: A training sample that is watched: where it stands in the raw training set, its class, the label it is learned with.
WATCHED = np.dtype([("row", "<i8"), ("true", "u1"), ("given", "u1")])
#: What a network answered to it: the class it took it for, the probabilities of its label and of its class.
ANSWERS = np.dtype([("predicted", "u1"), ("of_given", "<f2"), ("of_true", "<f2")])


def watched_places(true: NDArray[np.uint8], given: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Which training samples are watched, ascending: the first wrongly labelled ones, and as many others.

    None, int64 (0,), where all labels are right.
    """
    wrong = true != given
    if not wrong.any():
        return np.zeros(0, dtype=np.int64)
    return np.sort(np.concatenate([np.flatnonzero(which)[:MOST_WATCHED] for which in (wrong, ~wrong)]))


def watched_samples(
    rows: NDArray[np.int64], true: NDArray[np.uint8], given: NDArray[np.uint8]
) -> NDArray[np.void]:
    """What is known of the watched samples, `WATCHED` (samples,)."""
    found = np.zeros(len(rows), dtype=WATCHED)
    found["row"], found["true"], found["given"] = rows, true, given
    return found


def watched_answers(probabilities: NDArray[np.floating], samples: NDArray[np.void]) -> NDArray[np.void]:
    """The answers to the watched samples, `ANSWERS` (samples,), from the outputs, (samples, classes or 1)."""
    found, each = np.zeros(len(samples), dtype=ANSWERS), np.arange(len(samples))
    two_sided = class_probabilities(probabilities)
    found["predicted"] = predicted_classes(probabilities)
    found["of_given"] = two_sided[each, samples["given"]]
    found["of_true"] = two_sided[each, samples["true"]]
    return found


@dataclass(frozen=True, eq=False)
class LabelHistory:
    """The answers of one network to the watched samples after several epochs. Places count from 0, epochs from 1."""

    epochs: tuple[int, ...]  # in order; not each epoch of the run need be among them
    samples: NDArray[np.void]  # `WATCHED` (samples,)
    answers: NDArray[np.void]  # `ANSWERS` (epochs, samples)

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Which samples have a wrong label."""
        found: NDArray[np.bool_] = self.samples["true"] != self.samples["given"]
        return found

    @property
    def as_given(self) -> NDArray[np.bool_]:
        """Which samples were answered with their label, (epochs, samples)."""
        found: NDArray[np.bool_] = self.answers["predicted"] == self.samples["given"]
        return found

    @property
    def as_true(self) -> NDArray[np.bool_]:
        """Which samples were answered with their class, (epochs, samples)."""
        found: NDArray[np.bool_] = self.answers["predicted"] == self.samples["true"]
        return found

    def place(self, epoch: int | None) -> int | None:
        """Where an epoch stands among these; None if it does not."""
        return self.epochs.index(epoch) if epoch in self.epochs else None


@dataclass(frozen=True, eq=False)
class LabelShares:
    """How the watched samples were answered after each epoch, as shares of 0 to 1, float64 (epochs,)."""

    right: NDArray[np.float64] | None  # rightly labelled ones, with their label; None where there are none
    as_given: NDArray[np.float64]  # wrongly labelled ones, with the wrong label: known by heart
    as_true: NDArray[np.float64]  # wrongly labelled ones, with their true class


def label_shares(history: LabelHistory) -> LabelShares:
    """The shares; at least one sample has a wrong label."""
    wrong, given = history.wrong, history.as_given
    return LabelShares(
        right=None if wrong.all() else given[:, ~wrong].mean(axis=1),
        as_given=given[:, wrong].mean(axis=1),
        as_true=history.as_true[:, wrong].mean(axis=1),
    )


@dataclass(frozen=True)
class Memorization:
    """What the shares show. Epochs count from 1; a share is beyond chance by three standard errors or more."""

    truest: int  # after which epoch most of the wrongly labelled samples were answered with their true class
    #: from which epoch to the last one more of them were answered with the wrong label than with the true class; None
    #: if that is not so at the last one
    by_heart: int | None
    constant_given: float  # how many of their labels always the same answer would hit at most
    constant_true: float  # how many of their classes
    saw_the_truth: bool  # whether the true classes came beyond that, and before the wrong labels
    knows_labels: bool  # whether the wrong labels are beyond that at the last epoch


def memorization(history: LabelHistory, shares: LabelShares) -> Memorization:
    """What the shares of a history show."""
    epochs, wrong = history.epochs, history.samples[history.wrong]
    others = np.flatnonzero(shares.as_given <= shares.as_true)
    start = int(others[-1]) + 1 if len(others) else 0
    truest = int(shares.as_true.argmax())
    constants = [float(np.bincount(wrong[name]).max() / len(wrong)) for name in ("given", "true")]
    beyond = [one + _ERRORS * math.sqrt(one * (1 - one) / len(wrong)) for one in constants]
    return Memorization(
        truest=epochs[truest],
        by_heart=epochs[start] if start < len(epochs) else None,
        constant_given=constants[0],
        constant_true=constants[1],
        saw_the_truth=truest < start and bool(shares.as_true[truest] > beyond[1]),
        knows_labels=bool(shares.as_given[-1] > beyond[0]),
    )


def memorized_since(history: LabelHistory) -> NDArray[np.int64]:
    """From which epoch to the last one each sample got its label as the answer, int64 (samples,); 0 if not at last."""
    given = history.as_given
    lasting = np.logical_and.accumulate(given[::-1], axis=0).sum(axis=0)  # epochs at the end
    starts = np.asarray(history.epochs, dtype=np.int64)[np.minimum(len(given) - lasting, len(given) - 1)]
    return np.where(lasting > 0, starts, 0)
