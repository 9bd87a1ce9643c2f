"""`study`: one experiment repeated and varied, each run in a process of its own."""

from __future__ import annotations

import argparse
import json
import re
import signal
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from functools import partial
from typing import Any

from core.analysis.bands import Measure, cells, measured
from core.analysis.turning_point import turning_point_of
from core.command_line import own_process
from core.command_line.experiments import add_arguments, chosen, preset_of
from core.command_line.fetching import at_hand
from core.command_line.output import Parser, say, show
from core.command_line.training import OWNER
from core.errors import DatabaseAwayError, ExperimentError, PlanError, PresetError, UnknownRunError
from core.experiment import Experiment
from core.experiment.link import scalar
from core.run import Reason, Run, RunState
from core.sentences import counted
from core.settings import Settings
from core.storage import Store, beating, clear_old_runs, heartbeat, open_store, patiently, program_name
from core.study import MOST_RUNS, Factor, Plan, Study, seeds_from
from core.training.disk_space import check_disk_space
from core.training.recorders import TimeLimit

_SHOWN: tuple[Measure, ...] = ("turning_point", "val_loss", "val_accuracy", "gap", "test_accuracy")
_LOOK = 0.5  # seconds between two looks at a run that an engine has taken


def add_study(study: Parser) -> None:
    """Add the arguments of `study`."""
    add_arguments(study)
    study.add_argument(
        "--seeds", default="1", metavar="K", help="so many seeds from --seed on, or those of a list: 1,2,3"
    )
    study.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="FIELD=VALUE,VALUE",
        help="train with each value: units=16,64, depth=1,2,3, optimizer.learning_rate=0.01,0.001; at most twice",
    )
    study.add_argument("--folds", default="0", metavar="K", help="K-fold cross-validation")
    study.add_argument("--title", default="", help="what to call the study")
    study.add_argument("--json", action="store_true", help="print the result as one line of JSON at the end")
    study.set_defaults(command=_study)


def _study(options: argparse.Namespace, settings: Settings) -> int:
    plan = _plan(options)
    say(counted(len(plan.members), "run"))  # which refuses a plan with a member that cannot be
    at_hand(plan.base.dataset, settings)
    with closing(open_store(settings)) as store:
        known = store.finished([member.experiment for member in plan.members])
        new = [member.experiment for member, done in zip(plan.members, known, strict=True) if done is None]
        check_disk_space(store, new, settings)
        study = store.get_study(
            store.add_study(plan, owner=OWNER, title=options.title, preset=preset_of(options.name))
        )
        if study.reused:
            reused = len(study.reused)
            verbs = ("was", "is") if reused == 1 else ("were", "are")
            say(
                f"{reused} of {counted(len(study.runs), 'run')} {verbs[0]} trained before and {verbs[1]} reused."
            )
        _train_all(study, settings, store)
        runs = {run.id: run for run in patiently(lambda: store.get_many(study.runs))}
        _show(study, runs)
        say(f"study {study.id}")
        if options.json:
            show(json.dumps(_result(study, runs), allow_nan=False))
        with suppress(DatabaseAwayError):  # the next command clears them away
            clear_old_runs(store, settings.keep_runs)
        over = [run.state in (RunState.FINISHED, RunState.STOPPED) for run in runs.values()]
        return 0 if all(over) else 1


def _plan(options: argparse.Namespace) -> Plan:
    factors = tuple(map(_factor, options.vary))
    # The two are worth a sentence before anything is judged: neither may be so large that a list of it is made.
    folds = _folds(options.folds)
    base = _base(options, factors)
    return Plan(base, factors, _seeds(options.seeds, base.seed), folds)


def _base(options: argparse.Namespace, factors: tuple[Factor, ...]) -> Experiment:
    """The experiment that is varied; with the first values of what is varied where it cannot be without them."""
    try:
        return chosen(options)
    except (ExperimentError, PresetError):
        first = {factor.setting: factor.values[0] for factor in factors if factor.values}
        if not first:
            raise
        return chosen(options, first)


def _seeds(text: str, first: int) -> tuple[int, ...]:
    words = [word.strip() for word in text.split(",")]
    if not all(map(_WHOLE.fullmatch, words)):
        raise PresetError("set_seeds", received=text)
    if len(words) > 1:
        if len(words) > MOST_RUNS:
            raise PlanError("plan_too_large", received=len(words), bound=MOST_RUNS)
        return tuple(map(int, words))
    return seeds_from(first, int(words[0]))


def _folds(text: str) -> int:
    if not _WHOLE.fullmatch(text.strip()):
        raise PresetError("plan_fold_count", received=text)
    return int(text)


#: A whole number of as many digits as anything here can have.
_WHOLE = re.compile(r"[+-]?[0-9]{1,100}")


def _factor(text: str) -> Factor:
    name, equals, values = text.partition("=")
    name = name.strip()
    if not equals or not name:
        raise PresetError("set_needs_value", received=text)
    return Factor(name, tuple(scalar(word.strip(), name) for word in values.split(",") if word.strip()))


def _train_all(study: Study, settings: Settings, store: Store) -> None:
    """Train what is new of a study, one run after the other; an engine of the same home may take some of them."""
    new = [run for run in dict.fromkeys(study.runs) if run and run not in study.reused]
    stop = _Stop(store, new)
    if new:
        own_process.prepare()
    previous = signal.signal(signal.SIGINT, lambda *_: stop.wish())
    try:
        for number, run in enumerate(new, start=1):
            if stop.wished:
                break
            own_process.train_apart(_train, run, settings, store, meanwhile=stop.ask)
            _wait(store, run, stop)
            say(f"{number}/{len(new)}  {_line(patiently(partial(store.get, run)))}")
        if stop.wished:
            patiently(stop.ask_now)
    finally:
        signal.signal(signal.SIGINT, previous)


class _Stop:
    """The wish to end a study, which storage is told as soon as it can be."""

    def __init__(self, store: Store, runs: Sequence[str]) -> None:
        self.wished = False
        self._store, self._runs = store, runs
        self._asked = False

    def wish(self) -> None:
        """End the study; for a signal, so nothing here waits."""
        self.wished = True

    def ask(self) -> None:
        """Tell storage if that is wished, or leave it for the next time."""
        with suppress(DatabaseAwayError):
            self.ask_now()

    def ask_now(self) -> None:
        """Tell storage if that is wished, or raise a DatabaseAwayError."""
        if not self.wished or self._asked:
            return
        for run in reversed(self._runs):
            with suppress(UnknownRunError):  # deleted
                self._store.request_stop(run)
        self._asked = True


def _train(run: str, settings: Settings) -> None:
    from core.training.execute import execute  # loads Keras

    with closing(patiently(lambda: open_store(settings))) as store:
        if patiently(lambda: store.start(run, program_name())):
            with beating(store, run):
                limit = TimeLimit(settings.run_minutes or 0)
                execute(run, settings, store=store, artifacts=store.artifacts, limit=limit)


def _wait(store: Store, run: str, stop: _Stop) -> None:
    """Wait for the end of a run that an engine has taken; one that has fallen silent is ended."""
    sign, since = None, time.monotonic()
    while True:
        begun = time.monotonic()
        found = patiently(partial(store.get, run))
        if found.state.is_over:
            return
        now = time.monotonic()
        # While the database is away nobody can give a sign of life.
        if found.heartbeat != sign or now - begun > _LOOK:
            sign, since = found.heartbeat, now
        elif now - since > heartbeat.SILENCE:
            reason = heartbeat.reason_of_silence("")
            details = {**reason.details, "state": found.state.value}
            patiently(partial(store.finish, run, RunState.INTERRUPTED, Reason(reason.code, details)))
            say(f"The engine that took run {run} has given no sign of life for {heartbeat.SILENCE:.0f} s.")
            return
        stop.ask()
        time.sleep(_LOOK)


def _line(run: Run) -> str:
    turn = turning_point_of(run)
    told = f"turning point {turn.epoch or 'not reached'}" if turn.learned else "nothing learned"
    words = [f"run {run.id}", run.title, run.state.value, told]
    if run.evaluation is not None:
        words.append(f"test accuracy {run.evaluation.accuracy:.4f}")
    return "  ".join(word for word in words if word)


def _show(study: Study, runs: dict[str, Run]) -> None:
    names = [factor.setting for factor in study.plan.factors]
    members = [
        (member.levels, runs[run])
        for member, run in zip(study.plan.members, study.runs, strict=True)
        if run in runs
    ]
    for measure in _SHOWN:
        for levels, cell in cells(members, measure).items():
            where = "  ".join(f"{name}={value}" for name, value in zip(names, levels, strict=True))
            told = "none"
            if cell.spread is not None:
                told = f"{cell.spread.mean:.4f}  ({cell.spread.low:.4f} to {cell.spread.high:.4f})"
            count = f"{len(cell.values)} of {counted(cell.runs, 'run')}"
            show("  ".join(word for word in (f"{measure:14}", where, told, count) if word))


def _result(study: Study, runs: dict[str, Run]) -> dict[str, Any]:
    """What `study --json` prints; numbers that are not there are None."""
    members = []
    for member, run_id in zip(study.plan.members, study.runs, strict=True):
        run = runs.get(run_id)
        numbers: dict[str, float | None] = {name: measured(run, name) if run else None for name in _SHOWN}
        members.append(
            {
                "levels": list(member.levels),
                "seed": member.seed,
                "fold": member.fold,
                "run": run_id,
                "reused": run_id in study.reused,
                "state": run.state.value if run else None,
                **numbers,
            }
        )
    return {"study": study.id, "plan": study.plan.to_dict(), "members": members}
