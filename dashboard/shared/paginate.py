"""A list a page at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


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
