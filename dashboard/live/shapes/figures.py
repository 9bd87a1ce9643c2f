"""The curves of a run beside those of a small training that has a shape."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.analysis.curve_shapes import ShapeCode, half_width
from core.analysis.curves import epoch_choice
from core.analysis.loss_axis import loss_axis
from core.experiment import Experiment
from core.run import Epoch
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import add_curve, edge_marks, new_figure
from dashboard.shared.language import Language

_HEIGHT = 240
_MOST_POINTS = 120
_BAND = "rgba(217,115,26,0.22)"
#: The two panels, with room for the numbers of the right axis between them.
_PANELS = ((0.0, 0.44), (0.56, 1.0))


def beside(
    code: ShapeCode,
    run: tuple[Experiment, Sequence[Epoch]],
    example: tuple[Experiment, Sequence[Epoch]],
    t: Language,
) -> go.Figure:
    """Two panels: the run on the left, the example on the right, each on an axis of its own.

    Of a validation set that is too small the accuracy is drawn, with two standard errors on both sides; of the other
    shapes the loss. Long runs are thinned.
    """
    measure = "accuracy" if code == "small" else "loss"
    legend = {"y": 1, "yref": "container", "yanchor": "top"}
    figure = new_figure(height=_HEIGHT, top=50, hovermode="x unified", legend=legend)
    for place, (experiment, recorded) in enumerate((run, example)):
        epochs = [recorded[number - 1] for number in epoch_choice(len(recorded), _MOST_POINTS)]
        at = "" if not place else str(place + 1)
        axes = {"xaxis": f"x{at}", "yaxis": f"y{at}"}
        numbers = [epoch.number for epoch in epochs]
        if measure == "accuracy":
            _band(figure, numbers, epochs, experiment.validation_size, axes)
        for kind, colour, symbol, dash in (
            ("training", colours.TRAINING, "circle", "solid"),
            ("validation", colours.VALIDATION, "diamond", "dash"),
        ):
            name = measure if kind == "training" else f"val_{measure}"
            values = [getattr(epoch, name) for epoch in epochs]
            form = ".1%" if measure == "accuracy" else ".4f"
            add_curve(
                figure,
                numbers,
                values,
                name=t(f"curve.{kind}"),
                colour=colour,
                symbol=symbol,
                dash=dash,
                hover=f"%{{y:{form}}}",
                showlegend=not place,
                legendgroup=kind,
                **axes,
            )
        _axes(figure, at, place, epochs, measure, t)
    return figure


def _axes(figure: go.Figure, at: str, place: int, epochs: Sequence[Epoch], measure: str, t: Language) -> None:
    low, high = _PANELS[place]
    last = epochs[-1].number
    figure.layout[f"xaxis{at}"] = {
        "domain": [low, high],
        "anchor": f"y{at}",
        "range": [0.4, last + 0.6],
        "nticks": 5,
        "tickformat": "~g",
        "title": {"text": t("curve.epoch"), "standoff": 4},
    }
    figure.layout[f"yaxis{at}"] = {"anchor": f"x{at}", "nticks": 5, "title": {"text": ""}}
    axis = figure.layout[f"yaxis{at}"]
    if measure == "accuracy":
        axis.tickformat = ".0%"
    else:
        curves: list[list[float | None]] = [[one.loss for one in epochs], [one.val_loss for one in epochs]]
        held = loss_axis(curves)
        axis.range = held.range
        numbers = [epoch.number for epoch in epochs]
        for row, (values, colour) in enumerate(
            zip(curves, (colours.TRAINING, colours.VALIDATION), strict=True)
        ):
            marks = edge_marks(held, numbers, values, colour=colour, row=row, xaxis=f"x{at}", yaxis=f"y{at}")
            if marks["x"]:
                figure.add_trace(marks)
    figure.add_annotation(
        text=f"<b>{t('shape.this' if not place else 'shape.recorded')}</b>",
        xref="paper",
        yref="paper",
        x=low,
        y=1,
        xanchor="left",
        yanchor="bottom",
        yshift=2,
        showarrow=False,
        font={"size": 12},
    )


def _band(
    figure: go.Figure, numbers: Sequence[int], epochs: Sequence[Epoch], samples: int, axes: dict[str, str]
) -> None:
    """Two standard errors around the validation accuracy."""
    known = [
        (number, epoch.val_accuracy)
        for number, epoch in zip(numbers, epochs, strict=True)
        if epoch.val_accuracy is not None and epoch.val_accuracy == epoch.val_accuracy
    ]
    upper = [min(1.0, accuracy + half_width(accuracy, samples)) for _, accuracy in known]
    lower = [max(0.0, accuracy - half_width(accuracy, samples)) for _, accuracy in known]
    x = [number for number, _ in known]
    figure.add_scatter(
        x=[*x, *reversed(x)],
        y=[*upper, *reversed(lower)],
        mode="lines",
        fill="toself",
        fillcolor=_BAND,
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
        **axes,
    )
