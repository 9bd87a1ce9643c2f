"""A drawn prediction and the truth on the same axes: numbers in, a Plotly figure out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import plotly.graph_objects as go

from core.analysis.loss_axis import loss_axis
from core.analysis.turning_point import Turn
from core.run import Epoch, Prediction
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import add_curve, edge_marks, mark_epoch, new_figure
from dashboard.shared.language import Language


def prediction_and_truth(
    epochs: Sequence[Epoch], prediction: Prediction, turn: Turn, planned: int, t: Language
) -> go.Figure:
    """The curves of a run, the one that was drawn, and where each is said to be lowest.

    The axis holds the drawn curve whole, and of the others what comes after the first epochs.
    """
    numbers = [epoch.number for epoch in epochs]
    training, validation = [epoch.loss for epoch in epochs], [epoch.val_loss for epoch in epochs]
    figure = new_figure(height=340, top=40, hovermode="x unified")
    add_curve(
        figure,
        numbers,
        training,
        name=t("curve.training"),
        colour=colours.TRAINING,
        symbol="circle",
        hover="%{y:.4f}",
    )
    add_curve(
        figure,
        numbers,
        validation,
        name=t("curve.validation"),
        colour=colours.VALIDATION,
        symbol="diamond",
        hover="%{y:.4f}",
    )
    figure.add_scatter(
        x=[epoch for epoch, _ in prediction.sketch],
        y=[loss for _, loss in prediction.sketch],
        name=t("prediction.sketch"),
        mode="lines",
        line={"color": colours.PREDICTION, "width": 3, "dash": "dash"},
        hoverinfo="skip",
    )
    mark_epoch(figure, turn.epoch, confirmed=turn.confirmed)
    figure.add_shape(
        type="line",
        x0=prediction.epoch,
        x1=prediction.epoch,
        yref="paper",
        y0=0,
        y1=1,
        line={"color": colours.PREDICTION, "width": 2},
    )
    axis = loss_axis([training, validation])
    drawn = max((loss for _, loss in prediction.sketch), default=0.0)
    axis = replace(axis, high=max(axis.high, 1.05 * drawn))
    curves: list[list[float | None]] = [[*training], validation]
    for row, (values, colour) in enumerate(zip(curves, (colours.TRAINING, colours.VALIDATION), strict=True)):
        if (marks := edge_marks(axis, numbers, values, colour=colour, row=row))["x"]:
            figure.add_trace(marks)
    figure.layout.yaxis = {"title": {"text": t("curve.loss"), "standoff": 6}, "range": axis.range}
    figure.layout.xaxis = {
        "title": {"text": t("curve.epoch"), "standoff": 6},
        "range": [0.5, planned + 0.5],
        "tickformat": "~g",
        "unifiedhovertitle": {"text": f"{t('curve.epoch')} %{{x}}"},
    }
    return figure
