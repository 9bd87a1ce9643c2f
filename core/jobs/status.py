"""How the engine is, in a small file beside the database that any page can read."""

from __future__ import annotations

import json
import os
import socket
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import psutil

from core.settings import Settings

State = Literal["starting", "ready", "no_scheduler", "absent", "failed"]
#: Those in which there is an engine.
LIVING: frozenset[State] = frozenset({"starting", "ready", "no_scheduler"})

_NAME = "engine.json"
#: An engine that has not said anything for so many seconds is taken for gone.
SILENCE = 20.0


@dataclass(frozen=True)
class EngineStatus:
    """How the engine of a home folder is.

    Attributes:
        state: "starting"; "ready" to train; "no_scheduler" while the Dask scheduler elsewhere does not answer (what
            is under way goes on, nothing new begins); "absent" if there is none; "failed" if it could not go on (it is
            tried again).
        message: Why it failed, or why it waits, for the log and for whoever runs the server; "" if all is well.
        pid: Its process id; None if there is none.
        since: Since when it has been in this state (UTC); None if there never was one.
    """

    state: State
    message: str = ""
    pid: int | None = None
    since: datetime | None = None


def engine_status(settings: Settings) -> EngineStatus:
    """How the engine of these settings' home folder is; cheap enough to ask for every page."""
    path = settings.home / _NAME
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        silent = time.time() - path.stat().st_mtime
        status = EngineStatus(
            said["state"], said["message"], said["pid"], datetime.fromisoformat(said["since"])
        )
        host = said["host"]
    except (OSError, ValueError, KeyError, TypeError):
        return EngineStatus("absent")
    gone = silent > SILENCE or (
        host == socket.gethostname() and status.pid is not None and not psutil.pid_exists(status.pid)
    )
    if status.state in LIVING and gone:
        return EngineStatus("absent", since=status.since)
    return status


class StatusFile:
    """The file, as whoever holds the lock writes it.

    Args:
        home: The home folder.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / _NAME

    def say(self, state: State, message: str = "") -> None:
        """Replace what the file says; where there is an engine, it is this process."""
        content = {
            "state": state,
            "message": message,
            "pid": os.getpid() if state in LIVING else None,
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(),
        }
        unfinished = self._path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(content), encoding="utf-8")
        unfinished.replace(self._path)

    def beat(self) -> None:
        """Say that what the file says still holds."""
        if self._path.exists():
            os.utime(self._path)

    def remove(self) -> None:
        """Say that there is no engine."""
        self._path.unlink(missing_ok=True)
