"""Where a browser is at home: the class in which it sits, and those that it teaches. No Streamlit."""

from __future__ import annotations

from dataclasses import dataclass

from core.classroom import Classroom, Seat
from core.storage import Store
from dashboard.shared.viewer import Viewer


@dataclass(frozen=True)
class Whereabouts:
    """What a browser is to the classes of this server."""

    viewer: Viewer
    seat: Seat | None  # where it sits, of the classes that are on
    classroom: Classroom | None  # the class of that seat
    taught: tuple[Classroom, ...]  # the classes that it teaches, the newest first

    @property
    def teaching(self) -> Classroom | None:
        """The class that it teaches now: the newest one that is on."""
        return next((one for one in self.taught if one.is_on), None)


def whereabouts(store: Store, viewer: Viewer) -> Whereabouts:
    """Read it from storage, which may raise a StorageError."""
    seat = store.seat(viewer.owner)
    classroom = store.classroom(seat.classroom) if seat is not None else None
    return Whereabouts(viewer, seat, classroom, tuple(store.classes_taught(viewer.owner)))
