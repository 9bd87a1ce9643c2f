"""The process that reads own data for `apart`: a task as JSON comes in, what it finds goes out as JSON.

It bounds its own memory before it opens anything, ends when whoever started it does, and loads no TensorFlow.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import psutil

from core.catalog.own import to_plain as plain_info
from core.datasets.own_files import write_archive
from core.errors import TurningPointError
from core.own_data import making, reading
from core.own_data.choices import Choices
from core.own_data.limits import Limits
from core.own_data.plain import to_plain
from core.own_data.progress import Progress

_TELL_SECONDS = 0.2
_MORE_SECONDS = 10
_KILOBYTE = 1024


def main() -> None:
    """Do the one task that stands on the standard input."""
    answers = sys.stdout.buffer
    # Nothing that a library prints may stand among the answers.
    sys.stdout = sys.stderr
    # A damaged picture may make its decoder warn, once for each: nobody reads that, for it is counted.
    warnings.simplefilter("ignore")
    task = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    limits = Limits(**task["limits"])
    _bound(limits)
    try:
        found = {"result": _done(task, limits, _Teller(answers))}
    except TurningPointError as error:
        found = _refusal(error)
    except MemoryError:
        found = _refusal(limits.too_heavy())
    _say(answers, {**found, "peak": _peak()})


def _done(task: Mapping[str, Any], limits: Limits, progress: Progress) -> dict[str, Any]:
    given = Path(task["given"])
    if task["do"] == "understand":
        return to_plain(reading.understand(given, limits, progress))
    built = reading.build(given, Choices(**task["choices"]), limits, progress)
    archive = f"{built.info.name}.npz"
    write_archive(Path(task["folder"]) / archive, built.arrays)
    return {"info": plain_info(built.info), "archive": archive, "making": making.to_plain(built.making)}


def _refusal(error: TurningPointError) -> dict[str, Any]:
    return {"error": {"kind": type(error).__name__, "code": error.code, "details": error.details}}


class _Teller:
    """Says how far reading is, a few times a second."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _TELL_SECONDS
            _say(self._answers, {"progress": [done, total]})


def _say(answers: BinaryIO, what: Mapping[str, Any]) -> None:
    answers.write(json.dumps(what, ensure_ascii=True).encode("ascii") + b"\n")
    answers.flush()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def _bound(limits: Limits) -> None:
    """Bound memory and time, where the system can: what is taken already counts."""
    if sys.platform != "linux":
        return
    import resource  # not there on Windows

    taken = psutil.Process().memory_info()
    room = max(0, limits.memory - taken.rss)
    resource.setrlimit(resource.RLIMIT_AS, (taken.vms + room, taken.vms + room))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds + _MORE_SECONDS,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _peak() -> int:
    """The most memory this process ever held, in bytes; 0 where the system does not say."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0")
    return int(line.split()[1]) * _KILOBYTE


if __name__ == "__main__":
    main()
