"""Two panels one above the other over the same epochs: the upper one for curves, the lower one for what follows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median_low
from typing import Any

import plotly.graph_objects as go

from dashboard.shared.charts import colours
from dashboard.shared.charts.template import new_figure
from dashboard.shared.language import Language

_FEW, _MARKERS_UP_TO = 12, 60
_TIMES = 3  # as high as usual is where an axis of losses ends


def curve_mode(epochs: int) -> str:
    """How to draw a curve of so many points: with more than 60, markers would be a thick line."""
    return "lines+markers" if epochs <= _MARKERS_UP_TO else "lines"


def drawn(value: float | None) -> float | None:
    """None, which leaves a hole in a curve, where there is no number."""
    return value if value is not None and math.isfinite(value) else None


def axis_top(tops: Sequence[float]) -> float:
    """Where an axis of losses ends, so that one curve far above the others does not leave them flat.

    That is the highest of the tops of all curves, or three times what is usual if that is lower. Usual is their
    median, of an even number the lower one, so that of two curves one may leave the chart.
    """
    return min(max(tops), _TIMES * median_low(tops))


def epoch_panels(
    last: int, t: Language, *, upper: dict[str, Any], lower: dict[str, Any], heading: str, height: int = 430
) -> go.Figure:
    """A figure up to a last epoch, with these settings of both y axes; traces of the lower panel are on "y2"."""
    figure = new_figure(height=height, top=36, hovermode="x unified", barmode="overlay", bargap=0.25)
    figure.update_xaxes(
        title={"text": t("curve.epoch"), "standoff": 6},
        range=[0.4, last + 0.6],
        tickformat="~g",
        anchor="y2",
        unifiedhovertitle={"text": f"{t('curve.epoch')} %{{x}}"},
        dtick=1 if last <= _FEW else None,
    )
    figure.add_annotation(
        text=heading,
        xref="paper",
        x=0,
        yref="y2 domain",
        y=1,
        yanchor="bottom",
        yshift=4,
        showarrow=False,
        font={"size": 13},
    )
    return figure.update_layout(
        yaxis={"domain": [0.44, 1], **upper}, yaxis2={"domain": [0, 0.32], "nticks": 5, **lower}
    )


def mark_epoch(figure: go.Figure, epoch: int | None, *, confirmed: bool) -> None:
    """Draw a line through both panels where validation loss is lowest: dashed if that is confirmed, else dotted."""
    if epoch is not None:
        figure.add_shape(
            type="line",
            x0=epoch,
            x1=epoch,
            yref="paper",
            y0=0,
            y1=1,
            line={"color": colours.TURNING_POINT, "width": 1.5, "dash": "dash" if confirmed else "dot"},
        )
