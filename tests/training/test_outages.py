"""A training while its database is away: it goes on, and in the end all is written down as if nothing had been."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.errors import DatabaseLostError
from core.experiment import Experiment
from core.run import Epoch, Run, RunState
from core.settings import Settings
from core.storage import Store, open_store
from core.training import execute as executing
from core.training.execute import execute
from core.training.graphs import KeptGraphs
from tests.storage.conftest import postgresql  # noqa: F401
from tests.storage.outages import KINDS, Away, away, impatient, new_away  # noqa: F401
from tests.training.experiments import experiment_with
from tests.training.histories import numbers


@pytest.fixture
def store(settings: Settings, away: Away) -> Iterator[Store]:  # noqa: F811
    store = open_store(settings.model_copy(update={"database": away.url}))
    yield store
    store.close()


Trained = Callable[..., Run]

#: Seconds after which a training gives its database up here: more than a busy machine takes for an answer, and fewer
#: than `endless` takes to its last epoch.
GIVEN_UP = 4.0


@pytest.fixture
def trained(settings: Settings, store: Store, kept: KeptGraphs, monkeypatch: pytest.MonkeyPatch) -> Trained:
    """Trains an experiment, tells about each epoch before it is recorded, and returns the run as it is then."""

    def go(experiment: Experiment, tell: Callable[[int], object] = lambda _: None, **options: Any) -> Run:
        class Telling(executing.PredictionRecorder):
            def on_epoch_end(self, epoch: Epoch, predicted: Any) -> None:
                tell(epoch.number)
                super().on_epoch_end(epoch, predicted)

        monkeypatch.setattr(executing, "PredictionRecorder", Telling)
        run = store.add(experiment, owner="test", worker="test")
        execute(run, settings, store=store, artifacts=store.artifacts, kept=kept, **options)
        return store.get(run)

    return go


@pytest.mark.usefixtures("impatient")
def test_the_training_goes_on_while_the_database_is_away(trained: Trained, away: Away) -> None:  # noqa: F811
    experiment = experiment_with(epochs=8)
    undisturbed = trained(experiment)

    # It comes back only when four epochs more are trained: who waits for it waits for ever.
    run = trained(experiment, lambda epoch: {2: away.begin, 6: away.end}.get(epoch, lambda: None)())

    assert (run.state, run.reason.code) == (RunState.FINISHED, "all_epochs")
    assert numbers(run) == numbers(undisturbed)
    assert run.evaluation == undisturbed.evaluation
    assert run.best_epoch == undisturbed.best_epoch
    assert run.environment["path"] == undisturbed.environment["path"]


@pytest.mark.usefixtures("impatient")
def test_the_end_is_written_down_when_the_database_is_back(trained: Trained, away: Away) -> None:  # noqa: F811
    experiment = experiment_with(epochs=3)
    undisturbed = trained(experiment)
    back = threading.Timer(1.0, away.end)

    def tell(epoch: int) -> None:
        if epoch == 3:
            away.begin()
            back.start()

    run = trained(experiment, tell)
    back.join()

    assert (run.state, numbers(run)) == (RunState.FINISHED, numbers(undisturbed))
    assert run.evaluation == undisturbed.evaluation


@pytest.mark.usefixtures("impatient")
def test_nobody_has_asked_to_stop_while_the_database_is_away(
    trained: Trained,
    store: Store,
    away: Away,  # noqa: F811
) -> None:
    def tell(epoch: int) -> None:
        if epoch == 2:
            away.begin()
        if epoch == 5:
            away.end()
            (run,) = store.under_way()
            store.request_stop(run)

    run = trained(experiment_with(epochs=500), tell)

    assert (run.state, run.reason.code) == (RunState.STOPPED, "stopped_by_user")
    assert [epoch.number for epoch in run.epochs] == list(range(1, len(run.epochs) + 1))
    assert 5 <= len(run.epochs) < 500


def endless(away: Away) -> Callable[[int], None]:  # noqa: F811
    """Has a database go away at the third epoch; from there on each lasts long enough."""

    def tell(epoch: int) -> None:
        if epoch == 3:
            away.begin()
        if epoch >= 3:
            time.sleep(2 * GIVEN_UP / 1000)

    return tell


@pytest.mark.usefixtures("impatient")
def test_a_database_that_stays_away_ends_the_run_with_that_reason(
    trained: Trained,
    away: Away,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    timing = executing._Execution.timing

    def given_up(execution: executing._Execution) -> Any:
        away.end()
        return timing(execution)

    monkeypatch.setattr(executing._Execution, "timing", given_up)

    run = trained(experiment_with(epochs=1000), endless(away), patience=GIVEN_UP)

    assert (run.state, run.reason.code) == (RunState.INTERRUPTED, "database_lost")
    assert len(run.epochs) > 2
    assert [epoch.number for epoch in run.epochs] == list(range(1, len(run.epochs) + 1))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("away", ["postgresql cut off"], indirect=True)
def test_a_database_that_does_not_come_back_at_all_is_not_waited_for_for_ever(
    trained: Trained,
    away: Away,  # noqa: F811
) -> None:
    with pytest.raises(DatabaseLostError):
        trained(experiment_with(epochs=1000), endless(away), patience=GIVEN_UP)
    away.end()


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [pytest.param(0.6, marks=pytest.mark.thorough), 3.4])
def test_the_training_survives_short_outages(
    trained: Trained,
    away: Away,  # noqa: F811
    seconds: float,
) -> None:
    experiment = experiment_with(epochs=40)
    undisturbed = trained(experiment)

    def disturbed(epoch: int) -> None:
        if epoch == 5:
            away.begin()
            threading.Timer(seconds, away.end).start()

    began = time.monotonic()
    run = trained(experiment, disturbed)

    print(f"{away.url[:10]} away {seconds} s: {run.state}, over after {time.monotonic() - began:.1f} s")
    assert (run.state, numbers(run)) == (RunState.FINISHED, numbers(undisturbed))
    assert run.evaluation == undisturbed.evaluation
