"""Read files that somebody brings along in a process of its own, so that none of them can harm this one.

The process may use so much memory and time as `limits` say and no more. It gets its task as JSON and answers with JSON,
a line each for how far it is and one for the result; a data set comes as the archive of its arrays in a folder. What it
refuses is raised here as the same error. `reader_process` is the other side.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from core import errors
from core.catalog import DatasetInfo
from core.catalog.own import from_plain as info_from
from core.errors import DataError, TurningPointError
from core.own_data import making
from core.own_data.choices import Choices
from core.own_data.limits import LIMITS, Limits
from core.own_data.making import Making
from core.own_data.plain import from_plain
from core.own_data.progress import Progress
from core.own_data.understood import Finding, Understood

_log = logging.getLogger(__name__)

_COMMAND = (sys.executable, "-m", "core.own_data.reader_process")
#: One thread and few heaps: each of them takes up room that nothing is in.
_FRUGAL = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2", "PYTHONUTF8": "1"}
#: What this program is told of passcodes and databases is nothing for whoever reads files of others.
_PRIVATE = "TURNING_POINT_"
_LOOK_SECONDS = 0.1
_END_SECONDS = 10
_LONGEST_TRACE = 4_000


@dataclass(frozen=True, eq=False)
class BuiltApart:
    """A data set that was made of files: its record, the file with its arrays, and how it was made."""

    info: DatasetInfo
    archive: Path
    making: Making

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was left out of it, and what else is to be known."""
        return self.making.findings


def understand_apart(given: Path, *, limits: Limits = LIMITS, progress: Progress | None = None) -> Understood:
    """What `reading.understand` says, found out by a process of its own.

    Args:
        progress: Called from this thread while the process works.

    Raises:
        DataError: As `reading.understand` does; also if it needs too much memory ("own_data_too_heavy") or time
            ("own_data_too_slow"), or fails in a way that nobody expected ("own_data_failed").
    """
    return from_plain(answer({"do": "understand", "given": str(given)}, limits, progress)["result"])


def build_apart(
    given: Path, choices: Choices, folder: Path, *, progress: Progress | None = None
) -> BuiltApart:
    """What `reading.build` makes, in a process of its own; its archive is written into a folder.

    Raises:
        DataError: As `reading.build` does, and as in `understand_apart`; there is no archive then.
    """
    task = {"do": "build", "given": str(given), "choices": choices.model_dump(), "folder": str(folder)}
    made = answer(task, LIMITS, progress)["result"]
    return BuiltApart(info_from(made["info"]), folder / made["archive"], making.from_plain(made["making"]))


def answer(task: Mapping[str, Any], limits: Limits, progress: Progress | None = None) -> dict[str, Any]:
    """Have a process of its own do a task: its answer, with the most memory it ever used as "peak", in bytes."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_PRIVATE)}
    with tempfile.TemporaryFile() as trace:
        process = subprocess.Popen(
            _COMMAND,
            env={**environment, **_FRUGAL},
            stdin=subprocess.PIPE,  # it ends when this does
            stdout=subprocess.PIPE,
            stderr=trace,
            start_new_session=True,
        )
        watch = _Watch(process, limits)
        try:
            found = _talk(process, {**task, "limits": dataclasses.asdict(limits)}, progress)
        finally:
            watch.end()
        if found is None:
            raise _gone(process.returncode, watch.reason, limits, trace)
    if found["peak"] > limits.memory:  # for less than the time between two looks
        raise limits.too_heavy()
    if "error" in found:
        raise _error(found["error"])
    return found


def _talk(
    process: subprocess.Popen[bytes], task: Mapping[str, Any], progress: Progress | None
) -> dict[str, Any] | None:
    """Give it its task, and hear what it says up to its answer; None if it ends without one."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("a process without pipes")
    with suppress(BrokenPipeError):
        process.stdin.write(json.dumps(task).encode() + b"\n")
        process.stdin.flush()
    for line in process.stdout:
        # Killed in the middle of a line it has said nothing.
        said: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {}
        if "progress" in said:
            if progress is not None:
                progress(*said["progress"])
        elif said:
            return said
    return None


class _Watch:
    """Kills a process that uses more memory or time than it may; `reason` is then the code of what to say."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits) -> None:
        self.reason = ""
        self._process = process
        self._limits = limits
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, name="own data watch", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Wait for the end of the process, or make one."""
        self._ended.set()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        try:
            self._process.wait(_END_SECONDS if not self.reason else None)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _look(self) -> None:
        until = time.monotonic() + self._limits.seconds
        # It looks before it waits, so that nothing is done in no time, however soon it would be done.
        while self._process.poll() is None:
            if time.monotonic() >= until:
                self.reason = "own_data_too_slow"
            elif self._memory() > self._limits.memory:
                self.reason = "own_data_too_heavy"
            if self.reason:
                self._process.kill()
                return
            if self._ended.wait(_LOOK_SECONDS):
                return

    def _memory(self) -> int:
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0


def _gone(code: int, reason: str, limits: Limits, trace: Any) -> DataError:
    """What to say of a process that ended without an answer."""
    if reason == "own_data_too_slow" or code == -getattr(signal, "SIGXCPU", 0):
        return DataError("own_data_too_slow", limit=limits.seconds)
    if reason or code == -signal.SIGKILL:
        return limits.too_heavy()
    trace.seek(0)
    written = trace.read().decode("utf-8", "replace")[-_LONGEST_TRACE:]
    _log.error("The process that reads own data ended with %s:\n%s", code, written)
    return DataError("own_data_failed")


def _error(plain: Mapping[str, Any]) -> TurningPointError:
    kind = getattr(errors, plain["kind"], DataError)
    if not (isinstance(kind, type) and issubclass(kind, TurningPointError)):
        kind = DataError
    made: TurningPointError = kind(plain["code"], **plain["details"])
    return made
