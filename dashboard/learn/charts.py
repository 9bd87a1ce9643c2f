"""Small charts of the lessons: shares of scores, division of the samples, folds, widths of layers. No Streamlit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from dashboard.shared.charts import colours
from dashboard.shared.charts.template import new_figure
from dashboard.shared.language import Language

_TEST = "#c0609a"  # as in the chart of the classes
_PART_COLOURS = {"train": colours.TRAINING, "validation": colours.VALIDATION, "test": _TEST}


def share_chart(
    names: Sequence[str], scores: Sequence[float], shares: Sequence[float], t: Language
) -> go.Figure:
    """What softmax makes of scores, as bars from 0 to 1 with their numbers."""
    figure = new_figure(
        go.Bar(
            x=list(names),
            y=list(shares),
            marker={"color": colours.TRAINING, "line": {"width": 0}},
            text=[f"{share:.1%}" for share in shares],
            textposition="outside",
            cliponaxis=False,
            customdata=list(scores),
            hovertemplate="%{x}: %{customdata:.1f} → %{y:.4f}<extra></extra>",
        ),
        height=240,
        top=24,
        showlegend=False,
    )
    figure.layout.yaxis = {
        "range": [0, 1.05],
        "tickformat": ".0%",
        "nticks": 6,
        "title_text": t("scores.share"),
    }
    return figure


def parts_chart(sizes: Mapping[str, int], t: Language) -> go.Figure:
    """Training, validation and test samples as one lying bar each."""
    figure = new_figure(height=170, showlegend=False, bargap=0.25)
    names = [t(f"learn.part.{part}") for part in sizes]
    figure.add_bar(
        x=list(sizes.values()),
        y=names,
        orientation="h",
        marker={"color": [_PART_COLOURS[part] for part in sizes], "line": {"width": 0}},
        text=[f"{size:,}" for size in sizes.values()],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:,}<extra></extra>",
    )
    figure.layout.yaxis = {"autorange": "reversed", "type": "category"}
    figure.layout.xaxis = {"range": [0, 1.2 * max(sizes.values())], "nticks": 4}
    return figure


def width_chart(widths: Sequence[int], t: Language) -> go.Figure:
    """The layers of a network below each other, each as wide as it has units, on a scale of roots."""
    figure = new_figure(height=40 + 46 * len(widths), showlegend=False, bargap=0.35)
    narrow = min(widths)
    figure.add_bar(
        x=[width**0.5 for width in widths],
        base=[-(width**0.5) / 2 for width in widths],
        y=list(range(len(widths))),
        orientation="h",
        marker={
            "color": [
                colours.TURNING_POINT if width == narrow < widths[-1] else colours.TRAINING
                for width in widths
            ],
            "line": {"width": 0},
        },
        customdata=list(widths),
        hovertemplate=t("learn.figure.width.hover", units="%{customdata:,}") + "<extra></extra>",
    )
    for place, width in enumerate(widths):
        figure.add_annotation(
            x=max(widths) ** 0.5 / 2,
            y=place,
            xanchor="left",
            xshift=8,
            showarrow=False,
            text=f"<b>{width:,}</b>",
        )
    figure.layout.yaxis = {"autorange": "reversed", "visible": False}
    reach = max(widths) ** 0.5
    figure.layout.xaxis = {"visible": False, "range": [-0.55 * reach, 0.8 * reach]}
    return figure


def fold_chart(folds: int, t: Language) -> go.Figure:
    """Which part of the samples is kept back in each training of a cross-validation."""
    figure = new_figure(height=70 + 30 * folds, top=36, barmode="stack", bargap=0.25)
    rounds = [t("learn.figure.round", number=number + 1) for number in range(folds)]
    shown: set[str] = set()
    for part in range(folds):
        for kind in ("train", "validation"):
            rows = [row for row in range(folds) if (row == part) == (kind == "validation")]
            values: list[float | None] = [1 if row in rows else None for row in range(folds)]
            figure.add_bar(
                x=values,
                base=[part] * folds,
                y=rounds,
                orientation="h",
                name=t(f"learn.part.{kind}"),
                legendgroup=kind,
                showlegend=kind not in shown,
                marker={"color": _PART_COLOURS[kind], "line": {"width": 1, "color": "white"}},
                hovertemplate="%{y}<extra>%{fullData.name}</extra>",
            )
            shown.add(kind)
    figure.layout.yaxis = {"autorange": "reversed", "type": "category"}
    figure.layout.xaxis = {"visible": False, "range": [0, folds]}
    return figure
