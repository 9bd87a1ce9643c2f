"""The worker process for quick questions: there from the first question on, until nobody has asked for a while."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from distributed import Nanny
from distributed.core import Status

_log = logging.getLogger(__name__)

IDLE = 600.0
"""Seconds without a question after which the process is ended, with the networks that it keeps open."""
_LOOK = 2.0


class AnswersWorker:
    """Starts the process when it is wanted, a second or two before it answers, and ends it when it no longer is.

    Nobody asks on a server that only trains or is not used, and then it would hold as much memory as a training. `new`
    makes its nanny, which brings it back if it dies; it is not ended while it is `busy`, and `after` its end something
    may have to be done. On a small machine the one worker for everything comes and goes like this.
    """

    def __init__(
        self,
        new: Callable[[], Nanny],
        busy: Callable[[], bool] = lambda: False,
        after: Callable[[], object] = lambda: None,
    ) -> None:
        self._new = new
        self._busy = busy
        self._after = after
        self._nanny: Nanny | None = None
        self._wanted = float("-inf")
        self._changing = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def nannies(self) -> list[Nanny]:
        """Its nanny, if there is one."""
        return [] if self._nanny is None else [self._nanny]

    def want(self) -> None:
        """Say that a question has come; the process is on its way if it was not there."""
        self._wanted = time.monotonic()
        if self._nanny is None and not self._changing.locked():
            task = asyncio.create_task(self._start())
            self._tasks.add(task)  # the event loop itself only keeps weak references
            task.add_done_callback(self._tasks.discard)

    async def mind(self, idle: float = IDLE) -> None:
        """End it after so many seconds without a question, or when its nanny has given up; the next brings another."""
        while True:
            await asyncio.sleep(_LOOK)
            nanny = self._nanny
            if self._busy():
                self._wanted = time.monotonic()
            if nanny is not None and (time.monotonic() - self._wanted > idle or has_given_up(nanny)):
                async with self._changing:
                    self._nanny = None
                    await nanny.close()
                    self._after()

    async def _start(self) -> None:
        async with self._changing:
            if self._nanny is not None:
                return
            nanny = self._nanny = self._new()
            try:
                await nanny
            except (OSError, RuntimeError):  # Dask puts what went wrong into a RuntimeError
                _log.exception("The process for questions cannot be started; the next question tries again.")
                self._nanny = None
                await nanny.close()


def has_given_up(nanny: Nanny) -> bool:
    """Whether it has no process and will not start one."""
    if nanny.status in (Status.closed, Status.failed):
        return True
    process = nanny.process
    return process is not None and process.status in (Status.stopped, Status.failed)
