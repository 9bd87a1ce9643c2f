"""How every chart looks: one Plotly template, figures that begin with it, two panels over the same epochs, toolbars.

Fonts and the colours of axes come from the theme of the page, which Streamlit lays over this template in the browser.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import plotly.graph_objects as go
import plotly.io as pio
from plotly.basedatatypes import BaseTraceType

from core.analysis.curves import epoch_choice
from core.analysis.loss_axis import LossAxis
from dashboard.shared.charts import colours
from dashboard.shared.language import Language

NAME = "turning_point"
#: Plotly's own words for what we leave in the toolbar, and the key of ours.
_WORDS = {
    "Download plot as a PNG": "chart.download",
    "Zoom": "chart.zoom",
    "Pan": "chart.pan",
    "Reset axes": "chart.reset",
    "Double-click to zoom back out": "chart.zoom_back",
    "Click to enter": "chart.enter",
    "Snapshot succeeded": "chart.downloaded",
    "Taking snapshot - this may take a few seconds": "chart.downloading",
}

pio.templates[NAME] = go.layout.Template(
    layout={
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        "xaxis": {"automargin": True, "zeroline": False},
        "yaxis": {"automargin": True, "zeroline": False},
        "hovermode": "closest",
    }
)


def new_figure(
    *traces: BaseTraceType | dict[str, Any],
    height: int | None = None,
    top: int = 8,
    right: int = 8,
    **layout: Any,
) -> go.Figure:
    """A figure in the dashboard's template.

    `figure = new_figure(go.Bar(x=values), height=240, top=36, showlegend=False)`

    Above the axes there are so many pixels at the top, 32 and more where the legend stands there; `layout` is what else
    differs from the template. An axis that is told later is assigned, `figure.layout.xaxis = {...}`: Plotly's
    `update_xaxes` and `update_layout` compare each of its settings with what was there, which takes ten times as long.
    """
    # Streamlit's theme has margins of its own at the sides, so they stand in the figure.
    margin = {"l": 8, "r": right, "t": top, "b": 8}
    # Nothing to drag, for a finger on a chart is to scroll the page.
    own = {"template": NAME, "height": height, "margin": margin, "dragmode": False}
    return go.Figure(traces, layout={**own, **layout})


def figure_from(text: str) -> go.Figure:
    """A figure that was written as JSON without the template, as one that is taken home is."""
    figure = go.Figure(json.loads(text))
    return figure.update_layout(template=NAME)


def chart_config(t: Language, *, name: str = "turning-point") -> dict[str, Any]:
    """Plotly's `config`, with the toolbar in the reader's language; `name` is that of a picture that is saved."""
    return {
        "displaylogo": False,
        "modeBarButtons": [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
        "toImageButtonOptions": {"filename": name, "scale": 2},
        "locale": t.code,
        "locales": {t.code: {"dictionary": {word: t(key) for word, key in _WORDS.items()}, "format": {}}},
    }


_FEW, _MARKERS_UP_TO = 12, 60
_MOST_MARKS = 40  # at the edge of an axis; more would be a thick line
_MARK_ROW = 0.05  # of the height of an axis


def curve_mode(epochs: int) -> str:
    """How to draw a curve of so many points: with more than 60, markers would be a thick line."""
    return "lines+markers" if epochs <= _MARKERS_UP_TO else "lines"


def drawn(value: float | None) -> float | None:
    """None, which leaves a hole in a curve, where there is no number."""
    return value if value is not None and math.isfinite(value) else None


def loss_scale(axis: LossAxis) -> dict[str, Any]:
    """The settings of a Plotly axis of losses."""
    return {"type": axis.scale, "range": axis.range, "tickformat": "~g" if axis.scale == "log" else ""}


def axis_sentences(axis: LossAxis | None, t: Language) -> list[str]:
    """What of the curves lies beyond the axis; nothing of another axis."""
    if axis is None:
        return []
    cut = [t("axis.cut", epoch=axis.cut)] if axis.cut else []
    return [*cut, t("axis.leaves")] if axis.leaves else cut


def edge_marks(
    axis: LossAxis,
    x: Sequence[float],
    values: Sequence[float | None],
    *,
    colour: str,
    row: int = 0,
    hover: Callable[[int, float], str] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A trace of triangles at the edge of an axis of losses, where a curve lies beyond it; empty where it is held.

    Args:
        x: Where each epoch stands, from the first on, as the curve has it.
        row: Of several curves each has a row of its own, the first one at the edge itself.
        hover: What a mark says of its epoch and value; None where the curve's own hover says it.
        more: What else Plotly takes of a scatter.
    """
    found = [
        (epoch, value, edge)
        for epoch, value in enumerate(values, start=1)
        if value is not None and (edge := axis.edge(value)) is not None
    ]
    found = [found[place - 1] for place in epoch_choice(len(found), _MOST_MARKS)]
    above, below = axis.down(row * _MARK_ROW), axis.down(1 - row * _MARK_ROW)
    upward = [edge == axis.high for _, _, edge in found]
    said: dict[str, Any] = {"hoverinfo": "skip"}
    if hover is not None:
        said = {
            "text": [hover(epoch, value) for epoch, value, _ in found],
            "hovertemplate": "%{text}<extra></extra>",
        }
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [x[epoch - 1] for epoch, _, _ in found],
        "y": [above if up else below for up in upward],
        "marker": {
            "symbol": ["triangle-up" if up else "triangle-down" for up in upward],
            "size": 10,
            "color": colour,
        },
        "showlegend": False,
        "cliponaxis": False,
        **said,
        **more,
    }


def epoch_panels(
    last: int, t: Language, *, upper: dict[str, Any], lower: dict[str, Any], heading: str, height: int = 430
) -> go.Figure:
    """A figure up to a last epoch, with these settings of both y axes; traces of the lower panel are on "y2"."""
    figure = new_figure(height=height, top=36, hovermode="x unified", barmode="overlay", bargap=0.25)
    figure.layout.xaxis = {
        "title": {"text": t("curve.epoch"), "standoff": 6},
        "range": [0.4, last + 0.6],
        "tickformat": "~g",
        "anchor": "y2",
        "unifiedhovertitle": {"text": f"{t('curve.epoch')} %{{x}}"},
        "dtick": 1 if last <= _FEW else None,
    }
    figure.add_annotation(
        text=heading,
        xref="paper",
        x=0,
        yref="y2 domain",
        y=1,
        yanchor="bottom",
        yshift=4,
        showarrow=False,
        font={"size": 13},
    )
    figure.layout.yaxis = {"domain": [0.44, 1], **upper}
    figure.layout.yaxis2 = {"domain": [0, 0.32], "nticks": 5, **lower}
    return figure


def add_curve(
    figure: go.Figure,
    epochs: Sequence[int],
    values: Sequence[float | None],
    *,
    name: str,
    colour: str,
    symbol: str,
    hover: str,
    dash: str = "solid",
    **more: Any,
) -> None:
    """Draw a curve by epoch, with holes where there is no number; `more` is what else Plotly takes of a scatter."""
    figure.add_scatter(
        x=list(epochs),
        y=[drawn(value) for value in values],
        name=name,
        mode=curve_mode(len(epochs)),
        line={"color": colour, "width": 2, "dash": dash},
        marker={"symbol": symbol, "size": 5},
        hovertemplate=hover,
        **more,
    )


def upright(x: float, line: dict[str, Any]) -> dict[str, Any]:
    """The shape of a line through the whole height of the axes."""
    return {"type": "line", "x0": x, "x1": x, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain", "line": line}


def mark_epoch(figure: go.Figure, epoch: int | None, *, confirmed: bool) -> None:
    """Draw a line through both panels where validation loss is lowest: dashed if that is confirmed, else dotted."""
    if epoch is not None:
        figure.add_shape(
            type="line",
            x0=epoch,
            x1=epoch,
            yref="paper",
            y0=0,
            y1=1,
            line={"color": colours.TURNING_POINT, "width": 1.5, "dash": "dash" if confirmed else "dot"},
        )
