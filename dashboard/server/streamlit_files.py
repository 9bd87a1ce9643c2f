"""Streamlit's own scripts, styles and fonts, given out at once and, when there was time for it, compressed.

A browser that has none of them yet loads eighty, 3 MB, before it shows a page, and 5 MB more with the first chart; a
third of that when compressed. Streamlit looks each of them up on the disk again and leaves it as large as it is, so
that thirty students who begin together keep the server busy for five seconds and the air of a classroom for longer.
Their names tell of their content: what such a name stands for never changes while the server runs.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import streamlit
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.shared import browser

_FOLDER = Path(streamlit.__file__).parent / "static"
_BELOW = "static"  # the part of it whose names tell of the content
_KINDS = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
_COMPRESSIBLE = {".js", ".css"}
_LEAST = 1_000
"""Bytes. A smaller file goes through the network in one piece, compressed or not."""
_HEADERS = {"cache-control": "public, immutable, max-age=31536000", "vary": "accept-encoding"}

_asked: set[str] = set()  # names of what was given out as it is and gets smaller by compressing
_compressed: dict[str, bytes] = {}


class StreamlitFiles:
    """Answers what asks for one of these files as a whole; anything else is Streamlit's to answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        answer = _answer(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (answer or self.app)(scope, receive, send)


def _answer(scope: Scope) -> Response | None:
    name = scope["path"].removeprefix(browser.base())
    path, asked = _files().get(name), Headers(scope=scope)
    if path is None or "range" in asked:
        return None
    small = _compressed.get(name) if "gzip" in asked.get("accept-encoding", "") else None
    if small is not None:
        return Response(
            small, headers={**_HEADERS, "content-encoding": "gzip"}, media_type=_KINDS[path.suffix]
        )
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if path.suffix in _COMPRESSIBLE and len(content) >= _LEAST:
        _asked.add(name)
    return Response(content, headers=_HEADERS, media_type=_KINDS[path.suffix])


@cache
def _files() -> dict[str, Path]:
    """By what an address calls it: only what stands in here is given out."""
    found = (path for path in (_FOLDER / _BELOW).rglob("*") if path.suffix in _KINDS)
    return {path.relative_to(_FOLDER).as_posix(): path for path in found}


def compress(may_go_on: Callable[[], bool]) -> None:
    """Compress what was asked for, for as long as that may go on; what is done already is not done again."""
    for name in sorted(_asked - _compressed.keys()):
        if not may_go_on():
            return
        with suppress(OSError):
            _compressed[name] = gzip.compress(_files()[name].read_bytes(), mtime=0)
