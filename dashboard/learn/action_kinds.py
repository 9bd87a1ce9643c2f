"""The kinds of actions that a step of a lesson may have: the one thing to do in it. No Streamlit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from core import presets
from core.experiment import Experiment
from core.experiment.changes import changed
from dashboard.learn.parts import WORDS, Part, PresetName, RunName, Text

Page = Literal["data", "lab", "run", "compare", "try"]


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
        notes: Whether there are fields for hypothesis and result beneath the run.
    """

    kind: Literal["train"] = "train"
    real: Real | None = None
    settings: tuple[str, ...] = ()
    predict: bool = False
    seal: bool = False
    notes: bool = False

    @model_validator(mode="after")
    def _can_be_trained(self) -> Self:
        for one in (self, self.real):
            if one is not None:
                one.experiment().checked()
        return self


class RetrainAction(Part):
    """Train a new network like that of a run of the student's, up to its turning point, here.

    `of` is the run whose turning point counts; there must be one, else the step says in which to train first.
    `changes` are what else shall be different, as `{ split = { kind = "none" } }`.
    """

    kind: Literal["retrain"] = "retrain"
    of: RunName
    changes: Mapping[str, Any] = Field(default_factory=dict)
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


class CompareAction(Part):
    """Say which of two runs will be right more often on the test set, here, before their test results are seen.

    `names` are what the two are called in this step, in their order.
    """

    kind: Literal["compare"] = "compare"
    runs: tuple[RunName, RunName]
    names: Annotated[tuple[Text, Text], WORDS]


class UnsealAction(Part):
    """Settle on an epoch or a design of a run by validation, and open its sealed test result, here."""

    kind: Literal["unseal"] = "unseal"
    of: RunName


class NoteAction(Part):
    """Write down what was expected of a run and what was seen, here."""

    kind: Literal["note"] = "note"
    of: RunName


class ExploreAction(Part):
    """Move the controls of the step's figure until the check is content."""

    kind: Literal["explore"] = "explore"


Action = Annotated[
    TrainAction
    | RetrainAction
    | AnswerAction
    | OpenAction
    | CompareAction
    | UnsealAction
    | NoteAction
    | ExploreAction,
    Field(discriminator="kind"),
]
