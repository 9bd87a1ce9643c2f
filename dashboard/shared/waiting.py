"""How a page looks again by itself until something is so."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from core.errors import StorageError

_PAUSE = 2.0  # s between two looks


def come_back_when(ready: Callable[[], bool]) -> None:
    """Draw the page anew as soon as something is so, but not at once; it is asked every few seconds."""
    st.fragment(_look, run_every=_PAUSE)(ready, time.monotonic())


def _look(ready: Callable[[], bool], since: float) -> None:
    with suppress(StorageError):  # then it is not, as far as is known
        if time.monotonic() - since > _PAUSE / 2 and ready():
            st.rerun()
