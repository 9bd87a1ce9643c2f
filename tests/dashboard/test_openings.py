"""The server knows that a page is opened when a browser asks for it, before its script is asked."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from dashboard.server.openings import Openings, is_opening
from dashboard.shared import pages_under_way
from tests.loops import run_apart

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def scope(accept: str | None = BROWSER, *, kind: str = "http", method: str = "GET") -> dict[str, Any]:
    headers = [] if accept is None else [(b"accept", accept.encode())]
    return {"type": kind, "method": method, "path": "/lab", "headers": headers}


NO_OPENINGS = {
    "a script or a style": scope("*/*"),
    "a picture": scope("image/avif,image/webp,*/*;q=0.8"),
    "a probe": scope(None),
    "only the headers": scope(method="HEAD"),
    "a form": scope(method="POST"),
    "a connection": scope(kind="websocket"),
    "the start of the server": {"type": "lifespan"},
}


def test_a_browser_that_asks_for_a_page_opens_it() -> None:
    assert is_opening(scope())


@pytest.mark.parametrize("name", NO_OPENINGS)
def test_nothing_else_does(name: str) -> None:
    assert not is_opening(NO_OPENINGS[name])


@pytest.mark.parametrize(("asked", "quiet"), [(scope(), False), (scope("*/*"), True)])
def test_it_is_told_before_the_page_is_answered(
    monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], quiet: bool
) -> None:
    monkeypatch.setattr(pages_under_way, "_last", pages_under_way.time.monotonic() - 1000)
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(pages_under_way.quiet_for() >= 1000)

    async def never() -> Any:
        raise AssertionError

    run_apart(Openings(app)(asked, never, never))
    assert seen == [quiet]
