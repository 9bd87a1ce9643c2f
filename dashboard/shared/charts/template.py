"""How every chart of the dashboard looks: one Plotly template, registered once, and figures that begin with it.

Fonts and the colours of axes come from the theme of the page, which Streamlit lays over this template in the browser.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import plotly.io as pio
from plotly.basedatatypes import BaseTraceType

NAME = "turning_point"
STILL = {"displayModeBar": False}
"""Plotly's `config` of a chart without a toolbar."""

pio.templates[NAME] = go.layout.Template(
    layout={
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
        "xaxis": {"automargin": True, "zeroline": False},
        "yaxis": {"automargin": True, "zeroline": False},
        "hovermode": "closest",
        "dragmode": False,  # a finger on a chart is to scroll the page
    }
)


def new_figure(
    *traces: BaseTraceType, height: int | None = None, top: int = 8, right: int = 8, **layout: Any
) -> go.Figure:
    """A figure in the dashboard's template.

    `figure = new_figure(go.Bar(x=values), height=240, top=36, showlegend=False)`

    Args:
        height: Pixels.
        top: Pixels above the axes: 8, or 32 and more where the legend stands there.
        right: Pixels beside them.
        layout: What else differs from the template.
    """
    # Streamlit's theme has margins of its own at the sides, so they stand in the figure.
    margin = {"l": 8, "r": right, "t": top, "b": 8}
    return go.Figure(traces, layout={"template": NAME, "height": height, "margin": margin, **layout})
