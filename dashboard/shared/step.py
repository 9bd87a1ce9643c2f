"""Finding one's way among samples: which of them fit, and from one to the next."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.analysis.classification import predicted_classes
from dashboard.shared.language import Language

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

    Args:
        labels: The true classes, (n,).
        probabilities: What the network said of each, (n, units); None if that was not kept.
        label: Only samples of this class.
        mistakes: Only samples that the network took for another class.
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

    Args:
        rows: Where one can go, in their order.
        here: The row that is shown.
        go: Called with the row that was chosen, before the page is drawn anew.
        key: What the keys of the buttons begin with.
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
