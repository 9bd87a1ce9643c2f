"""Ways in that are under way. They run in threads of the web process: no reload, no other tab stops or repeats one."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Literal

import streamlit as st

from core.errors import DataError, TurningPointError
from core.own_data import adding, uploads
from core.own_data.apart import build_apart, understand_apart
from core.own_data.choices import Choices
from core.own_data.understood import Understood
from core.settings import Settings
from core.storage import Store

_log = logging.getLogger(__name__)

_AT_ONCE = 2
"""So many processes read files at once; each may take much memory."""
_AN_OWNER = 3
"""So many ways an owner may have begun; then the oldest goes."""
_FORGOTTEN = 24 * 3600  # seconds

Stage = Literal["reading", "understood", "refused", "building", "done"]


@dataclass(frozen=True)
class Way:
    """How far files have come.

    Attributes:
        files: What they are called.
        since: When what happens began.
        stage: What happens, or has happened: "refused" if nothing can become of the files.
        done: Of `total`, how many files or samples are read; None before the first word of it.
        error: Why it was refused, or why the last try to build failed.
        name: The data set that was made.
    """

    token: str
    owner: str
    folder: Path
    files: tuple[str, ...]
    since: float
    stage: Stage = "reading"
    done: int | None = None
    total: int = 0
    error: TurningPointError | None = None
    understood: Understood | None = None
    name: str = ""


class _LeftError(Exception):
    """Whoever began has left: nothing shall become of it."""


class Ways:
    """All ways of all owners; each is told its own only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free = threading.Semaphore(_AT_ONCE)
        self._known: dict[str, Way] = {}
        self._threads: dict[str, threading.Thread] = {}

    def begin(self, files: Iterable[tuple[str, IO[bytes]]], owner: str, settings: Settings) -> str:
        """Put files down and begin to understand them; the token of the way. `StorageError` if there is no room."""
        files = list(files)
        folder = uploads.stage(files, settings)
        token = secrets.token_urlsafe(9)
        way = Way(token, owner, folder, tuple(name for name, _ in files), time.time())
        with self._lock:
            self._known[token] = way
            late = [one for one in self._known.values() if one.since < time.time() - _FORGOTTEN]
            mine = sorted(
                (one for one in self._known.values() if one.owner == owner), key=lambda one: one.since
            )
        for old in (*late, *mine[:-_AN_OWNER]):
            self.leave(old.token, old.owner)
        self._run(token, lambda: self._understand(way))
        return token

    def get(self, token: str, owner: str) -> Way | None:
        """How far one is; None if there is none, or if it is somebody else's."""
        with self._lock:
            way = self._known.get(token)
        return way if way is not None and way.owner == owner else None

    def build(
        self, token: str, choices: Choices, *, shared: bool, owner: str, store: Store, settings: Settings
    ) -> None:
        """Begin to make the data set as chosen, unless that is under way."""
        with self._lock:
            way = self._known.get(token)
            if way is None or way.owner != owner or way.stage != "understood":
                return
            self._known[token] = replace(
                way, stage="building", since=time.time(), done=None, total=0, error=None
            )

        def work() -> None:
            self._build(way, choices, shared, store, settings)

        self._run(token, work)

    def leave(self, token: str, owner: str) -> None:
        """Forget one and remove its files, at once or as soon as its process has ended."""
        if self.get(token, owner) is None:
            return
        with self._lock:
            way = self._known.pop(token)
            thread = self._threads.get(token)
        if thread is None or not thread.is_alive():
            uploads.discard(way.folder)

    def wait(self, token: str) -> None:
        """Return when nothing of it is under way."""
        thread = self._threads.get(token)
        if thread is not None:
            thread.join()

    def _run(self, token: str, work: Callable[[], None]) -> None:
        # A daemon: a server that is being stopped does not wait, and what is left is swept up.
        thread = threading.Thread(target=self._guarded, args=(token, work), name=f"own {token}", daemon=True)
        self._threads[token] = thread
        thread.start()

    def _guarded(self, token: str, work: Callable[[], None]) -> None:
        way = self._known.get(token)
        try:
            with self._free:
                work()
        except _LeftError:
            pass
        except TurningPointError as error:
            self._end(token, error)
        except OSError:
            _log.exception("Own data could not be read")
            self._end(token, DataError("own_data_failed"))
        finally:
            with self._lock:
                left = token not in self._known
                self._threads.pop(token, None)
            if left and way is not None:
                uploads.discard(way.folder)

    def _end(self, token: str, error: TurningPointError) -> None:
        with self._lock:
            way = self._known.get(token)
            if way is not None:
                stage: Stage = "refused" if way.stage == "reading" else "understood"
                self._known[token] = replace(way, stage=stage, error=error)

    def _understand(self, way: Way) -> None:
        found = understand_apart(uploads.given(way.folder), progress=self._progress(way.token))
        self._change(way.token, lambda now: replace(now, stage="understood", understood=found, done=None))

    def _build(self, way: Way, choices: Choices, shared: bool, store: Store, settings: Settings) -> None:
        made = build_apart(uploads.given(way.folder), choices, way.folder, progress=self._progress(way.token))
        self._change(way.token, lambda now: now)  # nobody has left in between
        kept = adding.add(
            made.archive, made.info, store, settings, owner=way.owner, making=made.making, shared=shared
        )
        uploads.discard(way.folder)
        self._change(way.token, lambda now: replace(now, stage="done", name=kept.info.name))

    def _progress(self, token: str) -> Callable[[int, int], None]:
        return lambda done, total: self._change(token, lambda way: replace(way, done=done, total=total))

    def _change(self, token: str, change: Callable[[Way], Way]) -> None:
        with self._lock:
            if token not in self._known:
                raise _LeftError
            self._known[token] = change(self._known[token])


@st.cache_resource(show_spinner=False)
def ways() -> Ways:
    """The one list of ways in of this process."""
    return Ways()
