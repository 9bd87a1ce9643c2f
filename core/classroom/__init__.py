"""A class: who sits where, what may be trained, what the board shows. Records and rules; storage keeps them."""

from __future__ import annotations

from core.classroom.classroom import Classroom, Seat, Shown
from core.classroom.rules import Caps, Fixed, Pace, Rules

__all__ = ["Caps", "Classroom", "Fixed", "Pace", "Rules", "Seat", "Shown"]
