"""What every request goes through before a page or a route answers it, outermost first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from core.errors import SettingsError
from core.settings import Settings
from dashboard.server.headers import SecurityHeaders, failed
from dashboard.server.hosts import Hosts
from dashboard.server.owner_cookie import OwnerCookie


def middleware(settings: Settings) -> list[Middleware]:
    """The layers around the pages. What refuses requests stands inside the headers and outside of the cookie."""
    return [
        Middleware(SecurityHeaders, settings),
        Middleware(Hosts, settings),
        Middleware(OwnerCookie, settings),
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
