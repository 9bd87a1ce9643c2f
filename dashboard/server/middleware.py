"""What every request goes through before a page or a route answers it: headers, names, the cookie.

The policy of a page is as narrow as Streamlit lets it be. Its styles are written into the page while it runs,
components come as modules from `blob:` addresses, and the drawing of networks runs as WebAssembly; nothing else is let
in, above all no script written into the page but those whose digest stands here, and nothing from another computer.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import SettingsError
from core.settings import Settings
from dashboard.server.bursts import Bursts
from dashboard.server.hosts import Hosts
from dashboard.server.openings import Openings
from dashboard.server.presses import Presses
from dashboard.server.streamlit_files import StreamlitFiles
from dashboard.shared import browser
from dashboard.shared.language import CODES, language_script
from dashboard.shared.viewer import OWNER_COOKIE, is_cookie

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_YEAR = 365 * 24 * 3600


def middleware(settings: Settings) -> list[Middleware]:
    """The layers around the pages. What refuses requests stands inside the headers and outside of the cookie."""
    return [
        Middleware(SecurityHeaders, settings),
        Middleware(Hosts, settings),
        Middleware(StreamlitFiles),
        Middleware(Openings),
        Middleware(OwnerCookie, settings),
        Middleware(Bursts),
        Middleware(Presses, settings),
    ]


def exception_handlers(settings: Settings) -> dict[Any, Callable[[Request, Exception], Response]]:
    """The answer to what nobody expected; Starlette gives it outside of all layers."""
    return {Exception: lambda request, error: failed(settings, request)}


def settings_or_exit() -> Settings:
    """The settings from the environment; if they cannot be, the server does not start and says why."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        raise SystemExit(str(error)) from error


class _AddsHeaders(ABC):
    """A layer that adds headers to each answer given inside it, whoever gives it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    @abstractmethod
    def add(self, headers: MutableHeaders, scope: Scope) -> None:
        """Add to the headers of an answer to a request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.add(MutableHeaders(scope=message), scope)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class SecurityHeaders(_AddsHeaders):
    """What may be loaded, and who may frame a page: the settings say that."""

    def add(self, headers: MutableHeaders, scope: Scope) -> None:
        """Add the same to all answers."""
        headers.update(security_headers(self.settings, Headers(scope=scope).get("host", "")))


def security_headers(settings: Settings, host: str) -> dict[str, str]:
    """The headers of one answer to a request that calls this server so (`host`)."""
    headers = {
        "Content-Security-Policy": content_security_policy(settings.frames, host),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    if not settings.frames:
        headers["X-Frame-Options"] = "SAMEORIGIN"  # for browsers that do not know frame-ancestors
    return headers


@cache
def content_security_policy(frames: tuple[str, ...] = (), host: str = "") -> str:
    """What a page may load, and which origins may show it in a frame beside our own.

    Older browsers want the address of the websocket in full, with this server's name and port (`host`).
    """
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: 'wasm-unsafe-eval' {' '.join(_digests())}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' data: blob:",
            f"connect-src 'self' data: blob:{sockets}",
            "worker-src 'self' blob:",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            " ".join(("frame-ancestors 'self'", *frames)),
        )
    )


@cache
def _digests() -> tuple[str, ...]:
    """Of the scripts that stand in a page: Streamlit's own in its frame, ours that names the language."""
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    return tuple(
        _digest(one) for one in (*_INLINE.findall(index), *(language_script(code) for code in CODES))
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def failed(settings: Settings, request: Request) -> Response:
    """The answer to a request that met an error nobody expected; it is given outside of all middleware."""
    return PlainTextResponse(
        "Something went wrong here; the server's log says what. Load the page again.",
        status_code=500,
        headers=security_headers(settings, request.headers.get("host", "")),
    )


class OwnerCookie(_AddsHeaders):
    """The cookie by which a browser finds its own runs again; it names nobody.

    It is given together with the first page, which comes before its websocket connects, so that the first run of the
    page script knows it already.
    """

    def add(self, headers: MutableHeaders, scope: Scope) -> None:
        """Give it to a browser that has none."""
        known = is_cookie(HTTPConnection(scope).cookies.get(OWNER_COOKIE))
        if not known and headers.get("content-type", "").startswith("text/html"):
            secure = scope.get("scheme") == "https"
            headers.append("set-cookie", new_cookie(secure=secure, framed=bool(self.settings.frames)))


def new_cookie(*, secure: bool, framed: bool = False) -> str:
    """A `Set-Cookie` line with a fresh random code of 128 bits.

    A cookie that has to work inside a page of others (`framed`) is one of a third party: browsers keep it only over
    HTTPS (`secure`), and one for each page around it.
    """
    line = f"{OWNER_COOKIE}={secrets.token_urlsafe(16)}; Path={browser.base()}; Max-Age={_YEAR}; HttpOnly"
    if not secure:
        return f"{line}; SameSite=Lax"
    return f"{line}; Secure; SameSite=None; Partitioned" if framed else f"{line}; Secure; SameSite=Lax"
