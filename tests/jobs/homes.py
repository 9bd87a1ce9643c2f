"""A home folder with its store and, if asked, an engine; and how to wait for what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

from core.jobs.status import engine_status
from core.jobs.supervisor import EngineProcess, start_engine
from core.run import Run
from core.settings import Settings
from core.storage import open_store
from tests import waiting
from tests.priority import session_gives_way


class Home:
    """A folder, its settings with one worker, and its store."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.settings = Settings.from_environment(
            {"TURNING_POINT_HOME": str(folder), "TURNING_POINT_WORKERS": "1", **variables}
        )
        self.store = open_store(self.settings)
        self.engines: list[EngineProcess] = []

    def start(self, *options: str) -> EngineProcess:
        """Start an engine and wait until it is ready."""
        engine = start_engine(self.settings, options)
        self.engines.append(engine)
        self.until(lambda: engine_status(self.settings).state == "ready" and engine.pid is not None)
        session_gives_way(engine.pid)
        return engine

    def close(self) -> None:
        for engine in self.engines:
            engine.stop()
        self.store.close()

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for a condition; what the engine wrote is shown if it never comes true."""
        waiting.until(condition, self._log)

    def over(self, run: str) -> Run:
        """The run once it is over."""
        return waiting.run_over(self.store, run, self._log)

    def learning(self, run: str, epochs: int = 1) -> Run:
        """The run once some epochs are recorded; it must still be under way."""
        return waiting.run_learning(self.store, run, epochs, self._log)

    def _log(self) -> str:
        log = self.settings.home / "engine.log"
        words = log.read_text(errors="replace")[-5000:] if log.exists() else "nothing"
        return f"the engine wrote:\n{words}"


def family(pid: int) -> list[psutil.Process]:
    """A process and all that came of it."""
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def all_gone(processes: Iterable[psutil.Process]) -> bool:
    """Whether none of them does anything any more (the system may not have cleared them away yet)."""
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                return False
        except psutil.NoSuchProcess:
            continue
    return True
