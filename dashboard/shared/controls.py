"""Controls of all pages: choosing one of a few, turning the pages of a list, going from sample to sample."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from core.analysis.classification import predicted_classes
from dashboard.shared.language import Language

OptionT = TypeVar("OptionT")


def choose(
    label: str,
    options: Sequence[OptionT],
    format_func: Callable[[OptionT], str] = str,
    *,
    key: str,
    default: OptionT | None = None,
    set_by_page: bool = False,
    labelled: bool = True,
    place: DeltaGenerator | None = None,
    **more: Any,
) -> OptionT:
    """One of a few; one is always chosen, and the session keeps it.

    `curve = choose(t("curve"), ("loss", "accuracy"), lambda one: t(f"curve.{one}"), key="study-curve")`

    Args:
        default: What is chosen at first; the first one if not given.
        set_by_page: Whether the page itself puts the choice into the session before, as where an address names it.
        labelled: Whether the label is seen; else only screen readers are told.
        place: Where it stands, such as a column.
        more: What `st.segmented_control` takes besides: `help`, `on_change`, `args`, `width`.
    """
    first = options[0] if default is None else default
    chosen: OptionT | None = (place or st).segmented_control(
        label,
        options,
        default=None if set_by_page else first,
        required=True,
        format_func=format_func,
        key=key,
        label_visibility="visible" if labelled else "collapsed",
        persist_state="session",
        **more,
    )
    return first if chosen is None else chosen


@contextmanager
def paginate(number: int, a_page: int, *, key: str, showing: int | None = None) -> Iterator[slice]:
    """Gives which of so many items are on the page that is turned to; the numbers of the pages stand below them.

    `with paginate(len(cards), 24, key="cards") as shown: draw(cards[shown])`; of a table that is read a page at a
    time `shown.start` is the offset.

    Args:
        number: How many there are in all; on one page there is nothing to turn.
        key: Of the choice of a page; another list needs another key, or it begins at the page of the one before.
        showing: The place, from 0, of the item to begin with, until another page is chosen.
    """
    pages = max(1, math.ceil(number / a_page))
    first = 1 if showing is None else showing // a_page + 1
    page = min(pages, int(st.session_state.get(key) or first))
    yield slice((page - 1) * a_page, page * a_page)
    if pages > 1:
        st.pagination(pages, default=first, key=key)


Rows = Sequence[int] | NDArray[np.int64]
Move = Literal["previous", "next", "random"]
_ICONS: dict[Move, str] = {"previous": "arrow_back", "next": "arrow_forward", "random": "shuffle"}
#: Moves of a sample that is opened from a list, and of one that is looked for among all.
BESIDE: tuple[Move, ...] = ("previous", "next")
ANY: tuple[Move, ...] = ("previous", "next", "random")


def fitting(
    labels: NDArray[np.integer],
    probabilities: NDArray[np.floating] | None,
    *,
    label: int | None = None,
    mistakes: bool = False,
) -> NDArray[np.int64]:
    """The rows of a test set that fit, ascending.

    `labels` are the true classes, (n,), and `label` the only one to keep; `mistakes` keeps what the network took for
    another class, if what it said of each sample, (n, units), is known.
    """
    fits = np.ones(len(labels), dtype=bool) if label is None else labels == label
    if mistakes and probabilities is not None:
        fits &= predicted_classes(probabilities) != labels
    return np.flatnonzero(fits).astype(np.int64)


def moved(rows: Rows, here: int, move: Move) -> int:
    """The row to go to in a list of rows; after the last one comes the first. Where there is none one stays."""
    if not len(rows):
        return here
    if move == "random":
        others = [row for row in rows if row != here]
        return int(random.choice(others or rows))  # noqa: S311 - not for secrets
    found = np.flatnonzero(np.asarray(rows) == here)
    if len(found):
        return int(rows[(int(found[0]) + (1 if move == "next" else -1)) % len(rows)])
    # One that is not in the list lies between two of an ascending list.
    after = int(np.searchsorted(rows, here))
    return int(rows[after % len(rows)] if move == "next" else rows[after - 1])


def step(
    rows: Rows,
    here: int,
    go: Callable[[int], None],
    t: Language,
    *,
    key: str,
    moves: Sequence[Move] = ANY,
) -> None:
    """Buttons for the previous row, the next one and any; to be called in a horizontal container.

    `step(rows, opened, lambda row: open_row(key, row), t, key="sample", moves=BESIDE)`

    `go` is called with the row that was chosen before the page is drawn anew; `key` is what keys of buttons begin with.
    """
    alone = not len(rows) or (len(rows) == 1 and rows[0] == here)
    for move in moves:
        st.button(
            t(f"step.{move}"),
            icon=f":material/{_ICONS[move]}:",
            key=f"{key}-{move}",
            disabled=alone,
            on_click=lambda move=move: go(moved(rows, here, move)),
        )
