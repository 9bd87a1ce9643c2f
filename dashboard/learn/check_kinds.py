"""The kinds of checks that a step of a lesson may have: what is looked at to say that it is done. No Streamlit."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from dashboard.learn.parts import Part, RunName, StepId


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


class CompareCheck(OfRun):
    """How a run stands on validation, at its best epoch, against another one: `{value}`, `{other}`, `{difference}`.

    The difference of accuracies is in percentage points, without sign or unit. The epochs of the two are `{epoch}` and
    `{other_epoch}`, their parameters `{parameters}` and `{other_parameters}`.

    Attributes:
        than: The other run.
        measure: "val_loss" (lower is better) or "val_accuracy" (higher is better).
        by: By how much at least, in the units of the measure; below 0 it may be that much the other way.
    """

    than: RunName
    measure: Literal["val_loss", "val_accuracy"] = "val_loss"
    by: float = 0.0

    PLACES = frozenset(
        {"value", "other", "difference", "epoch", "other_epoch", "parameters", "other_parameters"}
    )


class BetterCheck(CompareCheck):
    """The run is better than another one; with `smaller` its network must also have fewer parameters."""

    kind: Literal["better_than"] = "better_than"
    smaller: bool = False


class WorseCheck(CompareCheck):
    """The run is worse than another one, as it is to be shown."""

    kind: Literal["worse_than"] = "worse_than"


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


class NotedCheck(OfRun):
    """The student has written down of the run what was expected ("hypothesis"), what was seen ("saw"), or both."""

    kind: Literal["noted"] = "noted"
    notes: Annotated[tuple[Literal["hypothesis", "saw"], ...], Field(min_length=1)] = ("hypothesis", "saw")


class GuessedCheck(Check):
    """The student has said which of the two runs of a `compare` action wins before the test results were seen.

    What was said is `{guessed}`, what the exact test shows `{winner}`; the test accuracies of the two are `{first}` and
    `{second}`, how far they are apart `{difference}` (in percentage points, without sign or unit), of `{samples}`.
    """

    kind: Literal["guessed"] = "guessed"

    PLACES = frozenset({"guessed", "winner", "first", "second", "difference", "samples"})


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
    | NotedCheck
    | GuessedCheck
    | ExploredCheck
    | StudiedCheck,
    Field(discriminator="kind"),
]
