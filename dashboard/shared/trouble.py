"""What a page says while storage does not answer, and how it comes back by itself when it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import DatabaseAwayError, StorageError, TurningPointError
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.waiting import come_back_when


def tell(error: TurningPointError, t: Language) -> None:
    """Say what is wrong; if it is a database that may come back, the page is drawn anew as soon as it does."""
    st.error(t.error(error), icon=":material/error:")
    if isinstance(error, DatabaseAwayError):
        st.caption(t("away.by_itself"))
        come_back_when(_answers)


@contextmanager
def told(t: Language) -> Iterator[None]:
    """A part of a page: if storage does not answer in it, that is said there, and the rest of the page goes on."""
    try:
        yield
    except StorageError as error:
        tell(error, t)


def _answers() -> bool:
    try:
        services.store().count()
    except StorageError:
        return False
    return True
