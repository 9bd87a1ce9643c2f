"""What lives as long as the web server: the engine process that gives runs to workers."""

from __future__ import annotations

import asyncio
import importlib
import logging
import pkgutil
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event
from typing import Any

from core.errors import TurningPointError
from core.lasting import keep, lasting
from core.settings import Settings
from dashboard.server.streamlit_files import compress
from dashboard.shared import pages_under_way

_log = logging.getLogger(__name__)

_VISITOR = 3.0
"""Seconds in which the first browser is expected; the engine waits no longer for it."""
_IDLE = 1.0
"""Seconds without a page asked for or sent after which nobody is taken to wait for one; a browser has drawn it, too."""
_DRAWN = 4.0
"""Seconds after the first page from which the engine waits for no others: in a class one is always being opened."""
_PATIENCE = 60.0
"""Seconds after which pages are not loaded ahead any more: so busy a server has shown them all."""
_SWITCH = 0.001
"""Seconds until a thread that waits for the interpreter gets it. With Python's five times as many, each of the hundred
files of a first page waits that long while modules are loaded or other pages are put together."""

_FIRST_PAGE = (
    "dashboard.classroom.frame",
    "dashboard.learn.cards",
    "dashboard.shared.charts_in_sight",
    "dashboard.shared.glossary.term_opener",
    "dashboard.shared.hiding",
    "dashboard.shared.lost_connection",
    "dashboard.shared.page_tools",
    "dashboard.shared.teaching",
    "dashboard.shared.training",
    "streamlit.components.v2.manifest_scanner",
    "streamlit.material_icon_names",
)
"""What `main.py` and the first page load, apart from what those load."""

_ending = Event()


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[dict[str, Any] | None]:
    """Start the engine when the server starts and stop it when the server ends.

    The server answers before the engine is ready: waiting would keep the first page back for seconds.
    """
    sys.setswitchinterval(_SWITCH)
    pages_under_way.first.clear()
    pages_under_way.trained.clear()
    _ending.clear()
    starting = asyncio.create_task(_start())
    warming = asyncio.create_task(_warm(starting))
    try:
        yield None
    finally:
        _ending.set()
        pages_under_way.first.set()  # whoever waits for it waits no longer
        pages_under_way.trained.set()
        engine = await starting
        await warming
        if engine is not None:
            await asyncio.to_thread(engine.stop)


async def _start() -> Any:
    await asyncio.sleep(0)  # the server opens its port first
    await asyncio.to_thread(_make_ready)
    if await asyncio.to_thread(pages_under_way.first.wait, _VISITOR):
        await asyncio.to_thread(_wait_until_drawn)
    if _ending.is_set():
        return None
    try:
        settings = Settings.from_environment()
        from core.jobs.supervisor import start_engine

        return start_engine(settings)  # which waits for a home folder that cannot be used now
    except TurningPointError as error:
        # The pages say the same to whoever wants to train; looking at runs goes on.
        _log.error("No training possible: %s", error)
        return None


def _wait_until_drawn() -> None:
    """Leave both processors to the browsers that draw a page; whoever trains waits for nothing."""
    end = time.monotonic() + _DRAWN
    while (left := min(_IDLE - pages_under_way.quiet_for(), end - time.monotonic())) > 0:
        if pages_under_way.trained.wait(left):
            return


def _make_ready() -> None:
    """Load what the first page needs, while the first browser loads Streamlit's scripts."""
    from streamlit import env_util

    with lasting():
        import streamlit.emojis  # noqa: F401 - a large pattern, compiled for the first page icon

        for name in _FIRST_PAGE:
            importlib.import_module(name)
        importlib.import_module("dashboard.home.ahead").make_ready()
    env_util.is_repl()  # Streamlit asks that before the first element and looks through all modules for it


async def _warm(starting: asyncio.Task[Any]) -> None:
    await starting
    await asyncio.to_thread(_load_all_pages)
    await asyncio.to_thread(_keep_what_is_loaded)
    await asyncio.to_thread(_compress_files)


def _keep_what_is_loaded() -> None:
    """Spare pages to come the collector's way through everything that is loaded: a tenth of a second each time."""
    if _may_go_on():
        keep()


def _may_go_on() -> bool:
    """Whether the server still runs; waits until nobody waits for a page."""
    while pages_under_way.quiet_for() < _IDLE and not _ending.is_set():
        _ending.wait(_IDLE / 4)
    return not _ending.is_set()


def _compress_files() -> None:
    """Compress what browsers load of Streamlit, whenever nobody waits for a page."""
    while not _ending.wait(_IDLE):
        compress(_may_go_on)


def _load_all_pages() -> None:
    """Load what the other pages need, so that the first press of a way to one of them is answered like any other."""
    package = importlib.import_module("dashboard")
    names = [found.name for found in pkgutil.walk_packages(package.__path__, "dashboard.")]
    names.append("pandas")  # which Streamlit needs for tables and lists
    end = time.monotonic() + _PATIENCE
    for name in names:
        if not _may_go_on() or time.monotonic() > end:
            return
        # Scripts that Streamlit runs: to load them would be to run them.
        if name.rpartition(".")[2] not in ("page", "main", "app"):
            importlib.import_module(name)
