"""The addresses of classes: the short link, what has changed for a browser, and the board for its teacher."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from core.errors import ClassError, TurningPointError
from dashboard.shared import browser
from dashboard.shared.language import first_choice, language
from dashboard.shared.presence import presence
from dashboard.shared.viewer import OWNER_COOKIE, is_cookie

_FRESH = {"Cache-Control": "no-store"}


def class_routes() -> list[BaseRoute]:
    """All of them, below the server's base path."""
    return [
        Route(browser.base() + browser.CLASS_LINK, link, methods=["GET"]),
        Route(browser.base() + browser.CLASS_STAMP, stamp, methods=["GET"]),
        Route(browser.base() + browser.CLASS_BOARD, board, methods=["GET"]),
    ]


async def link(request: Request) -> Response:
    """The page of the class in a short link; whether there is such a class, the page says."""
    code = request.path_params["code"][:40]
    return RedirectResponse(f"{browser.base()}class?{urlencode({'code': code})}", 302, headers=_FRESH)


async def stamp(request: Request) -> Response:
    """What changes when something has changed for the browser that asks, which sits in the class or teaches it."""
    code, owner = request.path_params["code"], _owner(request)
    try:
        found = await to_thread.run_sync(_stamp, code, owner)
    except TurningPointError as error:
        return JSONResponse({"error": error.code}, status_code=503, headers=_FRESH)
    if not found:
        return _forbidden(request, code)
    return JSONResponse({"stamp": found}, headers=_FRESH)


def _stamp(code: str, owner: str) -> str:
    from dashboard.classroom.snapshot import snapshots
    from dashboard.shared import services

    found = snapshots.get(services.store(), code)
    if found is None or not found.concerns(owner):
        return ""
    presence.sign(owner)
    return found.stamp(owner)


async def board(request: Request) -> Response:
    """The board of a class for its teacher; 204 if it is still that of `?version=`."""
    code, known = request.path_params["code"], request.query_params.get("version", "")
    try:
        found = await to_thread.run_sync(_board, code, _owner(request))
    except TurningPointError as error:
        return JSONResponse({"error": error.code}, status_code=503, headers=_FRESH)
    if found is None:
        return _forbidden(request, code)
    version, plain = found
    if version == known:
        return Response(status_code=204, headers=_FRESH)
    return Response(plain, media_type="application/json", headers=_FRESH)


def _board(code: str, owner: str) -> tuple[str, bytes] | None:
    from dashboard.classroom.live_board import boards
    from dashboard.classroom.snapshot import snapshots
    from dashboard.shared import services

    found = snapshots.get(services.store(), code)
    if found is None or owner not in found.teachers:
        return None
    return boards.get(services.store(), found)


def _owner(request: Request) -> str:
    """The browser that asks; "" for one without a cookie of ours, which nobody is."""
    cookie = request.cookies.get(OWNER_COOKIE)
    return str(cookie) if is_cookie(cookie) else ""


def _forbidden(request: Request, code: str) -> Response:
    """The same for a class of others as for one that there is not, so that nobody learns which codes there are."""
    t = language(first_choice(request.headers.get("accept-language")))
    error = ClassError("class_not_yours", received=code)
    said: dict[str, Any] = {"error": error.code, "sentence": t.error(error, plain=True)}
    return JSONResponse(said, status_code=403, headers=_FRESH)
