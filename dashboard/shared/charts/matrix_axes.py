"""What matrices of classes have in common: true classes as rows from the top, predicted ones as columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard.shared.charts import colours
from dashboard.shared.charts.class_names import brief, cut
from dashboard.shared.charts.matrix_cells import frame_cell
from dashboard.shared.language import Language

#: Up to so many classes each cell has room for a number.
FEW = 12
_SOME = 24


def axis_names(names: Sequence[str]) -> list[str]:
    """Brief names that can stand on an axis, where two of the same name would be one."""
    short = [brief(name) for name in names]
    return [name if short.count(name) == 1 else f"{name} ({place})" for place, name in enumerate(short)]


def lay_axes(figure: go.Figure, axis: Sequence[str], t: Language) -> None:
    """Give a matrix its axes and its height.

    Up to twelve classes stand at whole numbers from 0; more are categories, of which as many are written as there
    is room for.

    Args:
        axis: The names of the classes shown, as `axis_names` has them.
    """
    size, few = len(axis), len(axis) <= FEW
    ticks: dict[str, Any] = {"showgrid": False, "zeroline": False, "automargin": True}
    short = [cut(name) for name in axis]
    if few:
        ticks |= {"tickvals": list(range(size)), "ticktext": short}
    else:
        ticks |= {"type": "category", "tickfont": {"size": 11}}
    figure.update_xaxes(
        **ticks,
        title_text=t("confusion.predicted"),
        side="bottom",
        range=[-0.5, size - 0.5],
        tickangle=-90 if not few else 0 if size <= 4 or max(map(len, short)) <= 2 else -45,
    )
    figure.update_yaxes(
        **ticks,
        title_text=t("confusion.true"),
        range=[size - 0.5, -0.5],
    )
    figure.update_layout(height=_height(size), margin={"l": 8, "r": 8, "t": 16, "b": 8})


def write_cells(
    figure: go.Figure, words: Sequence[Sequence[str]], *, dark: bool, pixels: float = 12.5
) -> None:
    """Write into the cells of a matrix whose axes are whole numbers, and frame what is right.

    Args:
        words: What stands in each cell, true classes as rows.
        dark: Whether the page behind it is dark.
        pixels: How large the words are.
    """
    size = len(words)
    figure.add_trace(
        go.Scatter(
            x=[column for _ in range(size) for column in range(size)],
            y=[row for row in range(size) for _ in range(size)],
            mode="text",
            text=[word for row in words for word in row],
            textfont={"size": pixels, "color": colours.INK_ON_DARK if dark else colours.INK},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    # A frame around what is right, for those who do not see the colours.
    for place in range(size):
        frame_cell(figure, place, place, colour=colours.QUIET, width=1.2)


def _height(classes: int) -> int:
    """Pixels, so that a row can be read and pointed at."""
    if classes <= FEW:
        return 190 + 38 * max(classes, 5)
    return 170 + (24 if classes <= _SOME else 17) * classes
