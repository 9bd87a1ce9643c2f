"""Which browsers are there, and at which step of a lesson: kept in memory, for the board of a class. No Streamlit.

A browser in a class gives a sign every few seconds; after the server was started anew it does so at once again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

ValueT = TypeVar("ValueT")

AWAY = 45.0
"""Seconds without a sign after which a browser counts as away: one that nobody sees asks every twenty."""
_MOST = 2_000


@dataclass(frozen=True)
class Place:
    """A step of a lesson."""

    lesson: str
    title: str  # of the lesson, as its reader sees it
    step: int  # from 1
    steps: int


class Presence:
    """Signs of browsers.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._signs: dict[str, float] = {}
        self._places: dict[str, Place] = {}

    def sign(self, owner: str) -> None:
        """It is there now."""
        self._remember(self._signs, owner, self._clock())

    def at(self, owner: str, place: Place) -> None:
        """It shows this step now, where it stays until it shows another one."""
        self._remember(self._places, owner, place)

    def is_here(self, owner: str) -> bool:
        """Whether a sign of it came lately."""
        return self._clock() - self._signs.get(owner, float("-inf")) <= AWAY

    def place(self, owner: str) -> Place | None:
        """The step that it showed last; None if it showed none since the server was started."""
        return self._places.get(owner)

    def _remember(self, table: dict[str, ValueT], owner: str, value: ValueT) -> None:
        with self._lock:
            table.pop(owner, None)
            table[owner] = value
            if len(table) > _MOST:
                del table[next(iter(table))]


presence = Presence()
"""Of this process."""
