"""The database under the store: SQLite by default, PostgreSQL by its URL; transactions, errors, layouts."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, column, create_engine, event, func, insert, inspect, select, table
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from core.errors import DatabaseAwayError, DiskFullError, StorageError
from core.free_space import disk_full, full
from core.storage.artifacts import Artifacts
from core.storage.tables import LAYOUT, Table, VersionRow

_LOCK_SECONDS = 10.0
_CONNECT_SECONDS = 10
_SYNCHRONOUS = "NORMAL"  # with WAL: what was committed survives a crash of the program
_WRITES = "turning_point_writes"  # execution option of a transaction that will write
_WITHOUT_MIGRATIONS = frozenset({"1", "2", "3", "4"})  # layouts of versions that stamped them as below
_EARLIER_STAMP = table("schema_version", column("version"))
_PREPARING = 7_421_337  # PostgreSQL advisory lock of whoever creates the tables or brings them up to date


class Database:
    """A database with our tables in it, made or brought up to date when it is opened.

    May be used from any thread. After a fork the child makes connections of its own.

    Args:
        database: SQLAlchemy URL of a SQLite file or a PostgreSQL database.
        artifacts: Where the files of runs are.

    Raises:
        StorageError: If the database cannot be used, or another version made it ("database_other_version").
    """

    def __init__(self, database: str, artifacts: Artifacts) -> None:
        url = _checked(database)
        self.name = url.render_as_string(hide_password=True)
        self.artifacts = artifacts
        try:
            self._engine = _engine(url)
        except (ImportError, SQLAlchemyError, OSError) as error:
            raise StorageError("database_unavailable", name=self.name, reason=_first_line(error)) from error
        self._process = os.getpid()
        self._path = Path(str(url.database)).absolute() if url.drivername.startswith("sqlite") else None
        self._folder = self._path.parent if self._path else None
        self._file: tuple[int, int] | None = None  # which file was opened
        self._opened = False
        self._prepare()
        self._opened = True
        if self._path is not None and self._path.is_file():
            self._file = _file_at(self._path)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of this computer that it writes to: of the SQLite file, and of the runs' files."""
        return tuple(folder for folder in (self._folder, self.artifacts.folder) if folder is not None)

    def close(self) -> None:
        """Give back connections; it is not used afterwards."""
        self._engine.dispose(close=self._process == os.getpid())

    def _prepare(self) -> None:
        with self._reading() as connection:
            layout = _layout(connection)
        if layout != LAYOUT:
            with self._writing() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(select(func.pg_advisory_xact_lock(_PREPARING)))
                layout = _brought_over(connection)
        if layout != LAYOUT:
            raise StorageError("database_other_version", name=self.name, received=layout, needed=LAYOUT)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._answering(), self._connected() as connection:
            if connection.dialect.name == "postgresql":
                # All statements of one method see the same moment; on SQLite a transaction does by itself.
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._answering(), self._connected() as connection:
            connection = connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        if self._process != os.getpid():
            # Connections must not be shared with the parent, nor closed under its hands.
            self._engine.dispose(close=False)
            self._process = os.getpid()
        if self._path is not None and self._file is not None:
            self._follow(self._path)
        with self._engine.connect() as connection:
            yield connection

    def _follow(self, path: Path) -> None:
        """Go on with the file that stands in the place of the one that was opened, if it holds a database of ours.

        Connections that are open go on reading and writing a file that was deleted or replaced, without a word: what
        they write is lost, and programs that open it later see something else.
        """
        there = _file_at(path)
        if there in (self._file, None):
            return
        self._engine.dispose()
        with self._engine.connect() as connection:
            if _layout(connection) != LAYOUT:
                raise StorageError("home_deleted", folder=str(path.parent))
        self._file = _file_at(path)

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, PoolTimeoutError) as error:
            if self._folder is not None and (no_room := _out_of_space(error, self._folder)) is not None:
                raise DatabaseAwayError(no_room.code, **no_room.details) from error
            kind = DatabaseAwayError if _may_pass(error) else StorageError
            code = "database_away" if self._opened and kind is DatabaseAwayError else "database_unavailable"
            raise kind(code, name=self.name, reason=_first_line(error)) from error


def _file_at(path: Path) -> tuple[int, int] | None:
    """Which file is there; None where the system does not tell.

    Raises:
        StorageError: If there is none ("home_deleted").
    """
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StorageError("home_deleted", folder=str(path.parent)) from error
    except OSError:
        return None  # whoever opens it says what is wrong
    return found.st_dev, found.st_ino


# Layouts


def _layout(connection: Connection) -> str | None:
    """The layout of the tables that are there; None if there are none."""
    there = inspect(connection).has_table
    for stamp, layout in (
        (VersionRow.__tablename__, VersionRow.version_num),
        (_EARLIER_STAMP.name, _EARLIER_STAMP.c.version),
    ):
        if there(stamp):
            found = connection.execute(select(func.max(layout))).scalar()
            return None if found is None else str(found)
    return None


def _brought_over(connection: Connection) -> str | None:
    """Make the tables, or bring those of an older layout up to date, if that is known how; the layout then."""
    layout = _layout(connection)
    if layout is None:
        Table.metadata.create_all(connection)
        connection.execute(insert(VersionRow).values(version_num=LAYOUT))
        return LAYOUT
    from core.storage import migrations  # with Alembic, which is not needed but here

    if not inspect(connection).has_table(VersionRow.__tablename__):
        if layout not in _WITHOUT_MIGRATIONS:
            return layout
        migrations.stamp(connection, layout)
    elif not migrations.is_known(layout):
        return layout
    migrations.upgrade(connection)
    return LAYOUT


# The engine


def _checked(database: str) -> URL:
    try:
        url = make_url(database)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise StorageError("database_unavailable", name="?", reason=_first_line(error)) from error
    name = url.render_as_string(hide_password=True)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    backend = url.drivername.split("+")[0]
    if backend not in ("sqlite", "postgresql"):
        raise StorageError("database_unavailable", name=name, reason="only SQLite and PostgreSQL are known")
    if backend == "sqlite" and url.database in (None, "", ":memory:"):
        raise StorageError(
            "database_unavailable", name=name, reason="a database in memory cannot be shared with the workers"
        )
    return url


def _engine(url: URL) -> Engine:
    if url.drivername.startswith("postgresql"):
        return _postgresql_engine(url)
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _LOCK_SECONDS})

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own guessing about transactions is switched off; `_begin_transaction` begins them.
        connection.isolation_level = None
        connection.execute(f"PRAGMA synchronous={_SYNCHRONOUS}")
        _switch_to_wal(connection)
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin_transaction(connection: Connection) -> None:
        # A transaction that begins by reading and then writes fails at once, without waiting, if another
        # has written meanwhile. So whoever will write says so at the beginning, and waits there.
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "application_name": "turning-point"},
    )
    from core.storage.postgresql import ImpatientConnection  # psycopg is there only where it is needed

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: object, _record: object, arguments: Any, parameters: Any) -> Any:
        return ImpatientConnection.connect(*arguments, **parameters)

    return engine


#: Of SQLite's errors those that may pass by themselves: locked, out of space, or the file does not answer.
_PASSING = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOMEM,
    )
)


def _out_of_space(error: DBAPIError | PoolTimeoutError, folder: Path) -> DiskFullError | None:
    """What is wrong with the disk if SQLite failed for want of room; None if it failed otherwise."""
    if isinstance(error, PoolTimeoutError) or not isinstance(error.orig, sqlite3.Error):
        return None
    code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return disk_full(folder)
    # Its log or its index could not be made or written: it does not always say why.
    return full((folder,)) if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) else None


def _may_pass(error: DBAPIError | PoolTimeoutError) -> bool:
    """Whether the same may go well later: the database does not answer now, but nothing is wrong with the question."""
    if isinstance(error, PoolTimeoutError) or error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _PASSING
    return isinstance(error, OperationalError | InterfaceError)


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging, once a file; SQLite does not wait by itself while others do the same."""
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]
