"""What is wrong with the whole server, said on every page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core import presets
from core.errors import StorageError
from core.jobs.status import StatusFile
from dashboard.server.routes import _read
from dashboard.shared import services, trouble
from dashboard.shared.language import language
from tests.dashboard.pages import MAIN, run_again, words
from tests.full_disks import FullDisk, mounted

PAGES = ("home", "data", "lab", "run", "compare", "try")


def framed(page: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """A page inside its frame, as `dashboard/app.py` has it: `main.py` runs the page."""
    test = AppTest.from_file(MAIN, default_timeout=60)
    if page != "home":
        test._page_hash = calc_hash(page)
    test.query_params["lang"] = lang
    return run_again(test)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_a_setting_cannot_be(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TURNING_POINT_WORKERS", "two")
    for lang in ("ko", "en"):
        assert "TURNING_POINT_WORKERS" in words(framed(page, lang, monkeypatch))


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FullDisk]:
    """A small disk with the home on it, and no memory of how it was a moment ago."""
    with mounted(tmp_path / "disk", 16) as disk:
        monkeypatch.setenv("TURNING_POINT_HOME", str(disk.folder / "home"))
        monkeypatch.setattr(trouble, "_HOLDS", -1.0)
        services.forget()
        services.store()
        yield disk
        services.forget()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_that_the_disk_is_full(
    page: str, disk: FullDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.fill()
    for lang in ("ko", "en"):
        test = framed(page, lang, monkeypatch)
        found = trouble.server_trouble()
        assert found is not None
        assert found.code == "disk_full"
        assert test.error[0].value == language(lang).error(found)
    disk.clear()
    assert not run_again(test).error


@pytest.mark.parametrize("page", ["home", "data", "run"])  # nothing stored, a data set, stored runs
def test_every_page_says_that_the_home_is_gone(
    page: str, disk: FullDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = services.settings().home
    home.rename(disk.folder / "away")
    for lang in ("ko", "en"):
        test = framed(page, lang, monkeypatch)
        assert str(home) in test.error[0].value
    assert not home.exists()  # nobody makes it anew
    (disk.folder / "away").rename(home)
    assert not run_again(test).error


def test_every_page_says_that_the_file_system_knows_no_locks(
    disk: FullDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = services.settings().home
    status = StatusFile(home)
    status.say("failed", error=StorageError("home_no_locks", folder=str(home)))
    assert "TURNING_POINT_HOME" in framed("home", "en", monkeypatch).error[0].value
    status.say("failed", "something else")
    assert not framed("home", "en", monkeypatch).error
    status.remove()


def test_a_run_that_waits_for_room_says_so(disk: FullDisk) -> None:
    run = services.store().add(presets.load(presets.PLAIN), owner="ann")
    assert _read(run, 0)["trouble"] is None
    disk.fill()
    assert _read(run, 0)["trouble"] == "disk_full"
    disk.clear()
    services.store().request_stop(run)
    disk.fill()
    assert _read(run, 0)["trouble"] is None  # it is over
