"""Starting a training from a page, once."""

from __future__ import annotations

from core.experiment import Experiment
from core.jobs.queue import submit, submit_study
from core.plain_text import as_title
from core.run import RunState
from core.storage import Store
from core.study import Plan
from dashboard.shared.viewer import Viewer


def start_once(store: Store, experiment: Experiment, *, by: Viewer, preset: str = "", title: str = "") -> str:
    """Queue a training, or find the one that is already under way.

    A second press, or the same press in a second window, leads to the same run while it waits or learns.
    Returns its id.
    """
    for run in store.summaries(owner=by.owner, states=(RunState.QUEUED, RunState.RUNNING)):
        if run.experiment == experiment:
            return run.id
    return submit(store, experiment, owner=by.owner, address=by.address, preset=preset, title=title)


def start_study_once(store: Store, plan: Plan, *, by: Viewer, title: str = "", preset: str = "") -> str:
    """Queue a study, or find the equal one that is under way or done.

    One of which a run failed, was stopped or deleted does not count: it would not show what this one will.
    Returns its id.
    """
    for study in store.studies(owner=by.owner):
        if study.plan == plan and study.title == as_title(title) and all(study.runs):
            runs = store.get_many(study.runs)
            if all(run.state is RunState.FINISHED or not run.state.is_over for run in runs):
                return study.id
    return submit_study(store, plan, owner=by.owner, address=by.address, title=title, preset=preset)
