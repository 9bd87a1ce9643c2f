"""Cells of a matrix of classes that can be pressed: Plotly cannot select cells of a heatmap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.shared.charts import colours

#: What `customdata` of a cell begins with: the true class, then the predicted one.
TRUE, PREDICTED = 0, 1


def lay_cells(
    figure: go.Figure,
    labels: Sequence[int],
    *,
    values: NDArray[np.floating] | None = None,
    names: Sequence[str],
    hovertemplate: str,
    axis: Sequence[str] | None = None,
    chosen: tuple[int, int] | None = None,
    dark: bool = False,
) -> None:
    """Lay a transparent square over each cell of a heatmap, which then answers in its place to mouse and finger.

    Whatever is nearest to the pointer is meant, so that a cell answers as a whole, however wide it is. The heatmap
    itself keeps still: it must not answer too.

    Args:
        figure: Has the heatmap: true classes as rows, predicted ones as columns, both in the order of `labels`.
        labels: The classes that it shows.
        values: What the hover text may name as `%{customdata[2]}` and so on, shape (classes, classes, values).
        names: The names of all classes, by label.
        hovertemplate: What is said of a cell; `%{text}` is "true → predicted".
        axis: The names on the axes, if they are categories; else cells stand at whole numbers from 0.
        chosen: The cell that gets a frame: (true, predicted) by label.
        dark: Whether the page behind it is dark.
    """
    size = len(labels)
    rows, columns = (places.ravel() for places in np.indices((size, size)))
    shown = np.asarray(labels)
    told = np.stack([shown[rows], shown[columns]], axis=1).astype(np.float64)
    if values is not None:
        told = np.concatenate([told, np.asarray(values, dtype=np.float64).reshape(size * size, -1)], axis=1)
    figure.update_traces(hoverinfo="skip", hovertemplate=None, selector={"type": "heatmap"})
    same = {
        "marker": {"opacity": 0}
    }  # else what is pressed, and all that is not, would be drawn in another way
    figure.add_trace(
        go.Scatter(
            x=columns if axis is None else np.asarray(axis)[columns],
            y=rows if axis is None else np.asarray(axis)[rows],
            mode="markers",
            marker={"symbol": "square", "size": 12, "opacity": 0},
            selected=same,
            unselected=same,
            customdata=told.tolist(),  # of an array the browser would send back something else
            text=[f"{names[true]} → {names[predicted]}" for true in labels for predicted in labels],
            hovertemplate=hovertemplate,
            showlegend=False,
        )
    )
    figure.update_layout(hovermode="closest", hoverdistance=-1)
    if axis is None:  # all are in sight: a pointer that moves while it presses must not shift them
        figure.update_xaxes(fixedrange=True)
        figure.update_yaxes(fixedrange=True)
    if chosen is not None and set(chosen) <= set(labels):
        frame_cell(
            figure,
            labels.index(chosen[TRUE]),
            labels.index(chosen[PREDICTED]),
            colour=colours.INK_ON_DARK if dark else colours.INK,
            width=3,
        )


def frame_cell(figure: go.Figure, row: int, column: int, *, colour: str, width: float) -> None:
    """Draw a frame, so many pixels wide, around a cell of a matrix, by its place from 0."""
    figure.add_shape(
        type="rect",
        x0=column - 0.5,
        x1=column + 0.5,
        y0=row - 0.5,
        y1=row + 0.5,
        line={"color": colour, "width": width},
    )
