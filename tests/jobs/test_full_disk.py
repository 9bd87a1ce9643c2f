"""An engine whose disk is full, whose folder goes, and whose computer is called otherwise; all of it real."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.experiment import Experiment
from core.jobs import queue
from core.jobs.engine_home import home_name
from core.jobs.supervisor import engine_status
from core.run import RunState
from tests.full_disks import FullDisk, mounted
from tests.jobs.homes import Home

pytestmark = pytest.mark.slow

#: A name with what means something in a URL, in an address of fsspec, or in a pattern of files.
ODD = "a?b%20c#d::e[1]*"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[FullDisk]:
    with mounted(tmp_path / "disk", 48) as disk:
        yield disk


@pytest.fixture
def home(disk: FullDisk) -> Iterator[Home]:
    home = Home(disk.folder / ODD)
    yield home
    home.close()


def test_nothing_is_lost_on_a_full_disk_and_the_queue_goes_on_afterwards(
    home: Home, disk: FullDisk, endless: Experiment, experiment: Experiment
) -> None:
    engine = home.start()
    run = queue.submit(home.store, endless, owner="ann")
    waiting = queue.submit(home.store, experiment, owner="ann")
    home.learning(run, 2)
    disk.fill()
    home.until(lambda: "is full" in engine_status(home.settings).message)
    before = home.store.get(run)
    assert before.state is RunState.RUNNING
    assert home.store.get(waiting).state is RunState.QUEUED

    disk.clear()
    home.until(lambda: not engine_status(home.settings).message)
    home.learning(run, len(before.epochs) + 1)
    assert home.store.get(run).epochs[: len(before.epochs)] == before.epochs

    # The engine is killed while there is no room: its server notices, waits, and starts another by itself.
    assert engine.pid is not None
    disk.fill()
    os.kill(engine.pid, signal.SIGKILL)
    home.until(lambda: engine_status(home.settings).code == "disk_full")
    assert engine.pid is None
    disk.clear()
    assert home.over(run).state is RunState.INTERRUPTED
    assert home.over(waiting).state is RunState.FINISHED
    # All of it lies in this home and nowhere beside it.
    assert [path.name for path in disk.folder.iterdir()] == [ODD]
    assert home.store.artifacts.exists(waiting, "last.keras")
    assert (disk.folder / ODD / "artifacts" / waiting / "last.keras").is_file()


def test_a_home_that_goes_is_said_and_one_that_comes_back_is_served(
    home: Home, disk: FullDisk, endless: Experiment, experiment: Experiment
) -> None:
    engine = home.start()
    run = queue.submit(home.store, endless, owner="ann")
    waiting = queue.submit(home.store, experiment, owner="ann")
    home.learning(run)
    away = disk.folder / "away"
    home.settings.home.rename(away)
    # Nobody makes it anew, also not an engine that has to be started while it is away.
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGKILL)
    home.until(lambda: engine_status(home.settings).code == "home_deleted")
    assert engine.pid is None
    assert not home.settings.home.exists()
    away.rename(home.settings.home)
    assert home.over(run).state is not RunState.FINISHED
    assert home.over(waiting).state is RunState.FINISHED

    # Deleted for good, and another one put in its place: the engine leaves the old one and serves the new.
    first = engine.pid
    shutil.rmtree(home.settings.home)
    home.settings.home.mkdir()
    home.until(lambda: engine.pid not in (None, first))
    home.until(lambda: engine_status(home.settings).state == "ready")


def test_what_an_engine_has_left_is_found_under_another_name_of_the_computer(
    home: Home, experiment: Experiment
) -> None:
    left = home.store.add(experiment, owner="ann")
    assert home.store.claim(home_name(home.settings.home) + "tls://127.0.0.1:5") == left
    others = home.store.add(experiment, owner="ann")
    assert home.store.claim("another home:tls://127.0.0.1:5") == others
    command = f"hostname renamed && exec {sys.executable} -m core.jobs.engine"
    if subprocess.run(["unshare", "--uts", "true"], capture_output=True, check=False).returncode:
        pytest.skip("the computer cannot be given another name here")
    engine = subprocess.Popen(
        ["unshare", "--uts", "sh", "-c", command],
        env={**os.environ, **home.settings.to_environment()},
        stderr=subprocess.DEVNULL,
    )
    try:
        home.until(lambda: home.store.get(left).state is RunState.INTERRUPTED)
        home.until(lambda: engine_status(home.settings).state == "ready")  # seen under the old name, too
        assert home.store.get(others).state is RunState.RUNNING
    finally:
        engine.terminate()
        engine.wait(30)
