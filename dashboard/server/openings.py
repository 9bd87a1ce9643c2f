"""What a browser asks for first when it opens a page: until it has it, what can wait does."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.shared import pages_under_way


class Openings:
    """Tells of each page that is opened, half a second before its script is asked for it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if is_opening(scope):
            pages_under_way.say_asked()
        await self.app(scope, receive, send)


def is_opening(scope: Scope) -> bool:
    """Whether somebody wants to see a page, and not a part of one or only that the server is well."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")
