"""How many of many classes a matrix shows."""

from __future__ import annotations

import streamlit as st

from dashboard.figures.matrix_axes import FEW
from dashboard.language import Language

_SOME = 24


def choose_number(classes: int, part: str, say: Language) -> int:
    """The choice of how many classes to show at once: a few, some or all.

    Args:
        classes: How many there are; more than `FEW`.
        part: The part of the page, as its keys in the session and its words in the languages begin.
        say: The language.

    Returns:
        How many to show.
    """
    numbers = [*(number for number in (FEW, _SOME) if number < classes), classes]
    chosen = st.segmented_control(
        say("confusion.shown"),
        numbers,
        default=FEW,
        required=True,
        format_func=lambda number: say(
            "confusion.shown.all" if number == classes else f"{part}.shown.first", number=number
        ),
        key=f"{part}-shown-{classes}",
        persist_state="session",
    )
    return chosen or FEW
