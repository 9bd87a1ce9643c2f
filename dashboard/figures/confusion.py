"""Which classes a network takes for which."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.analysis.classification import normalised
from dashboard.figures import colours
from dashboard.figures.class_names import brief
from dashboard.figures.matrix_cells import lay_cells
from dashboard.language import Language

Form = Literal["shares", "counts", "mistakes"]
"""What a cell tells: its share of the true class; how many samples; how many, leaving out what is right."""

#: Up to so many classes each cell has room for a number.
FEW = 12
# From nothing to a strong blue that lets the page shine through: dark words on it stay readable on a light
# page, light words on a dark one.
_CLEAR, _STRONG = "rgba(31,131,201,0)", "rgba(31,131,201,0.72)"
_STRONGER = "rgba(31,131,201,1)"  # where no words stand on it
_SOME = 24


def confusion(
    matrix: Sequence[Sequence[int]],
    names: Sequence[str],
    say: Language,
    *,
    form: Form,
    labels: Sequence[int] | None = None,
    dark: bool = False,
    clickable: bool = False,
    chosen: tuple[int, int] | None = None,
) -> go.Figure:
    """The confusion matrix: true classes as rows from the top, predicted ones as columns.

    With more than twelve classes the cells have no words, counts are coloured by their logarithm, so that rare
    classes show beside frequent ones, and the page decides how many names fit below; all do after zooming in.

    Args:
        matrix: Counts, `matrix[true][predicted]`.
        names: The classes' names, by label.
        say: The language.
        form: What is written and coloured.
        labels: The classes to show, in this order; all by label without it. Shares stay those of the whole row.
        dark: Whether the page behind it is dark.
        clickable: Whether its cells can be pressed (`matrix_cells`).
        chosen: Of a clickable one the cell with a frame: (true, predicted) by label.

    Returns:
        A heatmap with the counts and the shares as custom data, with a text trace over it for up to twelve classes;
        over a clickable one a trace of cells that has both, behind the labels of the true and the predicted class.
    """
    shown = list(range(len(names))) if labels is None else list(labels)
    few = len(shown) <= FEW
    part = np.ix_(shown, shown)
    counts, shares = np.asarray(matrix, dtype=np.int64)[part], normalised(matrix)[part]
    told = shares if form == "shares" else counts.astype(np.float64)
    if form == "mistakes":
        np.fill_diagonal(told, np.nan)
    values = told if few or form == "shares" else np.log1p(told)
    axis = _distinct([brief(names[label]) for label in shown])
    cells = np.dstack([counts, shares])
    figure = go.Figure(
        go.Heatmap(
            x=None if few else axis,
            y=None if few else axis,
            z=values,
            customdata=cells,
            zmin=0,
            zmax=1 if form == "shares" else max(1, float(np.nanmax(values, initial=0))),
            colorscale=[[0, _CLEAR], [1, _STRONG if few else _STRONGER]],
            xgap=1,
            ygap=1,
            showscale=False,
            hoverongaps=False,
            text=[[f"{names[true]} → {names[predicted]}" for predicted in shown] for true in shown],
            hovertemplate=_hover(say, first=0),
        )
    )
    if few:
        _write_cells(figure, told, form, dark=dark)
    if clickable:
        lay_cells(
            figure,
            shown,
            values=cells,
            names=names,
            hovertemplate=_hover(say, first=2),
            axis=None if few else axis,
            chosen=chosen,
            dark=dark,
        )
    size = len(shown)
    ticks: dict[str, Any] = {"showgrid": False, "zeroline": False, "automargin": True}
    short = [_short(name) for name in axis]
    if few:
        ticks |= {"tickvals": list(range(size)), "ticktext": short}
    else:
        # As a category axis it writes as many names as there is room for.
        ticks |= {"type": "category", "tickfont": {"size": 11}}
    figure.update_xaxes(
        **ticks,
        title_text=say("confusion.predicted"),
        side="bottom",
        range=[-0.5, size - 0.5],
        tickangle=-90 if not few else 0 if size <= 4 or max(map(len, short)) <= 2 else -45,
    )
    figure.update_yaxes(
        **ticks,
        title_text=say("confusion.true"),
        range=[size - 0.5, -0.5],
    )
    figure.update_layout(height=_height(size), margin={"l": 8, "r": 8, "t": 16, "b": 8})
    return figure


def _hover(say: Language, *, first: int) -> str:
    """What is said of a cell whose count and share stand in its custom data, the count at a place from 0."""
    count, share = f"%{{customdata[{first}]:,}}", f"%{{customdata[{first + 1}]:.1%}}"
    return f"<b>%{{text}}</b><br>{say('confusion.hover', count=count, share=share)}<extra></extra>"


def _write_cells(figure: go.Figure, told: NDArray[np.float64], form: Form, *, dark: bool) -> None:
    rows, columns = np.indices(told.shape)
    figure.add_trace(
        go.Scatter(
            x=columns.ravel(),
            y=rows.ravel(),
            mode="text",
            text=[_cell(float(value), shares=form == "shares") for value in told.ravel()],
            textfont={"size": 12.5, "color": colours.INK_ON_DARK if dark else colours.INK},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    # A frame around what is right, for those who do not see the colours.
    for place in range(len(told)):
        figure.add_shape(
            type="rect",
            x0=place - 0.5,
            x1=place + 0.5,
            y0=place - 0.5,
            y1=place + 0.5,
            line={"color": colours.QUIET, "width": 1.2},
        )


def _height(classes: int) -> int:
    """Pixels, so that a row can be read and pointed at."""
    if classes <= FEW:
        return 190 + 38 * max(classes, 5)
    return 170 + (24 if classes <= _SOME else 17) * classes


def _distinct(names: Sequence[str]) -> list[str]:
    """Names that can stand on an axis, where two of the same name would be one."""
    return [name if names.count(name) == 1 else f"{name} ({place})" for place, name in enumerate(names)]


def _cell(value: float, *, shares: bool) -> str:
    if value == 0 or math.isnan(value):
        return ""
    if not shares:
        return f"{int(value):,}"
    if round(100 * value) == 0:
        return "<1"
    return f"{100 * value:.0f}"


def _short(name: str) -> str:
    return name if len(name) <= 14 else f"{name[:13]}…"
