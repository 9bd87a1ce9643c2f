"""Back ends for the store's contract: SQLite always, PostgreSQL where its server is installed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from core.experiment import Dense, Experiment, FirstSplit
from core.storage import Artifacts, Store

_databases = count(1)


def server_programs() -> Path | None:
    """The folder of PostgreSQL's programs; None if there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The socket folder of a private PostgreSQL server that lives as long as the tests."""
    with private_postgresql() as folder:
        yield folder


@contextmanager
def private_postgresql(port: int | None = None) -> Iterator[str]:
    """A private PostgreSQL server; skips where there is none. By its socket folder everybody comes in.

    With a port it also listens on 127.0.0.1, where a password is asked for; the socket is then that of the port, too.
    """
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL's server programs are not installed")
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed (pip install 'turning-point[postgres]')")
    as_postgres: list[str] = []
    folder = Path(tempfile.mkdtemp(prefix="tp-pg-"))
    if os.geteuid() == 0:  # the server refuses to run as root
        try:
            shutil.chown(folder, "postgres")
        except LookupError:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
        as_postgres = ["runuser", "-u", "postgres", "--"]
    if port is not None:
        folder.chmod(0o755)  # other users come in by the socket, too

    def run(program: str, *arguments: str) -> None:
        command = [*as_postgres, str(programs / program), *arguments]
        done = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert done.returncode == 0, done.stderr

    data = str(folder / "data")
    who = ["--auth-local=trust", "--auth-host=scram-sha-256"]
    run("initdb", "-D", data, "-U", "postgres", *who, "--encoding=UTF8", "--locale=C", "--no-sync")
    listen = "''" if port is None else f"127.0.0.1 -c port={port}"
    options = f"-k {folder} -c listen_addresses={listen} -c fsync=off -c max_connections=100"
    run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield str(folder)
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'runs.sqlite3'}"
    socket = request.getfixturevalue("postgresql")
    import psycopg  # the fixture has made sure that it is there

    name = f"runs_{next(_databases)}"
    with psycopg.connect(f"host={socket} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql://postgres@/{name}?host={socket}"


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    return Artifacts(str(tmp_path / "artifacts"))


@pytest.fixture
def store(database: str, artifacts: Artifacts) -> Iterator[Store]:
    store = Store(database, artifacts)
    yield store
    store.close()


@pytest.fixture(scope="session")
def experiment() -> Experiment:
    return Experiment(
        dataset="digits",
        split=FirstSplit(count=300),
        layers=(Dense(units=4, activation="relu"), Dense(units=10, activation="softmax")),
        epochs=5,
    )
