"""Signs of life of whoever carries out a run, so that others can tell a long step from a dead process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import StorageError
from core.storage.store import Store

#: Seconds between two signs of life.
BEAT = 5.0

_log = logging.getLogger(__name__)


@contextmanager
def beating(store: Store, run: str) -> Iterator[None]:
    """Renew a run's heartbeat from a thread as long as the block lasts, whatever is done in it."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(BEAT):
            try:
                store.beat(run)
            except StorageError as error:
                _log.warning("No sign of life of run %s: %s", run, error)  # the next one may get through

    thread = threading.Thread(target=beat, name=f"heartbeat of {run}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
