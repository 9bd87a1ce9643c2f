"""The axis on which losses by epoch are drawn: it fits what comes after the first epochs, so that they flatten nothing.

A loss begins high and falls by much in the first epochs; on an axis that holds them, the rise after the turning point
would be flat. So the axis may leave out the first epochs of a training, and only those: of a loss that rises later, as
where a training diverges, everything is held. The ends stand on steps, so that the axis stays as it is for most epochs
while a run goes on.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from statistics import median_low
from typing import Literal, get_args

Scale = Literal["linear", "log"]
SCALES: tuple[Scale, ...] = get_args(Scale)

Curve = Sequence[float | None]
"""The losses of one curve, one an epoch from the first on; what is missing or not finite is not drawn."""

#: An epoch is left out only if it would take at least such a share of the axis for itself.
_WORTH = 0.15
_SHORT, _LONG = 5, 10  # one epoch in five of a short run is among the first ones, one in ten of a long one
_FIRST = 2  # up to so many in a short run
_ROOM = 1.04  # above the highest loss
_TIMES_AS_HIGH, _KNOWN = 2.5, 3  # as the training's own losses, once so many are known: room to predict in
_TIMES = 3  # as high as usual is where an axis of several runs ends
_ROOM_BESIDE = 0.08  # of an axis that does not begin at 0, on both sides
_STEPS = (
    1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.2, 2.4, 2.6, 2.8, 3, 3.2, 3.5, 3.8, 4, 4.4, 4.8, 5.2, 5.6,
    6, 6.5, 7, 7.5, 8, 8.5, 9, 9.5, 10, 11,
)  # fmt: skip
_SMALLEST, _LARGEST = 1e-300, 1e300


@dataclass(frozen=True)
class LossAxis:
    """Where an axis of losses begins and ends.

    A curve that lies above or below it is shown at its edge.
    """

    low: float
    high: float
    scale: Scale = "linear"
    cut: int = 0  # so many first epochs lie above it in some curve; 0 where all of them are held
    leaves: bool = False  # whether one of several runs lies so far above the others that it leaves the axis

    @property
    def range(self) -> tuple[float, float]:
        """Both ends as Plotly takes them: of a logarithmic axis their logarithms."""
        return (math.log10(self.low), math.log10(self.high)) if self.scale == "log" else (self.low, self.high)

    def edge(self, value: float | None) -> float | None:
        """The end of the axis beyond which a value lies; None for one that is held, or is no number."""
        if value is None or not math.isfinite(value):
            return None
        if value > self.high:
            return self.high
        return self.low if value < self.low else None

    def down(self, share: float) -> float:
        """The value that stands so far from the top, as a share of the axis."""
        if self.scale == "log":
            return float(10 ** (self.range[1] - share * (self.range[1] - self.range[0])))
        return self.high - share * (self.high - self.low)


_EMPTY: dict[Scale, LossAxis] = {"linear": LossAxis(0.0, 1.0), "log": LossAxis(0.1, 1.0, "log")}


def first_epochs(epochs: int) -> int:
    """How many epochs of a run with so many are its first ones, which an axis may leave out."""
    return max(min(epochs // _SHORT, _FIRST), epochs // _LONG)


def loss_axis(curves: Iterable[Curve], *, scale: Scale = "linear", from_zero: bool = True) -> LossAxis:
    """The axis for all curves of one run.

    Nothing is left out but first epochs, each higher than all that follows, and only those that would take a seventh of
    the axis for themselves. The lowest and the last value of each curve are held in any case. On a logarithmic axis
    everything is held that is above 0. As long as every loss is 0 the axis is that of a run without any: up to 1, and
    what it then grows from is the first loss above 0.
    """
    drawn = [_finite(curve) for curve in curves]
    values = [value for curve in drawn for value in curve if value is not None]
    if scale == "log":
        return _logarithmic(values)
    if not values:
        return _EMPTY[scale]
    lowest = min(values)
    bottom = min(lowest, 0.0) if from_zero else lowest
    heights = _heights(drawn)
    top = max(_fitting(heights, bottom), *(max(min(held), held[-1]) for held in map(_numbers, drawn) if held))
    if from_zero:
        low, high = (-_above(-lowest) if lowest < 0 else 0.0), (_above(top) if top > 0 else 0.0)
        high = _EMPTY[scale].high if low == high else high
    else:
        room = _ROOM_BESIDE * (top - lowest) or _ROOM_BESIDE * abs(top) or 1.0
        low, high = lowest - room, top + room
    return LossAxis(
        low, high, cut=max((at for at, height in enumerate(heights, 1) if height > high), default=0)
    )


def axis_to_predict_on(
    training: Curve, *, constant: float | None = None, scale: Scale = "linear"
) -> LossAxis:
    """The axis of the training's own losses, with room above for a validation loss that will get worse than they are.

    Until three epochs are known it reaches to what an answer that is always the same would lose, as far as `constant`
    says so, for a first loss alone tells little.
    """
    axis, known = loss_axis([training], scale=scale), _numbers(_finite(training))
    if len(known) < _KNOWN:
        room = 1.0 if constant is None else constant
    else:  # the first epoch is far above what follows, also where it is not cut
        room = _TIMES_AS_HIGH * max(_numbers(_finite(training[max(axis.cut, 1) :])) or known)
    high = max(axis.high, _above(room) if room > 0 else axis.high)
    beyond = (at for at, value in enumerate(_finite(training), start=1) if value is not None and value > high)
    return replace(axis, high=high, cut=max(beyond, default=0))


def loss_axis_of_all(runs: Iterable[Sequence[Curve]], *, scale: Scale = "linear") -> LossAxis:
    """One axis for the curves of several runs, so that equal heights mean equal losses.

    Of each run the first epochs may be left out. A run that explodes does not leave the others flat either: one whose
    axis alone would end above three times the highest loss that is usual, which is the median of those of the runs, of
    an even number the lower one, so that of two runs one may leave the chart. It is then seen to three times where the
    axis of a usual run ends. A logarithmic axis holds all of them.
    """
    told = [curves for curves in runs if any(map(_numbers, map(_finite, curves)))]
    if not told:
        return _EMPTY[scale]
    axes = [loss_axis(curves, scale=scale) for curves in told]
    low, high = min(axis.low for axis in axes), max(axis.high for axis in axes)
    cut = max(axis.cut for axis in axes)
    highest = median_low(
        [max(max(_numbers(_finite(curve)), default=0.0) for curve in curves) for curves in told]
    )
    calm = [axis.high for axis in axes if axis.high <= _TIMES * max(highest, 0.0)]
    if scale == "log" or not calm or len(calm) == len(axes):
        return LossAxis(low, high, scale, cut)
    usual = max(*calm, _TIMES * median_low([axis.high for axis in axes]))
    return LossAxis(low, min(high, usual), scale, cut, leaves=usual < high)


def _finite(curve: Curve) -> Curve:
    return [value if value is not None and math.isfinite(value) else None for value in curve]


def _numbers(curve: Curve) -> list[float]:
    return [value for value in curve if value is not None]


def _heights(curves: Sequence[Curve]) -> list[float]:
    """The highest of all curves in each epoch; minus infinity where there is none."""
    heights = [-math.inf] * max(map(len, curves), default=0)
    for curve in curves:
        for at, value in enumerate(curve):
            if value is not None and value > heights[at]:
                heights[at] = value
    return heights


def _fitting(heights: Sequence[float], bottom: float) -> float:
    """The highest of what follows those first epochs that are worth leaving out of an axis from the bottom on."""
    after = [*accumulate(reversed(heights), max)][::-1]
    begin = 0
    while begin < first_epochs(len(heights)) and not (-math.inf < heights[begin] <= after[begin + 1]):
        begin += 1
    least = after[begin]
    return next(top for top in after if top - least < _WORTH * (top - bottom) or top == least)


def _logarithmic(values: Sequence[float]) -> LossAxis:
    positive = [value for value in values if value > 0]
    if not positive:
        return _EMPTY["log"]
    return LossAxis(_below(min(positive)), _above(max(positive)), "log")


def _above(value: float) -> float:
    """The first step above a number above 0, with some room."""
    if not _SMALLEST < value < _LARGEST:
        return _SMALLEST * _ROOM if value <= _SMALLEST else min(value * _ROOM, sys.float_info.max)
    ten = 10.0 ** math.floor(math.log10(value))
    return next(step * ten for step in _STEPS if step * ten >= _ROOM * value)


def _below(value: float) -> float:
    """The last step below a number above 0, with some room."""
    if not _SMALLEST < value < _LARGEST:
        return _SMALLEST / _ROOM if value <= _SMALLEST else value / _ROOM
    ten = 10.0 ** (math.floor(math.log10(value)) - 1)
    return max(
        step * ten for step in (*_STEPS, *(10 * step for step in _STEPS)) if step * ten <= value / _ROOM
    )
