"""Which cell of a matrix of classes is looked at, what its cells tell, and how many of many classes it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import plotly.graph_objects as go
import streamlit as st

from dashboard.shared.chart import show_chart
from dashboard.shared.charts.class_matrix import FEW, PREDICTED, TRUE, Form
from dashboard.shared.controls import choose
from dashboard.shared.language import Language

_SOME = 24
_FORMS: tuple[Form, ...] = ("shares", "counts", "mistakes", "flows")

Cell: TypeAlias = tuple[int, int]
"""The true class, and the one it was taken for."""


def chosen_cell(event: Mapping[str, Any] | None) -> Cell | None:
    """The cell of a `class_matrix` that was pressed, as `st.plotly_chart` tells a selection; None if none was."""
    points = ((event or {}).get("selection") or {}).get("points") or ()
    for point in points:
        told = point.get("customdata")
        if told is not None and len(told) > PREDICTED:
            return int(told[TRUE]), int(told[PREDICTED])
    return None


def kept_cell(key: str) -> Cell | None:
    """The cell that this session looks at in the matrix of this key; None before one was chosen."""
    true, predicted = (st.session_state.get(each) for each in _box_keys(key))
    return None if true is None or predicted is None else (int(true), int(predicted))


def choose_cell(key: str, cell: Cell | None) -> None:
    """Look at this cell in the matrix of this key, or at none; before its boxes are drawn."""
    true, predicted = _box_keys(key)
    st.session_state[true], st.session_state[predicted] = cell or (None, None)


def matrix_chart(figure: go.Figure, key: str, t: Language, *, name: str, alt: str) -> None:
    """Draw a `charts.class_matrix` whose cells can be pressed; `kept_cell` then knows which one was."""
    chart = f"{key}-chart"

    def follow() -> None:
        cell = chosen_cell(st.session_state.get(chart))
        if cell is not None:  # pressing it again would choose none
            choose_cell(key, cell)

    show_chart(figure, t, key=chart, alt=alt, name=name, on_select=follow, selection_mode="points")


def cell_boxes(names: Sequence[str], key: str, t: Language) -> Cell | None:
    """The same choice by keyboard: two boxes with the classes; returns the cell, None until both are chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for box, each in zip(_box_keys(key), ("true", "predicted"), strict=True):
            st.selectbox(
                t(f"confusion.{each}"),
                range(len(names)),
                index=None,
                format_func=names.__getitem__,
                placeholder=t("mistake.cell.any"),
                key=box,
                width=200,
            )
    return kept_cell(key)


def _box_keys(key: str) -> tuple[str, str]:
    return f"{key}-true", f"{key}-predicted"


def choose_form(classes: int, key: str, t: Language, *, labelled: bool) -> Form:
    """The choice of what the cells tell, or flows in their place; of two classes the mistakes would be but two cells.

    The `key` must be another one for two classes and for more.
    """
    return choose(
        t("confusion.form"),
        _FORMS if classes > 2 else tuple(form for form in _FORMS if form != "mistakes"),
        lambda one: t(f"confusion.{one}"),
        key=key,
        default="shares",
        labelled=labelled,
    )


def choose_number(classes: int, part: str, t: Language) -> int:
    """The choice of how many classes to show at once: a few, some or all.

    `part` of the page is what its keys in the session and its words in the languages begin with.
    """
    numbers = [*(number for number in (FEW, _SOME) if number < classes), classes]
    return choose(
        t("confusion.shown"),
        numbers,
        lambda number: t(
            "confusion.shown.all" if number == classes else f"{part}.shown.first", number=number
        ),
        key=f"{part}-shown-{classes}",
        default=FEW,
    )
