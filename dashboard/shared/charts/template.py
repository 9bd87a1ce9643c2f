"""How every chart of the dashboard looks: one Plotly template, registered once, figures that begin with it, toolbars.

Fonts and the colours of axes come from the theme of the page, which Streamlit lays over this template in the browser.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import plotly.io as pio
from plotly.basedatatypes import BaseTraceType

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
    differs from the template.
    """
    # Streamlit's theme has margins of its own at the sides, so they stand in the figure.
    margin = {"l": 8, "r": right, "t": top, "b": 8}
    # Nothing to drag, for a finger on a chart is to scroll the page.
    own = {"template": NAME, "height": height, "margin": margin, "dragmode": False}
    return go.Figure(traces, layout={**own, **layout})


def chart_config(t: Language, *, name: str = "turning-point") -> dict[str, Any]:
    """Plotly's `config`, with the toolbar in the reader's language; `name` is that of a picture that is saved."""
    return {
        "displaylogo": False,
        "modeBarButtons": [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
        "toImageButtonOptions": {"filename": name, "scale": 2},
        "locale": t.code,
        "locales": {t.code: {"dictionary": {word: t(key) for word, key in _WORDS.items()}, "format": {}}},
    }
