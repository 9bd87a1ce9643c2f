"""The same engine on a Dask cluster that someone else runs (TURNING_POINT_SCHEDULER)."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from core import presets
from core.experiment import Experiment
from core.jobs import queue
from core.jobs.supervisor import engine_status, start_engine
from core.run import Reason, RunState
from tests.jobs.clusters import Cluster
from tests.jobs.homes import Home

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and one worker, as the README has them started."""
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    cluster.start_scheduler()
    cluster.start_worker()
    yield cluster
    cluster.close()


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler without workers."""
    cluster = Cluster(tmp_path)
    cluster.start_scheduler()
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def shared_home(new_home: Callable[[], Home], cluster: Cluster) -> Iterator[Home]:
    """A home on that cluster with an engine, for all: what a test does to them, they have to get over."""
    home = home_on(cluster, new_home)
    home.start("--patience", "2")
    yield home
    home.close()


@pytest.fixture
def home(shared_home: Home) -> Iterator[Home]:
    """The shared home, ready and with nothing under way."""
    shared_home.until(lambda: state(shared_home) == "ready")
    yield shared_home
    for run in shared_home.store.not_over():
        shared_home.store.request_stop(run)
    shared_home.until(lambda: not shared_home.store.not_over())


def home_on(cluster: Cluster, new_home: Callable[[], Home]) -> Home:
    home = new_home()
    home.settings = home.settings.model_copy(update={"scheduler": cluster.address})
    return home


def state(home: Home) -> str:
    return engine_status(home.settings).state


def test_trainings_survive_the_engine(home: Home, endless: Experiment, experiment: Experiment) -> None:
    first = home.engines[-1]
    assert home.over(queue.submit(home.store, experiment, owner="ann")).state is RunState.FINISHED
    long = queue.submit(home.store, endless, owner="ann")
    waiting = queue.submit(home.store, experiment, owner="ann")
    seen = home.learning(long)
    first.stop()

    # The training goes on meanwhile. The next engine knows that its worker is busy, and can stop it.
    home.learning(long, len(seen.epochs) + 2)
    home.start("--patience", "2")
    home.learning(long, len(home.store.get(long).epochs) + 5)
    assert home.store.queue() == [waiting]
    home.store.request_stop(long)
    assert home.over(long).state is RunState.STOPPED
    assert home.over(waiting).state is RunState.FINISHED


def test_a_worker_that_dies_elsewhere_fails_its_run(
    home: Home, endless: Experiment, experiment: Experiment
) -> None:
    seen = home.learning(queue.submit(home.store, endless, owner="ann"))
    after = queue.submit(home.store, experiment, owner="ann")
    os.kill(seen.environment["pid"], signal.SIGKILL)
    assert home.over(seen.id).reason.code == "worker_died"
    assert home.over(after).state is RunState.FINISHED


def test_a_stuck_training_elsewhere_is_ended_by_its_nanny(
    home: Home, endless: Experiment, experiment: Experiment
) -> None:
    seen = home.learning(queue.submit(home.store, endless, owner="ann"))
    after = queue.submit(home.store, experiment, owner="ann")
    home.store.request_stop(seen.id)
    psutil.Process(seen.environment["pid"]).suspend()
    assert home.over(seen.id).state is RunState.STOPPED
    assert home.over(after).state is RunState.FINISHED


def test_a_scheduler_that_is_not_there_is_said_and_waited_for(new_home: Callable[[], Home]) -> None:
    home = new_home()
    settings = home.settings.model_copy(update={"scheduler": "tcp://127.0.0.1:9"})
    engine = start_engine(settings)
    home.engines.append(engine)
    run = queue.submit(home.store, presets.load(presets.FIRST), owner="ann")
    home.until(lambda: engine_status(settings).state == "no_scheduler")
    assert "127.0.0.1:9" in engine_status(settings).message
    first = engine.pid
    time.sleep(6)
    assert engine.pid == first
    assert home.store.get(run).reason == Reason("waiting")


@pytest.mark.parametrize(
    ("number", "away"),
    [
        (signal.SIGKILL, 3.0),
        pytest.param(signal.SIGKILL, 30.0, marks=pytest.mark.thorough),
        (signal.SIGTERM, 3.0),
    ],
)
def test_a_training_goes_on_while_its_scheduler_is_away(
    home: Home, cluster: Cluster, endless: Experiment, experiment: Experiment, number: int, away: float
) -> None:
    engine = home.engines[-1]
    first = engine.pid
    run = queue.submit(home.store, endless.with_changes(epochs=60), owner="ann")
    waiting = queue.submit(home.store, experiment, owner="ann")
    pid = home.learning(run).environment["pid"]
    cluster.end_scheduler(number)
    home.until(lambda: state(home) == "no_scheduler")
    time.sleep(away)
    cluster.start_scheduler()
    home.until(lambda: state(home) == "ready")
    over = home.over(run)
    assert (over.state, len(over.epochs)) == (RunState.FINISHED, 60), over.reason
    assert over.environment["pid"] == pid
    after = home.over(waiting)
    assert after.state is RunState.FINISHED
    assert after.environment["pid"] != pid
    assert engine.pid == first


def test_a_scheduler_that_hangs_is_said_and_costs_nothing(
    home: Home, cluster: Cluster, endless: Experiment, experiment: Experiment
) -> None:
    run = queue.submit(home.store, endless.with_changes(epochs=20), owner="ann")
    home.learning(run)
    cluster.suspend_scheduler()
    home.until(lambda: state(home) == "no_scheduler")
    waiting = queue.submit(home.store, experiment, owner="ann")
    time.sleep(10)
    cluster.resume_scheduler()
    home.until(lambda: state(home) == "ready")
    assert home.over(run).state is RunState.FINISHED
    assert home.over(waiting).state is RunState.FINISHED


@pytest.mark.thorough
def test_a_plain_worker_ends_its_training_with_its_scheduler_and_the_run_says_so(
    new_home: Callable[[], Home], own_cluster: Cluster, endless: Experiment
) -> None:
    cluster = own_cluster
    home = home_on(cluster, new_home)
    worker = cluster.start_plain_worker()
    home.start()
    # Dask gives it half a minute, in which even the endless one ends on a quick machine.
    wider = [{"kind": "dense", "units": 2048}, *endless.to_dict()["layers"]]
    run = home.learning(queue.submit(home.store, endless.with_changes(layers=wider), owner="ann")).id
    cluster.end_scheduler()
    home.until(lambda: worker.poll() is not None)
    home.until(lambda: home.store.get(run).state.is_over)
    over = home.store.get(run)
    assert (over.state, over.reason.code) == (RunState.INTERRUPTED, "scheduler_lost")
    assert over.epochs
    home.close()
