"""Workers and engines that are killed in the middle of a run: it goes on with one press, as if nothing had happened."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

import pytest

from core.experiment import Experiment
from core.jobs import queue
from core.run import Run, RunState
from core.training import artifact_names
from tests.jobs.homes import Home, all_gone, family
from tests.training.experiments import experiment_with

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="parents take workers with them on Linux only"),
]


@pytest.fixture
def experiment() -> Experiment:
    return experiment_with(
        layers=[
            {"kind": "dense", "units": 16, "activation": "relu"},
            {"kind": "dropout", "rate": 0.3},
            {"kind": "dense", "units": 10, "activation": "softmax"},
        ],
        epochs=300,
        batch_size=4,
        early_stopping={"monitor": "val_accuracy", "patience": 250, "restore_best": True},
    )


def checkpointed(home: Home, run: str) -> Run:
    """The run once it has a checkpoint; it must still be under way."""
    home.learning(run, epochs=5)
    home.until(lambda: home.store.artifacts.exists(run, artifact_names.CHECKPOINT))
    seen = home.store.get(run)
    assert seen.state is RunState.RUNNING, seen.reason
    return seen


def history(run: Run) -> list[tuple[float | None, ...]]:
    return [(e.loss, e.accuracy, e.val_loss, e.val_accuracy, e.learning_rate) for e in run.epochs]


def tidied(home: Home, run: str) -> None:
    """Wait until the checkpoint has gone of a run that is over: it goes once the end is written down."""
    home.until(lambda: artifact_names.CHECKPOINT not in home.store.artifacts.names(run))


def test_a_killed_worker_and_a_killed_engine_cost_nothing_but_time(
    new_home: Callable[[], Home], experiment: Experiment
) -> None:
    home = new_home()
    home.start()
    run = queue.submit(home.store, experiment, owner="ann")
    os.kill(checkpointed(home, run).environment["pid"], signal.SIGKILL)
    dead = home.over(run)
    assert (dead.state, dead.reason.code) == (RunState.FAILED, "worker_died")
    assert len(dead.epochs) < experiment.epochs

    # It goes on; then the engine is killed with everything that came of it, and it goes on once more.
    second = queue.resume(home.store, run, owner="ann", artifacts=home.store.artifacts)
    checkpointed(home, second)
    engine = home.engines[-1].pid
    assert engine is not None
    processes = family(engine)
    os.kill(engine, signal.SIGKILL)
    home.until(lambda: all_gone(processes))
    dead = home.over(second)
    assert dead.state is RunState.INTERRUPTED
    third = home.over(queue.resume(home.store, second, owner="ann", artifacts=home.store.artifacts))

    whole = home.over(queue.submit(home.store, experiment, owner="ann"))
    assert whole.state is RunState.FINISHED, whole.reason
    assert history(third) == history(whole)
    assert third.evaluation == whole.evaluation
    assert (third.state, third.best_epoch) == (whole.state, whole.best_epoch)
    tidied(home, whole.id)
    assert home.store.artifacts.names(third.id) == home.store.artifacts.names(whole.id)


def test_of_runs_that_share_a_training_none_is_lost_whatever_is_killed(
    new_home: Callable[[], Home], experiment: Experiment
) -> None:
    home = new_home()
    home.start()
    runs = [queue.submit(home.store, experiment, owner=owner) for owner in ("ann", "bob", "cem", "dee")]

    os.kill(checkpointed(home, runs[0]).environment["pid"], signal.SIGKILL)
    assert home.over(runs[0]).reason.code == "worker_died"
    home.until(lambda: "pid" in home.store.get(runs[1]).environment)  # it has epochs already
    engine = home.engines[-1].pid
    assert engine is not None
    os.kill(engine, signal.SIGKILL)
    assert home.over(runs[1]).state is RunState.INTERRUPTED
    home.until(lambda: "pid" in home.store.get(runs[2]).environment)
    assert home.learning(runs[2]).continues == runs[1]
    assert home.store.request_stop(runs[2]) is RunState.STOPPING
    last = home.over(runs[3])
    assert last.state is RunState.FINISHED, last.reason
    stopped = home.store.get(runs[2])
    assert stopped.state is RunState.STOPPED
    assert history(last)[: len(stopped.epochs)] == history(stopped)

    again = home.over(queue.submit(home.store, experiment, owner="eve"))
    assert history(last) == history(again)
    assert (last.evaluation, last.best_epoch) == (again.evaluation, again.best_epoch)
    tidied(home, again.id)
    assert home.store.artifacts.names(last.id) == home.store.artifacts.names(again.id)
