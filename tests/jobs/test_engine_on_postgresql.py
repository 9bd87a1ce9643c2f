"""The same engine with the runs in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.experiment import Experiment
from core.jobs import queue
from core.run import RunState
from core.storage import open_store
from tests.jobs.homes import Home
from tests.storage.conftest import postgresql  # noqa: F401


@pytest.mark.slow
def test_runs_are_trained_and_stopped(
    new_home: Callable[[], Home],
    postgresql: str,  # noqa: F811
    experiment: Experiment,
    endless: Experiment,
) -> None:
    home = new_home()
    home.store.close()
    home.settings = home.settings.model_copy(
        update={"database": f"postgresql://postgres@/postgres?host={postgresql}"}
    )
    home.store = open_store(home.settings)
    engine = home.start()
    done = home.over(queue.submit(home.store, experiment, owner="ann"))
    assert done.state is RunState.FINISHED, done.reason
    assert [epoch.number for epoch in done.epochs] == [1, 2, 3]
    long = home.learning(queue.submit(home.store, endless, owner="ann"), 3)
    home.store.request_stop(long.id)
    assert home.over(long.id).state is RunState.STOPPED
    last = home.learning(queue.submit(home.store, endless, owner="ann"))
    engine.stop()
    assert home.store.get(last.id).state is RunState.INTERRUPTED
