"""Figures of the try page: an image distorted more and more, the words with the largest mean effects."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from core.analysis.attribution import WordEffect
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import new_figure
from dashboard.shared.language import Language
from dashboard.trying.answers import StrengthCurve, on_slider

_BAR, _FRAME = 22, 64  # pixels


def strength_figure(
    curve: StrengthCurve, label: int, names: Sequence[str], t: Language, *, here: float
) -> go.Figure:
    """Two curves over the strength of a distortion: the true class, and the strongest of all others.

    Where they cross, the network errs. `here` is the strength that is shown above.
    """
    values = [on_slider(curve.kind, value) for value in curve.values]
    taken = [escape(names[each]) for each in curve.decisions]
    # Room for the legend below the toolbar, which stays in sight on a phone.
    figure = new_figure(height=324, top=60, hovermode="x")
    curves = (
        (curve.true, t("try.curve.true", label=escape(names[label])), colours.TRAINING, "solid", "circle"),
        (curve.others, t("try.curve.other"), colours.VALIDATION, "dash", "diamond-open"),
    )
    for shares, name, colour, dash, symbol in curves:
        figure.add_scatter(
            x=values,
            y=shares,
            mode="lines+markers",
            name=name,
            line={"color": colour, "width": 2, "dash": dash},
            marker={"size": 6, "symbol": symbol},
            customdata=taken,
            hovertemplate="%{y:.1%} · " + t("try.curve.hover", label="%{customdata}") + "<extra></extra>",
        )
    figure.add_vline(
        x=on_slider(curve.kind, here), line={"color": colours.TURNING_POINT, "width": 2, "dash": "dot"}
    )
    edge, axis = (values[-1] - values[0]) / 50, t(f"try.curve.axis.{curve.kind}")
    figure.layout.xaxis = {
        "title": {"text": axis, "standoff": 6},
        "range": [values[0] - edge, values[-1] + edge],
        "tickformat": "~g",
    }
    figure.layout.yaxis = {"range": [-0.03, 1.03], "tickformat": ".0%", "nticks": 6}
    return figure


def effect_bars(
    raising: Sequence[WordEffect], lowering: Sequence[WordEffect], words: Sequence[str], t: Language
) -> go.Figure:
    """Bars to the right for words that raise a probability, on top, and to the left for those that lower it.

    Both come with the strongest first; `words` are those that raise, then those that lower.
    """
    effects = [*raising, *reversed(lowering)]
    names = [escape(word) for word in (*words[: len(raising)], *reversed(words[len(raising) :]))]
    points = [100 * word.effect for word in effects]
    figure = new_figure(
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
        ),
        height=_FRAME + _BAR * max(len(effects), 1),
        showlegend=False,
        bargap=0.3,
    )
    # On each side room for the numbers beside the bars.
    room = 0.25 * max((abs(point) for point in points), default=1.0)
    reach = [min([0, *points]) - room, max([0, *points]) + room]
    figure.layout.xaxis = {"title_text": t("try.all.axis"), "range": reach, "nticks": 5}
    figure.layout.yaxis = {
        "tickvals": list(range(len(effects))),
        "ticktext": names,
        "autorange": "reversed",
        "showgrid": False,
    }
    return figure
