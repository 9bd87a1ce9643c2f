"""The sigmoid as a curve with a point on it."""

from __future__ import annotations

import plotly.graph_objects as go

from core.analysis.softmax import sigmoid
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import new_figure
from dashboard.shared.language import Language

_REACH, _POINTS = 10, 101  # of the curve


def sigmoid_figure(score: float, t: Language) -> go.Figure:
    """The curve from -10 to 10 with one point marked; a score beyond stands at the edge."""
    scores = [-_REACH + 2 * _REACH * place / (_POINTS - 1) for place in range(_POINTS)]
    figure = new_figure(height=304, top=32, showlegend=False)
    figure.add_scatter(
        x=scores,
        y=[sigmoid(each) for each in scores],
        mode="lines",
        line={"color": colours.TRAINING, "width": 3},
        hovertemplate="%{x:.1f} → %{y:.4f}<extra></extra>",
    )
    figure.add_scatter(
        x=[min(max(score, -_REACH), _REACH)],
        y=[sigmoid(score)],
        mode="markers",
        marker={"color": colours.TURNING_POINT, "size": 14, "line": {"width": 2, "color": "white"}},
        hovertemplate=f"{score:g} → %{{y:.4f}}<extra></extra>",
    )
    reach = [-_REACH - 0.5, _REACH + 0.5]
    figure.layout.xaxis = {
        "title": {"text": t("scores.score"), "standoff": 6},
        "range": reach,
        "zeroline": True,
    }
    figure.layout.yaxis = {"range": [-0.05, 1.05], "nticks": 6}
    return figure
