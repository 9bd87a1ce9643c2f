"""What a lesson file says: `lessons/LANGUAGE/NAME.toml`, checked when it is read. No Streamlit.

A lesson is the same in every language but for its words: `structure_of` leaves them out, and a test compares. A step
has a text, a figure, one thing to do (the action), and a check of what the student's own runs really show. Their kinds
stand in `figure_kinds`, `action_kinds` and `check_kinds` of this folder; a field that has a default may be left out.

Where a run is named, it is

- `recorded-PRESET`: one that is shipped with the program, as `recorded-imdb-multi-hot`;
- `own:STEP`: the reader's newest run that was begun in that step of this lesson;
- `own:LESSON.STEP`: the same of another lesson.

Where the real data are on this computer, a reader may work with them: then `real` takes the place of the data set or
preset that is named beside it, in figures, actions and checks alike.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from dashboard.learn.action_kinds import Action, AnswerAction, Choices, CompareAction, OpenAction
from dashboard.learn.check_kinds import AnswerCheck, AnyCheck, ExploredCheck, GuessedCheck
from dashboard.learn.figure_kinds import Figure
from dashboard.learn.parts import WORDS, Part, StepId, Text

#: In the order of a course.
NAMES = ("first-network", "tensors", "overfitting", "many-classes", "depth", "own-experiment")
_FOLDER = Path(__file__).parent / "lessons"
#: Of the sixteen ideas of the course.
Idea = Annotated[int, Field(ge=1, le=16)]


class Step(Part):
    """One step of a lesson.

    Attributes:
        text: A few sentences, Markdown; terms of the glossary are marked by the page.
        ideas: Numbers of the course's ideas that have their place here.
        minutes: For a class; the minutes of all steps are those of the lesson.
        task: What to do, one sentence; of an `answer` the question.
        done: What is said when the check is content, with places such as `{epoch}` (see the check's `PLACES`).
        not_yet: What is said when there is something to look at, and it is not what was asked for.
        questions: For the worksheet; `answers` are what a teacher may expect to each.
        lines: How many lines to write on there are under each question.
        sketch: Whether the worksheet has axes to sketch curves on: "loss" or "accuracy" by epoch.
        goal: What the step is for, one sentence for the teacher.
        teacher: What to say and to ask, Markdown.
        misunderstandings: What students typically get wrong here, and what helps.
    """

    id: StepId
    title: Annotated[Text, WORDS]
    text: Annotated[Text, WORDS]
    ideas: tuple[Idea, ...] = ()
    minutes: Annotated[int, Field(ge=1, le=50)]
    figure: Figure | None = None
    task: Annotated[Text, WORDS]
    action: Action
    check: AnyCheck
    done: Annotated[Text, WORDS]
    not_yet: Annotated[Text, WORDS]
    questions: Annotated[tuple[Text, ...], WORDS] = ()
    answers: Annotated[tuple[Text, ...], WORDS] = ()
    lines: Annotated[int, Field(ge=1, le=8)] = 2
    sketch: Literal["loss", "accuracy"] | None = None
    goal: Annotated[Text, WORDS]
    teacher: Annotated[Text, WORDS]
    misunderstandings: Annotated[tuple[Text, ...], WORDS] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.questions) != len(self.answers):
            raise ValueError(f"step {self.id}: an answer to each question")
        asks = isinstance(self.action, AnswerAction) or getattr(self.action, "then", None) is not None
        if isinstance(self.check, AnswerCheck) != asks:
            raise ValueError(f"step {self.id}: who asks checks the answer, and nobody else")
        if isinstance(self.check, GuessedCheck) != isinstance(self.action, CompareAction):
            raise ValueError(f"step {self.id}: who asks which of two wins checks the guess, and nobody else")
        if isinstance(self.check, ExploredCheck):
            known = self.figure.VALUES if self.figure is not None else frozenset()
            if self.check.value not in known:
                raise ValueError(f"step {self.id}: the figure's values are {sorted(known)}")
        return self

    @property
    def question(self) -> Choices | None:
        """What is asked in the step itself; None if nothing is."""
        if isinstance(self.action, AnswerAction):
            return self.action
        return self.action.then if isinstance(self.action, OpenAction) else None


class Lesson(Part):
    """A lesson in one language."""

    title: Annotated[Text, WORDS]
    about: Annotated[Text, WORDS]
    minutes: Annotated[int, Field(ge=1, le=100)]
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        ids = [step.id for step in self.steps]
        if len(set(ids)) != len(ids):
            raise ValueError("two steps have the same id")
        if sum(step.minutes for step in self.steps) != self.minutes:
            raise ValueError("the minutes of the steps are those of the lesson")
        return self

    def step(self, step: str) -> Step:
        """The step of this id; `StopIteration` if there is none."""
        return next(one for one in self.steps if one.id == step)

    def place(self, step: str) -> int:
        """The place of a step, from 0."""
        return [one.id for one in self.steps].index(step)


class LessonFileError(ValueError):
    """A lesson file that cannot be: a mistake of whoever wrote it, found by tests before a reader meets it."""


def read_lesson(text: str, name: str) -> Lesson:
    """A lesson from the text of its file; `name` is for the message of a `LessonFileError`."""
    try:
        return Lesson.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise LessonFileError(f"{name}: {error}") from error


@cache
def lesson(name: str, language: str) -> Lesson:
    """A lesson in a language; the name is one of `available`."""
    path = _FOLDER / language / f"{name}.toml"
    return read_lesson(path.read_text(encoding="utf-8"), f"{language}/{path.name}")


@cache
def available() -> tuple[str, ...]:
    """The names of the lessons that are there, in the order of the course."""
    return tuple(name for name in NAMES if (_FOLDER / "en" / f"{name}.toml").is_file())


def steps(language: str) -> Iterator[tuple[str, Step]]:
    """All steps of all lessons, each with the lesson's name."""
    for name in available():
        for step in lesson(name, language).steps:
            yield name, step
