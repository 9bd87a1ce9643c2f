"""By which names this server answers.

A page of somebody else can give its own name the address of this computer (DNS rebinding); the browser then takes
what stands here for that page's own. Its requests still carry the foreign name. Addresses in numbers cannot be
forged so, and a server that a class reaches is called by them or by the computer's name.
"""

from __future__ import annotations

import re
import socket
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from core.errors import short
from core.settings import Settings
from dashboard.shared.viewer import is_own_name

_HOST = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9_.-]+))(?::[0-9]{1,5})?")
_LONGEST = 80
#: What a websocket is closed with that must not be here; before it is open, the browser sees 403.
_POLICY_VIOLATION = 1008


class Hosts:
    """Answers only who calls this server by a name of its own.

    A websocket may besides be opened only by a page of such a name: Streamlit checks that too, but asks a service
    on the internet for this computer's address first.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host")
        # Who names no host is no browser.
        known = host is None or await self._knows(name_in(host), scope)
        if scope["type"] == "http":
            if known:
                await self.app(scope, receive, send)
            else:
                await _refusal(host or "", headers)(scope, receive, send)
        elif known and await self._knows_page(headers.get("origin"), scope):
            await self.app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})

    async def _knows(self, name: str | None, scope: Scope) -> bool:
        if name is None:
            return False
        wide = is_wide(config.get_option("server.address"), scope)
        if is_known(name, wide=wide, names=(*self.settings.hosts, *_configured())):
            return True
        return wide and name in await to_thread.run_sync(own_names, socket.gethostname())

    async def _knows_page(self, origin: str | None, scope: Scope) -> bool:
        if origin is None or not config.get_option("server.enableCORS"):
            return True
        if origin in (config.get_option("server.corsAllowedOrigins") or ()):
            return True
        return await self._knows(name_in(origin.partition("://")[2]), scope)


def name_in(host: str) -> str | None:
    """The name or address in a Host header, in lower case; None if it is none."""
    found = _HOST.fullmatch(host)
    return (found["six"] or found["name"]).lower().removesuffix(".") if found else None


def is_known(name: str, *, wide: bool, names: tuple[str, ...] = ()) -> bool:
    """Whether a server answers by a name of `name_in`: its own, or one of `names` ("*.example.org", "*" for all).

    If other computers reach it (`wide`), it answers by every address in numbers too.
    """
    if is_own_name(name) or (wide and _is_address(name)):
        return True
    return any(
        one == "*" or one == name or (one.startswith("*.") and name.endswith(one[1:])) for one in names
    )


def is_wide(configured: str | None, scope: Scope) -> bool:
    """Whether other computers reach this server, by where it was told to listen or by where this request came in."""
    came_in = (scope.get("server") or ("", None))[0] or ""
    return not (is_own_name(configured or "") and is_own_name(came_in or "localhost"))


def own_names(hostname: str) -> frozenset[str]:
    """What this computer is called, in lower case: its name alone, with its domain, and in the local network."""
    full = _full_name(hostname)  # a computer may be renamed while the server runs
    short_name = hostname.lower().partition(".")[0]
    return frozenset({hostname.lower(), full, short_name, f"{short_name}.local"})


@cache
def _full_name(hostname: str) -> str:
    return socket.getfqdn(hostname).lower()


def _configured() -> tuple[str, ...]:
    """Names that Streamlit was told of."""
    shown = str(config.get_option("browser.serverAddress") or "")
    address = str(config.get_option("server.address") or "")
    allowed = config.get_option("server.allowedHosts") or ()
    named = (urlsplit(shown if "//" in shown else f"//{shown}").hostname or "", address)
    return tuple(one.lower().removesuffix(".") for one in (*named, *allowed) if one)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _refusal(host: str, headers: Headers) -> PlainTextResponse:
    from dashboard.shared.language import first_choice, language

    t = language(first_choice(headers.get("accept-language")))
    malformed = name_in(host) is None
    return PlainTextResponse(
        t("server.host_refused", host=short(host, _LONGEST)), status_code=400 if malformed else 421
    )
