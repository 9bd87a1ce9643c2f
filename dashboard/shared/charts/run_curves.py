"""The curves of several runs, on the same axes or each on its own with equal scales.

A run is told from others by its colour and by the letter at the ends of its lines; training and validation by
dash and marker; a turning point by a star, hollow where it is not confirmed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from core.analysis.curves import Alignment
from core.analysis.loss_axis import LossAxis, Scale, loss_axis_of_all
from core.analysis.turning_point import Turn
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import edge_marks, loss_scale, new_figure
from dashboard.shared.language import Language

Measure = Literal["loss", "accuracy"]
Kind = Literal["training", "validation"]

_FORMATS: dict[Measure, str] = {"loss": ".4f", "accuracy": ".2%"}
_DASHES: dict[Kind, str] = {"training": "solid", "validation": "dash"}
_MARKERS: dict[Kind, str] = {"training": "circle", "validation": "diamond"}
_STARS = {True: "star", False: "star-open"}
#: With more epochs than this in a line, or more runs, markers would only cover each other.
_MARKED_EPOCHS, _MARKED_RUNS, _MARKED_ALONE = 40, 3, 20
_HEIGHT, _HEIGHT_ALONE, _PIXELS_A_RUN = 380, 270, 18
#: What legends and axes leave of a chart at least, and what a letter needs of it.
_PLOT, _LETTER_PIXELS = 190, 15
#: Letters whose line ends are nearer to each other than this share of the axis must not cover each other.
_BESIDE = 0.05
_LETTERED_TWICE = 3
_LONGEST_NAME = 28
#: With more runs than this a legend of their names would be larger than the curves; the letters are enough then.
_NAMED_RUNS = 4
#: An axis of accuracies shorter than this needs a digit after the point.
_WIDE = 0.06


@dataclass(frozen=True)
class RunCurves:
    """The curves of one measure of one run, a value an epoch; NaN where there is none, empty without validation."""

    letter: str
    name: str
    colour: str
    x: Sequence[float]
    training: Sequence[float]
    validation: Sequence[float]
    turn: Turn

    @property
    def title(self) -> str:
        """Letter and name, as Plotly is to show them."""
        short = self.name if len(self.name) <= _LONGEST_NAME else f"{self.name[: _LONGEST_NAME - 1]}…"
        # Plotly would read tags and place holders in it.
        plain = short.replace("&", "&amp;").replace("<", "&lt;").replace("%{", "%\u200b{")
        return f"{self.letter} · {plain}"

    @property
    def lines(self) -> dict[Kind, Sequence[float]]:
        """Those lines that there are."""
        both: dict[Kind, Sequence[float]] = {"training": self.training, "validation": self.validation}
        return {kind: values for kind, values in both.items() if any(map(math.isfinite, values))}

    @property
    def turns_at(self) -> float | None:
        """Where the turning point, or the best epoch if none is confirmed, stands on the axis."""
        at = self.turn.epoch
        if at is None or at > len(self.x) or "validation" not in self.lines:
            return None
        return self.x[at - 1]


@dataclass(frozen=True)
class Axes:
    """What every chart of a comparison has in common, so that equal heights mean equal values.

    `y` is the range as Plotly takes it, on a logarithmic axis of logarithms; `loss` is the axis behind it, of losses.
    """

    measure: Measure
    by: Alignment
    x: tuple[float, float]
    y: tuple[float, float]
    loss: LossAxis | None = None

    def height(self, value: float) -> float:
        """Where a value stands, in the units of the range."""
        if self.loss is None or self.loss.scale == "linear":
            return value
        return math.log10(max(value, self.loss.low))

    def value(self, height: float) -> float:
        """What stands at a height."""
        return 10**height if self.loss is not None and self.loss.scale == "log" else height


def axes_for(
    curves: Sequence[RunCurves], measure: Measure, by: Alignment, *, scale: Scale = "linear"
) -> Axes:
    """Axes that hold all these curves: losses as `loss_axis_of_all` has it, accuracies from a little below the lowest.

    The scale is that of losses.
    """
    xs = [x for curve in curves for x in curve.x]
    first, last = (min(xs), max(xs)) if xs else (0.0, 1.0)
    before = 0.02 * (last - first) + (0.3 if by == "epoch" else 0)
    # The letters stand behind the ends of the lines.
    across = (first - before, last + before + 0.05 * (last - first))
    lines = [(curve.training, curve.validation) for curve in curves]
    if measure == "loss":
        axis = loss_axis_of_all(lines, scale=scale)
        return Axes(measure, by, across, axis.range, axis)
    values = [value for pair in lines for line in pair for value in line if math.isfinite(value)]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    room = 0.06 * ((high - low) or 1)
    return Axes(measure, by, across, (max(low - room, 0.0), min(high + room, 1.01)))


def together(curves: Sequence[RunCurves], axes: Axes, t: Language) -> go.Figure:
    """All runs on the same axes.

    Lines, letter and turning point of a run are traces of one legend group, so that the legend hides and shows them
    together; what dashes and stars mean stands in a second legend.
    """
    marked, by_name = len(curves) <= _MARKED_RUNS, len(curves) <= _NAMED_RUNS
    heights = _heights(curves, axes)
    traces: list[dict[str, Any]] = []
    for curve in curves:
        name, lines = curve.title if by_name else curve.letter, curve.lines
        of_run = [
            _line(curve, kind, values, axes, t, marked=marked)
            | {"name": name, "showlegend": kind == next(iter(lines))}
            for kind, values in lines.items()
        ]
        of_run += [*_beyond(curve, axes, t), *_letter(curve, heights), *_star(curve, axes, t)]
        traces += [trace | {"legendgroup": curve.letter} for trace in of_run]
    key_legend = {"itemclick": False, "itemdoubleclick": False, "bgcolor": "rgba(0,0,0,0)"}
    return _figure(
        [*traces, *_key(curves, t)],
        axes,
        t,
        height=_HEIGHT + _PIXELS_A_RUN * min(len(curves), _NAMED_RUNS),
        top=34,
        legend={"y": -0.24, "yanchor": "top", "groupclick": "togglegroup"},
        legend2={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", **key_legend},
    )


def apart(curve: RunCurves, axes: Axes, t: Language) -> go.Figure:
    """One run on axes that it shares with others, with an upright line at its turning point."""
    traces = [
        _line(curve, kind, values, axes, t, marked=len(values) <= _MARKED_ALONE)
        | {"name": t(f"curve.{kind}"), "showlegend": False}
        for kind, values in curve.lines.items()
    ]
    at, dash = curve.turns_at, "dash" if curve.turn.confirmed else "dot"
    line = {"color": colours.TURNING_POINT, "width": 1.5, "dash": dash}
    upright = {"type": "line", "yref": "y domain", "x0": at, "x1": at, "y0": 0, "y1": 1, "line": line}
    return _figure(
        [*traces, *_beyond(curve, axes, t), *_star(curve, axes, t)],
        axes,
        t,
        height=_HEIGHT_ALONE,
        top=12,
        showlegend=False,
        shapes=[] if at is None else [upright],
    )


def _figure(traces: Sequence[dict[str, Any]], axes: Axes, t: Language, **layout: Any) -> go.Figure:
    # All at once: Plotly takes its time for every change of a figure.
    upward = {"type": "linear", "tickformat": ""} if axes.loss is None else loss_scale(axes.loss)
    if axes.measure == "accuracy":
        upward["tickformat"] = ".0%" if axes.y[1] - axes.y[0] > _WIDE else ".1%"
    return new_figure(
        *traces,
        dragmode="zoom",
        uirevision=f"{axes.measure} {axes.by} {upward['type']}",
        xaxis={"title": {"text": t(f"compare.axis.{axes.by}")}, "range": axes.x, "nticks": 9},
        yaxis={"title": {"text": t(f"curve.{axes.measure}")}, **upward, "range": axes.y},
        **layout,
    )


def _line(
    curve: RunCurves, kind: Kind, values: Sequence[float], axes: Axes, t: Language, *, marked: bool
) -> dict[str, Any]:
    marked = marked and len(values) <= _MARKED_EPOCHS
    told = f"{t(f'curve.{kind}')}: <b>%{{y:{_FORMATS[axes.measure]}}}</b>"
    numbers = np.asarray(values, dtype=np.float64)
    return {
        "type": "scatter",
        "mode": "lines+markers" if marked else "lines",
        "x": np.asarray(curve.x),
        "y": np.where(np.isfinite(numbers), numbers, np.nan),  # infinity too leaves a gap
        "customdata": np.arange(1, len(values) + 1),
        "line": {"color": curve.colour, "width": 2, "dash": _DASHES[kind]},
        "marker": {"symbol": _MARKERS[kind], "size": 6},
        "hovertemplate": f"<b>{curve.title}</b><br>{t('curve.epoch')} %{{customdata}}<br>{told}<extra></extra>",
    }


def _beyond(curve: RunCurves, axes: Axes, t: Language) -> list[dict[str, Any]]:
    """Marks where lines leave the axis of losses, with their values."""
    if axes.loss is None:
        return []
    return [
        edge_marks(
            axes.loss,
            curve.x,
            values,
            colour=curve.colour,
            row=row,
            hover=lambda epoch, value, kind=kind: (  # type: ignore[misc]
                f"<b>{curve.title}</b><br>{t('curve.epoch')} {epoch}<br>{t(f'curve.{kind}')}: <b>{value:.4f}</b>"
            ),
        )
        for row, (kind, values) in enumerate(curve.lines.items())
    ]


def _letter(curve: RunCurves, heights: dict[tuple[str, Kind], float]) -> list[dict[str, Any]]:
    """The run's letter behind the end of each of its lines."""
    ends = [(kind, heights[curve.letter, kind]) for kind in curve.lines if (curve.letter, kind) in heights]
    if not ends:
        return []
    return [
        {
            "type": "scatter",
            "mode": "text",
            "x": [_end(curve.x, curve.lines[kind])[0] for kind, _ in ends],
            "y": [height for _, height in ends],
            "text": [f" <b>{curve.letter}</b>"] * len(ends),
            "textposition": "middle right",
            "textfont": {"color": curve.colour, "size": 13},
            "hoverinfo": "skip",
            "showlegend": False,
            "cliponaxis": False,
        }
    ]


def _star(curve: RunCurves, axes: Axes, t: Language) -> list[dict[str, Any]]:
    """The turning point, or the best epoch where no turn is confirmed."""
    if curve.turns_at is None:
        return []
    word = t("compare.turn" if curve.turn.confirmed else f"compare.best_{axes.measure}")
    value = f"<b>%{{y:{_FORMATS[axes.measure]}}}</b>"
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [curve.turns_at],
            "y": [curve.turn.value],
            "customdata": [curve.turn.epoch],
            "marker": {
                "symbol": _STARS[curve.turn.confirmed],
                "size": 15,
                "color": curve.colour,
                "line": {"width": 1.5, "color": colours.TURNING_POINT},
            },
            "hovertemplate": f"<b>{curve.title}</b><br>{word}<br>"
            f"{t('curve.epoch')} %{{customdata}}: {value}<extra></extra>",
            "showlegend": False,
            "cliponaxis": False,
        }
    ]


def _key(curves: Sequence[RunCurves], t: Language) -> list[dict[str, Any]]:
    """What dashes and stars mean, as entries of a legend of their own."""
    quiet = {"type": "scatter", "x": [None], "y": [None], "legend": "legend2", "hoverinfo": "skip"}
    entries: list[dict[str, Any]] = [
        {
            "mode": "lines+markers",
            "name": t(f"curve.{kind}"),
            "line": {"color": colours.QUIET, "width": 2, "dash": dash},
            "marker": {"symbol": _MARKERS[kind], "size": 6},
        }
        for kind, dash in _DASHES.items()
        if any(kind in curve.lines for curve in curves)
    ]
    turns = {curve.turn.confirmed for curve in curves if curve.turn.epoch and "validation" in curve.lines}
    entries += [
        {
            "mode": "markers",
            "name": t("compare.turn" if confirmed else "compare.turn.open"),
            "marker": {"symbol": _STARS[confirmed], "size": 11, "color": colours.QUIET},
        }
        for confirmed in sorted(turns, reverse=True)
    ]
    return [quiet | entry for entry in entries]


def _heights(curves: Sequence[RunCurves], axes: Axes) -> dict[tuple[str, Kind], float]:
    """Where the letters stand: at the ends of the lines, moved apart where they would cover each other.

    With many runs only one line of each has a letter.
    """
    least = _LETTER_PIXELS * (axes.y[1] - axes.y[0]) / _PLOT  # heights are in the units of the range
    near = _BESIDE * (axes.x[1] - axes.x[0])
    few = len(curves) <= _LETTERED_TWICE
    ends = sorted(
        (*_end(curve.x, values), curve.letter, kind)
        for curve in curves
        for kind, values in curve.lines.items()
        if few or kind == "validation" or "validation" not in curve.lines
    )
    groups: list[list[tuple[float, float, str, Kind]]] = []
    for end in ends:
        if groups and end[0] - groups[-1][-1][0] < near:
            groups[-1].append(end)
        else:
            groups.append([end])
    heights: dict[tuple[str, Kind], float] = {}
    for group in groups:
        group.sort(key=lambda end: end[1])
        apart = spread([axes.height(value) for _, value, *_ in group], least, axes.y[1])
        heights |= {
            (letter, kind): axes.value(height)
            for (*_, letter, kind), height in zip(group, apart, strict=True)
        }
    return heights


def spread(values: Sequence[float], least: float, ceiling: float) -> list[float]:
    """Heights near these values, no two nearer to each other than `least`, none above the ceiling.

    Where there is no room below the ceiling, what lies lowest goes down.
    """
    heights: list[float] = []
    for value in values:
        heights.append(max(value, heights[-1] + least) if heights else value)
    for place in reversed(range(len(heights))):
        heights[place] = min(heights[place], ceiling)
        ceiling = heights[place] - least
    return heights


def _end(x: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """The last point of a line that is a number."""
    return next(
        (at, value) for at, value in zip(reversed(x), reversed(values), strict=True) if math.isfinite(value)
    )
