"""A real browser on the real dashboard; both are shared by all tests that ask for them."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.browser.server import Server
from tests.priority import own_sessions_give_way

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: A rule that stands in the page only where it was drawn for the dark.
DARK_WORDS = "xpath=//style[contains(., 'stSliderThumbValue')]"
PATIENCE = 120_000  # ms that a step may take on a busy machine

Open = Callable[..., "Page"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a browser test, and those share one server: they stay in one worker."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def chromium_path() -> str | None:
    """The Chromium of this computer: the one named in TURNING_POINT_CHROMIUM, else the system's."""
    named = os.environ.get("TURNING_POINT_CHROMIUM")
    return (
        named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )


def launch_options() -> dict[str, Any]:
    """How Playwright starts it, quiet and offline."""
    return {"executable_path": chromium_path(), "args": list(_FLAGS)}


def refusals(said: str) -> list[str]:
    """What the browser says on its console if the page's Content-Security-Policy forbade something."""
    return [said] if "Content Security Policy" in said or "Permissions policy" in said else []


def elsewhere(url: str) -> list[str]:
    """An address that is not this computer's."""
    parts = urlsplit(url)
    return [] if parts.scheme in {"data", "blob"} or parts.hostname in {"127.0.0.1", "localhost"} else [url]


def at_rest(page: Page) -> None:
    """Wait until the page's script has run to its end, also for what was done just before."""
    page.wait_for_timeout(50)  # a component sends when it has been drawn
    page.locator("[data-test-script-state=notRunning]").wait_for()


def until(page: Page, condition: Callable[[], object]) -> None:
    """Wait for what no single question to the page tells."""
    end = time.monotonic() + PATIENCE / 1000
    while not condition():
        assert time.monotonic() < end
        page.wait_for_timeout(50)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; skips where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if chromium_path() is None:
        pytest.skip("there is no Chromium: install it, or name it in TURNING_POINT_CHROMIUM")
    playwright.expect.set_options(timeout=PATIENCE)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(**launch_options())
        own_sessions_give_way()
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard for all tests, with one worker."""
    server = Server(tmp_path_factory.mktemp("browser") / "home")
    yield server
    server.stop()


@pytest.fixture
def open_page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a path of the dashboard in a browser profile of its own: `open_page("/run", width=400)`.

    At the end of the test no page may have met an error in its scripts, nor what its own policy forbids, nor asked
    another computer for anything.
    """
    contexts = []
    errors: list[str] = []

    def opened(
        path: str = "/",
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        locale: str = "en-US",
        on: Server | None = None,
        profile: Any = None,
    ) -> Page:
        context = profile or chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=locale,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.extend(refusals(message.text)))
        page.on("request", lambda request: errors.extend(elsewhere(request.url)))
        page.goto((on or request.getfixturevalue("server")).url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors


@pytest.fixture(autouse=True)
def _nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test leaves in the queue would keep the next one waiting."""
    yield
    if "server" in request.fixturenames:
        store = request.getfixturevalue("server").store
        for run in store.not_over():
            store.request_stop(run)
