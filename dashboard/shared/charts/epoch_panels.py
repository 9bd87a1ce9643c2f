"""Two panels one above the other over the same epochs: the upper one for curves, the lower one for what follows."""

from __future__ import annotations

import math
from typing import Any

import plotly.graph_objects as go

from dashboard.shared.charts import colours
from dashboard.shared.charts.template import new_figure
from dashboard.shared.language import Language

_FEW, _MARKERS_UP_TO = 12, 60


def curve_mode(epochs: int) -> str:
    """How to draw a curve of so many points: with more than 60, markers would be a thick line."""
    return "lines+markers" if epochs <= _MARKERS_UP_TO else "lines"


def drawn(value: float | None) -> float | None:
    """None, which leaves a hole in a curve, where there is no number."""
    return value if value is not None and math.isfinite(value) else None


def epoch_panels(height: int = 430) -> go.Figure:
    """A figure for two panels: traces of the lower one are on "y2", and `lay_out_panels` gives it its axes."""
    return new_figure(height=height, top=36, hovermode="x unified", barmode="overlay", bargap=0.25)


def lay_out_panels(
    figure: go.Figure,
    last: int,
    t: Language,
    *,
    upper: dict[str, Any],
    lower: dict[str, Any],
    heading: str,
) -> None:
    """Give `epoch_panels` up to a last epoch its axes, with these settings of both, and a heading of the lower one."""
    figure.update_xaxes(
        title={"text": t("curve.epoch"), "standoff": 6},
        range=[0.4, last + 0.6],
        tickformat="~g",
        anchor="y2",
        unifiedhovertitle={"text": f"{t('curve.epoch')} %{{x}}"},
        **({"dtick": 1} if last <= _FEW else {}),
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
    figure.update_layout(
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
