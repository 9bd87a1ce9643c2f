"""What stands in for a training where only what happens around it matters: it lasts until it is let go."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path

from distributed import Worker

from core.jobs.kit import ANNOUNCED, kit
from core.jobs.processes import kill
from core.jobs.tasks import where
from core.run import Reason, RunState
from core.settings import Settings
from core.storage import beating, open_store

#: In the home folder: lets all end, or makes them fail in a way.
GO, FAIL, DIE = "go", "fail", "die"
#: Kill the process before it has begun, once or always.
EARLY, ALWAYS = "early", "always"
#: The variable with what a worker says otherwise of its kit than is true, as JSON.
CLAIMS = "STAND_IN_CLAIMS"


def dask_setup(worker: Worker) -> None:
    """Have a worker tell what it trains with, as `core.jobs.worker` does."""
    said = {**kit().to_dict(), **json.loads(os.environ.get(CLAIMS, "{}"))}
    worker.startup_information[ANNOUNCED] = lambda _: said


def carry_out(run: str, environment: Mapping[str, str]) -> None:
    """Write down where the run is, wait, and end it."""
    settings = Settings.from_environment(environment)
    store = open_store(settings)
    if "pid" in store.get(run).environment:
        return
    if (settings.home / ALWAYS).exists():
        kill(os.getpid())
    if (settings.home / EARLY).exists():
        (settings.home / EARLY).unlink()
        kill(os.getpid())
    store.record_environment(run, where())
    with beating(store, run):
        wait_for(settings.home, run)
    store.finish(run, RunState.FINISHED, Reason("all_epochs", {"epochs": 1}))
    store.close()


def hold(environment: Mapping[str, str]) -> None:
    """Be something else that a worker does."""
    wait_for(Settings.from_environment(environment).home, "")


def wait_for(home: Path, run: str) -> None:
    while not (home / GO).exists():
        if (home / f"{FAIL}-{run}").exists():
            raise ValueError("it was told to fail")
        if (home / f"{DIE}-{run}").exists():
            kill(os.getpid())
        time.sleep(0.02)
