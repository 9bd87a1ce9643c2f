"""Runs in every state, recorded in a real store the way a worker would."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from core import presets
from core.experiment import Dense
from core.run import Epoch, Evaluation, Progress, Reason, Run, RunState, Timing
from core.storage import Store

#: Falls to its lowest in epoch 4 and rises by 50 % after it.
TURNING = (0.9, 0.6, 0.45, 0.40, 0.44, 0.49, 0.55, 0.60)
FALLING = (0.9, 0.6, 0.45, 0.40)
#: Twelve of each digit right, one 3 taken for a 5, one 8 for a 1.
MATRIX = tuple(
    tuple(12 if true == taken else int((true, taken) in ((3, 5), (8, 1))) for taken in range(10))
    for true in range(10)
)

DONE = {
    RunState.FINISHED: Reason("all_epochs", {"epochs": 8}),
    RunState.STOPPED: Reason("stopped_by_user", {"epoch": 8}),
    RunState.FAILED: Reason("not_a_number", {"epoch": 9, "batch": 3}),
    RunState.INTERRUPTED: Reason("server_ended", {"state": "running"}),
}


def epochs(val_losses: Sequence[float | None], val_accuracy: float | None = None) -> tuple[Epoch, ...]:
    """One epoch for each validation loss; accuracies rise with every epoch, but for a validation accuracy given."""
    return tuple(
        Epoch(
            number=number,
            loss=1 / number,
            accuracy=1 - 0.5 / number,
            val_loss=val_loss,
            val_accuracy=None if val_loss is None else val_accuracy or 0.9 - 0.4 / number,
            learning_rate=0.001,
            seconds=0.25,
        )
        for number, val_loss in enumerate(val_losses, start=1)
    )


def queued(
    store: Store,
    *,
    owner: str = "student",
    title: str = "",
    covered: bool = False,
    sealed: bool = False,
    lesson: str = "",
    worker: str = "",
    **changes: Any,
) -> str:
    """A run that waits, or one under way at once by a worker; `changes` of the first preset's experiment."""
    layers = [Dense(units=64, activation="relu"), Dense(units=10, activation="softmax")]
    experiment = presets.load(presets.PLAIN).with_changes(**{"epochs": 8, "layers": layers, **changes})
    hidden: Any = {"covered": covered, "sealed": sealed, "lesson": lesson}
    return store.add(experiment, owner=owner, title=title, preset=presets.PLAIN, worker=worker, **hidden)


def running(
    store: Store, val_losses: Sequence[float | None] = FALLING, val_accuracy: float | None = None, **more: Any
) -> str:
    """A run that has come so far and is in the middle of the next epoch."""
    run = queued(store, worker="worker", **more)  # an engine of the same home never sees it waiting
    for epoch in epochs(val_losses, val_accuracy):
        store.record_epoch(run, epoch)
    store.record_progress(run, Progress("training", len(val_losses) + 1, 8, 7, 33, 0.51, 0.87, 12.5))
    return run


def over(
    store: Store,
    state: RunState = RunState.FINISHED,
    val_losses: Sequence[float | None] = TURNING,
    **more: Any,
) -> str:
    """A run that has ended so, with a test result if it finished."""
    run = running(store, val_losses, **more)
    store.record_environment(run, {"keras": "3.15", "threads": 2})
    if state is RunState.FINISHED:
        store.record_evaluation(run, Evaluation(0.3456, 120 / 122, MATRIX))
    timing = Timing(0.12, 3.45, 0.06, 678.0)
    assert store.finish(run, state, DONE[state], timing=timing, best_epoch=4)
    return run


def with_nan(store: Store) -> Run:
    """A run whose last epoch has losses that are no numbers."""
    run = running(store, (0.9, math.nan))
    store.record_epoch(run, Epoch(3, math.inf, 0.1, math.nan, 0.1, 0.001, 0.2))
    return store.get(run)
