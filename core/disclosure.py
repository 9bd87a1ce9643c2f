"""What may be seen of a run before its owner has predicted its turning point, and before its test result is opened.

The cover and the seal belong to a run, whoever looks at it:

- A *covered* run shows nobody what validation or test said until its owner predicts the epoch of the lowest
  validation loss or has it shown (`Store.predict`, `Store.reveal`). The curves of the training itself stay visible:
  from them one predicts.
- A *sealed* run shows nobody what the test said until its owner has settled on an epoch or a design by validation
  and opens it (`Store.open_test`).

Beside these, the page of two runs may hold back their test results from one who has not said yet which will win
(`Store.predict_winner`): a *curtain* on that page, for test results that may be seen elsewhere.

A run is covered or sealed as it is recorded; `disclosed` takes out what may not be seen. What shows runs opens the
store by way of `dashboard.shared.services`, whose store gives disclosed runs only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar, overload

from core.errors import RunError
from core.experiment import Experiment
from core.run import Epoch, Progress, Reason, Run, RunState, RunSummary

_ENDED = Reason("ended_covered")
AnyRun = TypeVar("AnyRun", Run, RunSummary)


@overload
def disclosed(run: Run) -> Run: ...
@overload
def disclosed(run: RunSummary) -> RunSummary: ...
def disclosed(run: Run | RunSummary) -> Run | RunSummary:
    """The run without what may not be seen of it yet; the very same run where nothing is hidden."""
    if isinstance(run, RunSummary):
        return _summary(run)
    if run.is_covered:
        run = _uncoverable(run)
    return without_test(run) if run.is_sealed else run


def without_test(run: Run) -> Run:
    """The run as it is known by training and validation alone."""
    return replace(run, evaluation=None)


def all_disclosed(runs: Iterable[AnyRun]) -> list[AnyRun]:
    """The same of several."""
    return [disclosed(run) for run in runs]


def check_may_ask(run: Run, *, about_test: bool) -> None:
    """Refuse to ask the network of a run what its answer would give away; `about_test`: about samples of the test set.

    Raises:
        RunError: If the run is covered ("run_covered"), or its test result is sealed ("run_sealed").
    """
    if run.is_covered:
        raise RunError("run_covered", run=run.id)
    if about_test and run.is_sealed:
        raise RunError("run_sealed", run=run.id)


def epochs_in_sight(experiment: Experiment) -> int:
    """How many epochs of a covered run can be shown.

    All that are planned, unless early stopping goes by validation: its end would tell by its patience where the lowest
    point was. Then only those that it trains in any case.
    """
    stopping = experiment.early_stopping
    if stopping is None or not stopping.monitor.startswith("val_"):
        return experiment.epochs
    # Keras counts the epochs since the best one, and never ends in the first.
    return min(experiment.epochs, max(2, 1 + stopping.patience))


def _uncoverable(run: Run) -> Run:
    """What is left of a covered run: its training."""
    most = epochs_in_sight(run.experiment)
    rate = run.experiment.reduce_lr
    tells = rate is not None and rate.monitor.startswith("val_")
    left = replace(
        run,
        epochs=tuple(_training_only(epoch, rate_tells=tells) for epoch in run.epochs[:most]),
        evaluation=None,
        best_epoch=None,
    )
    if most == run.experiment.epochs:
        return left
    # How long it took, or how far it is, would tell when it ended.
    over = run.state in (RunState.FINISHED, RunState.STOPPED)
    return replace(
        left,
        reason=_ENDED if over else run.reason,
        timing=None,
        progress=_up_to(run.progress, most),
    )


def _training_only(epoch: Epoch, *, rate_tells: bool) -> Epoch:
    """An epoch without validation, nor the learning rate where that follows from validation."""
    rate = math.nan if rate_tells else epoch.learning_rate
    return replace(epoch, val_loss=None, val_accuracy=None, learning_rate=rate)


def _up_to(progress: Progress | None, epochs: int) -> Progress | None:
    if progress is None or progress.epoch <= epochs:
        return progress
    return Progress("training", epochs, progress.epochs)


def _summary(run: RunSummary) -> RunSummary:
    if run.is_covered:
        run = replace(run, best_val_loss=None, best_val_accuracy=None, test_accuracy=None)
        most = epochs_in_sight(run.experiment)
        if most < run.experiment.epochs:
            run = replace(run, epochs_done=min(most, run.epochs_done), fit_seconds=None)
    return replace(run, test_accuracy=None) if run.is_sealed else run
