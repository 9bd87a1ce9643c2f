"""What the students of a class may do now, as the teacher has set it; see `permission` for what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from core.experiment import Experiment
from core.experiment.freedom import ALL, Freedom


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Caps(_Part):
    """The most of a student's training; None where there is no cap."""

    epochs: Annotated[int, Field(ge=1)] | None = None
    parameters: Annotated[int, Field(ge=1)] | None = None  # of the network
    samples: Annotated[int, Field(ge=1)] | None = None  # to learn from
    waiting: Annotated[int, Field(ge=1)] | None = None  # runs of one student in the queue


class Pace(_Part):
    """How far a lesson is open to the class; all other lessons are closed.

    Attributes:
        open: The steps that are open, in their order, by their names in the lesson.
    """

    lesson: str
    open: Annotated[tuple[str, ...], Field(min_length=1)]

    @property
    def step(self) -> int:
        """The number of the last open step, from 1."""
        return len(self.open)

    def is_open(self, step: str) -> bool:
        """Whether a step, as "LESSON.STEP", may be worked on."""
        lesson, _, name = step.partition(".")
        return lesson == self.lesson and name in self.open


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

    @property
    def base(self) -> Experiment:
        """The experiment; ExperimentError if this version knows none such."""
        return Experiment.from_dict(self.experiment)

    @property
    def freedom(self) -> Freedom:
        """What may be changed; PresetError if this version knows no setting of such a name."""
        return Freedom(hide=(ALL,), free=self.free)


class Rules(_Part):
    """All of it; without anything set, a class hinders nobody."""

    paused: bool = False  # nothing may be begun, and screens ask to look to the front
    pace: Pace | None = None
    fixed: Fixed | None = None
    caps: Caps = Caps()
