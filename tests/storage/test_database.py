"""What concerns a database as such: opening it, and saying what is wrong with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import StorageError
from core.experiment import Experiment
from core.settings import Settings
from core.storage import Artifacts, Store, database, open_store
from tests.conftest import SYNCHRONOUS


def opened(url: str, tmp_path: Path) -> Store:
    return Store(url, Artifacts(str(tmp_path / "artifacts")))


def test_open_store_makes_its_folders(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    store = open_store(Settings.from_environment({"TURNING_POINT_HOME": str(home)}))
    assert store.count() == 0
    store.close()
    assert (home / "turning-point.sqlite3").is_file()


def test_sqlite_is_set_for_many_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_SYNCHRONOUS", SYNCHRONOUS)
    store = opened(f"sqlite:///{tmp_path / 'runs.sqlite3'}", tmp_path)
    with store._reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000
    store.close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("shopping list " * 100)
    with pytest.raises(StorageError) as caught:
        opened(f"sqlite:///{tmp_path / 'notes.txt'}", tmp_path)
    assert caught.value.code == "database_unavailable"
    assert "notes.txt" in str(caught.value)
    assert (tmp_path / "notes.txt").read_text() == "shopping list " * 100


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://u:p@h/d", "not a url", ""])
def test_databases_that_cannot_serve_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        opened(url, tmp_path)
    assert caught.value.code == "database_unavailable"


def test_passwords_are_not_told(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StorageError) as caught:
        opened("postgresql://teacher:secret@127.0.0.1:1/runs", tmp_path)
    assert caught.value.code == "database_unavailable"
    assert "secret" not in str(caught.value)
    assert "teacher" in str(caught.value)


def test_a_home_in_the_way_of_a_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError) as caught:
        open_store(Settings.from_environment({"TURNING_POINT_HOME": str(tmp_path / "file" / "home")}))
    assert caught.value.code == "home_unusable"


def test_alembic_is_not_loaded_where_nothing_is_brought_over(tmp_path: Path) -> None:
    code = f"""
import sys
from core.settings import Settings
from core.storage import open_store
for _ in range(2):
    open_store(Settings.from_environment({{"TURNING_POINT_HOME": {str(tmp_path / "home")!r}}})).close()
print("alembic" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# A home that goes while a store is open


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def settings_of(home: Path) -> Settings:
    return Settings.from_environment({"TURNING_POINT_HOME": str(home)})


def refused(store: Store, experiment: Experiment) -> list[str]:
    """The codes of the errors with which reading, writing and reading once more are refused."""
    codes = []
    for do in (store.count, lambda: store.add(experiment, owner="ann"), store.queue):
        with pytest.raises(StorageError) as caught:
            do()
        assert str(caught.value.details["folder"]) in str(caught.value)
        codes.append(caught.value.code)
    return codes


def test_a_deleted_home_is_called_that(home: Path, experiment: Experiment) -> None:
    store = open_store(settings_of(home))
    store.add(experiment, owner="ann")
    shutil.rmtree(home)
    assert refused(store, experiment) == ["home_deleted"] * 3
    home.mkdir()
    assert refused(store, experiment) == ["home_deleted"] * 3
    (home / "turning-point.sqlite3").touch()  # as SQLite itself makes one
    assert refused(store, experiment) == ["home_deleted"] * 3
    store.close()


def test_a_home_that_was_put_back_is_used_again(home: Path, experiment: Experiment) -> None:
    store = open_store(settings_of(home))
    run = store.add(experiment, owner="ann")
    store.close()
    store = open_store(settings_of(home))
    shutil.copytree(home, home.with_name("copy"))
    shutil.rmtree(home)
    assert refused(store, experiment) == ["home_deleted"] * 3
    home.with_name("copy").rename(home)
    assert store.queue() == [run]
    second = store.add(experiment, owner="ann")
    store.close()
    again = open_store(settings_of(home))
    assert again.queue() == [run, second]
    again.close()


def test_what_is_written_after_a_home_was_replaced_is_in_the_new_one(
    home: Path, experiment: Experiment
) -> None:
    store = open_store(settings_of(home))
    store.add(experiment, owner="ann")
    shutil.rmtree(home)
    home.mkdir()  # by a program that began after that; this one would not make it anew
    another = open_store(settings_of(home))
    run = store.add(experiment, owner="ann")
    assert another.queue() == store.queue() == [run]
    store.close()
    another.close()
