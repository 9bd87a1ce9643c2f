"""What is in a data set: how many of each class, what an image is made of, what scaling does to its values."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.datasets.exploration import ClassCount, Sample, ScalingEffect
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import new_figure, upright
from dashboard.shared.language import Language

_TEST = "#c0609a"
_MANY_PIXELS = 16
_LEGIBLE = 32  # pixels each way: in smaller cells numbers would be dots
_GREY, _RGBA = 2, 4


def class_counts(
    counts: Sequence[ClassCount], names: Sequence[str], t: Language, *, most: int | None = None
) -> go.Figure:
    """Samples of each class in the training and in the test set, as lying bars, the first one on top.

    `most` is where the axis ends, for one chart of several: then the counts are written out, for beside the largest
    class of all some are too small to be seen.
    """
    bars: list[dict[str, Any]] = [
        {
            "type": "bar",
            "y": [names[count.label] for count in counts],
            "x": [getattr(count, part) for count in counts],
            "orientation": "h",
            "name": t(f"data.part.{part}"),
            "marker": {"color": colour, "line": {"width": 0}},
            "texttemplate": "%{x:,}" if most else None,
            "textposition": "outside" if most else "none",
            "textfont": {"size": 11},
            "cliponaxis": False,
            "hovertemplate": "%{y}: %{x:,}<extra>%{fullData.name}</extra>",
        }
        for part, colour in (("train", colours.TRAINING), ("test", _TEST))
    ]
    end = {"range": [0, most * 1.35], "nticks": 4, "tickformat": "~s"} if most else {}
    return new_figure(
        *bars,
        height=90 + 30 * len(counts),
        top=32,
        barmode="group",
        bargap=0.15 if most else 0.28,
        legend={"y": 1.01},
        xaxis={"title": {"text": t("data.counts.axis")}, "rangemode": "tozero", **end},
        yaxis={"type": "category", "autorange": "reversed", "title": {"text": ""}},
    )


def pixels(sample: Sample, largest: int, t: Language, *, channel: int | None = None) -> go.Figure:
    """One image, enlarged, with the value of each pixel written into it where there is room; `largest` is white.

    Of an image in colours the numbers stand under the pointer; one `channel` alone is drawn as a grey image is, in
    shades of its colour.
    """
    height, width = sample.pixels.shape[:2]
    in_colours = sample.pixels.ndim > _GREY
    if in_colours and channel is None:
        trace = _in_colours(sample.pixels, largest, t)
    else:
        scale = [[0, "#000000"], [1, "#ffffff"]] if channel is None else colours.channel_scale(channel)
        trace = _values(sample.pixels if channel is None else sample.pixels[..., channel], largest, scale, t)
    step = 4 if max(height, width) > _MANY_PIXELS else 1
    axis: dict[str, Any] = {"dtick": step, "showgrid": False, "ticks": "", "constrain": "domain"}
    return new_figure(
        trace,
        margin={"l": 24, "r": 4, "t": 24, "b": 4},
        xaxis={**axis, "side": "top", "range": [-0.5, width - 0.5]},
        yaxis={**axis, "range": [height - 0.5, -0.5], "scaleanchor": "x", "constraintoward": "top"},
    )


def _values(values: NDArray[np.uint8], largest: int, scale: list[list[Any]], t: Language) -> go.Heatmap:
    return go.Heatmap(
        z=values,
        zmin=0,
        zmax=largest,
        colorscale=scale,
        showscale=False,
        texttemplate="%{z}" if max(values.shape) <= _LEGIBLE else None,
        hovertemplate=t("data.sample.hover", row="%{y}", column="%{x}", value="%{z}") + "<extra></extra>",
    )


def _in_colours(image: NDArray[np.uint8], largest: int, t: Language) -> go.Image:
    value = t("data.sample.colours", red="%{z[0]}", green="%{z[1]}", blue="%{z[2]}")
    return go.Image(
        z=image,
        colormodel="rgb",
        zmin=[0] * _RGBA,
        zmax=[largest] * _RGBA,
        hovertemplate=t("data.sample.hover", row="%{y}", column="%{x}", value=value) + "<extra></extra>",
    )


def scaling(effect: ScalingEffect, t: Language, *, tallest: float) -> go.Figure:
    """The distribution of scaled values, their mean marked; one of several whose axes end at the tallest share."""
    edges = effect.edges
    width = edges[1] - edges[0]
    return new_figure(
        {
            "type": "bar",
            "x": [(left + right) / 2 for left, right in pairwise(edges)],
            "y": effect.shares,
            "width": width * 0.92,
            "marker": {"color": colours.TRAINING, "line": {"width": 0}},
            "hovertemplate": t("data.scaling.hover", value="%{x:.3~g}", share="%{y:.1%}") + "<extra></extra>",
        },
        height=170,
        showlegend=False,
        xaxis={"nticks": 5, "tickformat": "~g", "range": [edges[0] - width / 2, edges[-1] + width / 2]},
        yaxis={"range": [0, tallest * 1.05], "tickformat": ".0%", "nticks": 4},
        shapes=[upright(effect.mean, {"color": colours.VALIDATION, "width": 2, "dash": "dash"})],
    )
