"""The engine's lock, status and log, without an engine."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.catalog import dataset_info
from core.datasets.cache import lock
from core.errors import StorageError
from core.jobs.engine_home import HomeLock, LogFile, home_name
from core.jobs.processes import this_computer
from core.jobs.protocol import read_address, write_address
from core.jobs.status import SILENCE, StatusFile, engine_status
from core.jobs.supervisor import start_engine
from core.settings import Settings
from tests.full_disks import FullDisk, mounted
from tests.waiting import until


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[FullDisk]:
    with mounted(tmp_path / "disk", 2) as disk:
        yield disk


def test_only_one_has_the_lock(settings: Settings) -> None:
    first, second = HomeLock(settings.home), HomeLock(settings.home)
    assert not first.is_taken()
    assert first.acquire()
    assert not second.acquire()
    assert second.is_taken()
    assert not first.is_taken()
    first.release()
    first.release()
    assert second.acquire()
    second.release()


def test_the_lock_goes_with_its_process(settings: Settings) -> None:
    code = (
        "import sys; from pathlib import Path; from core.jobs.engine_home import HomeLock;"
        "lock = HomeLock(Path(sys.argv[1])); assert lock.acquire(); print('taken', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(settings.home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"taken"
    lock = HomeLock(settings.home)
    assert lock.is_taken()
    process.kill()
    process.communicate()
    assert lock.acquire()
    lock.release()


def test_status_says_what_was_said(settings: Settings) -> None:
    file = StatusFile(settings.home)
    assert engine_status(settings).state == "absent"
    file.say("starting")
    assert (engine_status(settings).state, engine_status(settings).pid) == ("starting", os.getpid())
    file.say("ready", "the database does not answer")
    seen = engine_status(settings)
    assert (seen.state, seen.message) == ("ready", "the database does not answer")
    assert seen.since is not None
    file.say("failed", "no scheduler")
    assert (engine_status(settings).state, engine_status(settings).pid) == ("failed", None)
    file.remove()
    file.remove()
    file.beat()
    assert engine_status(settings).state == "absent"


def test_a_status_nobody_renews_is_not_believed(settings: Settings) -> None:
    file = StatusFile(settings.home)
    file.say("ready")
    path = settings.home / "engine.json"
    long_ago = path.stat().st_mtime - SILENCE - 5
    os.utime(path, (long_ago, long_ago))
    assert engine_status(settings).state == "absent"
    file.beat()
    assert engine_status(settings).state == "ready"


def test_a_dead_engine_is_absent_at_once(settings: Settings) -> None:
    StatusFile(settings.home).say("ready")
    path = settings.home / "engine.json"
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    path.write_text(json.dumps({**json.loads(path.read_text()), "pid": ended.pid}))
    assert engine_status(settings).state == "absent"


def test_a_spoiled_status_is_absent(settings: Settings) -> None:
    for content in ("", "{}", "[1, 2]", '{"state": 3'):
        (settings.home / "engine.json").write_text(content)
        assert engine_status(settings).state == "absent"


def test_the_log_stays_small_while_it_is_written(settings: Settings) -> None:
    log = LogFile(settings.home)
    log.trim()
    with log.open() as file:
        file.write(b"x" * 1_000_001)
        file.flush()
        log.trim()
        file.write(b"after")
    assert (settings.home / "engine.log").read_bytes() == b"after"
    assert (settings.home / "engine.log.1").stat().st_size == 1_000_001


# When the disk, the folder or the file system does not play along


def test_a_status_that_cannot_be_written_is_known_in_its_process(settings: Settings, tmp_path: Path) -> None:
    gone = Settings.from_environment({"TURNING_POINT_HOME": str(tmp_path / "gone")})
    file = StatusFile(gone.home)
    file.say("failed", error=StorageError("home_deleted", folder=str(gone.home)))
    status = engine_status(gone)
    assert (status.state, status.code, status.details) == (
        "failed",
        "home_deleted",
        {"folder": str(gone.home)},
    )
    assert str(gone.home) in status.message
    assert not gone.home.exists()
    # It is written as soon as it can be.
    gone.home.mkdir()
    file.beat()
    assert json.loads((gone.home / "engine.json").read_text())["code"] == "home_deleted"
    assert engine_status(gone).state == "failed"
    # What another process says later goes before.
    file.say("failed", "later")
    shutil.rmtree(gone.home)
    file.say("failed", "not written")
    gone.home.mkdir()
    content = {**json.loads(json.dumps(WRITTEN)), "pid": os.getpid(), "computer": this_computer()}
    (gone.home / "engine.json").write_text(json.dumps(content))
    assert engine_status(gone).state == "ready"
    file.remove()
    assert engine_status(gone).state == "absent"


WRITTEN = {
    "state": "ready",
    "message": "",
    "since": "2999-01-01T00:00:00+00:00",
    "code": "",
    "details": {},
}


def test_a_status_is_written_over_where_there_is_no_room_for_another(
    settings: Settings, full_disk: FullDisk
) -> None:
    home = Settings.from_environment({"TURNING_POINT_HOME": str(full_disk.folder)})
    file = StatusFile(home.home)
    file.say("ready")
    full_disk.fill()
    file.say("failed", "the disk is full")
    file.beat()
    # Another process reads it.
    assert read_elsewhere(home) == "failed the disk is full"
    full_disk.clear()
    file.say("ready")
    assert read_elsewhere(home) == "ready "


def read_elsewhere(settings: Settings) -> str:
    code = (
        "from core.jobs.status import engine_status; from core.settings import Settings;"
        "status = engine_status(Settings.from_environment()); print(status.state, status.message)"
    )
    environment = {**os.environ, **settings.to_environment()}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout.rstrip("\n")


def test_a_full_log_makes_room_on_a_full_disk(full_disk: FullDisk) -> None:
    log = LogFile(full_disk.folder)
    with log.open() as file:
        file.write(b"x" * 1_000_001)
    full_disk.fill()
    log.trim()
    assert (full_disk.folder / "engine.log").stat().st_size == 0
    assert not (full_disk.folder / "engine.log.1").exists()


def test_a_lock_knows_whether_its_folder_is_still_there(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    lock = HomeLock(home)
    assert lock.acquire()
    assert lock.standing() == "held"
    home.rename(tmp_path / "away")
    assert lock.standing() == "away"
    assert not lock.is_lost()
    (tmp_path / "away").rename(home)
    assert lock.standing() == "held"
    shutil.rmtree(home)
    assert lock.standing() == "away"
    home.mkdir()
    assert lock.is_lost()
    lock.release()


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_file_system_without_locks_is_said(
    number: int, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", refuse)
    for ask in (HomeLock(settings.home).acquire, HomeLock(settings.home).is_taken):
        with pytest.raises(StorageError) as caught:
            ask()
        assert caught.value.code == "home_no_locks"
    with (
        pytest.raises(StorageError, match="TURNING_POINT_HOME"),
        lock(dataset_info("mini_reviews"), settings),
    ):
        pass
    engine = start_engine(settings)
    try:
        until(lambda: engine_status(settings).code == "home_no_locks")
        monkeypatch.undo()
        until(lambda: engine.pid is not None)  # and goes on where there are some
    finally:
        engine.stop()


def test_an_engine_that_has_no_home_waits_for_it(settings: Settings, tmp_path: Path) -> None:
    settings.home.rename(tmp_path / "away")
    engine = start_engine(settings)
    try:
        until(lambda: engine_status(settings).code == "home_deleted")
        assert not settings.home.exists()
        assert engine.pid is None
        (tmp_path / "away").rename(settings.home)
        until(lambda: engine.pid is not None)
    finally:
        engine.stop()


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "no space"), OSError(errno.EIO, "input/output"), PermissionError()]
)
def test_no_error_of_the_system_ends_the_supervisor(
    error: OSError, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as broken:
        for name in (
            "core.jobs.engine_home.HomeLock.is_taken",
            "core.jobs.engine_home.LogFile.open",
            "pathlib.Path.replace",
        ):
            broken.setattr(name, refuse)
        broken.setattr("pathlib.Path.write_text", refuse)
        engine = start_engine(settings)
        until(lambda: engine_status(settings).state == "failed")
    try:
        until(lambda: engine.pid is not None)
    finally:
        engine.stop()


# The name of the computer


def test_a_computer_is_the_same_by_another_name(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    StatusFile(settings.home).say("ready")
    address = write_address(settings.home, 5)
    name = home_name(settings.home)
    monkeypatch.setattr("socket.gethostname", lambda: "renamed")
    assert read_address(settings.home) == address
    assert home_name(settings.home) == name
    assert engine_status(settings).state == "ready"
    path = settings.home / "engine.json"
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    path.write_text(json.dumps({**json.loads(path.read_text()), "pid": ended.pid}))
    assert engine_status(settings).state == "absent"


def test_another_computer_is_told_apart(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    StatusFile(settings.home).say("ready")
    path = settings.home / "engine.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "pid": 2**22 + 1}))
    assert engine_status(settings).state == "absent"
    write_address(settings.home, 5)
    for module in ("status", "protocol"):
        monkeypatch.setattr(f"core.jobs.{module}.this_computer", lambda: "another")
    assert engine_status(settings).state == "ready"  # its processes are not ours to see
    assert read_address(settings.home) is None


def test_each_home_has_its_name(settings: Settings, tmp_path: Path) -> None:
    name = home_name(settings.home)
    assert name.endswith(":")
    shutil.copytree(settings.home, tmp_path / "copy")
    assert home_name(tmp_path / "copy") != name
    settings.home.rename(tmp_path / "moved")
    assert home_name(tmp_path / "moved") == name
    (tmp_path / "copy" / "engine.name").write_text("é\0" * 99)
    assert home_name(tmp_path / "copy") == home_name(tmp_path / "copy")
    assert home_name(tmp_path / "nowhere").endswith(":")
