"""The inside of a network: weights and outputs as coloured cells or bars, and how weights spread by epoch."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.inference.kinds.first_layer import NearWord
from dashboard.shared.charts import colours
from dashboard.shared.charts.colours import NEGATIVE, POSITIVE, colourscale
from dashboard.shared.charts.template import new_figure
from dashboard.shared.language import Language

_MOST_BARS = 40
_TICKS = 8
_CELLS_A_ROW = 32


def cells(
    values: NDArray[np.floating], largest: float, *, across: str, down: str, square: bool = True
) -> go.Figure:
    """A matrix, row 0 at the top, as coloured cells, with its numbers under the pointer.

    What is `largest` on either side is darkest; `across` and `down` are what a column and a row is called.
    """
    rows, columns = values.shape
    figure = new_figure(
        go.Heatmap(
            z=values.astype(np.float32),
            zmin=-(largest or 1),
            zmax=largest or 1,
            colorscale=colourscale(),
            colorbar={"thickness": 12, "outlinewidth": 0, "nticks": 5, "tickformat": ".2~g"},
            hovertemplate=f"{down} %{{y}}, {across} %{{x}}: <b>%{{z:.4f}}</b><extra></extra>",
        ),
        height=360 if square else min(420, 120 + 12 * rows),
    )
    axis: dict[str, Any] = {"showgrid": False, "ticks": "", "constrain": "domain", "nticks": _TICKS}
    if square and max(rows, columns) <= _TICKS:  # else Plotly would write halves between so few cells
        axis["dtick"] = 1
    down_axis = {**axis, "range": [rows - 0.5, -0.5], "title_text": "" if square else down}
    if square:
        down_axis |= {"scaleanchor": "x", "constraintoward": "top"}
    figure.layout.xaxis = {**axis, "range": [-0.5, columns - 0.5], "title_text": "" if square else across}
    figure.layout.yaxis = down_axis
    return figure


def units(
    values: NDArray[np.floating], t: Language, *, names: Sequence[str] = (), largest: float | None = None
) -> go.Figure:
    """One number for each unit: bars, or for many units cells row after row.

    Units without names are numbered from 0; the scale ends at the largest value unless it is told where.
    """
    reach = largest if largest is not None else float(np.abs(values).max(initial=0)) or 1.0
    return _unit_bars(values, reach, t, names) if len(values) <= _MOST_BARS else _unit_cells(values, reach, t)


def _unit_bars(values: NDArray[np.floating], reach: float, t: Language, names: Sequence[str]) -> go.Figure:
    numbers = list(range(len(values)))
    labels = [escape(name) for name in names] or [f"{t('inside.unit')} {unit}" for unit in numbers]
    ticks = [escape(name) for name in names] or [str(unit) for unit in numbers]
    figure = new_figure(
        go.Bar(
            x=numbers,
            y=values.astype(np.float32),
            customdata=labels,
            marker={
                "color": [POSITIVE if value > 0 else NEGATIVE for value in values],
                "pattern": {"shape": ["" if value > 0 else "/" for value in values], "fillmode": "overlay"},
                "line": {"width": 0},
            },
            hovertemplate="%{customdata}: <b>%{y:.4f}</b><extra></extra>",
        ),
        height=210,
        bargap=0.15,
        showlegend=False,
    )
    few = len(values) <= 20
    figure.layout.xaxis = {
        "tickvals": numbers if few else None,
        "ticktext": ticks if few else None,
        "autotickangles": [0, -45, -90],  # else a phone loses the last name beyond its edge
        "title_text": "" if names else t("inside.unit"),
        "showgrid": False,
    }
    lowest = float(values.min(initial=0))
    figure.layout.yaxis = {
        "range": [-1.05 * reach if lowest < 0 else 0, 1.05 * reach],
        "nticks": 4,
        "zeroline": True,
    }
    return figure


def _unit_cells(values: NDArray[np.floating], reach: float, t: Language) -> go.Figure:
    rows = -(-len(values) // _CELLS_A_ROW)
    folded = np.full(rows * _CELLS_A_ROW, np.nan, dtype=np.float32)
    folded[: len(values)] = values
    signed = float(values.min(initial=0)) < 0
    numbers = np.arange(len(folded)).reshape(rows, -1)
    figure = new_figure(
        go.Heatmap(
            z=folded.reshape(rows, -1),
            customdata=numbers,
            zmin=-reach if signed else 0,
            zmax=reach,
            colorscale=colourscale(signed=signed),
            xgap=1,
            ygap=1,
            hoverongaps=False,
            colorbar={"thickness": 12, "outlinewidth": 0, "nticks": 3, "tickformat": ".2~g"},
            hovertemplate=f"{t('inside.unit')} %{{customdata}}: <b>%{{z:.4f}}</b><extra></extra>",
        ),
        height=max(130, min(520, 70 + 14 * rows)),
    )
    figure.layout.xaxis = {
        "showgrid": False,
        "ticks": "",
        "tickvals": [0, 8, 16, 24],
        "ticktext": ["+0", "+8", "+16", "+24"],
    }
    step = max(1, rows // 8)
    figure.layout.yaxis = {
        "showgrid": False,
        "ticks": "",
        "tickvals": list(range(0, rows, step)),
        "ticktext": [str(_CELLS_A_ROW * row) for row in range(0, rows, step)],
        "range": [rows - 0.5, -0.5],
        "title_text": t("inside.unit"),
    }
    return figure


def near_words(found: Sequence[NearWord], t: Language) -> go.Figure:
    """Bars as long as the words are near, the nearest on top."""
    figure = new_figure(
        go.Bar(
            # By place, for a word such as "1985" would be taken for a number.
            y=list(range(len(found))),
            x=[word.similarity for word in found],
            orientation="h",
            marker={"color": colours.TRAINING, "line": {"width": 0}},
            texttemplate="%{x:.2f}",
            textposition="outside",
            cliponaxis=False,
            hoverinfo="skip",
        ),
        height=64 + 24 * max(1, len(found)),
        right=24,
        showlegend=False,
    )
    lowest = min([0.0, *(word.similarity for word in found)])
    figure.layout.xaxis = {"title_text": t("inside.similarity"), "range": [lowest, 1.12], "nticks": 5}
    figure.layout.yaxis = {
        "tickvals": list(range(len(found))),
        "ticktext": [escape(word.word) for word in found],
        "autorange": "reversed",
        "showgrid": False,
    }
    return figure
