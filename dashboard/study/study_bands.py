"""Several runs of the same kind as bands: the mean as a line, around it where the middle 80% of the runs lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

from core.analysis.bands import BandPoint
from dashboard.shared.charts import colours
from dashboard.shared.charts.epoch_panels import axis_top
from dashboard.shared.language import Language

BandCurve = Literal["loss", "accuracy"]

#: Colours, each at least 3 : 1 against both pages, with dash and marker.
OVERLAID = (
    ("#1f83c9", "solid", "circle"),
    ("#d9731a", "dash", "square"),
    ("#3f9a7c", "dot", "diamond"),
    ("#b82e73", "dashdot", "triangle-up"),
    ("#7a6cf0", "longdash", "cross"),
    ("#8a7a2a", "longdashdot", "x"),
)
#: How many bands can lie over each other and still be told apart.
MOST_OVERLAID = len(OVERLAID)
_NARROW = 0.05  # an axis of accuracies on which whole percents would repeat
_MARKERS_UP_TO = 25  # epochs; with more, markers would be a thick line


@dataclass(frozen=True)
class Panel:
    """The bands of the runs that share their settings.

    Attributes:
        name: What sets them apart from the others, in words.
        training: Their training curve.
        validation: Their validation curve; empty without validation.
        turn: Mean of their confirmed turning points; None if none is.
    """

    name: str
    training: tuple[BandPoint, ...]
    validation: tuple[BandPoint, ...]
    turn: float | None


@dataclass(frozen=True)
class Scale:
    """The axes that all panels share, so that they can be compared by eye.

    Attributes:
        epochs: Where the axis of the epochs ends.
        low: Where the other one begins.
        high: Where it ends.
        cut: Whether some band goes on above it.
    """

    epochs: int
    low: float
    high: float
    cut: bool


def scale(panels: Sequence[Panel], curve: BandCurve) -> Scale | None:
    """The axes in which all panels can be drawn; None if there is nothing to draw."""
    tops, bottoms, last = [], [], 0
    for panel in panels:
        points = [point for point in (*panel.training, *panel.validation) if point.runs]
        if points:
            tops.append(max(point.high for point in points))
            bottoms.append(min(point.low for point in points))
            last = max(last, *(point.epoch for point in points))
    if not tops:
        return None
    if curve == "accuracy":
        low, high, cut = min(bottoms), max(tops), False
        room = 0.06 * max(high - low, 0.02)
        return Scale(last, low - room, high + room, cut)
    high = axis_top(tops)
    return Scale(last, 0.0, 1.06 * high if high > 0 else 1.0, max(tops) > high)


def bands(panel: Panel, axes: Scale, t: Language, *, curve: BandCurve) -> go.Figure:
    """Training and validation of one panel: solid with a plain band, dashed with a hatched one.

    Args:
        curve: What it is the curve of.

    Returns:
        For each of the two that is there, three traces: the low edge, the high edge, the mean.
    """
    figure = go.Figure()
    if panel.training:
        look = {"color": colours.TRAINING, "dash": "solid", "width": 2}
        _add_band(figure, panel.training, t("curve.training"), look, t, symbol="circle")
    if panel.validation:
        look = {"color": colours.VALIDATION, "dash": "dash", "width": 2}
        _add_band(figure, panel.validation, t("curve.validation"), look, t, symbol="diamond", hatched=True)
    if panel.turn is not None:
        figure.add_vline(
            x=panel.turn,
            line={"color": colours.TURNING_POINT, "width": 1.5, "dash": "dot"},
            annotation={
                "text": f"◆ {panel.turn:.1f}",
                "font": {"color": colours.TURNING_POINT, "size": 12},
                "hovertext": t("study.bands.turn", epoch=f"{panel.turn:.1f}"),
                "yanchor": "bottom",
                "y": 1,
            },
        )
    _lay_out(figure, axes, t, curve=curve, height=300)
    return figure


def overlaid(panels: Sequence[Panel], axes: Scale, t: Language, *, curve: BandCurve) -> go.Figure:
    """The validation bands of several panels in one picture, told apart by colour, dash and marker.

    Panels without validation show their training curve.

    Args:
        panels: At most `MOST_OVERLAID`.
        curve: What it is the curve of.
    """
    figure = go.Figure()
    for panel, (colour, dash, symbol) in zip(panels, OVERLAID, strict=False):
        points = panel.validation or panel.training
        if points:
            look = {"color": colour, "dash": dash, "width": 2.5}
            _add_band(figure, points, panel.name, look, t, symbol=symbol)
    _lay_out(figure, axes, t, curve=curve, height=420)
    return figure


def _add_band(
    figure: go.Figure,
    points: Sequence[BandPoint],
    name: str,
    line: dict[str, Any],
    t: Language,
    *,
    symbol: str,
    hatched: bool = False,
) -> None:
    there = [point for point in points if point.runs]
    epochs = [point.epoch for point in there]
    edge: dict[str, Any] = {
        "x": epochs,
        "mode": "lines",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
        "legendgroup": name,
    }
    figure.add_scatter(**edge, y=[point.low for point in there])
    filling: dict[str, Any] = {"fillcolor": _clear(line["color"], 0.22)}
    if hatched:
        filling = {
            "fillpattern": {
                "shape": "/",
                "fgcolor": _clear(line["color"], 0.55),
                "bgcolor": _clear(line["color"], 0.08),
                "size": 7,
                "solidity": 0.2,
            }
        }
    figure.add_scatter(**edge, y=[point.high for point in there], fill="tonexty", **filling)
    marked = len(there) <= _MARKERS_UP_TO
    figure.add_scatter(
        x=epochs,
        y=[point.mean for point in there],
        mode="lines+markers" if marked else "lines",
        line=line,
        marker={"symbol": symbol, "size": 6},
        name=name,
        legendgroup=name,
        customdata=[[point.low, point.high, point.runs] for point in there],
        hovertemplate=t(
            "study.bands.hover",
            epoch="%{x}",
            mean="%{y:.4f}",
            low="%{customdata[0]:.4f}",
            high="%{customdata[1]:.4f}",
            runs="%{customdata[2]}",
        )
        + "<extra>%{fullData.name}</extra>",
    )


def epoch_ticks(epochs: int, *, most: int) -> dict[str, Any]:
    """Ticks of an axis of epochs: whole numbers, about `most` of them, none twice."""
    return {"tickformat": "d", **({"dtick": 1} if epochs <= most else {"nticks": most})}


def _lay_out(figure: go.Figure, axes: Scale, t: Language, *, curve: BandCurve, height: int) -> None:
    figure.update_xaxes(
        title_text=t("curve.epoch"),
        range=[0.5, max(axes.epochs, 2) + 0.5],
        **epoch_ticks(axes.epochs, most=8),
        zeroline=False,
        automargin=True,
    )
    percent: dict[str, Any] = {}
    if curve == "accuracy":
        percent = {"tickformat": ".1%" if axes.high - axes.low < _NARROW else ".0%"}
    figure.update_yaxes(
        title_text=t(f"curve.{curve}"),
        range=[axes.low, axes.high],
        nticks=6,
        zeroline=False,
        automargin=True,
        **percent,
    )
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 44, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 1.06, "yanchor": "bottom"},
        hovermode="closest",
    )


def _clear(colour: str, share: float) -> str:
    """A colour that lets so much of what lies behind shine through."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
