"""The figures of a study: its curves as bands, where its runs turned, what a measure does when settings change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

from core.analysis.bands import BandPoint, Cell, Measure, Turned, Turns
from core.analysis.loss_axis import LossAxis, loss_axis_of_all
from core.analysis.loss_axis import Scale as LossScale
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import edge_marks, loss_scale, new_figure
from dashboard.shared.language import Language
from dashboard.study.text import PERCENT, number_format, written

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
_EDGES = ("low", "high")  # of a band
_NARROW = 0.05  # an axis of accuracies on which whole percents would repeat
_MARKERS_UP_TO = 25  # epochs; with more, markers would be a thick line

_ROW, _NARROW_ROW, _FRAME = 64, 34, 120  # pixels
_FEW = 8  # rows that may be wide
_STEP, _REACH = 0.13, 0.36  # of a row: between marks on the same epoch, and how far they may go

_CLEAR, _STRONG = "rgba(31,131,201,0.04)", "rgba(31,131,201,0.72)"


def _epochs_axis(figure: go.Figure, epochs: int, t: Language, *, most: int) -> None:
    """An axis of epochs with about `most` ticks: whole numbers, none twice."""
    ticks: dict[str, Any] = {"dtick": 1} if epochs <= most else {"nticks": most}
    ends = [0.5, max(epochs, 2) + 0.5]
    figure.layout.xaxis = {"title_text": t("curve.epoch"), "range": ends, "tickformat": "d", **ticks}


def _places_axis(names: Sequence[str], *, downward: bool = False) -> dict[str, Any]:
    """An axis with a word for each place; downward the first one is on top."""
    ends = [-0.5, len(names) - 0.5]
    ticks = {"tickvals": list(range(len(names))), "ticktext": list(names), "showgrid": False}
    return ticks | {"range": ends[::-1] if downward else ends}


# Bands


@dataclass(frozen=True)
class Panel:
    """The bands of the runs that share their settings, and the mean of their confirmed turning points."""

    name: str
    training: tuple[BandPoint, ...]
    validation: tuple[BandPoint, ...]
    turn: float | None


@dataclass(frozen=True)
class Scale:
    """The ends of the axes that all panels share, to be compared by eye; `loss` is the axis behind them, of losses."""

    epochs: int
    low: float
    high: float
    loss: LossAxis | None = None


def scale(panels: Sequence[Panel], curve: BandCurve, losses: LossScale = "linear") -> Scale | None:
    """The axes in which all panels can be drawn, losses on an axis so scaled; None if there is nothing to draw."""
    drawn = [
        points
        for panel in panels
        if (points := [point for point in (*panel.training, *panel.validation) if point.runs])
    ]
    if not drawn:
        return None
    last = max(point.epoch for points in drawn for point in points)
    if curve == "accuracy":
        low = min(point.low for points in drawn for point in points)
        high = max(point.high for points in drawn for point in points)
        room = 0.06 * max(high - low, 0.02)
        return Scale(last, low - room, high + room)
    edges = [
        [
            [getattr(point, edge) for point in points]
            for points in (panel.training, panel.validation)
            for edge in _EDGES
        ]
        for panel in panels
    ]
    axis = loss_axis_of_all(edges, scale=losses)
    return Scale(last, axis.low, axis.high, axis)


def bands(panel: Panel, axes: Scale, t: Language, *, curve: BandCurve) -> go.Figure:
    """Training and validation of one panel: solid with a plain band, dashed with a hatched one.

    Each that is there has three traces: the low edge, the high edge, the mean.
    """
    figure = _band_figure(axes, t, curve=curve, height=300)
    if panel.training:
        line = {"color": colours.TRAINING, "dash": "solid", "width": 2}
        _add_band(figure, panel.training, t("curve.training"), line, t, symbol="circle")
    if panel.validation:
        line = {"color": colours.VALIDATION, "dash": "dash", "width": 2}
        _add_band(figure, panel.validation, t("curve.validation"), line, t, symbol="diamond", hatched=True)
    _mark_beyond(figure, panel.training, axes, t("curve.training"), colours.TRAINING)
    _mark_beyond(figure, panel.validation, axes, t("curve.validation"), colours.VALIDATION, row=1)
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
    return figure


def overlaid(panels: Sequence[Panel], axes: Scale, t: Language, *, curve: BandCurve) -> go.Figure:
    """The validation bands of up to `MOST_OVERLAID` panels in one picture, told apart by colour, dash and marker.

    Panels without validation show their training curve.
    """
    figure = _band_figure(axes, t, curve=curve, height=420)
    for panel, (colour, dash, symbol) in zip(panels, OVERLAID, strict=False):
        if points := panel.validation or panel.training:
            line = {"color": colour, "dash": dash, "width": 2.5}
            _add_band(figure, points, panel.name, line, t, symbol=symbol)
            _mark_beyond(figure, points, axes, panel.name, colour)
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
    shared: dict[str, Any] = {"x": [point.epoch for point in there], "legendgroup": name}
    edge = shared | {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    filling: dict[str, Any] = {"fillcolor": _clear(line["color"], 0.22)}
    if hatched:
        colouring = {"fgcolor": _clear(line["color"], 0.55), "bgcolor": _clear(line["color"], 0.08)}
        filling = {"fillpattern": {"shape": "/", "size": 7, "solidity": 0.2, **colouring}}
    figure.add_scatter(**edge, y=[point.low for point in there])
    figure.add_scatter(**edge, y=[point.high for point in there], fill="tonexty", **filling)
    hover = t(
        "study.bands.hover",
        epoch="%{x}",
        mean="%{y:.4f}",
        low="%{customdata[0]:.4f}",
        high="%{customdata[1]:.4f}",
        runs="%{customdata[2]}",
    )
    figure.add_scatter(
        **shared,
        y=[point.mean for point in there],
        mode="lines+markers" if len(there) <= _MARKERS_UP_TO else "lines",
        line=line,
        marker={"symbol": symbol, "size": 6},
        name=name,
        customdata=[[point.low, point.high, point.runs] for point in there],
        hovertemplate=f"{hover}<extra>%{{fullData.name}}</extra>",
    )


def _mark_beyond(
    figure: go.Figure, points: Sequence[BandPoint], axes: Scale, name: str, colour: str, *, row: int = 0
) -> None:
    """Marks where the mean of a band leaves the axis of losses, with its value; none where it does not."""
    if axes.loss is None:
        return
    marks = edge_marks(
        axes.loss,
        [point.epoch for point in points],
        [point.mean for point in points],
        colour=colour,
        row=row,
        hover=lambda epoch, value: f"{epoch}: <b>{value:.4f}</b>",
        legendgroup=name,
    )
    if marks["x"]:
        figure.add_trace(marks)


def _band_figure(axes: Scale, t: Language, *, curve: BandCurve, height: int) -> go.Figure:
    figure = new_figure(height=height, top=44, dragmode="zoom", legend_y=1.06)
    _epochs_axis(figure, axes.epochs, t, most=8)
    ticks = (".1%" if axes.high - axes.low < _NARROW else ".0%") if curve == "accuracy" else None
    upward = (
        {"range": [axes.low, axes.high], "tickformat": ticks} if axes.loss is None else loss_scale(axes.loss)
    )
    figure.layout.yaxis = {"title_text": t(f"curve.{curve}"), "nticks": 6, **upward}
    return figure


def _clear(colour: str, share: float) -> str:
    """A colour that lets so much of what lies behind shine through."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"


# Turning points


@dataclass(frozen=True)
class TurnRow:
    """The runs of one level: its name, "" where there is only one, and where they turned."""

    name: str
    turns: Turns


def turn_strip(rows: Sequence[TurnRow], epochs: int, t: Language) -> go.Figure:
    """A mark for each run at the epoch of its lowest validation loss: full where the turn is confirmed.

    Marks of one level on the same epoch stand on top of each other, so that they can be counted. There is a trace of
    the confirmed ones and one of those not reached, with the run's id as custom data, and a line at the mean of each
    level that has several confirmed ones.
    """
    row_height = _ROW if len(rows) <= _FEW else _NARROW_ROW
    figure = new_figure(height=_FRAME + row_height * len(rows), top=40)
    for kind, symbol, colour, width in (
        ("reached", "diamond", colours.TURNING_POINT, 1),
        ("open", "triangle-right-open", colours.QUIET, 2),
    ):
        marks = [
            (turned, place + height, row.name)
            for place, row in enumerate(rows)
            for turned, height in _heights(getattr(row.turns, kind), below=kind == "open")
        ]
        if marks:
            name = t(f"study.turns.{kind}")
            hover = t("study.turns.hover", epoch="%{x}", run="%{customdata}")
            figure.add_scatter(
                x=[turned.epoch for turned, _, _ in marks],
                y=[height for _, height, _ in marks],
                mode="markers",
                name=name,
                showlegend=True,
                text=[level for _, _, level in marks],
                customdata=[turned.run for turned, _, _ in marks],
                marker={"symbol": symbol, "size": 12, "color": colour, "line": {"width": width}},
                hovertemplate=f"<b>%{{text}}</b><br>{hover}<extra>{name}</extra>",
            )
    for place, row in enumerate(rows):
        spread = row.turns.spread
        if spread is not None and spread.n > 1:
            line = {"color": colours.TURNING_POINT, "width": 2, "dash": "dot"}
            figure.add_shape(
                type="line", x0=spread.mean, x1=spread.mean, y0=place - 0.42, y1=place + 0.42, line=line
            )
        if place:
            figure.add_hline(y=place - 0.5, line={"color": colours.QUIET, "width": 0.5}, opacity=0.5)
    _epochs_axis(figure, epochs, t, most=12)
    figure.layout.yaxis = _places_axis([row.name for row in rows], downward=True)
    return figure


def _heights(marks: Sequence[Turned], *, below: bool) -> list[tuple[Turned, float]]:
    """How far from the middle of its row each mark stands: those on one epoch away from each other."""
    number = Counter(turned.epoch for turned in marks)
    seen: Counter[int] = Counter()
    heights = []
    for turned in marks:
        step = min(_STEP, _REACH / max(number[turned.epoch] - 1, 1))
        height = 0.05 + step * seen[turned.epoch]
        heights.append((turned, height if below else -height))
        seen[turned.epoch] += 1
    return heights


# Settings


def factor_curve(
    cells: Sequence[Cell], names: Sequence[str], factor: str, t: Language, *, measure: Measure
) -> go.Figure:
    """A measure by the values of one setting: the mean, a bar from smallest to largest, a dot for each run.

    The cells, one for each value in their order, stand at their places: an axis that spaces 64, 128 and 1024 by their
    size would leave no room for the first ones. The single runs are the first trace, the means the second.
    """
    figure, form = new_figure(height=340, top=36, dragmode="zoom"), number_format(measure)
    figure.add_scatter(
        x=[place for place, cell in enumerate(cells) for _ in cell.values],
        y=[value for cell in cells for value in cell.values],
        mode="markers",
        name=t("study.factor.run"),
        marker={"color": colours.QUIET, "size": 7, "symbol": "circle-open", "line": {"width": 1.5}},
        hovertemplate=f"%{{y:{form}}}<extra></extra>",
    )
    there = [(place, cell, cell.spread) for place, cell in enumerate(cells) if cell.spread is not None]
    hover = t(
        "study.factor.hover",
        mean=f"%{{y:{form}}}",
        low=f"%{{customdata[3]:{form}}}",
        high=f"%{{customdata[4]:{form}}}",
        n="%{customdata[1]}",
        runs="%{customdata[2]}",
    )
    figure.add_scatter(
        x=[place for place, _, _ in there],
        y=[spread.mean for _, _, spread in there],
        mode="lines+markers",
        name=t("study.factor.mean"),
        line={"color": colours.VALIDATION, "width": 2.5},
        marker={"size": 9},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [spread.high - spread.mean for _, _, spread in there],
            "arrayminus": [spread.mean - spread.low for _, _, spread in there],
            "thickness": 1.5,
            "width": 6,
        },
        customdata=[
            [names[place], spread.n, cell.runs, spread.low, spread.high] for place, cell, spread in there
        ],
        hovertemplate=f"<b>%{{customdata[0]}}</b><br>{hover}<extra></extra>",
    )
    figure.layout.xaxis = {**_places_axis(names), "title_text": factor}
    ticks = ".1%" if measure in PERCENT else "~g"
    figure.layout.yaxis = {"title_text": t(f"study.measure.{measure}"), "tickformat": ticks, "nticks": 6}
    return figure


def factor_heatmap(
    cells: Mapping[tuple[int, int], Cell],
    rows: Sequence[str],
    columns: Sequence[str],
    factors: tuple[str, str],
    t: Language,
    *,
    measure: Measure,
    dark: bool = False,
) -> go.Figure:
    """A measure by two settings: in each cell the mean over its runs, and how many have the number.

    The heatmap has row 0, of the first setting, on top, and a trace with the words of the cells over it.
    """
    grid = [[cells.get((row, column)) for column in range(len(columns))] for row in range(len(rows))]
    hovers = [
        [
            f"{row} · {column}<br>{_hover(cell, measure, t)}"
            for column, cell in zip(columns, line, strict=True)
        ]
        for row, line in zip(rows, grid, strict=True)
    ]
    figure = new_figure(
        go.Heatmap(
            z=[[cell.spread.mean if cell and cell.spread else None for cell in line] for line in grid],
            text=hovers,
            colorscale=[[0, _CLEAR], [1, _STRONG]],
            xgap=2,
            ygap=2,
            showscale=False,
            hoverongaps=False,
            hovertemplate="%{text}<extra></extra>",
        ),
        height=110 + 58 * max(len(rows), 2),
        top=12,
    )
    ink = colours.INK_ON_DARK if dark else colours.INK
    figure.add_scatter(
        x=[column for _ in rows for column in range(len(columns))],
        y=[row for row in range(len(rows)) for _ in columns],
        mode="text",
        text=[_cell_text(cell, measure) for line in grid for cell in line],
        textfont={"size": 13 if len(columns) <= 6 else 11, "color": ink},
        hoverinfo="skip",
        showlegend=False,
    )
    figure.layout.xaxis = {**_places_axis(columns), "title_text": factors[1], "side": "bottom"}
    figure.layout.yaxis = {**_places_axis(rows, downward=True), "title_text": factors[0]}
    return figure


def _cell_text(cell: Cell | None, measure: Measure) -> str:
    """The words of a cell; how many of its runs count stands below where it is not all, or more than one."""
    if cell is None:
        return ""
    number = written(cell.spread.mean, measure) if cell.spread else "–"
    if len(cell.values) == cell.runs == 1:
        return number
    return f"{number}<br><span style='font-size:11px'>{len(cell.values)}/{cell.runs}</span>"


def _hover(cell: Cell | None, measure: Measure, t: Language) -> str:
    if cell is None or cell.spread is None:
        return t("study.factor.none")
    low, mean, high = (
        written(value, measure) for value in (cell.spread.low, cell.spread.mean, cell.spread.high)
    )
    return t("study.factor.hover", mean=mean, low=low, high=high, n=cell.spread.n, runs=cell.runs)
