"""`train`: one experiment in this process, or several one after the other, each in a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from typing import Any

import psutil

from core.analysis.advice import ADVICE, advice
from core.analysis.baseline import has_learned
from core.analysis.turning_point import turning_point_of
from core.command_line import own_process
from core.command_line.experiments import add_arguments, chosen, preset_of
from core.command_line.fetching import at_hand
from core.command_line.output import Parser, say, show
from core.datasets import availability
from core.errors import DatabaseAwayError, PresetError, RunError, StorageError, TurningPointError
from core.experiment import Experiment
from core.export.page import NOTHING_LEARNED
from core.free_space import full
from core.run import Epoch, Reason, Run, RunState
from core.sentences import counted
from core.settings import Settings
from core.storage import Store, beating, clear_old_runs, open_store, patiently, program_name
from core.training.disk_space import check_disk_space
from core.training.recorders import TimeLimit
from core.training.resuming import resume_plan

OWNER = "cli"
"""Whose the runs of the command line are."""


def add_train(train: Parser) -> None:
    """Add the arguments of `train`."""
    add_arguments(train, several=True)
    train.add_argument(
        "--resume", metavar="RUN", help="go on with a run that was broken off, from its last checkpoint"
    )
    train.add_argument("--title", default="", help="what to call the run")
    train.add_argument("--json", action="store_true", help="print the result of each run as one line of JSON")
    train.set_defaults(command=_train)


def _train(options: argparse.Namespace, settings: Settings) -> int:
    if options.resume is not None:
        _check_alone(options)
    elif not options.names:
        raise PresetError("name_missing")
    elif len(options.names) > 1:
        return _train_several(options, settings)
    else:
        (name,) = options.names
        experiment = chosen(options, name=name)
        say(_begins(name, experiment))
        _import_beside_data(experiment.dataset, settings)
    with closing(open_store(settings)) as store:
        # The run begins at once: it never stands in the queue, where an engine could take it too.
        if options.resume is not None:
            run_id = _resumed(options.resume, settings, store)
        else:
            run_id = _added(name, experiment, settings, store, title=options.title)
        run = _carried_out(lambda: _execute(run_id, settings, store), run_id, store, threading.Event())
        _tell(run, as_json=options.json)
        _clear(store, settings)
        return 0 if _did(run) else 1


def _train_several(options: argparse.Namespace, settings: Settings) -> int:
    """Train one after the other; what goes wrong with one does not keep the others from being trained."""
    names = options.names
    if options.title:
        raise PresetError("title_of_several", received=len(names))
    experiments = _all_chosen(options)
    say(f"{counted(len(names), 'training')}, one after the other")
    own_process.prepare()
    done, interrupted = 0, threading.Event()
    with closing(open_store(settings)) as store:
        for number, (name, experiment) in enumerate(zip(names, experiments, strict=True), start=1):
            if interrupted.is_set():
                say(f"{counted(len(names) - number + 1, 'training')} not begun")
                break
            say(f"{number}/{len(names)}  {_begins(name, experiment)}")
            try:
                at_hand(experiment.dataset, settings)
                run_id = _added(name, experiment, settings, store)
                apart = partial(own_process.train_apart, _train_apart, run_id, settings, store)
                run = _carried_out(apart, run_id, store, interrupted)
            except TurningPointError as error:
                say(str(error))
                continue
            _tell(run, as_json=options.json)
            done += _did(run)
        _clear(store, settings)
    return 0 if done == len(names) else 1


def _all_chosen(options: argparse.Namespace) -> list[Experiment]:
    """All experiments that are named: if one of them cannot be, that is said before any is trained."""
    found = []
    for name in options.names:
        try:
            found.append(chosen(options, name=name))
        except TurningPointError:
            say(f"Nothing is trained, because of {name}:")
            raise
    return found


def _begins(name: str, experiment: Experiment) -> str:
    return f"training {name}: {counted(experiment.epochs, 'epoch')} on {experiment.dataset}"


def _import_beside_data(dataset: str, settings: Settings) -> None:
    """Load Keras, which takes its time and writes lines of its own: not before there is something to train.

    Meanwhile data that are here are checked and unpacked the first time, which hardly needs Python; what is to be
    fetched first, or cannot be, is waited for.
    """
    with ThreadPoolExecutor(1, "data") as pool:
        here = availability(dataset, settings).here
        data = pool.submit(at_hand, dataset, settings)
        if not here:
            data.result()
        import core.command_line.lasting_keras  # noqa: F401

        data.result()


def _added(name: str, experiment: Experiment, settings: Settings, store: Store, *, title: str = "") -> str:
    """Begin a run."""
    check_disk_space(store, (experiment,), settings)
    return store.add(experiment, worker=program_name(), owner=OWNER, title=title, preset=preset_of(name))


def _train_apart(run_id: str, settings: Settings) -> None:
    """Train a run in a process that is there for it alone."""
    with closing(patiently(lambda: open_store(settings))) as store:
        _execute(run_id, settings, store)


def _execute(run_id: str, settings: Settings, store: Store) -> None:
    from core.training.execute import execute

    patiently(lambda: store.record_environment(run_id, {"host": socket.gethostname(), "pid": os.getpid()}))
    with beating(store, run_id):
        # Whoever has the computer decides how long it may take, unless it is set.
        limit = TimeLimit(settings.run_minutes or 0)
        execute(run_id, settings, store=store, artifacts=store.artifacts, limit=limit)


def _carried_out(
    carry_out: Callable[[], None], run_id: str, store: Store, interrupted: threading.Event
) -> Run:
    """Have a run trained, and tell of it meanwhile; Ctrl-C stops it."""
    watcher = _Watcher(store, run_id, store.get(run_id).experiment.epochs)

    def interrupt(*_: object) -> None:
        interrupted.set()
        watcher.ask_to_stop()

    previous = signal.signal(signal.SIGINT, interrupt)
    watcher.start()
    try:
        carry_out()
    finally:
        watcher.end()
        signal.signal(signal.SIGINT, previous)
    return patiently(lambda: store.get(run_id))


def _tell(run: Run, *, as_json: bool) -> None:
    """Say how a run ended."""
    say(f"{run.state}: {run.reason}")
    if run.evaluation is not None:
        say(f"test accuracy {run.evaluation.accuracy:.4f}, test loss {run.evaluation.loss:.4f}")
    _advise(run)
    say(f"run {run.id}")
    if as_json:
        show(json.dumps(result(run), allow_nan=False))


def _did(run: Run) -> bool:
    """Whether a run did what was asked: all, or up to where it was stopped."""
    return run.state in (RunState.FINISHED, RunState.STOPPED)


def _clear(store: Store, settings: Settings) -> None:
    with suppress(DatabaseAwayError):  # the next command clears them away
        clear_old_runs(store, settings.keep_runs)


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


#: What decides an experiment, and what each is called in a sentence.
_CHANGES = {"names": "name", "epochs": "epochs", "seed": "seed", "set": "set", "title": "title"}


def _check_alone(options: argparse.Namespace) -> None:
    given = [said for name, said in _CHANGES.items() if getattr(options, name)]
    if given:
        raise RunError("resume_with_changes", received=", ".join(given))


def _resumed(broken_off: str, settings: Settings, store: Store) -> str:
    """Begin the run that goes on where another one was broken off."""
    _end_if_dead(store.get(broken_off), store)
    found = resume_plan(broken_off, store, store.artifacts)
    _import_beside_data(found.experiment.dataset, settings)
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
