"""What a page does while nobody answers a question yet: it says so and looks again by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import streamlit as st

from core.errors import JobError, StorageError, TurningPointError
from dashboard.shared.language import Language

_PAUSE = 2.0  # s between two looks
#: Of what ends by itself, or as soon as somebody starts an engine.
_PASSING = frozenset({"answers_starting", "answers_absent"})

Answer = TypeVar("Answer")


def answered(ask: Callable[[], Answer], t: Language, *, key: str) -> Answer | None:
    """What asking gives; None if there is no answer, and then the page says why.

    Args:
        key: Of the button to ask again.
    """
    try:
        return ask()
    except JobError as error:
        tell_nobody_answers(error, t, key=key)
    except TurningPointError as error:
        st.warning(t.error(error), icon=":material/error:")
    return None


def tell_nobody_answers(error: JobError, t: Language, *, key: str) -> None:
    """Say why there is no answer, with a button to ask again; where that is worth it the page asks by itself."""
    st.warning(t.error(error), icon=":material/hourglass_empty:")
    st.button(t("try.again"), key=key, icon=":material/refresh:")
    if error.code in _PASSING:
        come_back_when(lambda: True)


def come_back_when(ready: Callable[[], bool]) -> None:
    """Draw the page anew as soon as something is so, but not at once.

    Args:
        ready: Whether it is; asked every few seconds.
    """
    st.fragment(_look, run_every=_PAUSE)(ready, time.monotonic())


def _look(ready: Callable[[], bool], since: float) -> None:
    with suppress(StorageError):  # then it is not, as far as is known
        if time.monotonic() - since > _PAUSE / 2 and ready():
            st.rerun()
