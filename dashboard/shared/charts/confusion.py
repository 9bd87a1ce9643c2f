"""Which classes a network takes for which."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import plotly.graph_objects as go

from core.analysis.classification import normalised
from dashboard.shared.charts.matrix_axes import FEW, axis_names, lay_axes, write_cells
from dashboard.shared.charts.matrix_cells import lay_cells
from dashboard.shared.language import Language

Form = Literal["shares", "counts", "mistakes"]
"""What a cell tells: its share of the true class; how many samples; how many, leaving out what is right."""

# From nothing to a strong blue that lets the page shine through: dark words on it stay readable on a light
# page, light words on a dark one.
_CLEAR, _STRONG = "rgba(31,131,201,0)", "rgba(31,131,201,0.72)"
_STRONGER = "rgba(31,131,201,1)"  # where no words stand on it


def confusion(
    matrix: Sequence[Sequence[int]],
    names: Sequence[str],
    t: Language,
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
    axis = axis_names([names[label] for label in shown])
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
            hovertemplate=_hover(t, first=0),
        )
    )
    if few:
        as_shares = form == "shares"
        written = [[_cell(value, shares=as_shares) for value in row] for row in told.tolist()]
        write_cells(figure, written, dark=dark)
    if clickable:
        lay_cells(
            figure,
            shown,
            values=cells,
            names=names,
            hovertemplate=_hover(t, first=2),
            axis=None if few else axis,
            chosen=chosen,
            dark=dark,
        )
    lay_axes(figure, axis, t)
    return figure


def _hover(t: Language, *, first: int) -> str:
    """What is said of a cell whose count and share stand in its custom data, the count at a place from 0."""
    count, share = f"%{{customdata[{first}]:,}}", f"%{{customdata[{first + 1}]:.1%}}"
    return f"<b>%{{text}}</b><br>{t('confusion.hover', count=count, share=share)}<extra></extra>"


def _cell(value: float, *, shares: bool) -> str:
    if value == 0 or math.isnan(value):
        return ""
    if not shares:
        return f"{int(value):,}"
    if round(100 * value) == 0:
        return "<1"
    return f"{100 * value:.0f}"
