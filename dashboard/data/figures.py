"""What is in a set of texts: how long they are, which words are frequent or typical, what an encoding keeps."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

import plotly.graph_objects as go

from core.datasets.word_counts import CoveragePoint, FrequentWord, LengthHistogram, TypicalWord
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import new_figure
from dashboard.shared.language import Language

_BAR, _FRAME = 24, 64  # pixels


def lengths(found: LengthHistogram, t: Language) -> go.Figure:
    """How many texts are how long, as bars around the middles of the bins; mean and median marked."""
    edges = found.edges
    width = edges[1] - edges[0]
    figure = new_figure(
        go.Bar(
            x=[(low + high - 1) / 2 for low, high in pairwise(edges)],
            y=found.counts,
            width=width * 0.92,
            customdata=[[low, high - 1] for low, high in pairwise(edges)],
            marker={"color": colours.TRAINING, "line": {"width": 0}},
            hovertemplate=t(
                "data.lengths.hover", low="%{customdata[0]:,}", high="%{customdata[1]:,}", count="%{y:,}"
            )
            + "<extra></extra>",
        ),
        height=260,
        showlegend=False,
    )
    figure.add_vline(x=found.mean, line={"color": colours.VALIDATION, "width": 2, "dash": "dash"})
    figure.add_vline(x=found.median, line={"color": colours.TURNING_POINT, "width": 2, "dash": "dot"})
    figure.layout.xaxis = {"title_text": t("data.lengths.axis"), "tickformat": "~g"}
    figure.layout.yaxis = {"title_text": t("data.lengths.texts"), "nticks": 5}
    return figure


def frequent_words(found: Sequence[FrequentWord], t: Language) -> go.Figure:
    """The most frequent words as lying bars, the most frequent one on top."""
    return _words(
        [word.word for word in found],
        [word.count for word in found],
        [[word.rank, word.rank + 3, word.share] for word in found],
        axis=t("data.frequent.axis"),
        hover="<b>%{text}</b><br>"
        + t(
            "data.frequent.hover",
            count="%{x:,}",
            share="%{customdata[2]:.2%}",
            rank="%{customdata[0]:,}",
            number="%{customdata[1]:,}",
        ),
        colour=colours.TRAINING,
    )


def typical_words(found: Sequence[TypicalWord], t: Language) -> go.Figure:
    """The words most typical of a class as lying bars, the most typical one on top."""
    return _words(
        [word.word for word in found],
        [word.score for word in found],
        [[word.inside, word.outside] for word in found],
        axis=t("data.typical.axis"),
        hover="<b>%{text}</b><br>"
        + t("data.typical.hover", inside="%{customdata[0]:.2f}", outside="%{customdata[1]:.2f}"),
        colour=colours.VALIDATION,
    )


def coverage(points: Sequence[CoveragePoint], num_words: int, share: float, t: Language) -> go.Figure:
    """The share of all words that is kept, by `num_words` on a log scale, one value of it marked."""
    hover = t("data.coverage.hover", num_words="%{x:,}", share="%{y:.1%}") + "<extra></extra>"
    figure = new_figure(
        go.Scatter(
            x=[point.num_words for point in points],
            y=[point.share for point in points],
            mode="lines",
            line={"color": colours.TRAINING, "width": 2.5},
            hovertemplate=hover,
        ),
        height=240,
        showlegend=False,
    )
    figure.add_scatter(
        x=[num_words],
        y=[share],
        mode="markers",
        marker={"color": colours.TURNING_POINT, "size": 13, "symbol": "diamond"},
        hovertemplate=hover,
    )
    # Plotly would place it at 10 to the power of a value on a log axis: a shape takes the value itself.
    figure.add_shape(
        type="line",
        x0=num_words,
        x1=num_words,
        y0=0,
        y1=share,
        line={"color": colours.TURNING_POINT, "width": 1.5, "dash": "dot"},
    )
    figure.layout.xaxis = {"type": "log", "title_text": "num_words", "dtick": 1, "tickformat": ","}
    figure.layout.yaxis = {"range": [0, 1.06], "tickformat": ".0%", "nticks": 5}
    return figure


def _words(
    words: Sequence[str],
    values: Sequence[float],
    details: Sequence[Sequence[float]],
    *,
    axis: str,
    hover: str,
    colour: str,
) -> go.Figure:
    shown = [escape(word) for word in words]
    figure = new_figure(
        go.Bar(
            # By place, for a word such as "1985" would be taken for a number.
            y=list(range(len(words))),
            x=list(values),
            text=shown,
            textposition="none",
            customdata=[list(each) for each in details],
            orientation="h",
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate=hover + "<extra></extra>",
        ),
        height=_FRAME + _BAR * max(len(words), 1),
        showlegend=False,
        bargap=0.3,
    )
    figure.layout.yaxis = {
        "tickvals": list(range(len(words))),
        "ticktext": shown,
        "autorange": "reversed",
        "automargin": True,
        "showgrid": False,
    }
    figure.layout.xaxis = {"title_text": axis, "rangemode": "tozero", "nticks": 5, "tickformat": "~s"}
    return figure
