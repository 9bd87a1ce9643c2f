"""The server's own addresses: a run and the glossary as JSON, and the drawing library.

Streamlit gives such routes no base path, no host check and no protection against foreign pages, so they
only ever read, and check whatever they are given. Storage is imported at the first request, so that the
server answers half a second earlier.
"""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from importlib import resources
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.errors import TurningPointError, UnknownRunError
from dashboard.server.class_routes import class_routes
from dashboard.shared import browser
from dashboard.shared.glossary.terms import glossary_json
from dashboard.shared.language import CODES

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,6}")
_FRESH = {"Cache-Control": "no-store"}
_FOR_A_WHILE = {"Cache-Control": "public, max-age=600"}
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


def routes() -> list[BaseRoute]:
    """All routes, below the server's base path."""
    return [
        Route(browser.base() + browser.RUN, run, methods=["GET"]),
        Route(browser.base() + browser.GLOSSARY, glossary, methods=["GET"]),
        Route(browser.base() + browser.PLOTLY, plotly_js, methods=["GET"]),
        *class_routes(),
    ]


async def run(request: Request) -> Response:
    """A run as `run_json` gives it, with the epochs after `?since=N`; `{"state": "missing"}` if there is none."""
    name, since = request.path_params["id"], request.query_params.get("since", "0")
    if not _ID.fullmatch(name):
        return _refuse("The run's id must be letters, digits, - and _ only.")
    if not _NUMBER.fullmatch(since):
        return _refuse("since must be the number of an epoch, 0 or above.")
    try:
        answer = await to_thread.run_sync(_read, name, int(since))
    except TurningPointError as error:
        return JSONResponse({"error": error.code}, status_code=503, headers=_FRESH)
    return JSONResponse(answer, headers=_FRESH)


def _read(name: str, since: int) -> dict[str, Any]:
    from core.jobs.supervisor import engine_status
    from dashboard.live.run_json import MISSING, run_json
    from dashboard.shared import services
    from dashboard.shared.training import starts_in
    from dashboard.shared.trouble import server_trouble

    try:
        found = services.store().get(name)
    except UnknownRunError:
        return MISSING
    if found.state.is_over:
        return run_json(found, since=since)
    wrong = server_trouble()
    engine = engine_status(services.settings()).state
    return run_json(
        found,
        since=since,
        engine=engine,
        trouble=wrong.code if wrong is not None else None,
        starts_in=starts_in(services.store(), found, services.settings()) if engine == "ready" else None,
    )


async def glossary(request: Request) -> Response:
    """The words of the glossary in a language."""
    if request.path_params["code"] not in CODES:
        return _refuse(f"The language must be one of {', '.join(CODES)}.")
    return JSONResponse(glossary_json(request.path_params["code"]), headers=_FOR_A_WHILE)


async def plotly_js(request: Request) -> Response:
    """plotly.min.js as it lies in the plotly package; the browser may keep it for ever."""
    packed = await to_thread.run_sync(_plotly_packed)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            packed, media_type="text/javascript", headers={**_FOR_EVER, "Content-Encoding": "gzip"}
        )
    plain = await to_thread.run_sync(gzip.decompress, packed)
    # Streamlit would pack it again for whoever asks; nobody who reads this does.
    return Response(plain, media_type="text/javascript", headers=_FOR_EVER)


@lru_cache(maxsize=1)
def _plotly_packed() -> bytes:
    """About 1.4 MB instead of 4.8; packed once a process, in about 0.3 s of a thread."""
    return gzip.compress(resources.files("plotly").joinpath("package_data/plotly.min.js").read_bytes(), 6)


def _refuse(reason: str) -> JSONResponse:
    return JSONResponse({"error": reason}, status_code=400, headers=_FRESH)
