"""`train`: one experiment, in this process."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import psutil

from core.analysis.advice import ADVICE, advice
from core.analysis.baseline import has_learned
from core.analysis.turning_point import turning_point_of
from core.command_line.data import at_hand
from core.command_line.experiments import add_arguments, chosen, preset_of
from core.command_line.output import say, show
from core.errors import DatabaseAwayError, PresetError, RunError, StorageError
from core.export.page import NOTHING_LEARNED
from core.run import Epoch, Reason, Run, RunState
from core.settings import Settings
from core.storage import Store, beating, clear_old_runs, open_store, patiently, program_name
from core.storage.space import full
from core.training.disk_space import check_disk_space
from core.training.recorders import TimeLimit
from core.training.resuming import resume_plan

OWNER = "cli"
"""Whose the runs of the command line are."""


def add_to(commands: Any) -> None:
    """Add the command."""
    train = commands.add_parser("train", help="train a preset or a TOML file here and store the run")
    add_arguments(train, named=False)
    train.add_argument(
        "--resume", metavar="RUN", help="go on with a run that was broken off, from its last checkpoint"
    )
    train.add_argument("--title", default="", help="what to call the run")
    train.add_argument("--json", action="store_true", help="print the result as one line of JSON at the end")
    train.set_defaults(command=_train)


def _train(options: argparse.Namespace, settings: Settings) -> int:
    if options.resume is not None:
        _check_alone(options)
    elif options.name is None:
        raise PresetError("name_missing")
    else:
        experiment = chosen(options)
        at_hand(experiment.dataset, settings)
    # Loads Keras, which takes its time and writes lines of its own: not before there is something to train.
    from core.training.execute import execute

    with closing(open_store(settings)) as store:
        # The run begins at once: it never stands in the queue, where an engine could take it too.
        if options.resume is not None:
            run_id = _resumed(options.resume, settings, store)
        else:
            check_disk_space(store, (experiment,), settings)
            about = {"owner": OWNER, "title": options.title, "preset": preset_of(options)}
            run_id = store.add(experiment, worker=program_name(), **about)
        run = _carried_out(execute, run_id, settings, store)
        say(f"{run.state}: {run.reason}")
        if run.evaluation is not None:
            say(f"test accuracy {run.evaluation.accuracy:.4f}, test loss {run.evaluation.loss:.4f}")
        _advise(run)
        say(f"run {run_id}")
        if options.json:
            show(json.dumps(result(run), allow_nan=False))
        with suppress(DatabaseAwayError):  # the next command clears them away
            clear_old_runs(store, settings.keep_runs)
        return 0 if run.state in (RunState.FINISHED, RunState.STOPPED) else 1


def _carried_out(execute: Callable[..., None], run_id: str, settings: Settings, store: Store) -> Run:
    """Train a run in this process by `execute`, and tell of it meanwhile."""
    store.record_environment(run_id, {"host": socket.gethostname(), "pid": os.getpid()})
    watcher = _Watcher(store, run_id, store.get(run_id).experiment.epochs)
    previous = signal.signal(signal.SIGINT, lambda *_: watcher.ask_to_stop())
    watcher.start()
    try:
        with beating(store, run_id):
            # Whoever has the computer decides how long it may take, unless it is set.
            limit = TimeLimit(settings.run_minutes or 0)
            execute(run_id, settings, store=store, artifacts=store.artifacts, limit=limit)
    finally:
        watcher.end()
        signal.signal(signal.SIGINT, previous)
    return patiently(lambda: store.get(run_id))


def _advise(run: Run) -> None:
    """Say where nothing was learned, and what to try."""
    learned = has_learned(run)
    if run.epochs and not learned:
        say(NOTHING_LEARNED)
    found = advice(run, learned=learned)
    if run.reason.code == "not_a_number":  # its own sentence says so
        found = tuple(one for one in found if one != "smaller_learning_rate")
    for one in found:
        say(ADVICE[one])


_CHANGES = ("name", "epochs", "seed", "set", "title")


def _check_alone(options: argparse.Namespace) -> None:
    given = [name for name in _CHANGES if getattr(options, name)]
    if given:
        raise RunError("resume_with_changes", received=", ".join(given))


def _resumed(broken_off: str, settings: Settings, store: Store) -> str:
    """Begin the run that goes on where another one was broken off."""
    _end_if_dead(store.get(broken_off), store)
    found = resume_plan(broken_off, store, store.artifacts)
    at_hand(found.experiment.dataset, settings)
    check_disk_space(store, (found.experiment,), settings)
    if found.continues:
        say(f"going on with run {broken_off} after epoch {len(found.epochs)} of {found.experiment.epochs}")
    else:
        say(f"run {broken_off} has no checkpoint yet; it is trained from the beginning")
    return store.add(
        found.experiment,
        owner=OWNER,
        title=found.source.title,
        preset=found.source.preset,
        continues=found.continues,
        epochs=found.epochs,
        worker=program_name(),
    )


def _end_if_dead(run: Run, store: Store) -> None:
    """Write down that a run has ended whose process has: of the command line nobody else may be there to do so."""
    reason = Reason("worker_died", {"epoch": len(run.epochs) + 1})
    if run.state in (RunState.RUNNING, RunState.STOPPING) and _is_dead(run):
        store.finish(run.id, RunState.INTERRUPTED, reason)


def _is_dead(run: Run) -> bool:
    """Whether the process that trained a run was one of this computer and is no more."""
    pid, host = run.environment.get("pid"), run.environment.get("host")
    if not isinstance(pid, int) or host != socket.gethostname():
        return False
    try:
        process = psutil.Process(pid)
        # The system gives the numbers of processes out again.
        another = run.started is not None and process.create_time() > run.started.timestamp() + 1
        return another or bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False


class _Watcher(threading.Thread):
    """Prints what storage learns of a run, as any other viewer would see it."""

    def __init__(self, store: Store, run: str, planned: int) -> None:
        super().__init__(daemon=True)
        self._store, self._run, self._planned = store, run, planned
        self._over = threading.Event()
        self._wished = threading.Event()
        self._away = self._no_room = False
        self._shown = len(store.get(run).epochs)

    def run(self) -> None:
        while not self._over.wait(0.25):
            self._look()

    def ask_to_stop(self) -> None:
        """Have the run stopped, as soon as the database can be told; for a signal, so nothing here waits."""
        self._wished.set()

    def end(self) -> None:
        """Show what is left and end."""
        self._over.set()
        self.join()
        self._look()

    def _look(self) -> None:
        no_room = full(self._store.folders)
        if no_room is not None and not self._no_room:
            say(str(no_room))
        self._no_room = no_room is not None
        try:
            if self._wished.is_set():
                self._store.request_stop(self._run)
                self._wished.clear()
            for epoch in self._store.epochs_since(self._run, self._shown):
                self._shown = epoch.number
                say(_line(epoch, self._planned))
            self._away = False
        except DatabaseAwayError as error:
            if not self._away:
                say(str(error))
            self._away = True
        except StorageError as error:
            say(str(error))  # the run ends by the same
            self._over.set()


def _line(epoch: Epoch, planned: int) -> str:
    text = f"epoch {epoch.number:3}/{planned}  loss {epoch.loss:.4f}  accuracy {epoch.accuracy:.4f}"
    if epoch.val_loss is not None and epoch.val_accuracy is not None:
        text += f"  val_loss {epoch.val_loss:.4f}  val_accuracy {epoch.val_accuracy:.4f}"
    return f"{text}  {epoch.seconds:.2f} s"


def result(run: Run) -> dict[str, Any]:
    """What `train --json` prints of a run; numbers that are not there are None."""
    turn = turning_point_of(run)
    names = ("loss", "accuracy", "val_loss", "val_accuracy")
    timing, evaluation = run.timing, run.evaluation
    return {
        "run": run.id,
        "state": run.state.value,
        "reason": str(run.reason),
        "experiment": run.experiment.to_dict(),
        "history": {name: [getattr(epoch, name) for epoch in run.epochs] for name in names},
        "turning_point": {
            "epoch": turn.epoch,
            "confirmed": turn.loss.confirmed,
            "learned": turn.learned,
            "lowest_epoch": turn.loss.epoch,
            "lowest_val_loss": turn.loss.value if turn.loss.epoch else None,
            "accuracy_epoch": turn.accuracy.epoch,
            "highest_val_accuracy": turn.accuracy.value if turn.accuracy.epoch else None,
        },
        "test": evaluation and {"loss": evaluation.loss, "accuracy": evaluation.accuracy},
        "seconds": timing and {"prepare": timing.prepare, "fit": timing.fit, "evaluate": timing.evaluate},
        "peak_mb": timing and round(timing.peak_mb),
    }
