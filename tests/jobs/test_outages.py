"""An engine whose database goes away: its runs go on, and nobody is missed for what he could not say."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from core.errors import DatabaseAwayError
from core.experiment import Experiment
from core.jobs import dispatcher as dispatching
from core.jobs import queue
from core.jobs.dispatcher import Dispatcher
from core.jobs.status import engine_status
from core.run import Reason, Run, RunState
from core.storage import Store, open_store
from core.storage.tables import RunRow
from tests.jobs.homes import Home
from tests.loops import run_apart
from tests.storage.conftest import postgresql  # noqa: F401
from tests.storage.outages import KINDS, Away, new_away  # noqa: F401
from tests.waiting import LONG


def dispatcher_of(store: Store) -> Dispatcher:
    return Dispatcher(
        nullcontext, store, name="here:", environment={}, host="here", patience=1, say=lambda *_: None
    )


def silent(store: Store, experiment: Experiment) -> str:
    """A run of a program of the command line that has not been heard of for two minutes."""
    run = store.add(experiment, owner="cli", worker="cli:lab-pc-3:4711")
    with store._writing() as connection:
        connection.execute(update(RunRow).values(heartbeat=datetime.now(UTC) - timedelta(seconds=120)))
    return run


def search(dispatcher: Dispatcher) -> None:
    dispatcher._searched = time.monotonic() - dispatching.SEARCH - 1
    run_apart(dispatcher._search())


def test_a_program_that_has_fallen_silent_is_called_that(store: Store, experiment: Experiment) -> None:
    run = silent(store, experiment)
    search(dispatcher_of(store))
    found = store.get(run)
    assert (found.state, found.reason.code) == (RunState.INTERRUPTED, "program_died")
    assert "lab-pc-3" in str(found.reason)


def test_nobody_is_missed_right_after_the_database_was_away(store: Store, experiment: Experiment) -> None:
    run = silent(store, experiment)
    dispatcher = dispatcher_of(store)
    dispatcher._failed = time.monotonic() - dispatching.SETTLE / 2
    search(dispatcher)
    assert store.get(run).state is RunState.RUNNING
    store.beat(run)  # which is what it needed the time for
    dispatcher._failed = time.monotonic() - dispatching.SETTLE - 1
    search(dispatcher)
    assert store.get(run).state is RunState.RUNNING
    with store._writing() as connection:
        connection.execute(update(RunRow).values(heartbeat=datetime.now(UTC) - timedelta(seconds=120)))
    search(dispatcher)
    assert store.get(run).state is RunState.INTERRUPTED


def test_a_run_whose_giving_was_not_heard_is_not_left_behind(
    store: Store, experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = store.add(experiment, owner="ann")
    dispatcher, claim = dispatcher_of(store), store.claim

    def unheard(worker: str, *, again: bool = False) -> str | None:
        claim(worker, again=again)
        raise DatabaseAwayError("database_away", name="it", reason="gone after the commit")

    monkeypatch.setattr(store, "claim", unheard)
    with pytest.raises(DatabaseAwayError):
        run_apart(dispatcher._claim("tcp://127.0.0.1:4001"))
    assert store.get(run).state is RunState.RUNNING
    monkeypatch.setattr(store, "claim", claim)
    assert run_apart(dispatcher._claim("tcp://127.0.0.1:4001")) == run
    assert run_apart(dispatcher._claim("tcp://127.0.0.1:4001")) is None


#: Seconds after which a study gives up an engine; the engine says that it is there every five.
SILENCE = 15.0


def history(run: Run) -> list[tuple[float | None, ...]]:
    return [(epoch.number, epoch.loss, epoch.accuracy, epoch.val_loss) for epoch in run.epochs]


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    # Frozen is cut off that says nothing; `training/test_outages.py` has it in every run.
    [pytest.param(one, marks=pytest.mark.thorough if one == "postgresql frozen" else ()) for one in KINDS],
)
def test_runs_of_an_engine_survive_outages(
    kind: str,
    new_home: Callable[[], Home],
    new_away: Callable[[str], Away],  # noqa: F811
    experiment: Experiment,
) -> None:
    away, home = new_away(kind), new_home()
    home.store.close()
    home.settings = home.settings.model_copy(update={"database": away.url})
    home.store = open_store(home.settings)
    engine = home.start()
    # Long enough to be under way at the end of each outage.
    long = experiment.with_changes(
        epochs=60, batch_size=1, layers=({"kind": "dense", "units": 256}, *experiment.to_dict()["layers"])
    )
    undisturbed = home.over(queue.submit(home.store, long, owner="ann"))
    assert undisturbed.state is RunState.FINISHED, undisturbed.reason
    for seconds in (0.6, 3.4, 30.0):
        run = queue.submit(home.store, long, owner="ann")
        after = queue.submit(home.store, experiment, owner="ann")
        home.learning(run, 2)
        away.begin()
        back = threading.Timer(seconds, away.end)
        back.start()
        back.join()
        came_back = time.monotonic()
        disturbed = home.over(run)
        print(
            f"{kind}, away {seconds} s: {disturbed.state}, over {time.monotonic() - came_back:.1f} s after it; "
            f"{len(disturbed.epochs)} epochs, equal: {history(disturbed) == history(undisturbed)}"
        )
        assert disturbed.state is RunState.FINISHED, disturbed.reason
        assert history(disturbed) == history(undisturbed)
        assert disturbed.evaluation == undisturbed.evaluation
        assert home.over(after).state is RunState.FINISHED
    engine.stop()


@pytest.mark.slow
def test_an_end_in_order_is_told_from_a_death_though_the_database_was_away(
    new_home: Callable[[], Home],
    new_away: Callable[[str], Away],  # noqa: F811
    endless: Experiment,
) -> None:
    away, home = new_away("postgresql cut off"), new_home()
    home.store.close()
    home.settings = home.settings.model_copy(update={"database": away.url})
    home.store = open_store(home.settings)
    engine = home.start()
    for kill, reason in ((False, "server_ended"), (True, "engine_died"), (False, "server_ended")):
        run = home.learning(queue.submit(home.store, endless, owner="ann")).id
        away.begin()
        if kill:
            assert engine.pid is not None
            os.kill(engine.pid, signal.SIGKILL)
        engine.stop()
        away.end()
        engine = home.start()  # which tells what became of the run, and has the next one
        assert home.over(run).reason == Reason(reason, {"state": "running"})
    engine.stop()


@pytest.mark.slow
def test_a_study_ends_when_its_engine_was_killed(new_home: Callable[[], Home], tmp_path: Path) -> None:
    home = new_home()
    environment = {**os.environ, **home.settings.to_environment()}
    engine = subprocess.Popen([sys.executable, "-m", "core.jobs.engine"], env=environment)
    home.until(lambda: engine_status(home.settings).state == "ready")
    layers = "layers=dense:256:relu,dense:64:relu,dense:10:softmax"
    waiting = f"from core.storage import heartbeat; heartbeat.SILENCE = {SILENCE}"  # rather than a minute
    program = [sys.executable, "-c", f"{waiting}; from core.__main__ import main; raise SystemExit(main())"]
    words = ["study", "digits-first-network", "--set", layers, "--set", "batch_size=1", "--epochs", "1000"]
    with (tmp_path / "said").open("w") as said:
        # The idle engine takes the run before the study has loaded Keras to train it itself.
        study = subprocess.Popen([*program, *words], env=environment, stderr=said)
        home.until(home.store.under_way)
        (run,) = home.store.under_way()
        home.learning(run)
        engine.kill()
        engine.wait()
        assert study.wait(3 * LONG) == 1
    found = home.store.get(run)
    assert (found.state, found.reason.code) == (RunState.INTERRUPTED, "no_sign_of_life")
    assert f"no sign of life for {SILENCE:.0f} s" in (tmp_path / "said").read_text()
