"""What a network learned and forgot from epoch to epoch, and how its answer to one sample changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.analysis.memorization import LabelHistory, LabelShares
from core.analysis.training_dynamics import PredictionHistory, flips
from core.analysis.turning_point import Turn
from dashboard.shared.charts import colours
from dashboard.shared.charts.template import add_curve, new_figure, upright
from dashboard.shared.language import Language


def learned_and_forgotten(kept: PredictionHistory, turn: Turn, t: Language) -> go.Figure:
    """How many samples became right (bars up) and wrong (bars down) since the epoch before."""
    gained, lost = flips(kept.right)
    bars = (("gained", gained, gained, colours.TRAINING, ""), ("lost", -lost, lost, colours.VALIDATION, "/"))
    traces: list[dict[str, Any]] = [
        {
            "type": "bar",
            "x": kept.epochs[1:],
            "y": heights.tolist(),
            "customdata": counts.tolist(),
            "name": t(f"lookback.{name}"),
            "marker": {
                "color": colour,
                "line": {"width": 0},
                "pattern": {"shape": pattern, "size": 5, "solidity": 0.35},
            },
            "hovertemplate": f"{t('curve.epoch')} %{{x}}: %{{customdata:,}}<extra>%{{fullData.name}}</extra>",
        }
        for name, heights, counts, colour, pattern in bars
    ]
    most = max(1, int(max([*gained, *lost], default=1)))
    step = tick_step(most)
    ticks = [step * number for number in range(-(most // step), most // step + 1)]
    return new_figure(
        *traces,
        height=336,
        top=56,
        legend={"y": 1.1},
        barmode="relative",
        bargap=0.15,
        yaxis={
            "title": {"text": t("lookback.samples_axis")},
            "tickvals": ticks,
            "ticktext": [f"{abs(tick):,}" for tick in ticks],
            "range": [-1.15 * most, 1.15 * most],
            "zeroline": True,
        },
        **_by_epoch(kept.epochs[-1], turn, t),
    )


def answer_course(kept: PredictionHistory, sample: int, at: int, turn: Turn, t: Language) -> go.Figure:
    """The probability that the true class of one sample got after each epoch.

    `at` is the epoch that is looked at. Over the line stand a trace of marks for right and one for wrong answers.
    """
    shares, right = kept.of_true[:, sample].astype(float), kept.right[:, sample]
    line: dict[str, Any] = {
        "type": "scatter",
        "x": kept.epochs,
        "y": shares.tolist(),
        "mode": "lines",
        "line": {"color": colours.QUIET, "width": 1.5},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    marks = (("right", right, colours.TRAINING, "circle"), ("wrong", ~right, colours.VALIDATION, "x"))
    points: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "x": np.asarray(kept.epochs)[which].tolist(),
            "y": shares[which].tolist(),
            "mode": "markers",
            "name": t(f"lookback.answer.{name}"),
            "marker": {"color": colour, "symbol": symbol, "size": 8},
            "hovertemplate": f"{t('curve.epoch')} %{{x}}: %{{y:.1%}}<extra>%{{fullData.name}}</extra>",
        }
        for name, which, colour, symbol in marks
    ]
    looked_at = upright(at, {"color": colours.QUIET, "width": 1.5})
    return new_figure(
        line,
        *points,
        height=300,
        top=56,
        legend={"y": 1.1},
        yaxis=_shares(t("lookback.of_true")),
        **_by_epoch(kept.epochs[-1], turn, t, looked_at),
    )


#: The curves of `LabelShares` in their order, with colour, mark and dash.
LABEL_CURVES = {
    "right": (colours.TRAINING, "circle", "solid"),
    "as_true": (colours.TRUTH, "diamond", "dash"),
    "as_given": (colours.BY_HEART, "x", "solid"),
}


def labels_learned(epochs: Sequence[int], shares: LabelShares, turn: Turn, t: Language) -> go.Figure:
    """How rightly and wrongly labelled training samples were answered after each epoch."""
    figure = _below_names(epochs[-1], turn, t, title=t("lookback.labels.axis"), height=400, top=112)
    for name, (colour, symbol, dash) in LABEL_CURVES.items():
        values: NDArray[np.float64] | None = getattr(shares, name)
        if values is not None:
            add_curve(
                figure,
                epochs,
                values.tolist(),
                name=t(f"lookback.labels.curve.{name}"),
                colour=colour,
                symbol=symbol,
                dash=dash,
                hover="%{y:.1%}",
            )
    return figure


def label_course(
    history: LabelHistory, sample: int, names: Sequence[str], turn: Turn, t: Language
) -> go.Figure:
    """The probabilities that the true class and the wrong label of one sample got after each epoch."""
    figure = _below_names(
        history.epochs[-1], turn, t, title=t("lookback.labels.probability"), height=300, top=76
    )
    one = history.samples[sample]
    curves = (("as_true", "of_true", one["true"]), ("as_given", "of_given", one["given"]))
    for curve, field, label in curves:
        colour, symbol, dash = LABEL_CURVES[curve]
        add_curve(
            figure,
            history.epochs,
            history.answers[field][:, sample].astype(float).tolist(),
            name=t(f"lookback.labels.{field}", name=names[int(label)]),
            colour=colour,
            symbol=symbol,
            dash=dash,
            hover="%{y:.1%}",
        )
    return figure


def _below_names(last: int, turn: Turn, t: Language, *, title: str, height: int, top: int) -> go.Figure:
    """The axes of shares by epoch, below a list of the curves that come into it."""
    return new_figure(
        height=height,
        top=top,
        legend={"y": 1.1, "orientation": "v"},
        hovermode="x unified",
        yaxis=_shares(title),
        **_by_epoch(last, turn, t),
    )


def tick_step(most: int) -> int:
    """A round distance between ticks, so that up to `most` there are two to four of them, or few whole ones."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if most // step <= 4:
                return step
        size *= 10


def _by_epoch(last: int, turn: Turn, t: Language, *lines: dict[str, Any]) -> dict[str, Any]:
    """Of a layout the axis of epochs, these lines and, with its name, one where validation loss is lowest."""
    axis = {"title": {"text": t("curve.epoch")}, "tickformat": "~g", "range": [0.5, last + 0.5]}
    if turn.epoch is None:
        return {"xaxis": axis, "shapes": lines}
    kind = "turn" if turn.confirmed else "lowest"
    dash = "dash" if turn.confirmed else "dot"
    lowest = upright(turn.epoch, {"color": colours.TURNING_POINT, "width": 1.5, "dash": dash})
    label = {
        "text": t(f"lookback.{kind}.label", epoch=turn.epoch),
        "showarrow": False,
        "x": turn.epoch,
        "xref": "x",
        "xanchor": "left",
        "y": 1.0,
        "yref": "y domain",
        "yanchor": "bottom",
        "font": {"size": 12},
    }
    return {"xaxis": axis, "shapes": [*lines, lowest], "annotations": [label]}


def _shares(title: str) -> dict[str, Any]:
    """An axis of shares, with room for marks at its ends."""
    return {"title": {"text": title}, "tickformat": ".0%", "range": [-0.04, 1.04]}
