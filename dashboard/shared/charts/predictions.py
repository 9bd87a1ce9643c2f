"""What a network got wrong: the confusion matrix, and the probability of each class for one sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.analysis.classification import normalize_rows
from dashboard.shared.charts import colours
from dashboard.shared.charts.class_matrix import FEW, Form, class_matrix
from dashboard.shared.charts.template import new_figure
from dashboard.shared.language import Language
from dashboard.shared.run_words import brief

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
    """The confusion matrix, as `class_matrix` draws it, with counts and shares as its facts.

    Counts of many classes are coloured by their logarithm, so that rare classes show beside frequent ones. Of some
    `labels`, in this order, shares stay those of the whole row; `chosen` is the cell with a frame, if clickable.
    """
    shown = list(range(len(names))) if labels is None else list(labels)
    few, as_shares = len(shown) <= FEW, form == "shares"
    part = np.ix_(shown, shown)
    counts, shares = np.asarray(matrix, dtype=np.int64)[part], normalize_rows(matrix)[part]
    cells = shares.copy() if as_shares else counts.astype(np.float64)
    if form == "mistakes":
        np.fill_diagonal(cells, np.nan)
    values = cells if few or as_shares else np.log1p(cells)
    return class_matrix(
        {
            "z": values,
            "zmin": 0,
            "zmax": 1 if as_shares else max(1, float(np.nanmax(values, initial=0))),
            "colorscale": [[0, _CLEAR], [1, _STRONG if few else _STRONGER]],
        },
        np.dstack([counts, shares]),
        [[_cell(value, shares=as_shares) for value in row] for row in cells.tolist()] if few else (),
        names,
        shown,
        t,
        formats=(",", ".1%"),
        hover=lambda count, share: t("confusion.hover", count=count, share=share),
        pressable=clickable,
        chosen=chosen,
        dark=dark,
    )


def _cell(value: float, *, shares: bool) -> str:
    if value == 0 or math.isnan(value):
        return ""
    if not shares:
        return f"{int(value):,}"
    if round(100 * value) == 0:
        return "<1"
    return f"{100 * value:.0f}"


def class_bars(
    probabilities: NDArray[np.floating],
    written: Sequence[str],
    names: Sequence[str],
    t: Language,
    *,
    true: int,
    predicted: int,
) -> go.Figure:
    """The probabilities of all classes as lying bars, with words at the true and the predicted one.

    `written` are the probabilities in words. The custom data of a bar is its label; the first one is on top.
    """
    order = np.arange(len(names))
    if len(names) > FEW:
        order = np.argsort(-probabilities, kind="stable")
    marks = {predicted: t("sample.bar.predicted"), true: t("sample.bar.true")}
    if true == predicted:
        marks = {true: t("sample.bar.right")}
    shares = [escape(written[label]) for label in order.tolist()]
    figure = new_figure(
        go.Bar(
            x=probabilities[order].tolist(),
            y=list(range(len(order))),
            orientation="h",
            customdata=order.tolist(),
            marker={
                "color": [colours.TRAINING if label in marks else colours.QUIET for label in order.tolist()],
                # Of a mistake the bar that should have been the longest is hatched.
                "pattern": {"shape": ["/" if label == true != predicted else "" for label in order.tolist()]},
                "line": {"width": 0},
            },
            text=[
                f"<b>{share}</b>" if label in marks else share
                for label, share in zip(order.tolist(), shares, strict=True)
            ],
            textposition="outside",
            textfont={"size": 12},
            cliponaxis=False,
            hovertext=[
                f"{names[label]}: {share}" for label, share in zip(order.tolist(), shares, strict=True)
            ],
            hoverinfo="text",
        ),
        height=60 + (30 if len(names) <= FEW else 24) * len(order),
        right=4,
        bargap=0.25,
    )
    figure.layout.yaxis = {
        "tickvals": list(range(len(order))),
        "ticktext": [_tick(brief(names[label]), marks.get(label, "")) for label in order.tolist()],
        "range": [len(order) - 0.5, -0.5],
        "showgrid": False,
        "title_text": "",
    }
    # The number of the longest bar stands outside of it, even where the chart is 160 pixels wide.
    figure.layout.xaxis = {
        "range": [0, 1.9],
        "tickvals": [0, 1],
        "tickformat": ".0%",
        "tickangle": 0,
        "zeroline": True,
    }
    return figure


def _tick(name: str, mark: str) -> str:
    """A class beside its bar, with what is to be said of it below."""
    return f"<b>{name}</b><br><span style='font-size:10px'>{mark}</span>" if mark else name
