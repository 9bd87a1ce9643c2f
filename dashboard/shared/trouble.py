"""What a page says of an error, and how it comes back by itself when storage answers again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Literal

import streamlit as st

from core.errors import DatabaseAwayError, StorageError, TurningPointError
from dashboard.shared import services
from dashboard.shared.language import Language

_PAUSE = 2.0  # seconds between two looks


def tell(error: TurningPointError, t: Language, level: Literal["error", "warning"] = "error") -> None:
    """Say what is wrong; if it is a database that may come back, the page is drawn anew as soon as it does."""
    say = st.error if level == "error" else st.warning
    say(t.error(error), icon=":material/error:")
    if isinstance(error, DatabaseAwayError):
        st.caption(t("away.by_itself"))
        come_back_when(_answers)


@contextmanager
def told(
    t: Language,
    *errors: type[TurningPointError],
    level: Literal["error", "warning"] = "error",
) -> Iterator[None]:
    """A part of a page: an error in it is said there, and the rest of the page goes on.

    `with told(t): show_list(t)`; what follows the part and needs what it found belongs into the part. Around each
    page there is one for every error of this program, so that a page need not end with one of its own.

    Args:
        errors: Which ones; without them all of this program.
        level: How loudly.
    """
    caught = errors or (TurningPointError,)
    try:
        yield
    except caught as error:
        tell(error, t, level)


def _answers() -> bool:
    try:
        services.store().count()
    except StorageError:
        return False
    return True


def come_back_when(ready: Callable[[], bool]) -> None:
    """Draw the page anew as soon as something is so, but not at once; it is asked every few seconds."""
    st.fragment(_look, run_every=_PAUSE)(ready, time.monotonic())


def _look(ready: Callable[[], bool], since: float) -> None:
    with suppress(StorageError):  # then it is not, as far as is known
        if time.monotonic() - since > _PAUSE / 2 and ready():
            st.rerun()
