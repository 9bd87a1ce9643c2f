"""A confusion matrix as flows: classes on the left, answers on the right."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.analysis.confusion_reading import Flows
from dashboard.shared.charts import colours
from dashboard.shared.charts.class_matrix import FEW
from dashboard.shared.charts.template import new_figure
from dashboard.shared.language import Language
from dashboard.shared.run_words import brief, cut

#: Mistakes rarer than this share of their class are left out: of few classes, and of many.
LEAST_OF_FEW, LEAST_OF_MANY = 0.02, 0.05
_PAD, _TOP, _BOTTOM, _THICKNESS = 12, 34, 8, 10
_LETTER_PIXELS = 7.2
_RIGHT, _WRONG = "rgba(135,147,160,0.35)", "rgba(217,115,26,0.72)"


def least_share(classes: int) -> float:
    """From which share of their class on mistakes are drawn."""
    return LEAST_OF_FEW if classes <= FEW else LEAST_OF_MANY


def flow_figure(found: Flows, names: Sequence[str], t: Language) -> go.Figure:
    """The flows as bands, each as thick as its share of its class: right answers grey, mistakes orange over them.

    All classes are equally thick, so that rare ones can be read too. Their names stand beside the bands, where Plotly
    would write over them, and never nearer to each other than a line of words.
    """
    most = max(len(found.classes), len(found.answers))
    inside = most * (_PAD + (20 if most <= FEW else 9))
    flows = [flow for flow in found.flows if flow.true == flow.predicted] + list(reversed(found.wrong))
    given = {label: sum(flow.share for flow in flows if flow.true == label) for label in found.classes}
    taken = {label: sum(flow.share for flow in flows if flow.predicted == label) for label in found.answers}
    places = [centres([each[label] for label in each], inside, most) for each in (given, taken)]
    left = {label: place for place, label in enumerate(found.classes)}
    right = {label: len(left) + place for place, label in enumerate(found.answers)}
    short = [cut(brief(name)) for name in names]
    figure = new_figure(
        go.Sankey(
            arrangement="fixed",
            domain={"x": [0, 1], "y": [0, 1]},
            node={
                "x": [0.01] * len(left) + [0.99] * len(right),
                "y": [*places[0], *places[1]],
                "pad": _PAD,
                "thickness": _THICKNESS,
                "color": colours.QUIET,
                "line": {"width": 0},
                "hoverinfo": "skip",
            },
            link={
                "source": [left[flow.true] for flow in flows],
                "target": [right[flow.predicted] for flow in flows],
                "value": [flow.share for flow in flows],
                "color": [_RIGHT if flow.true == flow.predicted else _WRONG for flow in flows],
                "customdata": [[flow.count, flow.share] for flow in flows],
                "label": [f"{names[flow.true]} → {names[flow.predicted]}" for flow in flows],
                "hovertemplate": "<b>%{label}</b><br>"
                + t("confusion.hover", count="%{customdata[0]:,}", share="%{customdata[1]:.1%}")
                + "<extra></extra>",
            },
        ),
        height=round(inside) + _TOP + _BOTTOM,
    )
    titles = t("confusion.true"), t("confusion.predicted")
    sides = (found.classes, found.answers)
    room = [
        _room([title, *(short[label] for label in labels)])
        for title, labels in zip(titles, sides, strict=True)
    ]
    figure.layout.margin = {"l": room[0], "r": room[1], "t": _TOP, "b": _BOTTOM}
    for labels, ys, x, anchor, title in (
        (found.classes, places[0], 0.0, "right", titles[0]),
        (found.answers, places[1], 1.0, "left", titles[1]),
    ):
        shift = -6 if anchor == "right" else 6
        for label, y in zip(labels, ys, strict=True):
            _name(figure, short[label], x, 1 - y, anchor, shift=shift, size=12 if most <= FEW else 11)
        figure.add_annotation(
            text=f"<b>{title}</b>", xref="paper", yref="paper", x=x, y=1, yshift=20, xshift=shift, showarrow=False,
            xanchor=anchor, font={"size": 12},
        )  # fmt: skip
    return figure


def _name(figure: go.Figure, text: str, x: float, y: float, anchor: str, *, shift: int, size: int) -> None:
    figure.add_annotation(
        text=text, xref="paper", yref="paper", x=x, y=y, xanchor=anchor, yanchor="middle", xshift=shift,
        showarrow=False, font={"size": size},
    )  # fmt: skip


def _room(names: Sequence[str]) -> int:
    """The pixels that the longest name needs; letters of Korean are about twice as wide."""
    wide = max((sum(1.75 if ord(letter) > 0x1100 else 1 for letter in name) for name in names), default=0)
    return round(wide * _LETTER_PIXELS) + 12


def centres(weights: Sequence[float], height: float, most: int) -> list[float]:
    """Where the middle of each node of a column lies, from 0 at the top to 1, as Plotly scales nodes.

    `most` is the number of nodes of the longer column: by that one Plotly decides how thick a share is. A shorter
    column is spread over the height.
    """
    total = sum(weights)
    scale = (height - (most - 1) * _PAD) / total if total else 0.0
    pad = (height - total * scale) / (len(weights) - 1) if len(weights) > 1 else 0.0
    found, top = [], 0.0
    for weight in weights:
        found.append((top + weight * scale / 2) / height)
        top += weight * scale + pad
    return found
