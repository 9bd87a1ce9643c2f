"""The web side of trainings: put runs into the queue, and ask them to stop. Nothing here waits.

Whoever asks for a run is its `owner`; `address` says from where, "" where nobody counts by it. All that queue a run
raise a ClassError where the rules of the owner's class are against it, a JobError where there is no room (see
`_check`), and an UnknownRunError for a run that is not there.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from core.errors import JobError, RunError, UnknownRunError
from core.experiment import Experiment
from core.experiment.duration import duration
from core.recorded import is_recorded
from core.run import Run, RunState
from core.storage import Artifacts, Store
from core.study import MOST_RUNS, Plan
from core.training import artifact_names
from core.training.disk_space import check_disk_space
from core.training.resuming import ResumePoint, resume_plan, resume_point, verify_files

#: How many runs of one owner may wait at a time, so that one browser alone cannot fill the queue of a class.
MOST_WAITING = 20
#: The same for studies: the largest there is can be queued as a whole, and nothing beside it.
MOST_WAITING_WITH_STUDY = MOST_RUNS
#: The same for one address and for all together: whose a run is says a browser, and it may say another each time.
#: A class behind one router has one address.
MOST_FROM_ADDRESS, MOST_IN_ALL = 150, 600


def submit(
    store: Store,
    experiment: Experiment,
    *,
    owner: str,
    address: str = "",
    title: str = "",
    preset: str = "",
    lesson: str = "",
    covered: bool = False,
    sealed: bool = False,
    expected: float | None = None,
) -> str:
    """Queue a training, which an equal one that waits or learns may do for it, and return the run's id.

    See `Store.add` for what is covered and sealed. `expected` are the seconds it will take here; where nobody knows how
    fast this computer is, they follow from the experiment.
    """
    _check(store, owner, address, experiment, lesson=lesson)
    return store.add(
        experiment,
        expected=_seconds(experiment) if expected is None else expected,
        share=True,
        owner=owner,
        address=address,
        title=title,
        preset=preset,
        lesson=lesson,
        covered=covered,
        sealed=sealed,
    )


def extend(
    store: Store,
    run: str,
    epochs: int,
    *,
    owner: str,
    address: str = "",
    artifacts: Artifacts | None = None,
) -> str:
    """Queue a run that goes on for more epochs from the weights of another one, and return its id.

    The epochs of `run` become the first ones of the new run; those of one that was broken off begin at its last
    checkpoint. With `artifacts` it is checked that the weights to go on from are there and whole. The new run is not
    covered, as its beginning is known; its test result is sealed if that of `run` was, opened by now or not.

    Raises:
        RunError: If it is not over ("run_not_over"), kept no weights ("run_not_trained"), or is covered still
            ("run_covered").
        StorageError: If a file of it is damaged ("artifact_damaged").
        ExperimentError: If it would have more epochs than an experiment may.
    """
    source = _uncovered(store, run)
    if is_recorded(run):
        raise RunError("recorded_no_network", run=run)
    if not source.state.is_over:
        raise RunError("run_not_over", run=run, state=source.state.value)
    found = ResumePoint(source, artifact_names.LAST, source.epochs)
    if artifacts is not None:
        found = resume_point(source, store, artifacts) or replace(found, epochs=())
    if not found.epochs:
        raise RunError("run_not_trained", run=run)
    if artifacts is not None:
        verify_files(found, artifacts)
    changes: dict[str, Any] = {"epochs": len(found.epochs) + epochs}
    if source.reason.code == "early_stopping":
        changes["early_stopping"] = None  # it would end the new run after one epoch more
    experiment = source.experiment.with_changes(**changes)
    _check(store, owner, address, experiment, lesson=source.lesson)
    return store.add(
        experiment,
        owner=owner,
        address=address,
        title=source.title,
        preset=source.preset,
        continues=found.run.id,
        epochs=found.epochs,
        expected=_seconds(experiment, len(found.epochs)),
        lesson=source.lesson,
        sealed=source.sealed,
    )


def resume(store: Store, run: str, *, owner: str, address: str = "", artifacts: Artifacts) -> str:
    """Queue a run that brings one that was broken off to its end, and return its id.

    It goes on from the last checkpoint, or begins anew where there is none yet; either way its history is that of
    a run that nothing has happened to. So are its cover, its seal and what was predicted.

    Raises:
        RunError: If it is not over ("run_not_over"), or was not broken off ("run_ended").
        StorageError: If what is kept of it is damaged ("artifact_damaged") or not its own.
    """
    found = resume_plan(run, store, artifacts)
    _check(store, owner, address, found.experiment, lesson=found.source.lesson)
    return store.add(
        found.experiment,
        owner=owner,
        address=address,
        title=found.source.title,
        preset=found.source.preset,
        continues=found.continues,
        epochs=found.epochs,
        expected=_seconds(found.experiment, len(found.epochs)),
        lesson=found.source.lesson,
        covered=found.source.covered,
        sealed=found.source.sealed,
        prediction=found.source.prediction,
        revealed=found.source.revealed,
    )


def train_to(store: Store, run: str, epoch: int, *, owner: str, address: str = "") -> str:
    """Queue a run that trains a new network of the same kind, up to this epoch, and return its id.

    Nothing ends it early: it is there to stop exactly at the turning point. It is not covered, as the curve up to there
    is known; its test result is sealed if that of `run` was, opened by now or not.

    Raises:
        RunError: If `run` is covered still ("run_covered").
    """
    source = _uncovered(store, run)
    experiment = source.experiment.with_changes(epochs=epoch, early_stopping=None)
    _check(store, owner, address, experiment, lesson=source.lesson)
    return store.add(
        experiment,
        owner=owner,
        address=address,
        title=source.title,
        preset=source.preset,
        expected=_seconds(experiment),
        share=True,
        lesson=source.lesson,
        sealed=source.sealed,
    )


def _seconds(experiment: Experiment, done: int = 0) -> float:
    """How long a training takes of which so many epochs are done."""
    return duration(experiment).of(max(0, experiment.epochs - done))


def _uncovered(store: Store, run: str) -> Run:
    """A whole run, also of a store that is to be shown, from which another one may follow."""
    found = store.undisclosed(run)
    if found.is_covered:
        raise RunError("run_covered", run=run)
    return found


def submit_study(
    store: Store, plan: Plan, *, owner: str, address: str = "", title: str = "", preset: str = ""
) -> str:
    """Queue all runs of a study that were not trained before, and return the study's id.

    None of its runs is covered or sealed. A part of a study answers no question, so either all of its runs are queued
    or none: then there is a JobError ("queue_no_room"), an ExperimentError if a member cannot be, a PresetError if the
    plan varies what there is not.
    """
    members = [member.experiment for member in plan.members]
    known = store.finished(members)
    new = [one for one, done in zip(members, known, strict=True) if done is None]
    store.check_rules(owner, new)
    room = room_for_study(store, owner, address)
    if len(new) > room:
        if not room:
            _check(store, owner, address)
        raise JobError("queue_no_room", received=len(new), room=room)
    check_disk_space(store, new)
    return store.add_study(plan, owner=owner, address=address, title=title, preset=preset, share=True)


def room_for_study(store: Store, owner: str, address: str = "") -> int:
    """How many runs a new study may put into the queue now."""
    waiting = {RunState.QUEUED}
    rooms = [
        MOST_IN_ALL - store.count(states=waiting),
        MOST_WAITING_WITH_STUDY - store.count(owner=owner, states=waiting),
    ]
    if address:
        rooms.append(MOST_FROM_ADDRESS - store.count(address=address, states=waiting))
    most = store.rules_of(owner).caps.waiting
    if most is not None:
        rooms.append(most - store.count(owner=owner, states=waiting))
    return max(0, min(rooms))


def stop_study(store: Store, study: str) -> int:
    """Take all waiting runs of a study out of the queue and ask the running ones to end; how many that were.

    Runs that the study only reuses are left alone.
    """
    found = store.get_study(study)
    stopped = 0
    # From the end, so that no worker takes the next one meanwhile.
    for run in reversed(store.get_many([run for run in found.runs if run not in found.reused])):
        if not run.state.is_over:
            with suppress(UnknownRunError):  # deleted just now
                store.request_stop(run.id)
                stopped += 1
    return stopped


def _check(store: Store, owner: str, address: str, *experiments: Experiment, lesson: str = "") -> None:
    """See that the owner's class lets it be begun, and that there is room in the queue and for the results on the disk.

    The rules are read from the database: nothing that a browser says or keeps counts here.

    Raises:
        ClassError: If the rules of the class in which the owner sits are against it (`core.classroom.permission`).
        JobError: If too many runs of this owner ("queue_full"), from this address ("queue_full_address") or in all
            ("queue_full_all") are waiting already, or the disk is too full ("disk_full_for_run").
    """
    store.check_rules(owner, experiments, lesson=lesson)
    waiting = store.count(states={RunState.QUEUED})
    if waiting >= MOST_IN_ALL:
        raise JobError("queue_full_all", received=waiting)
    if address and waiting >= MOST_FROM_ADDRESS:
        from_there = store.count(address=address, states={RunState.QUEUED})
        if from_there >= MOST_FROM_ADDRESS:
            raise JobError("queue_full_address", received=from_there)
    own = store.count(owner=owner, states={RunState.QUEUED})
    if own >= MOST_WAITING:
        raise JobError("queue_full", received=own)
    if experiments:
        check_disk_space(store, experiments)
