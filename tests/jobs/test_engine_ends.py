"""What becomes of runs and processes when an engine ends, in order or not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import psutil
import pytest

from core.experiment import Experiment
from core.jobs import queue
from core.jobs.engine_home import TAKEN
from core.jobs.supervisor import engine_status, start_engine
from core.run import Reason, RunState
from tests.jobs.homes import Home, all_gone, family
from tests.waiting import LONG

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="parents take workers with them on Linux only"
)

#: A web server as far as the engine is concerned.
SERVER = """
import sys
from core.jobs.supervisor import start_engine
from core.settings import Settings
engine = start_engine(Settings.from_environment())
sys.stdin.read()
"""


@pytest.mark.slow
def test_restarts_keep_the_queue(
    new_home: Callable[[], Home], endless: Experiment, experiment: Experiment
) -> None:
    home = new_home()
    first = home.start()
    assert first.pid is not None
    run = queue.submit(home.store, endless, owner="ann")
    waiting = queue.submit(home.store, experiment, owner="ann")
    home.learning(run)
    processes = family(first.pid)

    # In order: a server that is stopped.
    first.stop()
    home.until(lambda: all_gone(processes))
    interrupted = home.store.get(run)
    assert (interrupted.state, interrupted.reason) == (
        RunState.INTERRUPTED,
        Reason("server_ended", {"state": "running"}),
    )
    assert interrupted.epochs
    assert engine_status(home.settings).state == "absent"
    assert home.store.queue() == [waiting]

    # At once: the engine is killed, its workers go with it, and another takes its place.
    second = home.start()
    assert home.over(waiting).state is RunState.FINISHED
    run = queue.submit(home.store, endless, owner="ann")
    waiting = queue.submit(home.store, experiment, owner="ann")
    home.learning(run)
    assert second.pid is not None
    processes = family(second.pid)
    os.kill(second.pid, signal.SIGKILL)
    home.until(lambda: all_gone(processes))
    assert home.over(run).reason == Reason("engine_died", {"state": "running"})
    assert home.over(waiting).state is RunState.FINISHED
    second.stop()
    assert second.pid is None


@pytest.mark.slow
def test_one_home_has_one_engine(
    new_home: Callable[[], Home], endless: Experiment, experiment: Experiment
) -> None:
    home = new_home()
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        env={**os.environ, **home.settings.to_environment()},
        stdin=subprocess.PIPE,
    )
    home.until(lambda: engine_status(home.settings).state == "ready")
    theirs = engine_status(home.settings).pid
    assert theirs is not None

    # A second server uses the first one's engine, and one started by hand says that it is not needed.
    second = start_engine(home.settings)
    home.engines.append(second)
    by_hand = subprocess.Popen(
        [sys.executable, "-m", "core.jobs.engine"],
        env={**os.environ, **home.settings.to_environment()},
        stderr=subprocess.PIPE,
        text=True,
    )
    run = queue.submit(home.store, endless, owner="ann")
    home.learning(run)
    assert by_hand.wait(LONG) == TAKEN
    assert by_hand.stderr is not None
    assert "Another engine serves" in by_hand.stderr.read()
    assert second.pid is None
    assert engine_status(home.settings).pid == theirs

    # When the first server dies, however it dies, its engine ends, and the second server starts its own.
    processes = family(theirs)
    server.kill()
    server.communicate()
    home.until(lambda: all_gone(processes))
    assert home.over(run).reason == Reason("server_ended", {"state": "running"})
    home.until(lambda: second.pid is not None)
    after = queue.submit(home.store, experiment, owner="ann")
    assert home.over(after).state is RunState.FINISHED
    assert engine_status(home.settings).pid == second.pid
    second.stop()


def test_a_database_that_cannot_be_used_is_said(new_home: Callable[[], Home]) -> None:
    home = new_home()
    home.store.close()
    (home.settings.home / "turning-point.sqlite3").write_bytes(b"nothing of the kind" * 1000)
    engine = start_engine(home.settings)
    home.engines.append(engine)
    home.until(lambda: engine_status(home.settings).state == "failed")
    assert "TURNING_POINT_DATABASE" in engine_status(home.settings).message
    engine.stop()
    assert engine.pid is None
    assert not [child for child in psutil.Process().children() if "core.jobs.engine" in child.cmdline()]
