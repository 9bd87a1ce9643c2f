"""Finding one's way among the texts of a test set: by class, only mistakes, on, back, or any. No Streamlit."""

from __future__ import annotations

import random
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.analysis.classification import predicted_classes

Move = Literal["previous", "next", "random"]


def fitting(
    labels: NDArray[np.integer],
    probabilities: NDArray[np.floating] | None,
    *,
    label: int | None = None,
    mistakes: bool = False,
) -> NDArray[np.int64]:
    """The rows of a test set that fit, ascending.

    Args:
        labels: The true classes, (n,).
        probabilities: What the network said of each, (n, units); None if that was not kept.
        label: Only texts of this class.
        mistakes: Only texts that the network took for another class.
    """
    fits = np.ones(len(labels), dtype=bool) if label is None else labels == label
    if mistakes and probabilities is not None:
        fits &= predicted_classes(probabilities) != labels
    return np.flatnonzero(fits).astype(np.int64)


def moved(rows: NDArray[np.int64], here: int, move: Move) -> int:
    """The row to go to; after the last one comes the first. Where nothing fits one stays."""
    if not len(rows):
        return here
    if move == "random":
        others = rows[rows != here]
        return int(random.choice(others if len(others) else rows))  # noqa: S311 - not for secrets
    if move == "next":
        return int(rows[np.searchsorted(rows, here, side="right") % len(rows)])
    return int(rows[np.searchsorted(rows, here, side="left") - 1])
