"""A connection to a Dask scheduler that may end in any way."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from distributed import Client

_log = logging.getLogger(__name__)


@asynccontextmanager
async def left_whatever_happens(connection: AbstractAsyncContextManager[Client]) -> AsyncIterator[Client]:
    """A connection that is no longer needed afterwards, even if it cannot be closed in order.

    A client that gives up its scheduler closes itself. Where it is closed here in the same moment, Dask stumbles over
    what it has begun already ("Cannot change state of expiring Timeout").
    """
    client = await connection.__aenter__()
    try:
        yield client
    finally:
        try:
            await connection.__aexit__(None, None, None)
        except RuntimeError as error:
            _log.info("The connection to the Dask scheduler could not be closed in order: %s", error)
