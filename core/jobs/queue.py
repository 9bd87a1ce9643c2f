"""The web side of trainings: put runs into the queue, and ask them to stop. Nothing here waits."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from core.errors import JobError, RunError, UnknownRunError
from core.experiment import Experiment
from core.run import RunState
from core.storage import Artifacts, Store
from core.study import MOST_RUNS, Plan
from core.training import artifact_names
from core.training.disk_space import check_disk_space
from core.training.resuming import ResumePoint, resume_plan, resume_point, verify_files

#: How many runs of one owner may wait at a time, so that nobody fills the queue of a class.
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
) -> str:
    """Queue a training and return the run's id.

    Raises:
        JobError: If too many runs are waiting already, see `_check_room`, or there is no room for it on the disk
            ("disk_full_for_run").
    """
    _check_room(store, owner, address)
    check_disk_space(store, (experiment,))
    return store.add(experiment, owner=owner, address=address, title=title, preset=preset)


def extend(
    store: Store,
    run: str,
    epochs: int,
    *,
    owner: str,
    address: str = "",
    artifacts: Artifacts | None = None,
) -> str:
    """Queue a run that goes on from the weights of another one, and return its id.

    Args:
        run: The run to continue; its epochs become the first ones of the new run.
        owner: Whose the new run is.
        address: From where it is asked for.
        artifacts: If given, it is checked that the weights to go on from are there and whole. Those of a run that
            was broken off are of its last checkpoint, so the epochs more begin there.

    Raises:
        UnknownRunError: If there is no such run.
        RunError: If it is not over ("run_not_over"), or kept no weights ("run_not_trained").
        StorageError: If a file of it is damaged ("artifact_damaged").
        ExperimentError: If it would have more epochs than an experiment may.
        JobError: If too many runs are waiting already; see `_check_room`.
    """
    source = store.get(run)
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
    _check_room(store, owner, address)
    check_disk_space(store, (experiment,))
    return store.add(
        experiment,
        owner=owner,
        address=address,
        title=source.title,
        preset=source.preset,
        continues=found.run.id,
        epochs=found.epochs,
    )


def resume(store: Store, run: str, *, owner: str, address: str = "", artifacts: Artifacts) -> str:
    """Queue a run that brings one that was broken off to its end, and return its id.

    It goes on from the last checkpoint, or begins anew where there is none yet; either way its history is that of
    a run that nothing has happened to.

    Args:
        run: The run that was broken off.
        owner: Whose the new run is.
        address: From where it is asked for.

    Raises:
        UnknownRunError: If there is no such run.
        RunError: If it is not over ("run_not_over"), or was not broken off ("run_ended").
        StorageError: If what is kept of it is damaged ("artifact_damaged") or not its own.
        JobError: If too many runs are waiting already, see `_check_room`, or there is no room for it on the disk
            ("disk_full_for_run").
    """
    found = resume_plan(run, store, artifacts)
    _check_room(store, owner, address)
    check_disk_space(store, (found.experiment,))
    return store.add(
        found.experiment,
        owner=owner,
        address=address,
        title=found.source.title,
        preset=found.source.preset,
        continues=found.continues,
        epochs=found.epochs,
    )


def train_to(store: Store, run: str, epoch: int, *, owner: str, address: str = "") -> str:
    """Queue a run that trains a new network of the same kind, up to this epoch, and return its id.

    Nothing ends it early: it is there to stop exactly at the turning point.

    Raises:
        UnknownRunError: If there is no such run.
        ExperimentError: If the epoch is out of bounds.
        JobError: If too many runs are waiting already; see `_check_room`.
    """
    source = store.get(run)
    experiment = source.experiment.with_changes(epochs=epoch, early_stopping=None)
    _check_room(store, owner, address)
    check_disk_space(store, (experiment,))
    return store.add(experiment, owner=owner, address=address, title=source.title, preset=source.preset)


def stop(store: Store, run: str) -> RunState:
    """Take a waiting run out of the queue, or ask a running one to end; return its state now.

    Raises:
        UnknownRunError: If there is no such run.
    """
    return store.request_stop(run)


def submit_study(
    store: Store, plan: Plan, *, owner: str, address: str = "", title: str = "", preset: str = ""
) -> str:
    """Queue all runs of a study that were not trained before, and return the study's id.

    A part of a study answers no question, so either all of its runs are queued or none.

    Raises:
        ExperimentError: If a member of the plan cannot be.
        PresetError: If the base has no setting that the plan varies.
        JobError: If there is no room for all of them ("queue_no_room"; see `room_for_study`), or for none (see
            `_check_room`).
    """
    members = [member.experiment for member in plan.members]
    known = store.finished(members)
    new = known.count(None)
    room = room_for_study(store, owner, address)
    if new > room:
        if not room:
            _check_room(store, owner, address)
        raise JobError("queue_no_room", received=new, room=room)
    check_disk_space(store, [one for one, done in zip(members, known, strict=True) if done is None])
    return store.add_study(plan, owner=owner, address=address, title=title, preset=preset)


def room_for_study(store: Store, owner: str, address: str = "") -> int:
    """How many runs a new study may put into the queue now.

    Args:
        address: From where they are asked for; "" where nobody counts by it.
    """
    waiting = {RunState.QUEUED}
    rooms = [
        MOST_IN_ALL - store.count(states=waiting),
        MOST_WAITING_WITH_STUDY - store.count(owner=owner, states=waiting),
    ]
    if address:
        rooms.append(MOST_FROM_ADDRESS - store.count(address=address, states=waiting))
    return max(0, min(rooms))


def stop_study(store: Store, study: str) -> int:
    """Take all waiting runs of a study out of the queue and ask the running ones to end; how many that were.

    Runs that the study only reuses are left alone.

    Raises:
        UnknownStudyError: If there is no such study.
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


def _check_room(store: Store, owner: str, address: str = "") -> None:
    """See that there is room in the queue.

    Args:
        owner: Whose a new run would be.
        address: From where it is asked for; "" where nobody counts by it.

    Raises:
        JobError: If too many runs of this owner ("queue_full"), from this address ("queue_full_address") or in all
            ("queue_full_all") are waiting already.
    """
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
