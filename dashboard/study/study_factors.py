"""What a measure does when one or two settings change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.analysis.bands import Cell, Measure
from dashboard.shared.charts import colours
from dashboard.shared.language import Language

_CLEAR, _STRONG = "rgba(31,131,201,0.04)", "rgba(31,131,201,0.72)"
_PERCENT = frozenset({"val_accuracy", "test_accuracy"})


def written(value: float, measure: Measure) -> str:
    """A measured number as it stands in figures, tables and sentences."""
    return f"{value:{_format(measure)}}"


def written_single(value: float, measure: Measure) -> str:
    """The same of one run, whose turning point is a whole epoch."""
    return f"{value:.0f}" if measure == "turning_point" else written(value, measure)


def factor_curve(
    cells: Sequence[Cell], names: Sequence[str], factor: str, t: Language, *, measure: Measure
) -> go.Figure:
    """A measure by the values of one setting: the mean, a bar from smallest to largest, a dot for each run.

    Args:
        cells: One for each value, in their order.

    Returns:
        Two traces: the single runs, and the means with their bars.
    """
    figure = go.Figure()
    # By place: an axis that spaces 64, 128 and 1024 by their size would leave no room for the first ones.
    figure.add_scatter(
        x=[place for place, cell in enumerate(cells) for _ in cell.values],
        y=[value for cell in cells for value in cell.values],
        mode="markers",
        name=t("study.factor.run"),
        marker={"color": colours.QUIET, "size": 7, "symbol": "circle-open", "line": {"width": 1.5}},
        hovertemplate=f"%{{y:{_format(measure)}}}<extra></extra>",
    )
    there = [(place, cell, cell.spread) for place, cell in enumerate(cells) if cell.spread is not None]
    figure.add_scatter(
        x=[place for place, _, _ in there],
        y=[spread.mean for _, _, spread in there],
        mode="lines+markers",
        name=t("study.factor.mean"),
        line={"color": colours.VALIDATION, "width": 2.5},
        marker={"size": 9},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [spread.high - spread.mean for _, _, spread in there],
            "arrayminus": [spread.mean - spread.low for _, _, spread in there],
            "thickness": 1.5,
            "width": 6,
        },
        customdata=[
            [names[place], spread.n, cell.runs, spread.low, spread.high] for place, cell, spread in there
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>"
        + t(
            "study.factor.hover",
            mean=f"%{{y:{_format(measure)}}}",
            low=f"%{{customdata[3]:{_format(measure)}}}",
            high=f"%{{customdata[4]:{_format(measure)}}}",
            n="%{customdata[1]}",
            runs="%{customdata[2]}",
        )
        + "<extra></extra>",
    )
    figure.update_xaxes(
        title_text=factor,
        tickvals=list(range(len(cells))),
        ticktext=list(names),
        range=[-0.5, len(cells) - 0.5],
        zeroline=False,
        showgrid=False,
        automargin=True,
    )
    figure.update_yaxes(
        title_text=t(f"study.measure.{measure}"),
        tickformat=_tick_format(measure),
        nticks=6,
        zeroline=False,
        automargin=True,
    )
    figure.update_layout(
        height=340,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        hovermode="closest",
    )
    return figure


def factor_heatmap(
    cells: Mapping[tuple[int, int], Cell],
    rows: Sequence[str],
    columns: Sequence[str],
    factors: tuple[str, str],
    t: Language,
    *,
    measure: Measure,
    dark: bool = False,
) -> go.Figure:
    """A measure by two settings: in each cell the mean over its runs, and how many have the number.

    Args:
        cells: By place of the value of the first setting (row) and of the second (column).
        rows: The values of the first setting in words.
        dark: Whether the page behind it is dark.

    Returns:
        A heatmap of the means with row 0 on top, and a trace with the words of the cells.
    """
    grid = [[cells.get((row, column)) for column in range(len(columns))] for row in range(len(rows))]
    means = [[cell.spread.mean if cell and cell.spread else None for cell in line] for line in grid]
    told = [[_told(cell, measure) for cell in line] for line in grid]
    ink = colours.INK_ON_DARK if dark else colours.INK
    figure = go.Figure(
        go.Heatmap(
            z=means,
            text=[
                [
                    f"{row} · {column}<br>{_hover(cell, measure, t)}"
                    for column, cell in zip(columns, line, strict=True)
                ]
                for row, line in zip(rows, grid, strict=True)
            ],
            colorscale=[[0, _CLEAR], [1, _STRONG]],
            xgap=2,
            ygap=2,
            showscale=False,
            hoverongaps=False,
            hovertemplate="%{text}<extra></extra>",
        )
    )
    figure.add_scatter(
        x=[column for _ in rows for column in range(len(columns))],
        y=[row for row in range(len(rows)) for _ in columns],
        mode="text",
        text=[text for line in told for text in line],
        textfont={"size": 13 if len(columns) <= 6 else 11, "color": ink},
        hoverinfo="skip",
        showlegend=False,
    )
    axis = {"showgrid": False, "zeroline": False, "automargin": True}
    figure.update_xaxes(
        **axis,
        title_text=factors[1],
        tickvals=list(range(len(columns))),
        ticktext=list(columns),
        range=[-0.5, len(columns) - 0.5],
        side="bottom",
    )
    figure.update_yaxes(
        **axis,
        title_text=factors[0],
        tickvals=list(range(len(rows))),
        ticktext=list(rows),
        range=[len(rows) - 0.5, -0.5],
    )
    figure.update_layout(
        height=110 + 58 * max(len(rows), 2),
        margin={"l": 8, "r": 8, "t": 12, "b": 8},
        hovermode="closest",
        dragmode=False,
    )
    return figure


def _told(cell: Cell | None, measure: Measure) -> str:
    """The words of a cell; how many of its runs count stands below where it is not all, or more than one."""
    if cell is None:
        return ""
    number = written(cell.spread.mean, measure) if cell.spread else "–"
    if len(cell.values) == cell.runs == 1:
        return number
    return f"{number}<br><span style='font-size:11px'>{len(cell.values)}/{cell.runs}</span>"


def _hover(cell: Cell | None, measure: Measure, t: Language) -> str:
    if cell is None or cell.spread is None:
        return t("study.factor.none")
    return t(
        "study.factor.hover",
        mean=written(cell.spread.mean, measure),
        low=written(cell.spread.low, measure),
        high=written(cell.spread.high, measure),
        n=cell.spread.n,
        runs=cell.runs,
    )


def _format(measure: Measure) -> str:
    if measure in _PERCENT:
        return ".2%"
    return ".1f" if measure == "turning_point" else ".4f"


def _tick_format(measure: Measure) -> str:
    return ".1%" if measure in _PERCENT else "~g"
