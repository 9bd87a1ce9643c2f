"""A run from its claim to its final state, with a real database and real files."""

from __future__ import annotations

import os

import keras
import numpy as np
import pytest

from core.datasets import open_dataset, prepare
from core.experiment import Experiment
from core.jobs import queue
from core.run import Evaluation, Reason, RunState
from core.training import artifact_names
from core.training.execute import execute
from core.training.recorders import TimeLimit
from core.training.weight_histograms import load_weights
from tests.training.experiments import DENSE, EXPLODING, OUTPUT, experiment_with


@pytest.fixture
def executed(settings, store, artifacts, kept):
    """Run an experiment and return the run as storage has it then."""

    def go(experiment: Experiment, **about):
        run = store.add(experiment, owner="test", **about)
        assert store.start(run, "test")
        execute(run, settings, store=store, artifacts=artifacts, kept=kept)
        return store.get(run)

    return go


def test_a_finished_run_has_everything(settings, executed, artifacts):
    experiment = experiment_with(epochs=4)

    run = executed(experiment)

    assert (run.state, run.reason.code) == (RunState.FINISHED, "all_epochs")
    assert [epoch.number for epoch in run.epochs] == [1, 2, 3, 4]
    assert run.best_epoch == 1 + int(np.argmin([epoch.val_loss for epoch in run.epochs]))
    assert run.environment["keras"] == keras.__version__
    assert run.environment["path"] == "graph"
    assert run.environment["onednn"] == ("on" if os.environ["TF_ENABLE_ONEDNN_OPTS"] == "1" else "off")
    assert run.timing.fit > 0
    assert run.timing.peak_mb > 50
    assert isinstance(run.evaluation, Evaluation)
    assert run.evaluation.samples == 297

    prepared = prepare(experiment, open_dataset("digits", settings))
    with artifacts.fetch_file(run.id, artifact_names.LAST) as path:
        model = keras.models.load_model(path)
    loss, accuracy = model.evaluate(prepared.x_test, prepared.y_test, verbose=0)
    assert run.evaluation.loss == pytest.approx(loss, rel=1e-5)
    assert run.evaluation.accuracy == pytest.approx(accuracy)
    probabilities = artifacts.load_array(run.id, artifact_names.TEST_PROBABILITIES)
    np.testing.assert_allclose(probabilities, model.predict(prepared.x_test, verbose=0), atol=1e-6)
    last = artifacts.load_array(run.id, artifact_names.predictions(4))
    np.testing.assert_allclose(last, model.predict(prepared.x_val, verbose=0), atol=1e-3)
    np.testing.assert_array_equal(
        artifacts.load_array(run.id, artifact_names.PREDICTED_ROWS), prepared.val_rows
    )
    np.testing.assert_array_equal(
        artifacts.load_array(run.id, artifact_names.PREDICTED_LABELS), prepared.labels_val
    )
    with artifacts.fetch_file(run.id, artifact_names.BEST) as path:
        best = keras.models.load_model(path)
    assert best.evaluate(prepared.x_val, prepared.y_val, verbose=0)[0] == pytest.approx(
        run.epochs[run.best_epoch - 1].val_loss, rel=1e-5
    )


def numbers(run):
    """The history of a run without the seconds that it took."""
    return [(e.number, e.loss, e.accuracy, e.val_loss, e.val_accuracy, e.learning_rate) for e in run.epochs]


def test_going_on_equals_one_longer_run(executed, store, artifacts):
    layers = [DENSE[0], {"kind": "dropout", "rate": 0.3}, {"kind": "batch_normalization"}, OUTPUT]
    experiment = experiment_with(
        layers=layers, epochs=5, reduce_lr={"monitor": "val_loss", "patience": 1, "factor": 0.3}
    )
    whole = executed(experiment)
    first = executed(experiment.with_changes(epochs=3))

    second = executed(experiment, continues=first.id, epochs=first.epochs)

    assert numbers(second) == numbers(whole)
    assert second.evaluation == whole.evaluation
    assert second.best_epoch == whole.best_epoch
    assert artifacts.names(second.id) == artifacts.names(whole.id)
    for name in (artifact_names.predictions(1), artifact_names.predictions(5), artifact_names.LAST_SEEDS):
        np.testing.assert_array_equal(
            artifacts.load_array(second.id, name), artifacts.load_array(whole.id, name)
        )
    weights = [load_weights(artifacts, run.id) for run in (second, whole)]
    assert weights[0].epochs == weights[1].epochs == (0, 1, 2, 3, 4, 5)
    np.testing.assert_array_equal(weights[0].kept, weights[1].kept)


WATCHED = {
    "the rate goes by accuracy": {"reduce_lr": {"monitor": "val_accuracy", "patience": 1, "factor": 0.3}},
    "the rate goes by training accuracy": {"reduce_lr": {"monitor": "accuracy", "patience": 1}},
    "the end goes by accuracy": {"early_stopping": {"monitor": "val_accuracy", "patience": 3}},
    "both go by accuracy": {
        "early_stopping": {"monitor": "accuracy", "patience": 6, "restore_best": True},
        "reduce_lr": {"monitor": "val_accuracy", "patience": 1},
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WATCHED)
def test_going_on_equals_one_longer_run_whatever_is_watched(executed, name):
    experiment = experiment_with(epochs=8, optimizer={"kind": "adam", "learning_rate": 0.03}, **WATCHED[name])
    whole = executed(experiment)
    first = executed(experiment.with_changes(epochs=5))
    assert first.reason.code == "all_epochs"

    second = executed(experiment, continues=first.id, epochs=first.epochs)

    assert numbers(second) == numbers(whole)
    assert (second.state, second.reason, second.best_epoch) == (whole.state, whole.reason, whole.best_epoch)


def test_early_stopping_judges_the_restored_network(executed, settings, artifacts):
    run = executed(
        experiment_with(
            optimizer={"kind": "adam", "learning_rate": 0.2},
            epochs=40,
            early_stopping={"monitor": "val_loss", "patience": 2, "restore_best": True},
        )
    )

    assert (run.state, run.reason.code) == (RunState.FINISHED, "early_stopping")
    assert run.reason.details == {"epoch": len(run.epochs), "monitor": "val_loss", "patience": 2}
    assert run.best_epoch == len(run.epochs) - 2
    prepared = prepare(run.experiment, open_dataset("digits", settings))
    with artifacts.fetch_file(run.id, artifact_names.BEST) as path:
        loss, _ = keras.models.load_model(path).evaluate(prepared.x_test, prepared.y_test, verbose=0)
    assert run.evaluation.loss == pytest.approx(loss, rel=1e-5)


class StopsWhen:
    """A store that is asked to stop the run as soon as something was recorded; else it is the real one."""

    def __init__(self, store, method: str, condition) -> None:
        self._store = store
        self._method = method
        self._condition = condition

    def __getattr__(self, name: str):
        method = getattr(self._store, name)
        if name != self._method:
            return method

        def recorded(run, what):
            method(run, what)
            if self._condition(what):
                self._store.request_stop(run)

        return recorded


@pytest.mark.parametrize(
    ("method", "condition", "epochs"),
    [
        ("record_progress", lambda progress: progress.phase == "preparing", 0),
        ("record_epoch", lambda epoch: epoch.number == 2, None),
    ],
)
def test_a_stop_ends_it_and_keeps_what_is_there(settings, store, artifacts, method, condition, epochs):
    run = store.add(experiment_with(epochs=1000), owner="test")
    store.start(run, "test")

    execute(run, settings, store=StopsWhen(store, method, condition), artifacts=artifacts)

    ended = store.get(run)
    assert (ended.state, ended.reason.code) == (RunState.STOPPED, "stopped_by_user")
    assert ended.reason.details == {"epoch": len(ended.epochs)}
    if epochs == 0:
        assert not ended.epochs
        assert ended.evaluation is None
    else:
        assert 2 <= len(ended.epochs) < 1000
        assert ended.evaluation is not None
        assert artifacts.exists(run, artifact_names.LAST)


def test_a_loss_that_is_no_number_fails_and_keeps_the_epochs_before(executed, artifacts):
    run = executed(experiment_with(**EXPLODING))

    assert (run.state, run.reason.code) == (RunState.FAILED, "not_a_number")
    assert run.reason.details["epoch"] == len(run.epochs) + 1 > 1
    assert np.isfinite(run.evaluation.loss)
    assert artifacts.exists(run.id, artifact_names.LAST)


def test_data_that_are_not_here_fail_with_the_reason(executed, settings, monkeypatch):
    monkeypatch.setattr("core.training.execute.open_dataset", _no_fetch)

    run = executed(experiment_with(dataset="mnist"))

    assert run.state is RunState.FAILED
    assert run.reason.code == "error"
    assert run.reason.details["error"] == "data_missing"
    assert "mnist" in run.reason.details["message"]
    assert run.timing is not None


def _no_fetch(name, settings, *, progress):
    return open_dataset(name, settings, fetch=False)


def test_out_of_memory_and_faults_become_states(executed, monkeypatch):
    def fail_with(error):
        def failing(*_, **__):
            raise error

        monkeypatch.setattr("core.training.execute.train", failing)

    fail_with(MemoryError())
    assert executed(experiment_with()).reason.code == "out_of_memory"
    fail_with(ZeroDivisionError("what nobody expected"))
    run = executed(experiment_with())
    assert run.state is RunState.FAILED
    assert run.reason.details["message"] == "ZeroDivisionError: what nobody expected"


def test_a_deleted_run_is_passed_over(settings, store, artifacts):
    execute("0" * 12, settings, store=store, artifacts=artifacts)


def test_the_time_limit_stops_a_run_that_keeps_what_it_learned_and_can_be_gone_on_with(
    store, settings, artifacts
):
    experiment = experiment_with(epochs=1000)
    run = store.add(experiment, owner="test")
    assert store.start(run, "test")
    # Two hours have gone by as soon as two epochs are written down.
    limit = TimeLimit(120, clock=lambda: 0.0 if len(store.epochs_since(run, 0)) < 2 else 7200.0)

    execute(run, settings, store=store, artifacts=artifacts, limit=limit)

    seen = store.get(run)
    done = len(seen.epochs)
    assert 2 <= done < 1000
    assert (seen.state, seen.reason) == (
        RunState.STOPPED,
        Reason("time_limit", {"epoch": done, "minutes": 120}),
    )
    assert seen.evaluation is not None
    assert artifacts.exists(run, artifact_names.LAST)
    more = queue.extend(store, run, 1, owner="test", artifacts=artifacts)
    assert store.start(more, "test")
    execute(more, settings, store=store, artifacts=artifacts, limit=TimeLimit(120))
    assert [epoch.number for epoch in store.get(more).epochs] == list(range(1, done + 2))


def test_a_run_that_finishes_no_epoch_in_its_time_is_told_to_be_smaller(store, settings, artifacts):
    run = store.add(experiment_with(epochs=3), owner="test")
    assert store.start(run, "test")
    times = iter([0.0])
    limit = TimeLimit(1, clock=lambda: next(times, 60.0))
    assert not limit.reached()
    execute(run, settings, store=store, artifacts=artifacts, limit=limit)
    seen = store.get(run)
    assert (seen.state, seen.epochs, seen.evaluation) == (RunState.STOPPED, (), None)
    assert seen.reason == Reason("time_limit_no_epoch", {"epoch": 1, "minutes": 1})


def test_who_asks_to_stop_is_named_also_where_time_is_limited(store, settings, artifacts):
    run = store.add(experiment_with(epochs=1000), owner="test")
    assert store.start(run, "test")
    asked = []

    def clock() -> float:
        if not asked and len(store.epochs_since(run, 0)) > 1:
            asked.append(store.request_stop(run))
        return 0.0

    execute(run, settings, store=store, artifacts=artifacts, limit=TimeLimit(120, clock=clock))
    assert store.get(run).reason.code == "stopped_by_user"
