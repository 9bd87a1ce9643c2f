"""When old runs are cleared away, and by whom."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from core.__main__ import main
from core.experiment import Experiment
from core.jobs.engine import _Engine
from core.jobs.engine_home import HomeLock
from core.jobs.status import StatusFile
from core.run import Reason, RunState
from core.settings import KEEP_RUNS, Settings
from core.storage import Store, open_store
from core.storage.tables import RunRow
from tests.loops import run_apart


def old_runs(store: Store, experiment: Experiment, number: int) -> list[str]:
    runs = [store.add(experiment, owner="ann") for _ in range(number)]
    for run in runs:
        store.start(run, "test")
        store.finish(run, RunState.FINISHED, Reason("all_epochs", {"epochs": 5}))
    with store._writing() as connection:
        connection.execute(update(RunRow).values(ended=datetime.now(UTC) - timedelta(days=2)))
    return runs


def test_the_engine_clears_old_runs_away(settings: Settings, experiment: Experiment) -> None:
    few = settings.model_copy(update={"keep_runs": 2})
    store = open_store(few)
    runs = old_runs(store, experiment, 5)

    async def watch() -> None:
        engine = _Engine(few, argparse.Namespace(), StatusFile(few.home), HomeLock(few.home))
        clearing = asyncio.create_task(engine._clear_old_runs(store))
        while store.count() > 2:
            await asyncio.sleep(0.01)
        clearing.cancel()
        with suppress(asyncio.CancelledError):
            await clearing

    run_apart(asyncio.wait_for(watch(), 30))
    assert [run.id for run in store.summaries()] == runs[:2:-1]
    store.close()


def test_how_many_are_kept_is_a_setting() -> None:
    def kept(value: str) -> int:
        return Settings.from_environment({"TURNING_POINT_KEEP_RUNS": value}).keep_runs

    assert Settings.from_environment({}).keep_runs == KEEP_RUNS
    assert (kept("100"), kept("0")) == (100, 0)
    again = Settings.from_environment(
        Settings.from_environment({"TURNING_POINT_KEEP_RUNS": "7"}).to_environment()
    )
    assert again.keep_runs == 7


def test_the_command_line_clears_old_runs_away(
    settings: Settings, experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(settings)
    old_runs(store, experiment, 4)
    monkeypatch.setenv("TURNING_POINT_KEEP_RUNS", "2")
    assert main(["train", "digits-first-network", "--epochs", "1", "--set", "train_limit=64"]) == 0
    assert store.count() == 2
    store.close()
