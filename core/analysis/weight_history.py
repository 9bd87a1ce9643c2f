"""How the weights of a tensor are distributed: a histogram and four numbers, small enough to keep after each epoch.

The bins are finer near 0, where most weights are, and reach as far as the largest weight does: the edge at
position u of -1 to 1 is `reach * u * |u|`, with `reach` the largest absolute value. So a few weights that grew large
do not blur all others, and the edges follow from two numbers that are kept anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis.curves import epoch_choice

BINS = 64
"""Bins of a histogram, half of them on each side of 0."""

#: What is kept of one tensor after one epoch (0: before the first): its mean, standard deviation, lowest and highest
#: value, and how many values are in each bin. Values that are no finite numbers are left out everywhere.
WEIGHT_STATS = np.dtype(
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


def weight_stats(values: NDArray[np.float32], epoch: int) -> NDArray[np.void]:
    """What is kept of a float32 tensor after an epoch (0: before the first): one record of `WEIGHT_STATS`, shape ().

    All zeros but the epoch if no value is finite.
    """
    found = np.zeros((), dtype=WEIGHT_STATS)
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


def bin_edges(found: NDArray[np.void]) -> NDArray[np.float64]:
    """The edges of a record's bins, ascending: float64 (..., BINS + 1) for records of shape (...)."""
    reach = np.maximum(np.abs(found["low"]), np.abs(found["high"])).astype(np.float64)
    position = np.linspace(-1, 1, BINS + 1)
    return np.asarray(reach)[..., np.newaxis] * (position * np.abs(position))


# How the weights of a network spread while it learned, from what was kept of them after each epoch.


MOST_EPOCHS = 200
"""So many epochs of a long run are drawn; more than a screen has room for tell nothing more."""


@dataclass(frozen=True, eq=False)
class WeightHistory:
    """What was kept of all tensors that learn."""

    tensors: tuple[str, ...]  # their names in the order of the network: "dense/kernel", "dense/bias"
    #: `WEIGHT_STATS` (epochs, tensors), epochs ascending; 0 is the state before the first
    kept: NDArray[np.void]

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs there are, ascending."""
        return tuple(int(epoch) for epoch in self.kept["epoch"][:, 0])


@dataclass(frozen=True)
class WeightGrowth:
    """How far the weights of a tensor have grown."""

    tensor: str
    epochs: tuple[int, int]  # the first and the last epoch that were kept
    sizes: tuple[float, float]  # the root mean square of the weights in these two
    reach: tuple[float, float]  # the largest absolute weight in these two

    @property
    def factor(self) -> float | None:
        """By how much the size has grown; None from nothing, as that of biases, which begin at 0."""
        before, after = self.sizes
        return after / before if before > 0 else None


def weight_growth(history: WeightHistory) -> tuple[WeightGrowth, ...]:
    """The growth of each tensor from the first to the last epoch kept; empty with fewer than two of them."""
    if len(history.kept) < 2:
        return ()
    ends = history.kept[[0, -1]]
    sizes = np.sqrt(ends["mean"] ** 2 + ends["deviation"] ** 2)
    reach = np.maximum(np.abs(ends["low"]), np.abs(ends["high"]))
    return tuple(
        WeightGrowth(
            tensor,
            (history.epochs[0], history.epochs[-1]),
            (float(sizes[0, place]), float(sizes[1, place])),
            (float(reach[0, place]), float(reach[1, place])),
        )
        for place, tensor in enumerate(history.tensors)
    )


def size_after(history: WeightHistory, tensor: str, epoch: int) -> float | None:
    """The root mean square of a tensor's weights after an epoch; None if that epoch was not kept."""
    if epoch not in history.epochs:
        return None
    kept = history.kept[history.epochs.index(epoch), history.tensors.index(tensor)]
    return float(np.hypot(kept["mean"], kept["deviation"]))


@dataclass(frozen=True, eq=False)
class WeightDistribution:
    """The distribution of one tensor's weights by epoch, on one axis for all epochs."""

    epochs: tuple[int, ...]  # the epochs, ascending
    edges: NDArray[np.float64]  # float64 (steps + 1,), where the steps of the axis end
    #: float64 (steps, epochs), which share of all weights lies in each step; a column adds up to 1 less what
    #: lies beyond the axis
    shares: NDArray[np.float64]
    means: NDArray[np.float64]  # float64 (epochs,)
    deviations: NDArray[np.float64]  # float64 (epochs,), the standard deviations
    beyond: float  # the largest share of any epoch that lies beyond the axis


def weight_distribution(
    history: WeightHistory, tensor: str, *, steps: int = 80, always: Collection[int] = ()
) -> WeightDistribution:
    """Bring the histograms of a tensor, each with bins of its own, onto one axis of so many steps.

    Within a bin the weights are taken to lie evenly. The axis goes as far as all but half a percent of the weights do
    in the epoch in which they reach farthest, so that a few large ones do not press the others together. Of a long run
    the epochs of `always` are among those shown.
    """
    column = history.kept[:, history.tensors.index(tensor)]
    column = column[_chosen([int(epoch) for epoch in column["epoch"]], always)]
    each, counts = bin_edges(column), column["counts"].astype(np.float64)
    total = np.maximum(counts.sum(axis=1), 1)
    reach = max(_reach(*pair) for pair in zip(each, counts, strict=True)) or 1.0
    axis = np.linspace(-reach, reach, steps + 1)
    below = np.stack(
        [_below(bounds, number, axis) for bounds, number in zip(each, counts, strict=True)], axis=1
    )
    shares = np.diff(below, axis=0) / total
    return WeightDistribution(
        epochs=tuple(int(epoch) for epoch in column["epoch"]),
        edges=axis,
        shares=shares,
        means=column["mean"].copy(),
        deviations=column["deviation"].copy(),
        beyond=max(0.0, float(np.max(1 - shares.sum(axis=0)))),
    )


_LEFT_OUT = 0.005


def _chosen(epochs: Sequence[int], always: Collection[int]) -> list[int]:
    """Places of the epochs to draw."""
    places = {epoch: place for place, epoch in enumerate(epochs, start=1)}
    wanted = [places[epoch] for epoch in always if epoch in places]
    return [place - 1 for place in epoch_choice(len(epochs), MOST_EPOCHS, always=wanted)]


def _reach(bounds: NDArray[np.float64], counts: NDArray[np.float64]) -> float:
    """Within which distance of 0 all but `_LEFT_OUT` of the weights lie, in whole bins."""
    half = BINS // 2
    within = np.cumsum(counts[half:] + counts[:half][::-1])
    last = int(np.searchsorted(within, (1 - _LEFT_OUT) * within[-1]))
    return float(bounds[half + 1 + min(last, half - 1)])


def _below(
    bounds: NDArray[np.float64], counts: NDArray[np.float64], axis: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How many weights lie below each place of an axis."""
    if bounds[0] == bounds[-1]:  # nothing but zeros
        return np.where(axis > 0, counts.sum(), 0.0)
    below: NDArray[np.float64] = np.interp(axis, bounds, np.concatenate([[0.0], np.cumsum(counts)]))
    return below
