"""How well a network reads samples of another set than the one it learned from: which sets fit, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis.classification import confusion_matrix, predicted_classes
from core.catalog import DatasetInfo
from core.plain_text import folded

WORST = 24
"""So many of the worst samples are told."""


@dataclass(frozen=True)
class WorstSample:
    """A sample that a network took for something else: the more share its answer had, the worse.

    Attributes:
        row: Where it is in the whole of the set: training samples, then test samples.
        true, taken: Classes of the network.
        share: What the network gave to its answer, 0 to 1.
        of_true: What it gave to the true class.
    """

    row: int
    true: int
    taken: int
    share: float
    of_true: float


@dataclass(frozen=True)
class OtherResult:
    """What came out.

    Attributes:
        matrix: How often each class of the network was taken for each, true ones as rows.
        worst: The worst samples, the worst first.
    """

    right: int
    samples: int
    matrix: tuple[tuple[int, ...], ...]
    worst: tuple[WorstSample, ...]


def class_places(learned: DatasetInfo, other: DatasetInfo) -> tuple[int, ...] | None:
    """For each class of another set the class of the network of the same name; None if the sets do not fit.

    Fitting sets have images of one shape and range, and all classes of the other one are known to the network. Sets
    tested on the same samples, or the very same set, are no other test.
    """
    if learned.kind != "image" or other.kind != "image" or other.test_set == learned.test_set:
        return None
    if (learned.shape, learned.max_value) != (other.shape, other.max_value):
        return None
    known = {folded(name): place for place, name in enumerate(learned.class_names)}
    places = tuple(known.get(folded(name), -1) for name in other.class_names)
    return None if -1 in places or len(set(places)) < len(places) else places


def other_result(probabilities: NDArray[np.floating], true: NDArray[np.integer], classes: int) -> OtherResult:
    """Compare what a network says of samples, (samples, units), with their classes."""
    taken = predicted_classes(probabilities)
    shares = probabilities.astype(np.float64)
    if shares.shape[1] == 1:
        shares = np.hstack([1 - shares, shares])
    rows = np.arange(len(true))
    of_taken, of_true = shares[rows, taken], shares[rows, true]
    wrong = np.flatnonzero(taken != true)
    order = wrong[np.argsort(-of_taken[wrong], kind="stable")][:WORST]
    return OtherResult(
        right=len(true) - len(wrong),
        samples=len(true),
        matrix=tuple(tuple(map(int, row)) for row in confusion_matrix(true, taken, classes)),
        worst=tuple(
            WorstSample(int(row), int(true[row]), int(taken[row]), float(of_taken[row]), float(of_true[row]))
            for row in order
        ),
    )
