"""Stopping and deleting runs and studies: their owners do, and of a student's runs the teacher of the class.

Whoever presses is asked here, not where the button stands: what a page shows is no permission.
"""

from __future__ import annotations

from core.errors import RunError
from core.jobs.queue import stop_study as stop_runs_of
from core.run import RunState
from dashboard.shared import services


def may_end(owner: str) -> bool:
    """Whether whoever looks may stop or delete what is this owner's: it is its own, or it teaches the owner's class."""
    looks = services.viewer()
    return looks.may_change(owner) or services.store().teacher_of(looks.owner, owner)


def is_of_a_student(owner: str) -> bool:
    """Whether whoever looks may end what is this owner's only because they teach."""
    return not services.viewer().may_change(owner) and may_end(owner)


def stop_run(run: str) -> RunState:
    """Ask a run to end; RunError ("run_not_yours") for whoever may not."""
    _check(services.store().get(run).owner, run)
    return services.store().request_stop(run)


def delete_run(run: str) -> None:
    """Delete a run that is over; RunError ("run_not_yours") for whoever may not, and as `Store.delete`."""
    _check(services.store().get(run).owner, run)
    services.store().delete(run)


def rename_run(run: str, title: str) -> None:
    """Give a run another title, which its owner alone may do."""
    if not services.viewer().may_change(services.store().get(run).owner):
        raise RunError("run_not_yours", run=run)
    services.store().rename(run, title)


def stop_study(study: str) -> int:
    """Stop what of a study is not over; how many runs that were."""
    _check(services.store().get_study(study).owner, study)
    return stop_runs_of(services.store(), study)


def delete_study(study: str) -> None:
    """Delete a study, whose runs stay."""
    _check(services.store().get_study(study).owner, study)
    services.store().delete_study(study)


def _check(owner: str, what: str) -> None:
    if not may_end(owner):
        raise RunError("run_not_yours", run=what)
