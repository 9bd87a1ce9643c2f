"""A figure as it is read from the last row of a class: larger writing, thicker lines, as high as there is room."""

from __future__ import annotations

import copy
from typing import Any

import plotly.graph_objects as go

USUAL = 12.0
"""Pixels of the writing in figures otherwise."""


def presented(figure: go.Figure, *, font: float, heights: tuple[int, int], colour: str) -> go.Figure:
    """A copy of a figure with writing of so many pixels, in a colour that is read from afar, as high as there is room.

    Of the two heights the first is that of a usual figure, the second the most that one with many rows may have.
    """
    times = font / USUAL
    large = go.Figure(copy.deepcopy(figure.to_plotly_json()))
    layout = large.layout
    usual = layout.height or 0
    large.update_layout(
        height=max(heights[0], min(heights[1], round(usual * min(times, 1.3)))),
        font={"size": font, "color": colour},
        legend={"font": {"size": font, "color": colour}},
        hoverlabel={"font": {"size": font}},
        margin={side: round((getattr(layout.margin, side) or 8) * times) for side in ("l", "r", "t", "b")},
    )
    for axis in (*large.select_xaxes(), *large.select_yaxes()):
        axis.tickfont.update(size=font, color=colour)
        axis.title.font.update(size=font, color=colour)
        if axis.title.standoff is not None:
            axis.title.standoff *= times
        if axis.dtick == 1 and axis.type != "category":
            axis.dtick = None  # so many numbers would stand over each other
    for annotation in layout.annotations:
        annotation.font.size = font
        for shift in ("xshift", "yshift"):
            if annotation[shift] is not None:
                annotation[shift] *= times
    for shape in layout.shapes:
        shape.line.width = 2 * (shape.line.width or 2)
    for trace in large.data:
        _enlarge(trace, font, times, colour)
    return large


def _enlarge(trace: Any, font: float, times: float, colour: str) -> None:
    if trace.type in ("scatter", "scattergl"):
        trace.line.width = 2 * (trace.line.width or 2)
        if isinstance(trace.marker.size, int | float):
            trace.marker.size = trace.marker.size * min(times, 1.8)
        elif trace.marker.size is None:
            trace.marker.size = 6 * min(times, 1.8)
    known = trace._valid_props
    if "textfont" in known:
        written = [trace[name] for name in ("text", "texttemplate") if name in known]
        if trace.type == "sankey" or any(one is not None for one in written):
            trace.textfont.size = font
    if "colorbar" in known and trace.type == "heatmap":
        trace.colorbar.tickfont.update(size=font, color=colour)
        trace.colorbar.title.font.size = font
