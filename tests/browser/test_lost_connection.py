"""A page whose server dies says so in its reader's language, and comes back by itself with the next server."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.shared.language import language
from tests.browser.conftest import Open
from tests.browser.server import Server


@pytest.fixture
def own_server(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("lost") / "home")
    yield server
    server.stop()


def kill(server: Server) -> None:
    """As if the computer had lost its power: nobody says goodbye."""
    assert server._process is not None
    os.kill(server.pid, signal.SIGKILL)
    server._process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("code", ["ko", pytest.param("en", marks=pytest.mark.thorough)])
def test_a_page_says_that_its_server_is_gone_and_comes_back(
    code: str, own_server: Server, open_page: Open
) -> None:
    say = language(code)
    page = open_page("/glossary", on=own_server, width=400, locale={"ko": "ko-KR", "en": "en-US"}[code])
    page.get_by_role("heading", name=say("page.glossary.title")).wait_for()
    card = page.locator(".tp-lost")
    assert card.count() == 0
    for _ in range(2):  # also the second time
        kill(own_server)
        card.wait_for()
        assert card.get_attribute("lang") == code
        assert card.get_attribute("role") == "alert"
        for word in ("title", "server", "training"):
            assert say(f"lost.{word}") in card.inner_text()
        # Streamlit's own dialog, which comes later, is closed: only ours is there to read.
        page.wait_for_timeout(5_000)
        page.get_by_test_id("stDialog").wait_for(state="detached")
        assert page.get_by_text("Streamlit").count() == 0
        page.context.set_offline(True)
        page.get_by_text(say("lost.network")).wait_for()
        page.context.set_offline(False)
        page.get_by_text(say("lost.server")).wait_for()
        own_server.start()
        card.wait_for(state="detached")
        # The page is a living one again.
        search = page.get_by_label(say("glossary.search"))
        for sought, there in (("dropout", 1), ("", 0)):
            search.fill(sought)
            search.press("Enter")
            page.wait_for_function(
                "wanted => (document.querySelectorAll('[data-testid=stMain] h4').length < 12) === wanted",
                arg=bool(there),
            )
