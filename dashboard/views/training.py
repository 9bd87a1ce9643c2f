"""Starting a training from a page, once."""

from __future__ import annotations

from core.experiment import Experiment
from core.jobs.queue import submit
from core.run import RunState
from core.storage import Store


def start_once(store: Store, experiment: Experiment, *, owner: str, preset: str = "", title: str = "") -> str:
    """Queue a training, or find the one that is already under way.

    A second press, or the same press in a second window, leads to the same run while it waits or learns.

    Args:
        store: Where runs are kept.
        experiment: What to train.
        owner: Who asks.
        preset: The preset it began from.
        title: What to call it.

    Returns:
        The run's id.
    """
    for run in store.summaries(owner=owner, states=(RunState.QUEUED, RunState.RUNNING)):
        if run.experiment == experiment:
            return run.id
    return submit(store, experiment, owner=owner, preset=preset, title=title)
