"""How the engine is, in a small file beside the database that any page can read."""

from __future__ import annotations

import json
import logging
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import psutil

from core.errors import JobError, TurningPointError
from core.jobs.processes import this_computer
from core.settings import Settings

State = Literal["starting", "ready", "no_scheduler", "no_workers", "absent", "failed"]
#: Those in which there is an engine.
LIVING: frozenset[State] = frozenset({"starting", "ready", "no_scheduler", "no_workers"})

_NAME = "engine.json"
#: An engine that has not said anything for so many seconds is taken for gone.
SILENCE = 20.0

_log = logging.getLogger(__name__)

#: Characters of the file: it is filled up to them, so that it can be written over in its place on a full disk.
_ROOM = 4096
_LONGEST_MESSAGE = 500
#: How many workers that get no runs are told of by name.
MOST_REFUSED = 6

#: What could not be written, by file, for whoever asks in this process.
_unwritten: dict[Path, dict[str, Any]] = {}


@dataclass(frozen=True)
class EngineStatus:
    """How the engine of a home folder is.

    It is "starting"; "ready" to train; "no_scheduler" while the Dask scheduler elsewhere does not answer (what is under
    way goes on, nothing new begins); "no_workers" while no worker is there to train, or none of them restarts;
    "absent" if there is none; "failed" if it could not go on (it is tried again). Why it fails or waits is said by
    `message`, for the log, and by the `code` and `details` of an error of this program, where it is one.
    """

    state: State
    message: str = ""
    pid: int | None = None
    since: datetime | None = None
    code: str = ""
    details: Mapping[str, object] = field(default_factory=dict)
    refused: tuple[JobError, ...] = ()
    """Why workers elsewhere get no runs, the first `MOST_REFUSED` of them."""
    refused_in_all: int = 0


def engine_status(settings: Settings) -> EngineStatus:
    """How the engine of these settings' home folder is; cheap enough to ask for every page."""
    path = settings.home / _NAME
    written, unwritten = _read(path), _unwritten.get(path)
    if written is None or (unwritten is not None and unwritten["since"] > written["since"]):
        said, silent = unwritten, 0.0
    else:
        said, silent = written, _age(path)
    if said is None:
        return EngineStatus("absent")
    status = _status(said)
    gone = silent > SILENCE or (
        said["computer"] == this_computer() and status.pid is not None and not psutil.pid_exists(status.pid)
    )
    if status.state in LIVING and gone:
        return EngineStatus("absent", since=status.since)
    return status


def _status(said: Mapping[str, Any]) -> EngineStatus:
    since = datetime.fromisoformat(said["since"])
    return EngineStatus(
        said["state"],
        said["message"],
        said["pid"],
        since,
        said["code"],
        said["details"],
        tuple(_refusals(said)),
        int(said.get("refused_in_all", 0)),
    )


def _refusals(said: Mapping[str, Any]) -> Iterator[JobError]:
    for one in said.get("refused", ()):
        with suppress(KeyError):  # of another version
            yield JobError(one["code"], **one["details"])


def _read(path: Path) -> dict[str, Any] | None:
    """What the file says; None if it is not there, or spoiled."""
    try:
        return _understood(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError):
        return None


@lru_cache(maxsize=8)
def _understood(text: bytes) -> dict[str, Any] | None:
    """What such a text says, which nobody changes; it is asked about far more often than it is written."""
    said: dict[str, Any] = json.loads(text.decode())
    return said if _status(said).state in get_args(State) and "computer" in said else None


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0  # it was there just now


class Troubles:
    """What is wrong with an engine that is at work, by what it is about; `say` is told whenever that changes."""

    def __init__(self, say: Callable[[State, str], None]) -> None:
        self._say = say
        self._troubles: dict[str, str] = {}
        self._said: tuple[State, str] | None = None

    def __contains__(self, what: str) -> bool:
        return what in self._troubles

    def __len__(self) -> int:
        return len(self._troubles)

    def tell(self, what: str, trouble: str = "") -> None:
        """Say that something is wrong, or no longer; nothing happens if that is known."""
        if trouble:
            self._troubles[what] = trouble
        else:
            self._troubles.pop(what, None)
        state: State = "ready"
        if "scheduler" in self._troubles:
            state = "no_scheduler"
        elif "workers" in self._troubles:
            state = "no_workers"
        said = state, "; ".join(self._troubles.values())
        if said != self._said:
            self._say(*said)
            self._said = said

    def forget_all_but(self, what: str) -> None:
        """Nothing else is known to be wrong any more."""
        for other in [one for one in self._troubles if one != what]:
            self.tell(other)


class StatusFile:
    """The file, as whoever holds the lock writes it. Nothing here ever fails.

    What cannot be written, on a full disk say, is kept for this process (`engine_status` knows it) and tried again
    with each beat.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / _NAME
        self._said: dict[str, Any] | None = None
        self._refused: Sequence[JobError] = ()

    def refuse(self, workers: Sequence[JobError]) -> None:
        """Say why workers get no runs, beside how the engine is."""
        self._refused = tuple(workers)
        if self._said is not None:
            self._said |= self._refusals()
            self._write(self._said)

    def _refusals(self) -> dict[str, Any]:
        listed = [
            {"code": one.code, "details": {name: _plain(value) for name, value in one.details.items()}}
            for one in self._refused[:MOST_REFUSED]
        ]
        return {"refused": listed, "refused_in_all": len(self._refused)}

    def say(self, state: State, message: str = "", error: TurningPointError | None = None) -> None:
        """Replace what the file says; the sentence of an error is the message if there is none."""
        self._said = {
            "state": state,
            "message": (message or str(error or ""))[:_LONGEST_MESSAGE],
            "pid": os.getpid() if state in LIVING else None,
            "host": socket.gethostname(),
            "computer": this_computer(),
            "since": datetime.now(UTC).isoformat(),
            "code": error.code if error is not None else "",
            "details": {name: _plain(value) for name, value in error.details.items()} if error else {},
            **self._refusals(),
        }
        self._write(self._said)

    def beat(self) -> None:
        """Say that what the file says still holds."""
        try:
            if self._path in _unwritten and self._said is not None:
                self._write(self._said)
            elif self._path.exists():
                os.utime(self._path)
            elif self._said is not None:
                self._write(self._said)
        except OSError as error:
            _log.debug("No sign of life of the engine: %s", error)  # the next one may get through

    def remove(self) -> None:
        """Say that there is no engine."""
        self._said = None
        self.forget()
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("The status of the engine could not be removed: %s", error)

    def forget(self) -> None:
        """What was said in this process and not written holds no longer."""
        _unwritten.pop(self._path, None)

    def _write(self, said: dict[str, Any]) -> None:
        text = json.dumps(said).ljust(_ROOM)
        try:
            try:
                self._replace(text)
            except OSError:
                self._write_over(text)
        except OSError as error:
            if self._path not in _unwritten:
                _log.warning("The status of the engine could not be written: %s", error)
            _unwritten[self._path] = said
        else:
            self.forget()

    def _replace(self, text: str) -> None:
        unfinished = self._path.with_suffix(f".{os.getpid()}")
        try:
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(self._path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise

    def _write_over(self, text: str) -> None:
        """Write into the room that the file has already."""
        with self._path.open("r+b") as file:
            content = text.encode()
            if os.fstat(file.fileno()).st_size != len(content):
                raise OSError("the file has another size")
            file.write(content)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float) else str(value)
