"""What lives as long as the web server: the engine process that gives runs to workers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from core.errors import TurningPointError
from core.settings import Settings

_log = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[dict[str, Any] | None]:
    """Start the engine when the server starts and stop it when the server ends.

    The server answers before the engine is ready: waiting would keep the first page back for seconds.
    """
    starting = asyncio.create_task(_start())
    try:
        yield None
    finally:
        engine = await starting
        if engine is not None:
            await asyncio.to_thread(engine.stop)


async def _start() -> Any:
    await asyncio.sleep(0)  # the server opens its port first
    await asyncio.to_thread(_make_ready)
    try:
        settings = Settings.from_environment()
        from core.jobs.supervisor import start_engine

        return start_engine(settings)  # which waits for a home folder that cannot be used now
    except TurningPointError as error:
        # The pages say the same to whoever wants to train; looking at runs goes on.
        _log.error("No training possible: %s", error)
        return None


def _make_ready() -> None:
    """Load what the pages need and read the storage once, while the first browser loads Streamlit's scripts."""
    import streamlit.emojis  # noqa: F401 - a large pattern, compiled for the first page icon

    from dashboard.shared import services

    with suppress(TurningPointError):  # the page that needs it says what is wrong
        services.store().summaries(limit=1)
