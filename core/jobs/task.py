"""What a worker process does with one run. Keras is imported only when it is called."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Any

from core.settings import Settings
from core.storage import Artifacts, beating, open_store, patiently
from core.training.recorders import TimeLimit

_PREFIX = "TURNING_POINT_"


def run_task(run: str, environment: Mapping[str, str]) -> None:
    """Carry out a run that was claimed, with a store of this process's own.

    Args:
        environment: The engine's settings (`Settings.to_environment`). What the worker's own environment
            says goes before: on another computer the same folders may have other names.

    Raises:
        StorageError: If the database cannot be used.
    """
    own = {name: value for name, value in os.environ.items() if name.startswith(_PREFIX) and value}
    settings = Settings.from_environment({**environment, **own})
    if settings.scheduler is None:
        settings.expect_home()  # a worker elsewhere may have a home of its own
    store = patiently(lambda: open_store(settings))
    try:
        if "pid" in patiently(lambda: store.get(run)).environment:
            return  # Begun before, by a worker that has died: a run is never begun twice.
        patiently(lambda: store.record_environment(run, _where()))
        with beating(store, run):
            from core.training.execute import execute

            limit = TimeLimit(settings.page_minutes)
            execute(run, settings, store=store, artifacts=Artifacts(settings.artifacts), limit=limit)
    finally:
        store.close()


def _where() -> dict[str, Any]:
    from distributed import get_worker

    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "worker": get_worker().address,
    }
