"""A multi-hot row as a picture: which words of all that are kept occur in a text. No Streamlit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from core.datasets.decoded_text import Place
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import new_figure
from dashboard.shared.language import Language

_GRID_PIXELS = 380


def multi_hot(places: Sequence[Place], num_words: int, t: Language) -> go.Figure:
    """A multi-hot row folded into a square, place 0 at the top left: a mark where a word occurs.

    The number of a place is y times the width plus x.
    """
    width = math.ceil(math.sqrt(num_words))
    rows = math.ceil(num_words / width)
    numbers = [place.token.number for place in places]
    figure = new_figure(
        go.Scatter(
            x=[number % width for number in numbers],
            y=[number // width for number in numbers],
            mode="markers",
            marker={
                "symbol": "square",
                "color": colours.TRAINING,
                "size": min(max(_GRID_PIXELS / width * 0.9, 5), 40),
                "line": {"width": 0},
            },
            text=[_named(place, t) for place in places],
            customdata=[[place.token.number, place.count] for place in places],
            hovertemplate="<b>%{text}</b><br>"
            + t("data.multi_hot.hover", number="%{customdata[0]:,}", count="%{customdata[1]}")
            + "<extra></extra>",
        ),
        height=_GRID_PIXELS + 16,
        showlegend=False,
    )
    figure.add_shape(
        type="path", path=_outline(num_words, width), line={"color": colours.QUIET, "width": 1.2}
    )
    bare = {"visible": False, "constrain": "domain"}
    figure.layout.xaxis = {**bare, "range": [-1, width]}
    figure.layout.yaxis = {**bare, "range": [rows, -1], "scaleanchor": "x"}
    return figure


def _outline(places: int, width: int) -> str:
    """The border of all places as an SVG path; the last row may be shorter."""
    full, rest = divmod(places, width)
    right, bottom = width - 0.5, full - 0.5
    if not rest:
        return f"M-0.5,-0.5 H{right} V{bottom} H-0.5 Z"
    return f"M-0.5,-0.5 H{right} V{bottom} H{rest - 0.5} V{bottom + 1} H-0.5 Z"


def _named(place: Place, t: Language) -> str:
    kind = place.token.kind
    return escape(place.token.word) if kind == "word" else t(f"data.mark.{kind}")
