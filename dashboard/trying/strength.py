"""How the probability of the true class falls as an image is distorted more and more."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go

from dashboard.shared.charts import colours
from dashboard.shared.language import Language


def strength_figure(
    values: Sequence[float],
    true: Sequence[float],
    others: Sequence[float],
    *,
    here: float,
    true_name: str,
    axis: str,
    taken: Sequence[str],
    t: Language,
) -> go.Figure:
    """Two curves over the strength: the true class, and the strongest of all others. Where they cross, it errs.

    Args:
        true: The probability of the true class at each.
        others: The largest probability of another class at each.
        here: The strength that is shown above.
        true_name: The name of the true class.
        taken: The name of the class that the network decides for, at each.
    """
    figure = go.Figure()
    curves = (
        (true, t("try.curve.true", label=escape(true_name)), colours.TRAINING, "solid", "circle"),
        (others, t("try.curve.other"), colours.VALIDATION, "dash", "diamond-open"),
    )
    for shares, name, colour, dash, symbol in curves:
        figure.add_scatter(
            x=list(values),
            y=list(shares),
            mode="lines+markers",
            name=name,
            line={"color": colour, "width": 2, "dash": dash},
            marker={"size": 6, "symbol": symbol},
            customdata=[escape(each) for each in taken],
            hovertemplate="%{y:.1%} · " + t("try.curve.hover", label="%{customdata}") + "<extra></extra>",
        )
    figure.add_vline(x=here, line={"color": colours.TURNING_POINT, "width": 2, "dash": "dot"})
    edge = (values[-1] - values[0]) / 50
    figure.update_xaxes(
        title={"text": axis, "standoff": 6},
        range=[values[0] - edge, values[-1] + edge],
        tickformat="~g",
        zeroline=False,
        automargin=True,
    )
    figure.update_yaxes(range=[-0.03, 1.03], tickformat=".0%", nticks=6, zeroline=False, automargin=True)
    figure.update_layout(
        height=324,
        # Room for the legend below the toolbar, which stays in sight on a phone.
        margin={"l": 8, "r": 8, "t": 60, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        hovermode="x",
        dragmode=False,
    )
    return figure
