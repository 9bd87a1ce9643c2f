"""How the weights of a tensor are distributed: a histogram and four numbers, small enough to keep after each epoch.

The bins are finer near 0, where most weights are, and reach as far as the largest weight does: the edge at
position u of -1 to 1 is `reach * u * |u|`, with `reach` the largest absolute value. So a few weights that grew large
do not blur all others, and the edges follow from two numbers that are kept anyway.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BINS = 64
"""Bins of a histogram, half of them on each side of 0."""

#: What is kept of one tensor after one epoch (0: before the first): its mean, standard deviation, lowest and highest
#: value, and how many values are in each bin. Values that are no finite numbers are left out everywhere.
WEIGHT_COUNTS = np.dtype(
    [
        ("epoch", "<i4"),
        ("mean", "<f8"),
        ("deviation", "<f8"),
        ("low", "<f4"),
        ("high", "<f4"),
        ("counts", "<u4", (BINS,)),
    ]
)

_AT_A_TIME = 65_536  # values that stay in the processor's cache with what is worked out of them


def counted(values: NDArray[np.float32], epoch: int) -> NDArray[np.void]:
    """What is kept of a tensor after an epoch.

    Args:
        values: float32 of any shape; only read.
        epoch: From 1; 0 before the first.

    Returns:
        One record of `WEIGHT_COUNTS`, shape (); all zeros but the epoch if no value is finite.
    """
    found = np.zeros((), dtype=WEIGHT_COUNTS)
    found["epoch"] = epoch
    flat = values.reshape(-1)
    low, high = (float(flat.min()), float(flat.max())) if len(flat) else (0.0, 0.0)
    if not np.isfinite([low, high]).all():
        flat = flat[np.isfinite(flat)]
        low, high = (float(flat.min()), float(flat.max())) if len(flat) else (0.0, 0.0)
    if not len(flat):
        return found
    mean = float(flat.sum(dtype=np.float64)) / len(flat)
    reach = np.float32(max(abs(low), abs(high)))
    counts, squares = np.zeros(BINS, dtype=np.int64), 0.0
    for start in range(0, len(flat), _AT_A_TIME):
        part = flat[start : start + _AT_A_TIME]
        apart = part - np.float64(mean)
        apart *= apart
        squares += float(apart.sum())
        counts += np.bincount(_bins(part, reach), minlength=BINS)
    found["mean"], found["deviation"] = mean, np.sqrt(squares / len(flat))
    found["low"], found["high"], found["counts"] = low, high, counts
    return found


def _bins(values: NDArray[np.float32], reach: np.float32) -> NDArray[np.intp]:
    """In which bin each value is; all in the first one right of 0 if there is nothing but zeros."""
    half = BINS // 2
    if reach == 0:
        return np.full(len(values), half, dtype=np.intp)
    places = np.abs(values)
    places /= reach
    np.sqrt(places, out=places)
    np.copysign(places, values, out=places)
    places += 1
    places *= half
    # Truncating is rounding down here: no place is below 0. The largest value closes the last bin.
    bins = places.astype(np.intp)
    return np.minimum(bins, BINS - 1, out=bins)


def edges(found: NDArray[np.void]) -> NDArray[np.float64]:
    """The edges of a record's bins, ascending: float64 (..., BINS + 1) for records of shape (...)."""
    reach = np.maximum(np.abs(found["low"]), np.abs(found["high"])).astype(np.float64)
    position = np.linspace(-1, 1, BINS + 1)
    return np.asarray(reach)[..., np.newaxis] * (position * np.abs(position))
