"""Signs of life of whoever carries out a run, so that others can tell a long step from a dead process."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import StorageError
from core.run import Reason
from core.storage.queue import PROGRAM
from core.storage.store import Store

#: Seconds between two signs of life.
BEAT = 5.0
#: Seconds without a sign of life after which nobody is taken to carry out a run any more.
SILENCE = 60.0

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


def program_name() -> str:
    """The name under which this process, a program of the command line, carries out runs."""
    return f"{PROGRAM}:{socket.gethostname()}:{os.getpid()}"


def reason_of_silence(worker: str) -> Reason:
    """Why a run was interrupted whose worker of this name has fallen silent.

    What else the sentence names, the state, is added by whoever interrupts it.
    """
    kind, _, rest = worker.partition(":")
    host, _, pid = rest.rpartition(":")
    if kind == PROGRAM and host and pid:
        return Reason("program_died", {"host": host, "seconds": round(SILENCE)})
    return Reason("no_sign_of_life", {"seconds": round(SILENCE)})
