"""Cards side by side: what stands in each is the page's to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

ItemT = TypeVar("ItemT")


def cards(items: Sequence[ItemT], a_row: int) -> Iterator[tuple[DeltaGenerator, ItemT]]:
    """Gives a card for each item, equally high in a row of so many.

    `for card, name in cards(names, 3): card.markdown(name)`
    """
    for start in range(0, len(items), a_row):
        row = items[start : start + a_row]
        # Columns that have the frame themselves are fewer elements; in a row that is not full empty ones would have it.
        full = len(row) == a_row
        for column, item in zip(st.columns(a_row, border=full), row, strict=False):
            yield column if full else column.container(border=True, height="stretch"), item
