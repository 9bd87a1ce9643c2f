"""The words with the largest mean effects over a test set, as bars to both sides."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from core.analysis.attribution import WordEffect
from dashboard.shared.charts import colours
from dashboard.shared.language import Language

_BAR, _FRAME = 22, 64  # pixels


def strongest_words(
    raising: Sequence[WordEffect], lowering: Sequence[WordEffect], words: Sequence[str], t: Language
) -> go.Figure:
    """Bars to the right for words that raise a probability, to the left for those that lower it.

    Args:
        raising: Strongest first; they stand on top.
        lowering: Strongest first; they stand at the bottom.
        words: The words, first of `raising`, then of `lowering`.
    """
    effects = [*raising, *reversed(lowering)]
    names = [escape(word) for word in (*words[: len(raising)], *reversed(words[len(raising) :]))]
    points = [100 * word.effect for word in effects]
    figure = go.Figure(
        go.Bar(
            # By place, for a word such as "1985" would be taken for a number.
            y=list(range(len(effects))),
            x=points,
            orientation="h",
            marker={
                "color": [colours.TRAINING if point > 0 else colours.VALIDATION for point in points],
                "pattern": {"shape": ["" if point > 0 else "/" for point in points], "fillmode": "overlay"},
                "line": {"width": 0},
            },
            customdata=[[name, word.texts] for name, word in zip(names, effects, strict=True)],
            texttemplate="%{x:+.2f}",
            textposition="outside",
            textfont={"size": 11},
            cliponaxis=False,
            hovertemplate="<b>%{customdata[0]}</b><br>"
            + t("try.all.hover", points="%{x:+.2f}", texts="%{customdata[1]:,}")
            + "<extra></extra>",
        )
    )
    # On each side room for the numbers beside the bars.
    room = 0.25 * max((abs(point) for point in points), default=1.0)
    reach = [min([0, *points]) - room, max([0, *points]) + room]
    figure.update_xaxes(
        title_text=t("try.all.axis"),
        range=reach,
        automargin=True,
        nticks=5,
    )
    figure.update_yaxes(
        tickvals=list(range(len(effects))),
        ticktext=names,
        autorange="reversed",
        automargin=True,
        showgrid=False,
    )
    figure.update_layout(
        height=_FRAME + _BAR * max(len(effects), 1),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=False,
        dragmode=False,
        bargap=0.3,
    )
    return figure
