"""What speaks for a turning point: the curve with its rises, the generalisation loss, other rules, the gap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import plotly.graph_objects as go

from core.analysis.curves import GeneralizationGap, Measure
from core.analysis.evidence import Evidence, SimulatedStop
from core.analysis.loss_axis import LossAxis, Scale, loss_axis
from core.run import Epoch
from dashboard.run.evidence.text import RuleMatrix
from dashboard.shared.charts import colours
from dashboard.shared.charts.class_matrix import cell_frame
from dashboard.shared.charts.template import (
    add_curve,
    axis_sentences,
    curve_mode,
    drawn,
    edge_marks,
    epoch_panels,
    loss_scale,
    mark_epoch,
    new_figure,
)
from dashboard.shared.language import Language

Shown = Literal["near", "linear", "log"]
"""Of the losses those around the lowest one, all but first ones, or all by their logarithms."""

_SAME, _OTHER = "rgba(31,131,201,0.5)", "rgba(217,115,26,0.42)"
_GAP = "rgba(217,115,26,0.18)"
_TALLEST = 100.0


def evidence_curves(
    found: Evidence, t: Language, *, smoothed: Sequence[float] | None = None, shown: Shown = "near"
) -> go.Figure:
    """Above the validation loss with its successive rises, below the generalisation loss with the threshold.

    Behind a smoothed loss, one value an epoch, the measured one stays.
    """
    axis = axis_of(found, shown)
    steps, rule, best = found.steps, found.rule, found.turn.epoch
    epochs = [step.epoch for step in steps]
    # Early epochs may be far above the lowest so far: the rule does not look at them.
    highest = max((step.generalisation_loss for step in steps if step.counts), default=0.0)
    reach = max(min(highest, _TALLEST * 10), 1.5 * min(rule.threshold, _TALLEST), 1)
    figure = epoch_panels(
        len(steps),
        t,
        upper={"title": {"text": t("column.val_loss")}, **loss_scale(axis)},
        lower={"ticksuffix": "%", "range": [0, 1.12 * reach]},
        heading=t("evidence.gl.heading"),
        height=520,
    )
    figure.add_scatter(
        x=epochs,
        y=[drawn(step.val_loss) for step in steps],
        name=t("column.val_loss"),
        mode=curve_mode(len(epochs)),
        line={"color": colours.VALIDATION, "width": 1 if smoothed else 2, "dash": "dash"},
        marker={"symbol": "diamond", "size": 4 if smoothed else 6},
        opacity=0.55 if smoothed else 1,
        hovertemplate="%{y:.4f}",
    )
    if smoothed:
        figure.add_scatter(
            x=epochs,
            y=[drawn(value) for value in smoothed],
            name=t("evidence.smoothed"),
            mode="lines",
            line={"color": colours.VALIDATION, "width": 2.5},
            hovertemplate="%{y:.4f}",
        )
    rising = [step for step in steps if step.counts and step.rises]
    figure.add_scatter(
        x=[step.epoch for step in rising],
        y=[drawn(step.val_loss) for step in rising],
        customdata=[step.rises for step in rising],
        name=t("evidence.rise"),
        mode="markers",
        marker={
            "symbol": "triangle-up",
            "size": [13 if step.epoch in found.longest else 9 for step in rising],
            "color": [
                colours.TURNING_POINT if step.epoch in found.longest else colours.QUIET for step in rising
            ],
        },
        hovertemplate=t("evidence.rise.hover", number="%{customdata}") + "<extra></extra>",
    )
    if best is not None:
        figure.add_scatter(
            x=[best],
            y=[found.turn.value],
            name=t("evidence.candidate"),
            mode="markers",
            marker={
                "symbol": "circle-open",
                "size": 15,
                "color": colours.TURNING_POINT,
                "line": {"width": 2.5},
            },
            hoverinfo="skip",
        )
    figure.add_bar(
        x=epochs,
        y=[drawn(step.generalisation_loss) for step in steps],
        name=t("evidence.gl"),
        yaxis="y2",
        marker={
            "color": [
                colours.TURNING_POINT if step.epoch in found.above else colours.QUIET for step in steps
            ],
            "opacity": [1 if step.counts else 0.4 for step in steps],
            "line": {"width": 0},
        },
        customdata=[_percent(step.generalisation_loss) for step in steps],
        hovertemplate="%{customdata}",
        showlegend=False,
    )
    marks = edge_marks(axis, epochs, [step.val_loss for step in steps], colour=colours.VALIDATION)
    if marks["x"]:
        figure.add_trace(marks)
    mark_epoch(figure, best, confirmed=found.turn.confirmed)
    _mark_threshold(figure, rule.threshold)
    return figure


def rule_answers(matrix: RuleMatrix, t: Language, *, rows: str, lowest: int, dark: bool = False) -> go.Figure:
    """Which epoch each of many rules would have answered; `rows` is what the rows differ in.

    A heatmap with three values: 0 no answer, 1 the epoch with the lowest loss, 2 an earlier one.
    """
    answers, numbers, thresholds = matrix.answers, matrix.numbers, matrix.thresholds
    kinds = [[0 if one.epoch is None else 1 if one.epoch == lowest else 2 for one in row] for row in answers]
    words = [["–" if one.epoch is None else str(one.epoch) for one in row] for row in answers]
    sentences = [[_answer_sentence(one, lowest, t) for one in row] for row in answers]
    figure = new_figure(
        go.Heatmap(
            z=kinds,
            zmin=0,
            zmax=2,
            colorscale=[
                [0, "rgba(0,0,0,0)"],
                [1 / 3, "rgba(0,0,0,0)"],
                [1 / 3, _SAME],
                [2 / 3, _SAME],
                [2 / 3, _OTHER],
                [1, _OTHER],
            ],
            xgap=2,
            ygap=2,
            showscale=False,
            text=words,
            texttemplate="%{text}",
            textfont={"size": 13, "color": colours.INK_ON_DARK if dark else colours.INK},
            customdata=sentences,
            hovertemplate="%{customdata}<extra></extra>",
        ),
        height=110 + 40 * len(numbers),
    )
    figure.add_shape(cell_frame(*matrix.now, colour=colours.TURNING_POINT, width=2.5))
    axis = {"showgrid": False, "ticks": ""}
    figure.layout.xaxis = {
        **axis,
        "title_text": t("evidence.threshold.axis"),
        "tickvals": list(range(len(thresholds))),
        "ticktext": [f"{threshold:g}" for threshold in thresholds],
    }
    figure.layout.yaxis = {
        **axis,
        "title_text": rows,
        "tickvals": list(range(len(numbers))),
        "ticktext": [str(one) for one in numbers],
    }
    return figure


def gap_curves(
    epochs: Sequence[Epoch],
    found: GeneralizationGap,
    measure: Measure,
    t: Language,
    *,
    confirmed: bool,
    scale: Scale = "linear",
) -> go.Figure:
    """Above both curves with the gap between them filled, below the gap itself; the line is dashed if `confirmed`.

    The scale is that of losses.
    """
    numbers = [epoch.number for epoch in epochs]
    loss = measure == "loss"
    form = ".4f" if loss else ".2%"
    tick = {} if loss else {"tickformat": ".0%"}
    axis = gap_axis(epochs, scale) if loss else None
    figure = epoch_panels(
        len(numbers),
        t,
        upper={"title": {"text": t(f"curve.{measure}")}, **(tick if axis is None else loss_scale(axis))},
        lower={"zeroline": True, **tick},
        heading=t(f"evidence.gap.{measure}.heading"),
    )
    for field, kind, colour, symbol, dash, fill in (
        (measure, "training", colours.TRAINING, "circle", "solid", None),
        (f"val_{measure}", "validation", colours.VALIDATION, "diamond", "dash", "tonexty"),
    ):
        add_curve(
            figure,
            numbers,
            [getattr(epoch, field) for epoch in epochs],
            name=t(f"curve.{kind}"),
            colour=colour,
            symbol=symbol,
            dash=dash,
            hover=f"%{{y:{form}}}",
            fill=fill,
            fillcolor=_GAP,
        )
    figure.add_bar(
        x=numbers,
        y=[drawn(value) for value in found.values],
        yaxis="y2",
        name=t("evidence.gap"),
        marker={
            "color": [colours.VALIDATION if value >= 0 else colours.TRAINING for value in found.values],
            "line": {"width": 0},
        },
        hovertemplate=f"%{{y:+{form}}}",
        showlegend=False,
    )
    for row, (field, colour) in enumerate(
        ((measure, colours.TRAINING), (f"val_{measure}", colours.VALIDATION))
    ):
        values = [getattr(epoch, field) for epoch in epochs]
        if axis and (marks := edge_marks(axis, numbers, values, colour=colour, row=row))["x"]:
            figure.add_trace(marks)
    mark_epoch(figure, found.at, confirmed=confirmed)
    return figure


def gap_axis(epochs: Sequence[Epoch], scale: Scale) -> LossAxis:
    """The axis of both losses."""
    return loss_axis([[epoch.loss for epoch in epochs], [epoch.val_loss for epoch in epochs]], scale=scale)


def beyond_sentences(found: Evidence, shown: Shown, t: Language) -> list[str]:
    """What of the curve lies beyond its axis."""
    if shown == "near" and near_the_lowest(found) is not None:
        return [t("evidence.scale.near.about")]
    return axis_sentences(axis_of(found, shown), t)


def axis_of(found: Evidence, shown: Shown) -> LossAxis:
    """The axis of the curve: by logarithms, without first epochs, or nearer to the lowest loss where that is needed."""
    near = near_the_lowest(found) if shown == "near" else None
    scale: Scale = "log" if shown == "log" else "linear"
    return near or loss_axis([[step.val_loss for step in found.steps]], scale=scale, from_zero=False)


def near_the_lowest(found: Evidence) -> LossAxis | None:
    """An axis of its own where losses before the lowest are so high that the rise would be flat; else None."""
    losses = [step.val_loss for step in found.steps if math.isfinite(step.val_loss)]
    after = [step.val_loss for step in found.steps if step.counts and math.isfinite(step.val_loss)]
    lowest = found.turn.value
    if not losses or lowest <= 0:
        return None
    reach = max([lowest / 2, *(loss - lowest for loss in after)])
    if max(losses) <= lowest + 3 * reach:
        return None
    return LossAxis(lowest - 0.15 * reach, lowest + 1.25 * reach)


def _mark_threshold(figure: go.Figure, threshold: float) -> None:
    figure.add_shape(
        type="line",
        xref="paper",
        x0=0,
        x1=1,
        yref="y2",
        y0=threshold,
        y1=threshold,
        line={"color": colours.VALIDATION, "width": 1.5, "dash": "dash"},
    )
    figure.add_annotation(
        text=f"{threshold:g}%",
        xref="paper",
        x=0,
        xanchor="left",
        yref="y2",
        y=threshold,
        yanchor="bottom",
        showarrow=False,
        font={"size": 12, "color": colours.VALIDATION},
    )


def _answer_sentence(one: SimulatedStop, lowest: int, t: Language) -> str:
    if one.epoch is None:
        return t("evidence.cell.never")
    details = {"stopped": one.stopped, "epoch": one.epoch}
    if one.epoch == lowest:
        return t("evidence.cell.lowest", **details)
    return t("evidence.cell.early", **details, excess=_percent(one.excess))


def _percent(value: float) -> str:
    return f"{value:.1f}%" if math.isfinite(value) else "∞"
