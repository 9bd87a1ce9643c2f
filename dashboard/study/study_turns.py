"""Where the runs of a study turned: a mark for each run, level by level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.analysis.bands import Turned, Turns
from dashboard.shared.charts import colours
from dashboard.shared.language import Language
from dashboard.study.study_bands import epoch_ticks

_ROW, _NARROW_ROW, _FRAME = 64, 34, 120  # pixels
_FEW = 8  # rows that may be wide
_STEP, _REACH = 0.13, 0.36  # of a row: between marks on the same epoch, and how far they may go


@dataclass(frozen=True)
class TurnRow:
    """The runs of one level.

    Attributes:
        name: The level in words; "" where there is only one.
        turns: Where its runs turned.
    """

    name: str
    turns: Turns


def turn_strip(rows: Sequence[TurnRow], epochs: int, t: Language) -> go.Figure:
    """A mark for each run at the epoch of its lowest validation loss: full where the turn is confirmed.

    Marks of one level on the same epoch stand on top of each other, so that they can be counted.

    Args:
        rows: The levels, the first one on top.
        epochs: The last epoch that any run has.

    Returns:
        A trace of the confirmed ones and one of those not reached, if there are any, with the run's id as custom
        data; and a line at the mean of each level that has several confirmed ones.
    """
    figure = go.Figure()
    for reached, symbol in ((True, "diamond"), (False, "triangle-right-open")):
        x, y, names, ids = [], [], [], []
        for place, row in enumerate(rows):
            marks = row.turns.reached if reached else row.turns.open
            for turned, height in zip(marks, _heights(marks, below=not reached), strict=True):
                x.append(turned.epoch)
                y.append(place + height)
                names.append(row.name)
                ids.append(turned.run)
        if not x:
            continue
        key = "study.turns.reached" if reached else "study.turns.open"
        figure.add_scatter(
            x=x,
            y=y,
            mode="markers",
            name=t(key),
            showlegend=True,
            text=names,
            customdata=ids,
            marker={
                "symbol": symbol,
                "size": 12,
                "color": colours.TURNING_POINT if reached else colours.QUIET,
                "line": {"width": 1 if reached else 2},
            },
            hovertemplate="<b>%{text}</b><br>"
            + t("study.turns.hover", epoch="%{x}", run="%{customdata}")
            + f"<extra>{t(key)}</extra>",
        )
    means = [(place, row.turns.spread) for place, row in enumerate(rows)]
    for place, spread in means:
        if spread is not None and spread.n > 1:
            figure.add_shape(
                type="line",
                x0=spread.mean,
                x1=spread.mean,
                y0=place - 0.42,
                y1=place + 0.42,
                line={"color": colours.TURNING_POINT, "width": 2, "dash": "dot"},
            )
    for place in range(1, len(rows)):
        figure.add_hline(y=place - 0.5, line={"color": colours.QUIET, "width": 0.5}, opacity=0.5)
    figure.update_xaxes(
        title_text=t("curve.epoch"),
        range=[0.5, max(epochs, 2) + 0.5],
        **epoch_ticks(epochs, most=12),
        zeroline=False,
        automargin=True,
    )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[row.name for row in rows],
        range=[len(rows) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        automargin=True,
    )
    figure.update_layout(
        height=_FRAME + (_ROW if len(rows) <= _FEW else _NARROW_ROW) * len(rows),
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        hovermode="closest",
        dragmode=False,
    )
    return figure


def _heights(marks: Sequence[Turned], *, below: bool) -> list[float]:
    """How far from the middle of its row each mark stands: those on one epoch away from each other."""
    number = Counter(turned.epoch for turned in marks)
    seen: Counter[int] = Counter()
    heights = []
    for turned in marks:
        step = min(_STEP, _REACH / max(number[turned.epoch] - 1, 1))
        height = step * seen[turned.epoch]
        heights.append(height + 0.05 if below else -height - 0.05)
        seen[turned.epoch] += 1
    return heights
