"""The engine's lock, status and log, without an engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from core.jobs.lock import HomeLock
from core.jobs.log import LogFile
from core.jobs.status import SILENCE, StatusFile, engine_status
from core.settings import Settings


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
        "import sys; from pathlib import Path; from core.jobs.lock import HomeLock;"
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
