"""What a step's check says of what the student's own runs really show. No Streamlit: numbers in, a finding out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any, Literal

from core.analysis.run_metrics import best
from core.analysis.turning_point import turning_point_of
from core.experiment import Experiment
from core.experiment.changes import DEPTH, UNITS, changed, level_of
from core.experiment.setting_differences import SettingRow, differing_settings
from core.run import Run, RunState
from dashboard.learn import check_kinds as kinds
from dashboard.learn.figure_kinds import SHARES
from dashboard.learn.lesson import Step
from dashboard.learn.own_runs import OwnRuns
from dashboard.live.winner.text import Outcome
from dashboard.shared.formats import percent_above, plain

State = Literal["nothing", "running", "failed", "covered", "sealed", "lacking", "not_yet", "done"]
"""How a check ends: nothing was done yet; the run is under way, ended badly, is covered or sealed; the other run that
it is to be compared with is lacking; it is not what was asked for; or it is."""


@dataclass(frozen=True)
class Finding:
    """What a check found: its state, and what the sentences name.

    Attributes:
        run: The run that was looked at; None if none was.
        details: For the places in `done` and `not_yet`.
        settings: The settings that differ, of a check for that; who says it puts them into words.
        guess: What came of a guess which of two runs wins; the same.
    """

    state: State
    run: Run | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    settings: Sequence[SettingRow] = ()
    guess: Outcome | None = None


@dataclass(frozen=True)
class Given:
    """What the reader did in the step itself.

    Attributes:
        answer: The place of the choice that was pressed.
        values: What controls lead to.
        guess: What came of a guess which of two runs wins; before, `lacks` says what stands in its way, if anything.
    """

    answer: int | None = None
    values: Mapping[str, float] = field(default_factory=dict)
    guess: Outcome | None = None
    lacks: State = "nothing"


def judge(
    step: Step, lesson: str, runs: OwnRuns, given: Given, *, begins_at: Sequence[Experiment]
) -> Finding:
    """What is to be said of a step of a lesson.

    Args:
        runs: What the reader has trained.
        given: What the reader did in the step.
        begins_at: The experiments that the step's training may begin at, one for each data set.
    """
    check = step.check
    if isinstance(check, kinds.AnswerCheck):
        if given.answer is None or step.question is None:
            return Finding("nothing")
        return Finding("done" if given.answer == step.question.right else "not_yet")
    if isinstance(check, kinds.ExploredCheck):
        return _explored(check, given)
    if isinstance(check, kinds.GuessedCheck):
        return _guessed(given)
    if isinstance(check, kinds.StudiedCheck):
        return _studied(check, runs)
    return _of_runs(check, runs.of(check.of or f"{lesson}.{step.id}"), runs, begins_at)


def _of_runs(
    check: kinds.OfRun, found: Sequence[Run], runs: OwnRuns, begins_at: Sequence[Experiment]
) -> Finding:
    """The newest run that is what was asked for, else what is to be said of the newest one."""
    first: Finding | None = None
    for run in found:
        finding = _of_run(check, run, runs, begins_at)
        if finding.state == "done":
            return finding
        first = first or finding
    return first or Finding("nothing")


def _of_run(check: kinds.OfRun, run: Run, runs: OwnRuns, begins_at: Sequence[Experiment]) -> Finding:
    if not run.state.is_over:
        return Finding("running", run)
    if not run.epochs or run.state in (RunState.FAILED, RunState.INTERRUPTED):
        return Finding("failed", run)
    if run.is_covered and not isinstance(check, kinds.TrainedCheck | kinds.ChangedCheck):
        return Finding("covered", run)
    if isinstance(check, kinds.ChangedCheck):
        return _changed(check, run, runs, begins_at)
    return _look(check, run, runs)


@singledispatch
def _look(check: kinds.Check, run: Run, runs: OwnRuns) -> Finding:
    """What a check says of a run that is over and not covered."""
    raise TypeError(type(check).__name__)


def _finding(run: Run, fits: bool, **details: Any) -> Finding:
    return Finding("done" if fits else "not_yet", run, details)


@_look.register
def _trained(check: kinds.TrainedCheck, run: Run, runs: OwnRuns) -> Finding:
    last, first = run.epochs[-1], run.epochs[0]
    if check.measure == "val_accuracy" and run.is_covered:
        return Finding("covered", run)
    reached = getattr(last, check.measure) or 0.0
    return _finding(
        run,
        len(run.epochs) >= check.epochs and reached >= check.at_least,
        epochs=len(run.epochs),
        accuracy=f"{reached:.1%}",
        first_accuracy=f"{getattr(first, check.measure) or 0.0:.1%}",
        loss=f"{last.loss:.4f}",
        first_loss=f"{first.loss:.4f}",
        parameters=f"{run.experiment.summary.parameters:,}",
        samples=f"{run.experiment.train_size:,}",
    )


@_look.register
def _turned(check: kinds.TurnedCheck, run: Run, runs: OwnRuns) -> Finding:
    turn = turning_point_of(run).loss
    return _finding(
        run,
        turn.confirmed,
        epoch=turn.epoch or 0,
        epochs=len(run.epochs),
        lowest=f"{turn.value:.4f}",
        last=f"{turn.last:.4f}",
        rise=percent_above(100 * (turn.last / turn.value - 1)) if turn.epoch else "0.0%",
    )


@_look.register
def _predicted(check: kinds.PredictedCheck, run: Run, runs: OwnRuns) -> Finding:
    turn = turning_point_of(run).loss
    predicted = run.prediction.epoch if run.prediction is not None else None
    if not isinstance(predicted, int) or turn.epoch is None:
        return _finding(run, False, predicted="–", epoch=turn.epoch or 0, distance="–")
    return _finding(run, True, predicted=predicted, epoch=turn.epoch, distance=abs(predicted - turn.epoch))


@_look.register
def _compared(check: kinds.CompareCheck, run: Run, runs: OwnRuns) -> Finding:
    other = runs.named(check.than)
    if other is None or not other.epochs:
        return Finding("lacking", run)
    if other.is_covered:
        return Finding("covered", other)
    mine, its = best(run.epochs, check.measure), best(other.epochs, check.measure)
    if mine is None or its is None:
        return Finding("lacking", run)
    loss = check.measure == "val_loss"
    gain = its.value - mine.value if loss else mine.value - its.value
    parameters, others = run.experiment.summary.parameters, other.experiment.summary.parameters
    if isinstance(check, kinds.WorseCheck):
        gain = -gain
    fits = gain > check.by and run.id != other.id
    if isinstance(check, kinds.BetterCheck) and check.smaller:
        fits = fits and parameters < others
    form = ".4f" if loss else ".1%"
    return _finding(
        run,
        fits,
        value=f"{mine.value:{form}}",
        other=f"{its.value:{form}}",
        difference=f"{abs(gain):{form}}" if loss else f"{100 * abs(gain):.1f}",
        epoch=mine.epoch,
        other_epoch=its.epoch,
        parameters=f"{parameters:,}",
        other_parameters=f"{others:,}",
    )


def _changed(check: kinds.ChangedCheck, run: Run, runs: OwnRuns, begins_at: Sequence[Experiment]) -> Finding:
    if check.from_run is not None:
        other = runs.named(check.from_run)
        before = other.experiment if other is not None else None
    else:
        before = next((one for one in begins_at if one.dataset == run.experiment.dataset), None)
    if before is None:
        return Finding("lacking", run)
    rows = changed_settings(before, run.experiment)
    fits = len(rows) == 1 and check.setting in (None, rows[0].setting)
    return Finding("done" if fits else "not_yet", run, {"count": len(rows)}, rows)


def changed_settings(before: Experiment, after: Experiment) -> Sequence[SettingRow]:
    """The settings that differ; the units of all hidden layers, or how many there are, as the one setting they are."""
    for setting in (UNITS, DEPTH):
        levels = level_of(before, setting), level_of(after, setting)
        if None not in levels and levels[0] != levels[1] and changed(before, {setting: levels[1]}) == after:
            return (SettingRow(setting, levels),)
    return differing_settings([before, after])


@_look.register
def _stopped_at(check: kinds.StoppedAtCheck, run: Run, runs: OwnRuns) -> Finding:
    other = runs.named(check.turn_of)
    if other is None:
        return Finding("lacking", run)
    if other.is_covered:
        return Finding("covered", other)
    turn = turning_point_of(other).loss
    last = run.epochs[-1].val_loss
    return _finding(
        run,
        turn.confirmed and not run.continues and run.id != other.id and len(run.epochs) == turn.epoch,
        epoch=turn.epoch or 0,
        epochs=len(run.epochs),
        value=f"{last:.4f}" if last is not None and math.isfinite(last) else "–",
        last=f"{turn.last:.4f}",
    )


@_look.register
def _opened_test(check: kinds.OpenedTestCheck, run: Run, runs: OwnRuns) -> Finding:
    if run.is_sealed:
        return Finding("sealed", run)
    if run.evaluation is None:
        return Finding("failed", run)
    last = run.epochs[-1].val_accuracy
    return _finding(
        run,
        True,
        accuracy=f"{run.evaluation.accuracy:.1%}",
        samples=f"{run.evaluation.samples:,}",
        looks=run.opening.looks if run.opening is not None else 1,
        val_accuracy=f"{last:.1%}" if last is not None else "–",
    )


@_look.register
def _noted(check: kinds.NotedCheck, run: Run, runs: OwnRuns) -> Finding:
    written = {kind for kind in check.notes if run.notes.get(kind)}
    if not written:
        return Finding("nothing", run)
    return _finding(run, written == set(check.notes))


def _guessed(given: Given) -> Finding:
    outcome = given.guess
    if outcome is None:
        return Finding(given.lacks)
    shares = [run.evaluation.accuracy if run.evaluation is not None else math.nan for run in outcome.runs]
    details = {
        "first": f"{shares[0]:.1%}",
        "second": f"{shares[1]:.1%}",
        "difference": f"{100 * abs(shares[0] - shares[1]):.1f}",
        "samples": f"{outcome.runs[0].experiment.facts.test_size:,}",
    }
    return Finding("not_yet" if outcome.prediction.shown else "done", details=details, guess=outcome)


def _explored(check: kinds.ExploredCheck, given: Given) -> Finding:
    value = given.values.get(check.value)
    if value is None:
        return Finding("nothing")
    low = -math.inf if check.least is None else check.least
    high = math.inf if check.most is None else check.most
    words = f"{value:.0%}" if check.value in SHARES else plain(round(value, 4))
    return Finding("done" if low <= value <= high else "not_yet", details={"value": words})


def _studied(check: kinds.StudiedCheck, runs: OwnRuns) -> Finding:
    first: Finding | None = None
    for study, found in runs.studies():
        size = {"seed": len(study.plan.seeds), "fold": study.plan.folds}.get(check.by, len(found))
        if size < check.runs:
            continue
        if any(not run.state.is_over for run in found):
            first = first or Finding("running")
            continue
        values = [one.value for run in found if (one := best(run.epochs, "val_accuracy")) is not None]
        details = {
            "runs": len(values),
            "low": f"{min(values, default=0.0):.1%}",
            "high": f"{max(values, default=0.0):.1%}",
            "mean": f"{sum(values) / max(1, len(values)):.1%}",
        }
        return Finding("done" if len(values) >= check.runs else "not_yet", details=details)
    return first or Finding("nothing")
