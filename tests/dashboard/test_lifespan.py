"""What the server has loaded before its first page is asked for and when it is there, and what it loads ahead."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from types import SimpleNamespace

import pytest

from core.jobs import supervisor
from core.presets import FIRST, load
from core.run import RunState
from core.settings import Settings
from core.storage import open_store
from dashboard.server import lifespan
from dashboard.shared import pages_under_way
from dashboard.shared.training import start_once
from dashboard.shared.viewer import Viewer
from tests.browser.server import ROOT

# In a process of its own: in that of the tests everything has been loaded.
_CODE = """
import gc
import sys
from streamlit.testing.v1 import AppTest
from dashboard.server import lifespan
from dashboard.shared import pages_under_way

lifespan._make_ready()
kept = gc.get_freeze_count()
ready = set(sys.modules)
page = AppTest.from_file("dashboard/main.py", default_timeout=60).run()
assert page.button and not page.exception
print(sorted(name for name in set(sys.modules) - ready if name.partition(".")[0] in {"core", "dashboard"}))
print(sorted({"pandas", "pyarrow", "scipy", "alembic", "PIL.Image", "keras"} & set(sys.modules)))
pages_under_way._last = 0.0
lifespan._load_all_pages()
print(sorted({"pandas", "dashboard.run.sections", "dashboard.run.page", "keras"} & set(sys.modules)))
pages_under_way._last = 0.0
lifespan._keep_what_is_loaded()
print(100_000 < kept < gc.get_freeze_count(), gc.isenabled())
"""


def test_the_first_page_finds_all_loaded_but_tables_and_the_others_are_loaded_ahead() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CODE.replace('"dashboard/main', f'"{ROOT}/dashboard/main')],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-4:] == [
        "[]",
        "[]",
        "['dashboard.run.sections', 'pandas']",
        "True True",
    ]


@pytest.fixture
def _at_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that has sent no page yet, where a browser draws for longer than any test."""
    monkeypatch.setattr(lifespan, "_make_ready", lambda: None)
    monkeypatch.setattr(lifespan, "_IDLE", 600.0)
    monkeypatch.setattr(supervisor, "start_engine", lambda settings: "started")
    for event in (pages_under_way.first, pages_under_way.trained, lifespan._ending):
        event.clear()


@pytest.mark.usefixtures("_at_the_beginning")
def test_the_engine_waits_until_the_first_page_is_drawn_but_for_nobody_who_has_pressed(
    settings: Settings,
) -> None:
    store = open_store(settings)

    async def press() -> object:
        starting = asyncio.create_task(lifespan._start())
        pages_under_way.say_sent()
        done, _ = await asyncio.wait([starting], timeout=0.3)
        assert not done
        run = start_once(store, load(FIRST), by=Viewer("somebody"))
        assert store.get(run).state is RunState.QUEUED
        return await starting

    assert asyncio.run(press()) == "started"
    store.close()


@pytest.mark.usefixtures("_at_the_beginning")
def test_where_nobody_comes_the_engine_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifespan, "_VISITOR", 0.0)
    assert asyncio.run(lifespan._start()) == "started"


@pytest.mark.parametrize(
    ("openings", "trained", "waits"),
    [
        ([], None, 1.0),
        ([0.5], None, 1.5),  # another page is waited for anew
        ([0.5 * number for number in range(100)], None, 4.0),  # but not one after the other for ever
        ([0.5], 0.25, 0.25),
    ],
)
def test_the_engine_starts_when_no_page_is_being_opened(
    monkeypatch: pytest.MonkeyPatch, openings: list[float], trained: float | None, waits: float
) -> None:
    now = 0.0

    def asked() -> float:
        return max([0.0, *(one for one in openings if one <= now)])

    def wait(seconds: float) -> bool:
        nonlocal now
        over = trained is not None and trained <= now + seconds
        now = trained if trained is not None and over else now + seconds
        return over

    monkeypatch.setattr(lifespan, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(pages_under_way, "quiet_for", lambda: now - asked())
    monkeypatch.setattr(pages_under_way, "trained", SimpleNamespace(wait=wait))
    lifespan._wait_until_drawn()
    assert now == pytest.approx(waits)
