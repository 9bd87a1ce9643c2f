"""A matrix of classes: true ones as rows from the top, predicted ones as columns, with cells that can be pressed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.shared.charts import colours
from dashboard.shared.language import Language
from dashboard.shared.run_words import brief, cut

Form = Literal["shares", "counts", "mistakes", "flows"]
"""What a cell of a confusion matrix tells: its share of the true class; how many samples; how many, leaving out
what is right; or no cells, but flows from the classes to the answers."""

#: Up to so many classes each cell has room for a number.
FEW = 12
_SOME = 24
#: What `customdata` of a cell that can be pressed begins with: the true class, then the predicted one.
TRUE, PREDICTED = 0, 1


def class_matrix(
    heatmap: dict[str, Any],
    facts: NDArray[np.number],
    written: Sequence[Sequence[str]],
    names: Sequence[str],
    labels: Sequence[int],
    t: Language,
    *,
    formats: Sequence[str],
    hover: Callable[..., str],
    pressable: bool,
    chosen: tuple[int, int] | None,
    dark: bool,
    pixels: float = 12.5,
) -> go.Figure:
    """Draw a matrix of classes.

    With more than twelve classes the cells have no words, and the page decides how many names fit below; all do after
    zooming in.

    Args:
        heatmap: What is coloured, `z` (shown, shown), its `colorscale` and where that ends.
        facts: What the text at the pointer names, (shown, shown, facts).
        written: What stands in each cell of few classes.
        names: The names of all classes, by label.
        labels: The classes to show, in this order.
        formats: How each fact is written, in the language of d3.
        hover: Makes the text at the pointer of the facts, each as Plotly fills it in.
        pressable: Whether a press on a cell tells its classes: Plotly cannot select cells of a heatmap, so a
            transparent square over each answers in its place to mouse and finger.
        chosen: Of a pressable one the cell with a frame: (true, predicted) by label.
        dark: Whether the page behind it is dark.
        pixels: How large the words in the cells are.

    Returns:
        The heatmap; for up to twelve classes a text trace over it; over a pressable one a trace of cells. The facts
        are the custom data of the heatmap, or of the cells that can be pressed, behind their two labels.
    """
    size = len(labels)
    few = size <= FEW
    axis = _axis_names([names[label] for label in labels])
    said = [[f"{names[true]} → {names[predicted]}" for predicted in labels] for true in labels]
    ink = colours.INK_ON_DARK if dark else colours.INK
    rows, columns = (places.ravel() for places in np.indices((size, size)))
    # Lists, for of arrays Plotly would not see the second time that they are the same.
    places = {
        name: which.tolist() if few else [axis[place] for place in which]
        for name, which in (("x", columns), ("y", rows))
    }

    def at_pointer(first: int) -> str:
        told = (f"%{{customdata[{place}]:{form}}}" for place, form in enumerate(formats, start=first))
        return f"<b>%{{text}}</b><br>{hover(*told)}<extra></extra>"

    base: dict[str, Any] = {
        "type": "heatmap",
        "xgap": 1,
        "ygap": 1,
        "showscale": False,
        "hoverongaps": False,
        **({} if few else {"x": axis, "y": axis}),
        # Below cells that can be pressed it must not answer too.
        **(
            {"hoverinfo": "skip"}
            if pressable
            else {"text": said, "customdata": facts, "hovertemplate": at_pointer(0)}
        ),
        **heatmap,
    }
    traces, shapes = [base], []
    if few:
        traces.append(
            {
                "type": "scatter",
                **places,
                "mode": "text",
                "text": [word for row in written for word in row],
                "textfont": {"size": pixels, "color": ink},
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
        # A frame around what is right, for those who do not see the colours.
        shapes.append(_diagonal(size))
    layout = _layout(axis, t)
    if pressable:
        known = np.asarray(labels, dtype=np.float64)
        told = np.column_stack([known[rows], known[columns], facts.reshape(size * size, -1)])
        same = {"marker": {"opacity": 0}}  # else what is pressed, and all that is not, would look otherwise
        traces.append(
            {
                "type": "scatter",
                **places,
                "mode": "markers",
                "marker": {"symbol": "square", "size": 12, "opacity": 0},
                "selected": same,
                "unselected": same,
                "customdata": told.tolist(),  # of an array the browser would send back something else
                "text": [text for row in said for text in row],
                "hovertemplate": at_pointer(2),
                "showlegend": False,
            }
        )
        # Whatever is nearest to the pointer is meant, so that a cell answers as a whole, however wide it is.
        # The rest is what Streamlit has of a chart whose points are chosen, and else would lay over the finished one.
        layout |= {
            "hovermode": "closest",
            "hoverdistance": -1,
            "clickmode": "event+select",
            "dragmode": "pan",
        }
        if few:  # all are in sight: a pointer that moves while it presses must not shift them
            layout["xaxis"]["fixedrange"] = layout["yaxis"]["fixedrange"] = True
        if chosen is not None and set(chosen) <= set(labels):
            place = labels.index(chosen[TRUE]), labels.index(chosen[PREDICTED])
            shapes.append(cell_frame(*place, colour=ink, width=3))
    # All at once: Plotly checks a figure anew at each addition, which took ten times as long.
    return go.Figure({"data": traces, "layout": {**layout, "shapes": shapes}})


def _diagonal(size: int) -> dict[str, Any]:
    """The shape of frames around all cells of the diagonal, as one path."""
    corners = [(place - 0.5, place + 0.5) for place in range(size)]
    path = " ".join(f"M{low},{low}H{high}V{high}H{low}Z" for low, high in corners)
    return {"type": "path", "path": path, "line": {"color": colours.QUIET, "width": 1.2}}


def cell_frame(row: int, column: int, *, colour: str, width: float) -> dict[str, Any]:
    """The shape of a frame, so many pixels wide, around a cell of a matrix, by its place from 0."""
    return {
        "type": "rect",
        "x0": column - 0.5,
        "x1": column + 0.5,
        "y0": row - 0.5,
        "y1": row + 0.5,
        "line": {"color": colour, "width": width},
    }


def _axis_names(names: Sequence[str]) -> list[str]:
    """Brief names that can stand on an axis, where two of the same name would be one."""
    short = [brief(name) for name in names]
    return [name if short.count(name) == 1 else f"{name} ({place})" for place, name in enumerate(short)]


def _layout(axis: Sequence[str], t: Language) -> dict[str, Any]:
    """Axes and height: few classes stand at whole numbers, many are categories, written as far as there is room."""
    size, short = len(axis), [cut(name) for name in axis]
    ticks: dict[str, Any] = {"showgrid": False, "zeroline": False, "automargin": True}
    if size <= FEW:
        ticks |= {"tickvals": list(range(size)), "ticktext": short}
        height = 190 + 38 * max(size, 5)
        angle = 0 if size <= 4 or max(map(len, short)) <= 2 else -45
    else:
        ticks |= {"type": "category", "tickfont": {"size": 11}}
        height, angle = 170 + (24 if size <= _SOME else 17) * size, -90
    xaxis = {**ticks, "title": {"text": t("confusion.predicted")}, "side": "bottom", "tickangle": angle}
    yaxis = {**ticks, "title": {"text": t("confusion.true")}}
    return {
        "xaxis": {**xaxis, "range": [-0.5, size - 0.5]},
        "yaxis": {**yaxis, "range": [size - 0.5, -0.5]},
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 16, "b": 8},
    }
