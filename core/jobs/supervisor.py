"""The web server's side of the engine: start it, keep it going, end it. Needs neither Dask nor Keras."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from core.jobs.lock import TAKEN, HomeLock
from core.jobs.log import LogFile
from core.jobs.status import EngineStatus, StatusFile, engine_status
from core.settings import Settings

__all__ = ["EngineProcess", "EngineStatus", "engine_status", "start_engine"]

_log = logging.getLogger(__name__)

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
_LASTING = 60.0  # an engine that lived so long was well; the next failure is a new one
_LOOK = 1.0  # how often a server looks whether the engine of another one has gone


def start_engine(settings: Settings, arguments: Sequence[str] = ()) -> EngineProcess:
    """Start the engine of a home folder in a process of its own, and return without waiting for it.

    If another server's engine serves the folder already, nothing is started until that one has gone.

    Args:
        settings: For which folders and how many workers.
        arguments: Further options of `python -m core.jobs.engine`.
    """
    return EngineProcess(settings, arguments)


class EngineProcess:
    """An engine that is started anew when it dies, until it is stopped. See `start_engine`."""

    def __init__(self, settings: Settings, arguments: Sequence[str]) -> None:
        self._settings = settings
        self._command = [sys.executable, "-m", "core.jobs.engine", "--with-parent", *arguments]
        self._status = StatusFile(settings.home)
        self._lock = HomeLock(settings.home)
        self._log = LogFile(settings.home)
        self._stopping = threading.Event()
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="engine supervisor", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The process id of the engine if this server runs it; None while another one does."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def stop(self, timeout: float = 5.0) -> None:
        """End the engine; what is running is marked as interrupted. After `timeout` seconds it is killed."""
        self._stopping.set()
        with self._guard:
            process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired:
                _log.warning("The engine does not end; it is killed.")
                process.kill()
        self._thread.join(timeout)

    def _keep(self) -> None:
        wait = _FIRST_WAIT
        while not self._stopping.is_set():
            if self._lock.is_taken():
                self._stopping.wait(_LOOK)
                continue
            begun = time.monotonic()
            process = self._start()
            if process is None:
                return
            code = process.wait()
            if process.stdin is not None:
                process.stdin.close()
            if self._stopping.is_set() or code == TAKEN:
                continue
            if time.monotonic() - begun > _LASTING:
                wait = _FIRST_WAIT
            _log.error("The engine has ended with code %d; it is started again in %.0f s.", code, wait)
            if engine_status(self._settings).state != "failed":
                self._status.say("failed", f"the engine process ended with code {code}")
            self._stopping.wait(wait)
            wait = min(2 * wait, _LONGEST_WAIT)

    def _start(self) -> subprocess.Popen[bytes] | None:
        with self._guard:
            if self._stopping.is_set():
                return None
            with self._log.open() as log:
                self._process = subprocess.Popen(
                    self._command,
                    env={**os.environ, **self._settings.to_environment()},
                    stdin=subprocess.PIPE,  # never written to: it ends when this process does
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # Ctrl-C is for the server, which then ends the engine in order
                )
            return self._process
