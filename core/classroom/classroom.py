"""A class and its seats: plain frozen records that storage keeps and pages show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from core.classroom.rules import Rules

MOST_SEATS = 100
"""How many may sit in a class at the same time."""
LONGEST_CLASS_TITLE = 60
"""So many characters the title of a class may have, as far as pages ask for one."""


class Shown(BaseModel):
    """What the board shows of the class, to the teacher as on the projector.

    Attributes:
        names: Nicknames; else the names that follow from the numbers of the seats.
        pooled_only: Only what the whole class together shows, no tile for each student.
        guesses: What was predicted, of all together; covered until the teacher reveals it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    names: bool = True
    pooled_only: bool = False
    guesses: bool = False


@dataclass(frozen=True)
class Classroom:
    """A class on this server; several do not see each other."""

    code: str  # six letters by which it is joined
    title: str  # what the teacher calls it; "" if nothing
    opened: datetime  # UTC
    ended: datetime | None  # when the teacher ended it (UTC); None as long as it is on
    rules: Rules = field(default_factory=Rules)  # what its students may do now
    shown: Shown = field(default_factory=Shown)
    #: grows with every change of the class, its seats and its votes, so that who watches asks for little
    version: int = 0

    @property
    def is_on(self) -> bool:
        """Whether it can be joined, and its rules hold."""
        return self.ended is None


@dataclass(frozen=True)
class Seat:
    """A student's place in a class; it belongs to a browser."""

    classroom: str  # the code of the class
    number: int  # from 1, in the order of joining, never given twice in a class
    nickname: str  # as the student or the teacher wrote it, one plain line
    owner: str  # the opaque code of the browser, whose runs are the student's
    joined: datetime  # UTC
