"""How sure a network was and how often it was right, as reliability diagram, histogram and curves."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from core.analysis.calibration import Bin, Calibration
from dashboard.figures import colours
from dashboard.figures.epoch_panels import curve_mode, drawn, lay_out_panels, mark_epoch
from dashboard.language import Language

_BETWEEN = "rgba(217,115,26,0.18)"
_TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1]


def reliability(found: Calibration, say: Language) -> go.Figure:
    """For each bin of confidence the share that was right, and what is missing to the diagonal or above it.

    Returns:
        Bars of accuracy; bars from there to the mean confidence, hatched; the diagonal.
    """
    bins = [one for one in found.bins if one.count]
    middles = [(one.low + one.high) / 2 for one in bins]
    width = 0.94 / len(found.bins)
    told = [
        [one.count, f"{one.confidence:.1%}", f"{one.accuracy:.1%}", one.low, one.high, _sided(one, say)]
        for one in bins
    ]
    hover = (
        say("calibration.bin.hover", low="%{customdata[3]:.2f}", high="%{customdata[4]:.2f}")
        + "<br>"
        + say(
            "calibration.bin.numbers",
            count="%{customdata[0]:,}",
            accuracy="%{customdata[2]}",
            confidence="%{customdata[1]}",
        )
        + "<br>%{customdata[5]}<extra></extra>"
    )
    figure = go.Figure()
    figure.add_bar(
        x=middles,
        y=[one.accuracy for one in bins],
        width=width,
        name=say("calibration.accuracy"),
        customdata=told,
        marker={"color": colours.TRAINING, "line": {"width": 0}},
        hovertemplate=hover,
    )
    figure.add_bar(
        x=middles,
        y=[one.confidence - one.accuracy for one in bins],
        base=[one.accuracy for one in bins],
        width=width,
        name=say("calibration.difference"),
        customdata=told,
        marker={
            "color": "rgba(217,115,26,0.22)",
            "pattern": {"shape": "/", "fgcolor": colours.VALIDATION, "size": 7, "solidity": 0.35},
            "line": {"color": colours.VALIDATION, "width": 1.2},
        },
        hovertemplate=hover,
    )
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        name=say("calibration.diagonal"),
        line={"color": colours.QUIET, "width": 1.5, "dash": "dash"},
        hoverinfo="skip",
    )
    figure.update_xaxes(**_shares(say("calibration.confidence")))
    figure.update_yaxes(**_shares(say("calibration.accuracy")))
    figure.update_layout(barmode="overlay", **_still(340))
    return figure


def confidences(found: Calibration, say: Language, *, tallest: float) -> go.Figure:
    """How sure the right answers were, upwards, and the wrong ones, downwards, each as shares of their own kind.

    Args:
        found: The answers.
        say: The language.
        tallest: The largest share in any histogram beside this one, where its axis ends.

    Returns:
        Two sets of bars whose x are the middles of the bins and whose y are shares, those of wrong answers negative.
    """
    middles = [(one.low + one.high) / 2 for one in found.bins]
    figure = go.Figure()
    for kind, sign, total in (("right", 1, found.samples - found.wrong), ("wrong", -1, found.wrong)):
        counts = [one.right if kind == "right" else one.count - one.right for one in found.bins]
        figure.add_bar(
            x=middles,
            y=[sign * count / total if total else 0 for count in counts],
            width=0.94 / len(found.bins),
            name=say(f"calibration.{kind}", count=f"{total:,}"),
            marker={
                "color": colours.TRAINING if kind == "right" else colours.VALIDATION,
                "pattern": {"shape": "" if kind == "right" else "/", "fillmode": "overlay"},
                "line": {"width": 0},
            },
            customdata=[
                [count, f"{count / total:.1%}" if total else "–", one.low, one.high]
                for count, one in zip(counts, found.bins, strict=True)
            ],
            hovertemplate=say(
                "calibration.bin.hover", low="%{customdata[2]:.2f}", high="%{customdata[3]:.2f}"
            )
            + "<br>"
            + say(f"calibration.{kind}.hover", count="%{customdata[0]:,}", share="%{customdata[1]}")
            + "<extra></extra>",
        )
    for kind, mean in (("right", found.confidence_right), ("wrong", found.confidence_wrong)):
        if math.isfinite(mean):
            figure.add_shape(
                type="line",
                x0=mean,
                x1=mean,
                y0=0,
                y1=tallest * (1 if kind == "right" else -1),
                line={"color": colours.TURNING_POINT, "width": 1.5, "dash": "dot"},
            )
    reach = max(tallest, 0.05) * 1.08
    step = 0.5 if reach > 0.6 else 0.2 if reach > 0.25 else 0.1
    ticks = [step * place for place in range(-5, 6) if abs(step * place) <= reach]
    figure.update_xaxes(**_shares(say("calibration.confidence")))
    figure.update_yaxes(
        range=[-reach, reach],
        tickvals=ticks,
        ticktext=[f"{abs(tick):.0%}" for tick in ticks],
        title_text=say("calibration.share"),
        automargin=True,
    )
    figure.update_layout(barmode="overlay", **_still(280))
    return figure


def tallest_share(found: Sequence[Calibration]) -> float:
    """The largest share of right or wrong answers in one bin, for histograms of the same scale."""
    shares = [0.0]
    for one in found:
        right = one.samples - one.wrong
        shares += [each.right / right for each in one.bins if right]
        shares += [(each.count - each.right) / one.wrong for each in one.bins if one.wrong]
    return max(shares)


def calibration_by_epoch(
    epochs: Sequence[int], found: Sequence[Calibration], say: Language, *, at: int | None, confirmed: bool
) -> go.Figure:
    """Above mean confidence and accuracy by epoch, below the expected calibration error.

    Args:
        epochs: The epochs looked at.
        found: One an epoch.
        say: The language.
        at: The epoch with the lowest validation loss.
        confirmed: Whether it is the confirmed turning point.

    Returns:
        Accuracy; mean confidence with the space between filled; mean confidence of wrong answers; the error.
    """
    mode = curve_mode(len(epochs))
    figure = go.Figure()
    for name, values, colour, dash, symbol in (
        ("accuracy", [one.accuracy for one in found], colours.TRAINING, "solid", "circle"),
        ("confidence", [one.confidence for one in found], colours.VALIDATION, "dash", "diamond"),
        ("confidence_wrong", [one.confidence_wrong for one in found], colours.QUIET, "dot", "x"),
    ):
        figure.add_scatter(
            x=list(epochs),
            y=[drawn(value) for value in values],
            name=say(f"calibration.{name}" if name == "accuracy" else f"calibration.mean.{name}"),
            mode=mode,
            line={"color": colour, "width": 2, "dash": dash},
            marker={"symbol": symbol, "size": 5},
            fill="tonexty" if name == "confidence" else None,
            fillcolor=_BETWEEN,
            hovertemplate="%{y:.1%}",
        )
    figure.add_scatter(
        x=list(epochs),
        y=[drawn(one.error) for one in found],
        name=say("calibration.error"),
        yaxis="y2",
        mode=mode,
        line={"color": colours.TURNING_POINT, "width": 2},
        marker={"symbol": "square", "size": 5},
        hovertemplate="%{y:.3f}",
        showlegend=False,
    )
    mark_epoch(figure, at, confirmed=confirmed)
    lay_out_panels(
        figure,
        max(epochs, default=1),
        say,
        upper={"tickformat": ".0%"},
        lower={"rangemode": "tozero"},
        heading=say("calibration.error"),
    )
    return figure


def _sided(one: Bin, say: Language) -> str:
    sure = one.confidence - one.accuracy
    return say("calibration.over" if sure > 0 else "calibration.under", points=f"{100 * abs(sure):.1f}")


def _shares(title: str) -> dict[str, object]:
    return {
        "title_text": title,
        "range": [0, 1.005],
        "tickvals": _TICKS,
        "tickformat": ".0%",
        "zeroline": False,
        "automargin": True,
    }


def _still(height: int) -> dict[str, object]:
    """Nothing to drag: a finger on a chart is to scroll the page."""
    return {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 36, "b": 8},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "hovermode": "closest",
        "dragmode": False,
    }
