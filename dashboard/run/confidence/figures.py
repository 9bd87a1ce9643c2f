"""How sure a network was and how often it was right, as reliability diagram, histogram and curves."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from core.analysis.calibration import Bin, Calibration
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import add_curve, epoch_panels, mark_epoch, new_figure
from dashboard.shared.language import Language

_BETWEEN = "rgba(217,115,26,0.18)"
#: A bin with fewer answers says little, and is drawn faintly.
FEW = 10
_TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1]


def reliability(found: Calibration, t: Language) -> go.Figure:
    """For each bin of confidence the share that was right, and what is missing to the diagonal or above it.

    Bars of accuracy; bars from there to the mean confidence, hatched; the diagonal. Bins of few answers are faint.
    """
    bins = [one for one in found.bins if one.count]
    middles = [(one.low + one.high) / 2 for one in bins]
    width = 0.94 / len(found.bins)
    strength = [1 if one.count >= FEW else 0.4 for one in bins]
    facts = [
        [one.count, f"{one.confidence:.1%}", f"{one.accuracy:.1%}", one.low, one.high, _sided(one, t)]
        for one in bins
    ]
    hover = (
        t("calibration.bin.hover", low="%{customdata[3]:.2f}", high="%{customdata[4]:.2f}")
        + "<br>"
        + t(
            "calibration.bin.numbers",
            count="%{customdata[0]:,}",
            accuracy="%{customdata[2]}",
            confidence="%{customdata[1]}",
        )
        + "<br>%{customdata[5]}<extra></extra>"
    )
    figure = new_figure(height=340, top=36, right=24, barmode="overlay")
    figure.add_bar(
        x=middles,
        y=[one.accuracy for one in bins],
        width=width,
        name=t("calibration.accuracy"),
        customdata=facts,
        marker={"color": colours.TRAINING, "opacity": strength, "line": {"width": 0}},
        hovertemplate=hover,
    )
    figure.add_bar(
        x=middles,
        y=[one.confidence - one.accuracy for one in bins],
        base=[one.accuracy for one in bins],
        width=width,
        name=t("calibration.difference"),
        customdata=facts,
        marker={
            "color": "rgba(217,115,26,0.22)",
            "opacity": strength,
            "pattern": {"shape": "/", "fgcolor": colours.VALIDATION, "size": 7, "solidity": 0.35},
            "line": {"color": colours.VALIDATION, "width": 1.2},
        },
        hovertemplate=hover,
    )
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        name=t("calibration.diagonal"),
        line={"color": colours.QUIET, "width": 1.5, "dash": "dash"},
        hoverinfo="skip",
    )
    figure.layout.xaxis = _shares(t("calibration.confidence"))
    figure.layout.yaxis = _shares(t("calibration.accuracy"))
    return figure


def confidences(found: Calibration, t: Language, *, tallest: tuple[int, int]) -> go.Figure:
    """How sure the right answers were, and below it how sure the wrong ones; mean confidences are marked.

    The axes end at `tallest`: the most right and the most wrong answers in a bin of any histogram beside it.
    """
    middles = [(one.low + one.high) / 2 for one in found.bins]
    figure = new_figure(height=320, top=36, right=24, barmode="overlay")
    kinds = (
        ("right", "y", found.samples - found.wrong, found.confidence_right),
        ("wrong", "y2", found.wrong, found.confidence_wrong),
    )
    for kind, axis, total, mean in kinds:
        counts = [one.right if kind == "right" else one.count - one.right for one in found.bins]
        figure.add_bar(
            x=middles,
            y=counts,
            yaxis=axis,
            width=0.94 / len(found.bins),
            name=t(f"calibration.{kind}", count=f"{total:,}"),
            marker={
                "color": colours.TRAINING if kind == "right" else colours.VALIDATION,
                "pattern": {"shape": "" if kind == "right" else "/", "fillmode": "overlay"},
                "line": {"width": 0},
            },
            customdata=[
                [count, f"{count / total:.1%}" if total else "–", one.low, one.high]
                for count, one in zip(counts, found.bins, strict=True)
            ],
            hovertemplate=t("calibration.bin.hover", low="%{customdata[2]:.2f}", high="%{customdata[3]:.2f}")
            + "<br>"
            + t(f"calibration.{kind}.hover", count="%{customdata[0]:,}", share="%{customdata[1]}")
            + "<extra></extra>",
        )
        if math.isfinite(mean):
            figure.add_shape(
                type="line",
                x0=mean,
                x1=mean,
                yref=f"{axis} domain",
                y0=0,
                y1=1,
                line={"color": colours.TURNING_POINT, "width": 1.5, "dash": "dot"},
            )
    shared = {"nticks": 4, "tickformat": "~s"}
    figure.layout.xaxis = {**_shares(t("calibration.confidence")), "anchor": "y2"}
    figure.layout.yaxis = {**shared, "domain": [0.54, 1], "range": [0, 1.06 * max(tallest[0], 1)]}
    figure.layout.yaxis2 = {**shared, "domain": [0, 0.44], "range": [0, 1.06 * max(tallest[1], 1)]}
    return figure


def tallest_bars(found: Sequence[Calibration]) -> tuple[int, int]:
    """The most right and the most wrong answers in one bin of any of them, for histograms of the same scales."""
    bins = [each for one in found for each in one.bins]
    return max(each.right for each in bins), max(each.count - each.right for each in bins)


def calibration_by_epoch(
    epochs: Sequence[int], found: Sequence[Calibration], t: Language, *, at: int | None, confirmed: bool
) -> go.Figure:
    """Above mean confidence and accuracy by epoch, below the expected calibration error; `at` is the lowest loss."""
    figure = epoch_panels(
        max(epochs, default=1),
        t,
        upper={"tickformat": ".0%"},
        lower={"rangemode": "tozero"},
        heading=t("calibration.error"),
    )
    for name, values, colour, dash, symbol in (
        ("accuracy", [one.accuracy for one in found], colours.TRAINING, "solid", "circle"),
        ("confidence", [one.confidence for one in found], colours.VALIDATION, "dash", "diamond"),
        ("confidence_wrong", [one.confidence_wrong for one in found], colours.QUIET, "dot", "x"),
    ):
        add_curve(
            figure,
            epochs,
            values,
            name=t(f"calibration.{name}" if name == "accuracy" else f"calibration.mean.{name}"),
            colour=colour,
            symbol=symbol,
            dash=dash,
            hover="%{y:.1%}",
            fill="tonexty" if name == "confidence" else None,
            fillcolor=_BETWEEN,
        )
    add_curve(
        figure,
        epochs,
        [one.error for one in found],
        name=t("calibration.error"),
        colour=colours.TURNING_POINT,
        symbol="square",
        hover="%{y:.3f}",
        yaxis="y2",
        showlegend=False,
    )
    mark_epoch(figure, at, confirmed=confirmed)
    return figure


def _sided(one: Bin, t: Language) -> str:
    sure = one.confidence - one.accuracy
    return t("calibration.over" if sure > 0 else "calibration.under", points=f"{100 * abs(sure):.1f}")


def _shares(title: str) -> dict[str, object]:
    return {
        "title_text": title,
        "range": [0, 1.005],
        "tickvals": _TICKS,
        "tickformat": ".0%",
    }
