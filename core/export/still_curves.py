"""Curves as a drawing that needs no script: readable in print, without colour, and before anything else has loaded."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.analysis.loss_axis import loss_axis
from core.run import Epoch

_MARK_ROW = 12  # how far below each other the marks of two curves in one epoch stand
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 16, 40  # what stands beside the curves


@dataclass(frozen=True)
class CurveWords:
    """What stands in the drawing.

    Attributes:
        title: What is drawn.
        legend: Which line is which.
        mark: What the marked epoch is.
        cut: Up to which epoch losses lie above the axis.
        above: The value of an epoch that lies above it.
    """

    title: str
    legend: str
    mark: str
    cut: Callable[[int], str]
    above: Callable[[int, str], str]


@dataclass(frozen=True)
class StillCurves:
    """The curves of training and validation as a template draws them, in the units of its view box."""

    title: str
    legend: str
    note: str  # what of the curves lies above the axis; "" if nothing does
    levels: list[tuple[str, float]]  # what is written at the axis, and how far down
    epochs: list[tuple[int, float]]  # likewise, and how far to the right
    paths: dict[str, str]  # the points of each line by its style; "" for no line
    mark: str  # what is said of the marked epoch; "" if none is
    mark_x: float
    #: where the losses of first epochs lie above the axis: style, how far to the right and down, and what is said there
    above: list[tuple[str, float, float, str]]
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int


def still_curves(
    name: str,
    epochs: Sequence[Epoch],
    mark: int | None,
    words: CurveWords,
    *,
    width: int = 640,
    height: int = 300,
) -> StillCurves | None:
    """The curves named "loss" or "accuracy", with a mark at an epoch; None if there is nothing to draw."""
    read = {"train": name, "val": f"val_{name}"}
    points: dict[str, list[tuple[int, float]]] = {
        style: [
            (epoch.number, value)
            for epoch in epochs
            if (value := getattr(epoch, field)) is not None and math.isfinite(value)
        ]
        for style, field in read.items()
    }
    values = [value for line in points.values() for _, value in line]
    if not values:
        return None
    cut = 0
    if name == "loss":
        axis = loss_axis([[getattr(epoch, field) for epoch in epochs] for field in read.values()])
        low, high, cut = axis.low, axis.high, axis.cut
    else:
        low, high = min(values), max(values)
    span, last = (high - low) or 1.0, max(len(epochs), 2)
    right, bottom = width - _RIGHT, height - _BOTTOM

    def across(number: float) -> float:
        return _LEFT + (number - 1) / (last - 1) * (right - _LEFT)

    def down(value: float) -> float:
        return _TOP + (high - value) / span * (bottom - _TOP)

    levels = [low + span * step / 4 for step in range(5)]
    return StillCurves(
        title=words.title,
        legend=words.legend,
        note=words.cut(cut) if cut else "",
        levels=[(f"{value:.3g}", down(value)) for value in levels],
        epochs=[(number, across(number)) for number in sorted({1, (1 + last) // 2, last})],
        paths={
            style: " L".join(f"{across(number):.1f} {down(value):.1f}" for number, value in line)
            for style, line in points.items()
        },
        mark=words.mark if mark is not None else "",
        mark_x=across(mark or 1),
        above=[
            (style, across(number), _TOP + _MARK_ROW * row, words.above(number, f"{value:.4f}"))
            for row, (style, line) in enumerate(points.items())
            for number, value in line
            if value > high
        ],
        width=width,
        height=height,
        left=_LEFT,
        right=right,
        top=_TOP,
        bottom=bottom,
    )
