"""An engine whose database goes away: its runs go on, and nobody is missed for what he could not say."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from core.experiment import Experiment
from core.jobs import dispatcher as dispatching
from core.jobs import queue
from core.jobs.dispatcher import Dispatcher
from core.run import Run, RunState
from core.storage import DatabaseStore, open_store
from core.storage.tables import RunRow
from tests.jobs.homes import Home
from tests.storage.conftest import postgresql  # noqa: F401
from tests.storage.outages import KINDS, Away, new_away  # noqa: F401


def dispatcher_of(store: DatabaseStore) -> Dispatcher:
    return Dispatcher(
        nullcontext, store, name="here:", environment={}, host="here", patience=1, say=lambda *_: None
    )


def silent(store: DatabaseStore, experiment: Experiment) -> str:
    """A run of a program of the command line that has not been heard of for two minutes."""
    run = store.add(experiment, owner="cli", worker="cli:lab-pc-3:4711")
    with store._writing() as connection:
        connection.execute(update(RunRow).values(heartbeat=datetime.now(UTC) - timedelta(seconds=120)))
    return run


def search(dispatcher: Dispatcher) -> None:
    dispatcher._searched = time.monotonic() - dispatching.SEARCH - 1
    asyncio.run(dispatcher._search())


def test_a_program_that_has_fallen_silent_is_called_that(
    store: DatabaseStore, experiment: Experiment
) -> None:
    run = silent(store, experiment)
    search(dispatcher_of(store))
    found = store.get(run)
    assert (found.state, found.reason.code) == (RunState.INTERRUPTED, "program_died")
    assert "lab-pc-3" in str(found.reason)


def test_nobody_is_missed_right_after_the_database_was_away(
    store: DatabaseStore, experiment: Experiment
) -> None:
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


def history(run: Run) -> list[tuple[float | None, ...]]:
    return [(epoch.number, epoch.loss, epoch.accuracy, epoch.val_loss) for epoch in run.epochs]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_runs_of_an_engine_survive_outages(
    kind: str,
    new_home: Callable[[], Home],
    new_away: Callable[[str], Away],  # noqa: F811
    experiment: Experiment,
) -> None:
    away, home = new_away(kind), new_home()
    home.store.close()
    home.settings = replace(home.settings, database=away.url)
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
