"""What every request goes through before a page or a route answers it, outermost first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from core.errors import SettingsError
from dashboard.server.headers import SecurityHeaders, failed
from dashboard.server.hosts import Hosts
from dashboard.server.owner_cookie import OwnerCookie
from dashboard.server.web_settings import WebSettings


def middleware(settings: WebSettings) -> list[Middleware]:
    """The layers around the pages. What refuses requests stands inside the headers and outside of the cookie."""
    return [
        Middleware(SecurityHeaders, settings),
        Middleware(Hosts, settings),
        Middleware(OwnerCookie, settings),
    ]


def exception_handlers(settings: WebSettings) -> dict[Any, Callable[[Request, Exception], Response]]:
    """The answer to what nobody expected; Starlette gives it outside of all layers."""
    return {Exception: lambda request, error: failed(settings, request)}


def settings_or_exit() -> WebSettings:
    """The settings from the environment; if they cannot be, the server does not start and says why."""
    try:
        return WebSettings.from_environment()
    except SettingsError as error:
        raise SystemExit(str(error)) from error
