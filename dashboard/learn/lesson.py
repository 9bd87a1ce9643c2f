"""What a lesson file says: `lessons/LANGUAGE/NAME.toml`, checked when it is read. No Streamlit.

A lesson is the same in every language but for its words: `structure` leaves them out, and a test compares. A step has a
text, a figure, one thing to do (the action), and a check of what the student's own runs really show. Figures stand in
`dashboard.learn.figure_kinds`, actions and checks below; a field that has a default may be left out.

Where a run is named, it is

- `recorded-PRESET`: one that is shipped with the program, as `recorded-imdb-multi-hot`;
- `own:STEP`: the reader's newest run that was begun in that step of this lesson;
- `own:LESSON.STEP`: the same of another lesson.

Where the real data are on this computer, a reader may work with them: then `real` takes the place of the data set or
preset that is named beside it, in figures, actions and checks alike.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, ValidationError, model_validator

from core import presets
from core.experiment import Experiment
from core.experiment.changes import changed
from dashboard.learn.figure_kinds import Figure
from dashboard.learn.parts import WORDS, Part, PresetName, RunName, StepId, Text, structure_of

#: In the order of a course.
NAMES = ("first-network", "tensors", "overfitting", "many-classes", "depth", "own-experiment")
_FOLDER = Path(__file__).parent / "lessons"
#: Of the sixteen ideas of the course.
Idea = Annotated[int, Field(ge=1, le=16)]
Page = Literal["data", "lab", "run", "compare", "try", "learn"]


# Actions: the one thing to do in a step


class Real(Part):
    """What a training takes where the reader works with the real data: a preset, and other changes of it."""

    preset: PresetName
    changes: Mapping[str, Any] = Field(default_factory=dict)

    def experiment(self) -> Experiment:
        """The experiment to train."""
        return changed(presets.load(self.preset), self.changes)


class TrainAction(Real):
    """Train here: curves grow inside the step. A preset with changes by path, as `{"optimizer.learning_rate" = 0.01}`.

    Attributes:
        real: What is trained where the reader works with the real data; None if there is no other.
        settings: The paths of settings that the student may change before ("epochs", "units", "depth",
            "optimizer.learning_rate", "layers.0.units"); the widgets begin at the experiment's values.
        predict: Whether the run is covered until the student has predicted or given up predicting.
        seal: Whether the test result is sealed until the student opens it.
        again: Whether what the settings begin at is the student's newest run of this step instead of the preset.
    """

    kind: Literal["train"] = "train"
    real: Real | None = None
    settings: tuple[str, ...] = ()
    predict: bool = False
    seal: bool = False
    again: bool = False

    @model_validator(mode="after")
    def _can_be_trained(self) -> Self:
        for one in (self, self.real):
            if one is not None:
                one.experiment().checked()
        return self


class RetrainAction(Part):
    """Train a new network like that of a run of the student's, up to its turning point, here.

    `of` is the run whose turning point counts; there must be one, else the step says in which to train first.
    """

    kind: Literal["retrain"] = "retrain"
    of: RunName
    seal: bool = False


class Choices(Part):
    """Answers to choose from: the right one by its place from 0, and for each what is said when it is chosen."""

    choices: Annotated[tuple[Text, ...], WORDS, Field(min_length=2)]
    right: int
    feedback: Annotated[tuple[Text, ...], WORDS]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not 0 <= self.right < len(self.choices):
            raise ValueError("`right` is the place of a choice, counted from 0")
        if len(self.feedback) != len(self.choices):
            raise ValueError("`feedback` has one sentence for each choice")
        return self


class AnswerAction(Choices):
    """Answer a question, which is the step's task; what is to be found out may stand in the figure."""

    kind: Literal["answer"] = "answer"


class OpenAction(Part):
    """Go to a page with the right address; what is to be found there may be asked (`then`).

    Attributes:
        page: "data", "lab", "run", "compare" or "try".
        parameters: Of the address. A value may name runs, as in `runs = "own:shallow,own:deep"`; it then needs them.
        preset: For the lab: the preset to open, with `changes`; `real` in its place as in `TrainAction`.
        then: A question that is answered in the step after looking there.
    """

    kind: Literal["open"] = "open"
    page: Page
    parameters: Mapping[str, str] = Field(default_factory=dict)
    preset: PresetName | None = None
    changes: Mapping[str, Any] = Field(default_factory=dict)
    real: Real | None = None
    then: Choices | None = None


class ExploreAction(Part):
    """Move the controls of the step's figure until the check is content."""

    kind: Literal["explore"] = "explore"


Action = Annotated[
    TrainAction | RetrainAction | AnswerAction | OpenAction | ExploreAction, Field(discriminator="kind")
]


# Checks: what is looked at to say that a step is done


class Check(Part):
    """A look at what came of the step. `PLACES` are the names in braces that its sentences may have.

    Of runs those are looked at that were begun in this step, or in the one that `of` names, newest first; the first
    that fits makes the step done. As long as there is none, the step says neither sentence.
    """

    PLACES: ClassVar[frozenset[str]] = frozenset()


class OfRun(Check):
    """A check of a run: `of` is the step it was begun in ("STEP" or "LESSON.STEP"); this one if it is left out."""

    of: StepId | None = None


class TrainedCheck(OfRun):
    """The student has trained to the end: at least so many epochs, with at least such an accuracy.

    Attributes:
        epochs: The least number of epochs.
        measure: Which accuracy must be at least `at_least` in the last epoch: "accuracy" or "val_accuracy".
        at_least: From 0 to 1.
    """

    kind: Literal["trained"] = "trained"
    epochs: Annotated[int, Field(ge=1)] = 1
    measure: Literal["accuracy", "val_accuracy"] = "accuracy"
    at_least: Annotated[float, Field(ge=0, le=1)] = 0.0

    PLACES = frozenset(
        {"epochs", "accuracy", "first_accuracy", "loss", "first_loss", "parameters", "samples"}
    )


class TurnedCheck(OfRun):
    """The run has a confirmed turning point: `{epoch}`, `{lowest}`, `{last}` (validation loss), `{rise}` ("52 %")."""

    kind: Literal["turned"] = "turned"

    PLACES = frozenset({"epoch", "epochs", "lowest", "last", "rise"})


class PredictedCheck(OfRun):
    """The student has predicted where the run turns: `{predicted}`, `{epoch}`, and how far off (`{distance}`)."""

    kind: Literal["predicted"] = "predicted"

    PLACES = frozenset({"predicted", "epoch", "distance"})


class BetterCheck(OfRun):
    """The run is better on validation, at its best epoch, than another one: `{value}`, `{other}`, `{difference}`.

    Attributes:
        than: The run to beat.
        measure: "val_loss" (lower is better) or "val_accuracy" (higher is better).
        by: How much better it must be; below 0, how much worse it may be.
        smaller: Whether it must also have fewer parameters.
    """

    kind: Literal["better_than"] = "better_than"
    than: RunName
    measure: Literal["val_loss", "val_accuracy"] = "val_loss"
    by: float = 0.0
    smaller: bool = False

    PLACES = frozenset(
        {"value", "other", "difference", "epoch", "other_epoch", "parameters", "other_parameters"}
    )


class WorseCheck(OfRun):
    """The run is worse on validation, at its best epoch, than another one, by so much; as `BetterCheck` otherwise."""

    kind: Literal["worse_than"] = "worse_than"
    than: RunName
    measure: Literal["val_loss", "val_accuracy"] = "val_loss"
    by: Annotated[float, Field(ge=0)] = 0.0

    PLACES = BetterCheck.PLACES


class ChangedCheck(OfRun):
    """The run differs in exactly one setting from another run, or from what the step's action begins at.

    Places: how many settings differ (`{count}`), which (`{setting}`, all of them), `{before}` and `{after}`.

    Attributes:
        from_run: The other run; without one it is the experiment of the action of the step the run was begun in.
        setting: Which one must differ, as "optimizer.learning_rate"; any if it is left out.
    """

    kind: Literal["changed"] = "changed"
    from_run: RunName | None = None
    setting: str | None = None

    PLACES = frozenset({"count", "setting", "before", "after"})


class StoppedAtCheck(OfRun):
    """A new network was trained as long as another run needed to its turning point: `{epochs}`, `{epoch}`.

    `turn_of` is the run with the turning point. A run that only goes on from another one does not count.
    """

    kind: Literal["stopped_at"] = "stopped_at"
    turn_of: RunName

    PLACES = frozenset({"epoch", "epochs", "value", "last"})


class AnswerCheck(Check):
    """The right answer was chosen, of an `answer` action or of what `open` asks then."""

    kind: Literal["answer"] = "answer"


class OpenedTestCheck(OfRun):
    """The student has opened the sealed test result: `{accuracy}`, `{looks}`, `{samples}`."""

    kind: Literal["opened_test"] = "opened_test"

    PLACES = frozenset({"accuracy", "looks", "samples", "val_accuracy"})


class ExploredCheck(Check):
    """A value that the controls of the figure lead to lies within bounds: `{value}`.

    Which values there are, says the figure: softmax has "largest", "smallest" and "temperature"; sigmoid "score" and
    "output"; encoding "kept" and "length"; labels "ones". `least` and `most` belong to what counts as done.
    """

    kind: Literal["explored"] = "explored"
    value: str
    least: float | None = None
    most: float | None = None

    PLACES = frozenset({"value"})


class StudiedCheck(Check):
    """The student has a study with so many runs over seeds or folds, all of them over: `{runs}`, `{low}`, `{high}`."""

    kind: Literal["studied"] = "studied"
    by: Literal["seed", "fold", "any"] = "any"
    runs: Annotated[int, Field(ge=2)] = 3

    PLACES = frozenset({"runs", "low", "high", "mean"})


AnyCheck = Annotated[
    TrainedCheck
    | TurnedCheck
    | PredictedCheck
    | BetterCheck
    | WorseCheck
    | ChangedCheck
    | StoppedAtCheck
    | AnswerCheck
    | OpenedTestCheck
    | ExploredCheck
    | StudiedCheck,
    Field(discriminator="kind"),
]


# Steps and lessons


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


def structure(found: Lesson) -> Any:
    """All of a lesson but its words: the same in every language."""
    return structure_of(found)
