"""Databases that go away and come back: SQLite locked by somebody else, PostgreSQL cut off, PostgreSQL frozen."""

from __future__ import annotations

import importlib.util
import select
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest

from tests.ports import free_port

_names = count(1)

KINDS = ("sqlite locked", "postgresql cut off", "postgresql frozen")


class Away(Protocol):
    """A database that can be made to go away.

    Attributes:
        url: The URL of the database, empty at first.
    """

    url: str

    def begin(self) -> None:
        """Have it go away, whatever is being done with it."""

    def end(self) -> None:
        """Have it come back."""

    def close(self) -> None:
        """Give back what it holds."""


class Locked:
    """A SQLite file that another program locks for itself."""

    def __init__(self, file: Path) -> None:
        self.url = f"sqlite:///{file}"
        self._file = file
        self._connection: sqlite3.Connection | None = None

    def begin(self) -> None:
        self._connection = sqlite3.connect(
            self._file, timeout=60, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("BEGIN EXCLUSIVE")

    def end(self) -> None:
        if self._connection is not None:
            self._connection.execute("ROLLBACK")
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        self.end()


class Relayed:
    """A PostgreSQL database behind a relay that can be cut, or made to swallow all that comes.

    Args:
        folder: Where the server's socket is.
        frozen: Whether connections stay open while it is away, and nobody answers.
    """

    def __init__(self, folder: str, *, frozen: bool) -> None:
        import psycopg

        name = f"away_{next(_names)}"
        with psycopg.connect(f"host={folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        self._server = f"{folder}/.s.PGSQL.5432"
        self._frozen = frozen
        self._there = threading.Event()
        self._there.set()
        self._closed = False
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._guard = threading.Lock()
        self._port = free_port()
        self._listener = self._listen(self._port)
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}/{name}"

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:  # closed
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._server)
            with self._guard:
                self._pairs.append((near, far))
            threading.Thread(target=self._relay, args=(near, far), daemon=True).start()

    def _relay(self, near: socket.socket, far: socket.socket) -> None:
        with closing(near), closing(far), suppress(OSError, ValueError):
            while not self._closed:
                ready, _, _ = select.select((near, far), (), (), 0.5)
                for one in ready:
                    self._there.wait()
                    data = one.recv(65_536)
                    if not data:
                        return
                    (far if one is near else near).sendall(data)

    def begin(self) -> None:
        if self._frozen:
            self._there.clear()
            return
        _shut(self._listener)
        with self._guard:
            for pair in self._pairs:
                for one in pair:
                    _shut(one)
            self._pairs.clear()

    def end(self) -> None:
        if self._frozen:
            self._there.set()
        else:
            self._listener = self._listen(self._port)

    def close(self) -> None:
        self._closed = True
        self._there.set()
        _shut(self._listener)


def _shut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@pytest.fixture
def new_away(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Away]]:
    """Makes a database of one of the `KINDS`."""
    made: list[Away] = []

    def make(kind: str) -> Away:
        if kind == "sqlite locked":
            made.append(Locked(tmp_path / f"away-{next(_names)}.sqlite3"))
        else:
            made.append(Relayed(request.getfixturevalue("postgresql"), frozen=kind.endswith("frozen")))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(params=KINDS)
def away(request: pytest.FixtureRequest, new_away: Callable[[str], Away]) -> Away:
    """A database of each kind."""
    return new_away(request.param)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is away is noticed after a second or three, not after ten."""
    from core.storage import database

    monkeypatch.setattr(database, "_LOCK_SECONDS", 1.5)
    monkeypatch.setattr(database, "_CONNECT_SECONDS", 2)  # fewer are not possible
    if importlib.util.find_spec("psycopg") is not None:  # else the tests on PostgreSQL skip
        monkeypatch.setattr("core.storage.postgresql.LONGEST", 3.0)
