"""The cookie by which a browser finds its own runs again. It names nobody."""

from __future__ import annotations

import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.settings import Settings
from dashboard.shared import paths
from dashboard.shared.viewer import OWNER_COOKIE, is_cookie

_YEAR = 365 * 24 * 3600


class OwnerCookie:
    """Gives a browser without the cookie one, together with the first page.

    The page comes before its websocket connects, so that the first run of the page script knows it already.

    Args:
        settings: Whether pages of others may show ours; there the cookie is one of a third party.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or is_cookie(HTTPConnection(scope).cookies.get(OWNER_COOKIE)):
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    secure = scope.get("scheme") == "https"
                    framed = bool(self.settings.frames)
                    headers.append("set-cookie", new_cookie(secure=secure, framed=framed))
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def new_cookie(*, secure: bool, framed: bool = False) -> str:
    """A `Set-Cookie` line with a fresh random code of 128 bits.

    Browsers keep a cookie of a page inside another's only over HTTPS, and one for each page around it.

    Args:
        secure: Whether the browser may send it over HTTPS only.
        framed: Whether it has to work inside a page of others.
    """
    line = f"{OWNER_COOKIE}={secrets.token_urlsafe(16)}; Path={paths.base()}; Max-Age={_YEAR}; HttpOnly"
    if not secure:
        return f"{line}; SameSite=Lax"
    return f"{line}; Secure; SameSite=None; Partitioned" if framed else f"{line}; Secure; SameSite=Lax"
