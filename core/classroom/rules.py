"""What the students of a class may do now, as the teacher has set it; see `core.jobs.queue` for where it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Caps(_Part):
    """The most of a student's training; None where there is no cap."""

    epochs: Annotated[int, Field(ge=1)] | None = None
    parameters: Annotated[int, Field(ge=1)] | None = None  # of the network
    samples: Annotated[int, Field(ge=1)] | None = None  # to learn from
    waiting: Annotated[int, Field(ge=1)] | None = None  # runs of one student in the queue


class Pace(_Part):
    """How far a lesson is open to the class: up to the step of this number, from 1; other lessons are closed."""

    lesson: str
    step: Annotated[int, Field(ge=1)]


class Fixed(_Part):
    """The one experiment that may be trained, and what of it may be changed.

    Attributes:
        experiment: In its plain form.
        free: Paths of the settings that stay free, as "epochs", "layers.0.units", "optimizer".
        preset: The preset it comes from; "" if none.
    """

    experiment: Mapping[str, Any]
    free: tuple[str, ...] = ()
    preset: str = ""


class Rules(_Part):
    """All of it; without anything set, a class hinders nobody."""

    paused: bool = False  # nothing may be begun, and screens ask to look to the front
    pace: Pace | None = None
    fixed: Fixed | None = None
    caps: Caps = Caps()
