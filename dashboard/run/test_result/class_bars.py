"""What a network says of one sample: the probability of each class as a bar."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.shared.charts import colours
from dashboard.shared.charts.class_names import brief
from dashboard.shared.language import Language

#: Up to so many classes stand by label; more by probability, for most of them got next to nothing.
FEW = 12


def class_bars(
    probabilities: NDArray[np.floating],
    told: Sequence[str],
    names: Sequence[str],
    t: Language,
    *,
    true: int,
    predicted: int,
) -> go.Figure:
    """The probabilities of all classes as lying bars, with words at the true and the predicted one.

    Args:
        probabilities: One a class, shape (classes,).
        names: The classes' names, by label.
        true: The class of the sample.
        predicted: The class that the network decided for.

    Returns:
        One trace of bars, the first one on top; its custom data are the labels.
    """
    order = np.arange(len(names))
    if len(names) > FEW:
        order = np.argsort(-probabilities, kind="stable")
    marks = {predicted: t("sample.bar.predicted"), true: t("sample.bar.true")}
    if true == predicted:
        marks = {true: t("sample.bar.right")}
    shares = [escape(told[label]) for label in order.tolist()]
    figure = go.Figure(
        go.Bar(
            x=probabilities[order],
            y=np.arange(len(order)),
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
        )
    )
    figure.update_yaxes(
        tickvals=np.arange(len(order)),
        ticktext=[_tick(brief(names[label]), marks.get(label, "")) for label in order.tolist()],
        range=[len(order) - 0.5, -0.5],
        automargin=True,
        showgrid=False,
        zeroline=False,
        title_text="",
    )
    # The number of the longest bar stands outside of it, even where the chart is 160 pixels wide.
    figure.update_xaxes(range=[0, 1.9], tickvals=[0, 1], tickformat=".0%", tickangle=0, zeroline=True)
    figure.update_layout(
        height=60 + (30 if len(names) <= FEW else 24) * len(order),
        margin={"l": 8, "r": 4, "t": 8, "b": 8},
        bargap=0.25,
        dragmode=False,
        hovermode="closest",
    )
    return figure


def _tick(name: str, mark: str) -> str:
    """A class beside its bar, with what is to be said of it below."""
    return f"<b>{name}</b><br><span style='font-size:10px'>{mark}</span>" if mark else name
