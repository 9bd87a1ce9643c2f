"""Questions to a trained network that are answered bit by bit, with a bar that shows how far the work is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

import streamlit as st

_PAUSE = 0.2  # seconds between two questions, while another visitor's are answered


class Work(Protocol):
    """An answer that may not be the last."""

    @property
    def done(self) -> float:
        """How far the work is, 0 to 1."""


Answer = TypeVar("Answer", bound=Work)


def worked_out(ask: Callable[[], Answer], told: Callable[[float], str]) -> Answer:
    """Ask until all is done; the bar goes again at the end.

    Args:
        told: What stands at the bar, by how far the work is.

    Raises:
        TurningPointError: What asking raises.
    """
    place = st.empty()
    before = -1.0
    try:
        while (answer := ask()).done < 1:
            place.progress(answer.done, text=told(answer.done))
            if answer.done == before:
                time.sleep(_PAUSE)
            before = answer.done
    finally:
        place.empty()
    return answer
