"""What is known of a class at a moment, read at most once a second for all who ask. No Streamlit.

Every browser in a class asks every two seconds whether something has changed for it. A join or a vote changes the
class, but no page of the others; so what is compared is not the version of the class but a *stamp* of what concerns one
browser.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from core.classroom import Classroom
from core.errors import ClassError
from core.storage import Store

FRESH = 1.0
"""Seconds that a snapshot is taken for the truth."""
_KEPT = 64


@dataclass(frozen=True)
class Snapshot:
    """A class as it was a moment ago."""

    classroom: Classroom
    nicknames: Mapping[str, str] = field(default_factory=dict)  # by the owners of the seats
    teachers: frozenset[str] = frozenset()
    #: what it is asked now, as text: another text makes the pages of its students run again
    asked: str = ""
    #: the collection for which it draws or drew last, and what became of it; "" for none
    drawing: str = ""
    #: whether it draws now
    draws: bool = False

    def concerns(self, owner: str) -> bool:
        """Whether a browser sits in the class or teaches it."""
        return owner in self.nicknames or owner in self.teachers

    def stamp(self, owner: str) -> str:
        """What changes if, and only if, something changes for this browser; "" for one that it does not concern."""
        if not self.concerns(owner):
            return ""
        one = self.classroom
        parts = [one.rules.model_dump_json(), str(one.ended), self.asked, self.nicknames.get(owner, "")]
        parts.append(self.drawing)
        if owner in self.teachers:
            parts.append(one.shown.model_dump_json())
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


class Snapshots:
    """The snapshots of all classes that somebody asks about.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._known: dict[str, tuple[float, Snapshot | None]] = {}

    def get(self, store: Store, code: str) -> Snapshot | None:
        """The class of a code, at most a second old; None if there is none."""
        with self._lock:  # of many who ask at once one reads, and the others wait for it
            moment, known = self._known.pop(code, (float("-inf"), None))
            if self._clock() - moment > FRESH:
                moment, known = self._clock(), _read(store, code)
            self._known[code] = moment, known
            while len(self._known) > _KEPT:
                del self._known[next(iter(self._known))]
            return known

    def forget(self) -> None:
        """Read anew at the next question: something was changed here, or there is another store."""
        with self._lock:
            self._known.clear()


def _read(store: Store, code: str) -> Snapshot | None:
    try:
        classroom = store.classroom(code)
    except ClassError:
        return None
    nicknames = {seat.owner: seat.nickname for seat in store.seats(code)}
    ballot = store.current_ballot(code)
    asked = f"{ballot.id}:{ballot.state.value}" if ballot is not None else ""
    drawn = next(iter(store.collections(code)), None)
    drawing = f"{drawn.id}:{drawn.is_on}:{drawn.dataset}" if drawn is not None else ""
    draws = drawn is not None and drawn.is_on
    return Snapshot(classroom, nicknames, store.teachers(code), asked, drawing, draws)


snapshots = Snapshots()
"""Of this process."""
