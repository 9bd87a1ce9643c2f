"""Which classes a network takes for which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.analysis.classification import normalised
from dashboard.figures import colours
from dashboard.language import Language

_TEXT_UP_TO = 12
# From nothing to a strong blue that lets the page shine through: dark words on it stay readable on a light
# page, light words on a dark one.
_CLEAR, _STRONG = "rgba(31,131,201,0)", "rgba(31,131,201,0.72)"


def confusion(
    matrix: Sequence[Sequence[int]], names: Sequence[str], say: Language, *, shares: bool, dark: bool = False
) -> go.Figure:
    """The confusion matrix: true classes as rows from the top, predicted ones as columns.

    Args:
        matrix: Counts, `matrix[true][predicted]`.
        names: The classes' names, by label.
        say: The language.
        shares: Colour and write each row's shares instead of counts.
        dark: Whether the page behind it is dark.

    Returns:
        A heatmap whose z are the counts or shares, with a text trace over it for up to twelve classes.
    """
    counts = np.asarray(matrix, dtype=np.int64)
    part = normalised(matrix)
    values = part if shares else counts
    axis = [_short(name) for name in names]
    figure = go.Figure(
        go.Heatmap(
            z=values,
            customdata=np.dstack([counts, part]),
            # Colours go by shares in both cases: with counts alone a rare class would look empty.
            zmin=0,
            zmax=1 if shares else max(1, int(counts.max(initial=0))),
            colorscale=[[0, _CLEAR], [1, _STRONG]],
            xgap=1,
            ygap=1,
            showscale=False,
            text=[
                [f"{names[true]} → {names[predicted]}" for predicted in range(len(names))]
                for true in range(len(names))
            ],
            hovertemplate="<b>%{text}</b><br>"
            + say("confusion.hover", count="%{customdata[0]:,}", share="%{customdata[1]:.1%}")
            + "<extra></extra>",
        )
    )
    size = len(names)
    if size <= _TEXT_UP_TO:
        rows, columns = np.indices(counts.shape)
        figure.add_trace(
            go.Scatter(
                x=columns.ravel(),
                y=rows.ravel(),
                mode="text",
                text=[_cell(float(value), shares=shares) for value in values.ravel()],
                textfont={"size": 12.5, "color": colours.INK_ON_DARK if dark else colours.INK},
                hoverinfo="skip",
                showlegend=False,
            )
        )
        # A frame around what is right, for those who do not see the colours.
        for place in range(size):
            figure.add_shape(
                type="rect",
                x0=place - 0.5,
                x1=place + 0.5,
                y0=place - 0.5,
                y1=place + 0.5,
                line={"color": colours.QUIET, "width": 1.2},
            )
    ticks = {
        "tickvals": list(range(size)),
        "ticktext": axis,
        "showgrid": False,
        "zeroline": False,
        "automargin": True,
    }
    figure.update_xaxes(
        **ticks,
        title_text=say("confusion.predicted"),
        side="bottom",
        range=[-0.5, size - 0.5],
        tickangle=0 if max(map(len, axis), default=0) <= 2 else -45,
    )
    figure.update_yaxes(
        **ticks,
        title_text=say("confusion.true"),
        range=[size - 0.5, -0.5],
    )
    figure.update_layout(height=min(720, 190 + 38 * max(size, 5)), margin={"l": 8, "r": 8, "t": 16, "b": 8})
    return figure


def _cell(value: float, *, shares: bool) -> str:
    if value == 0:
        return ""
    if not shares:
        return f"{int(value):,}"
    if round(100 * value) == 0:
        return "<1"
    return f"{100 * value:.0f}"


def _short(name: str) -> str:
    return name if len(name) <= 14 else f"{name[:13]}…"
