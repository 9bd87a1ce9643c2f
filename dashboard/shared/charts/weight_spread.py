"""How the weights of a tensor are spread in each epoch. No Streamlit."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from core.analysis.turning_point import Turn
from core.analysis.weight_history import WeightDistribution
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import new_figure
from dashboard.shared.language import Language

_CLEAR, _STRONG = "rgba(31,131,201,0)", "rgba(31,131,201,1)"
_MOST_TICKS = 12


def weight_spread(found: WeightDistribution, turn: Turn, t: Language) -> go.Figure:
    """How the weights of a tensor are distributed in each epoch: the darker, the more; with mean and deviation.

    Coloured by the square root of the shares, so that rare weights show too. The turn of the validation loss is marked
    if it is confirmed.
    """
    middles = (found.edges[:-1] + found.edges[1:]) / 2
    figure = new_figure(
        go.Heatmap(
            x=list(found.epochs),
            y=middles,
            z=np.sqrt(found.shares).astype(np.float32),
            customdata=found.shares.astype(np.float32),
            zmin=0,
            colorscale=[[0, _CLEAR], [1, _STRONG]],
            showscale=False,
            hovertemplate=t(
                "inside.spread.hover", epoch="%{x}", weight="%{y:.3~g}", share="%{customdata:.1%}"
            )
            + "<extra></extra>",
        ),
        height=400,
        top=64,
        legend={"y": 1.08},
    )
    for name, values, dash in (
        ("mean", found.means, "solid"),
        ("above", found.means + found.deviations, "dot"),
        ("below", found.means - found.deviations, "dot"),
    ):
        figure.add_scatter(
            x=list(found.epochs),
            y=values,
            mode="lines",
            line={"color": colours.VALIDATION, "width": 1.8, "dash": dash},
            name=t("inside.spread.mean" if name == "mean" else "inside.spread.deviation"),
            showlegend=name != "below",
            hoverinfo="skip",
        )
    if turn.confirmed and turn.epoch is not None:
        figure.add_vline(
            x=turn.epoch,
            line={"color": colours.TURNING_POINT, "width": 2, "dash": "dash"},
            annotation={
                "text": t("live.turned_loss", epoch=turn.epoch),
                "font": {"color": colours.TURNING_POINT},
                "yref": "paper",
                "y": 1.0,
                "yanchor": "bottom",
            },
        )
    figure.layout.xaxis = {
        "title_text": t("curve.epoch"),
        "showgrid": False,
        "tickformat": "~g",
        "dtick": 1 if len(found.epochs) <= _MOST_TICKS else None,
        "range": [found.epochs[0] - 0.5, found.epochs[-1] + 0.5],
    }
    figure.layout.yaxis = {
        "title_text": t("inside.spread.weight"),
        "showgrid": False,
        "zeroline": True,
        "zerolinecolor": colours.QUIET,
        "range": [found.edges[0], found.edges[-1]],
    }
    return figure
