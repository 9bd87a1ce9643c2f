"""The same engine on a Dask cluster that someone else runs (TURNING_POINT_SCHEDULER)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from core import presets
from core.experiment import Experiment
from core.jobs import queue
from core.jobs.supervisor import engine_status, start_engine
from core.run import Reason, RunState
from tests.jobs.homes import Home, family

pytestmark = pytest.mark.slow


@pytest.fixture
def home(new_home: Callable[[], Home], tmp_path: Path) -> Iterator[Home]:
    """A home on a cluster with one worker, as an administrator would start it."""
    home = new_home()
    file = tmp_path / "scheduler.json"
    common = f"--scheduler-file {file} --host 127.0.0.1"
    scheduler = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "dask",
            *f"scheduler {common} --port 0 --dashboard-address 127.0.0.1:0".split(),
        ]
    )
    options = f"--nthreads 1 --no-dashboard --preload core.jobs.worker --local-directory {tmp_path}"
    worker = subprocess.Popen([sys.executable, "-m", "dask", *f"worker {common} {options}".split()])
    home.until(lambda: file.exists() and file.stat().st_size)
    home.settings = replace(home.settings, scheduler=json.loads(file.read_text())["address"])
    yield home
    home.close()
    for process in (*family(worker.pid), scheduler):
        process.kill()
    scheduler.wait()
    worker.wait()


def test_trainings_survive_the_engine(home: Home, endless: Experiment, experiment: Experiment) -> None:
    first = home.start()
    assert home.over(queue.submit(home.store, experiment, owner="ann")).state is RunState.FINISHED
    long = queue.submit(home.store, endless, owner="ann")
    waiting = queue.submit(home.store, experiment, owner="ann")
    seen = home.learning(long)
    first.stop()

    # The training goes on meanwhile. The next engine knows that its worker is busy, and can stop it.
    home.learning(long, len(seen.epochs) + 2)
    home.start()
    home.learning(long, len(home.store.get(long).epochs) + 5)
    assert home.store.queue() == [waiting]
    queue.stop(home.store, long)
    assert home.over(long).state is RunState.STOPPED
    assert home.over(waiting).state is RunState.FINISHED


def test_a_worker_that_dies_elsewhere_fails_its_run(
    home: Home, endless: Experiment, experiment: Experiment
) -> None:
    home.start()
    seen = home.learning(queue.submit(home.store, endless, owner="ann"))
    after = queue.submit(home.store, experiment, owner="ann")
    os.kill(seen.environment["pid"], signal.SIGKILL)
    assert home.over(seen.id).reason.code == "worker_died"
    assert home.over(after).state is RunState.FINISHED


def test_a_stuck_training_elsewhere_is_ended_by_its_nanny(
    home: Home, endless: Experiment, experiment: Experiment
) -> None:
    home.start("--patience", "2")
    seen = home.learning(queue.submit(home.store, endless, owner="ann"))
    after = queue.submit(home.store, experiment, owner="ann")
    queue.stop(home.store, seen.id)
    psutil.Process(seen.environment["pid"]).suspend()
    assert home.over(seen.id).state is RunState.STOPPED
    assert home.over(after).state is RunState.FINISHED


def test_a_scheduler_that_is_not_there_is_said(new_home: Callable[[], Home]) -> None:
    home = new_home()
    settings = replace(home.settings, scheduler="tcp://127.0.0.1:9")
    engine = start_engine(settings)
    home.engines.append(engine)
    run = queue.submit(home.store, presets.load(presets.FIRST), owner="ann")
    home.until(lambda: engine_status(settings).state == "failed")
    assert "127.0.0.1:9" in engine_status(settings).message
    assert home.store.get(run).reason == Reason("waiting")
