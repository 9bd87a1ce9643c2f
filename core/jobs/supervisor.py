"""The web server's side of the engine: start it, keep it going, end it. Needs neither Dask nor Keras."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from typing import IO

from core.errors import StorageError
from core.free_space import full, said, trouble
from core.jobs.engine_home import TAKEN, HomeLock, LogFile
from core.jobs.status import EngineStatus, StatusFile, engine_status
from core.settings import Settings

__all__ = ["EngineProcess", "EngineStatus", "engine_status", "start_engine"]

_log = logging.getLogger(__name__)

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
_LASTING = 60.0  # an engine that lived so long was well; the next failure is a new one
_LOOK = 1.0  # how often a server looks whether the engine of another one has gone


def start_engine(settings: Settings, arguments: Sequence[str] = ()) -> EngineProcess:
    """Start the engine of a home folder in a process of its own, and return without waiting for it.

    If another server's engine serves the folder already, nothing is started until that one has gone. The arguments
    are further options of `python -m core.jobs.engine`.
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
        self._trouble = ""  # the code of what was said last of why there is no engine
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
        """Go on, whatever the folder and its disk do: else nothing would train before the server is restarted."""
        wait = _FIRST_WAIT
        while not self._stopping.is_set():
            try:
                no_room = full((self._settings.home,))
                if no_room is not None:
                    raise no_room
                self._settings.make_home()
                if self._lock.is_taken():
                    self._trouble = ""
                    self._status.forget()  # the engine of another server says how it is
                    self._stopping.wait(_LOOK)
                else:
                    wait = self._serve(wait)
            except OSError as error:
                self._cannot(said(error, self._settings.home))
            except StorageError as error:
                self._cannot(error)

    def _cannot(self, error: StorageError) -> None:
        """Say why there is no engine, once, and look again soon."""
        if self._trouble != error.code:
            _log.error("The engine cannot be started: %s", error)
        self._trouble = error.code
        self._status.say("failed", error=error)
        self._stopping.wait(_LOOK)

    def _serve(self, wait: float) -> float:
        """Run one engine to its end; how long to wait after the next one, should that fail too."""
        begun = time.monotonic()
        try:
            process = self._start()
        except OSError as error:  # no memory, or no more processes
            _log.error("The engine cannot be started; trying again in %.0f s: %s", wait, error)
            self._status.say("failed", f"the engine process cannot be started: {error}")
            self._stopping.wait(wait)
            return min(2 * wait, _LONGEST_WAIT)
        if process is None:
            return wait
        self._trouble = ""
        self._status.forget()  # the engine says now how it is
        code = process.wait()
        if process.stdin is not None:
            process.stdin.close()
        if self._stopping.is_set() or code == TAKEN:
            return wait
        if time.monotonic() - begun > _LASTING:
            wait = _FIRST_WAIT
        if trouble((self._settings.home,)) is not None:
            return _FIRST_WAIT
        _log.error("The engine has ended with code %d; it is started again in %.0f s.", code, wait)
        if engine_status(self._settings).state != "failed":
            self._status.say("failed", f"the engine process ended with code {code}")
        self._stopping.wait(wait)
        return min(2 * wait, _LONGEST_WAIT)

    def _start(self) -> subprocess.Popen[bytes] | None:
        with self._guard, ExitStack() as stack:
            if self._stopping.is_set():
                return None
            log: IO[bytes] | None = None  # then it writes where the server does
            with suppress(OSError):
                log = stack.enter_context(self._log.open())
            self._process = subprocess.Popen(
                self._command,
                env={**os.environ, **self._settings.to_environment()},
                stdin=subprocess.PIPE,  # never written to: it ends when this process does
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the server, which then ends the engine in order
            )
            return self._process
