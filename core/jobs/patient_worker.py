"""A Dask worker that outlives its scheduler: it lets its training end, and then looks for a scheduler again."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from distributed import Worker

_log = logging.getLogger(__name__)

_LOOK = 0.5

#: The reasons that Dask gives for closing a worker whose scheduler has gone, or does not know it any more.
_SCHEDULER_GONE = frozenset(
    {
        "scheduler-close",
        "worker-handle-scheduler-connection-broken",
        "worker-heartbeat-missing",
        "worker-heartbeat-error",
    }
)


class PatientWorker(Worker):  # type: ignore[misc]
    """A worker of a cluster whose scheduler may go and come back.

    A plain one gives its training some 30 seconds when the scheduler goes, ends with it, and has its nanny end too.
    A training needs no scheduler: it writes to the database itself. So this one stays until the training is over,
    and then makes room for a new process, which waits for the scheduler as long as it takes.
    """

    async def close(
        self, *arguments: Any, nanny: bool = True, reason: str = "", **options: Any
    ) -> str | None:
        """Close the worker, as Dask does, but see above."""
        if self.nanny and reason in _SCHEDULER_GONE:
            nanny = False  # it shall start another process
            for name in ("heartbeat", "keep-alive"):
                self.periodic_callbacks[name].stop()
            if self._works:
                _log.warning("The scheduler is gone; the training goes on.")
            while self._works:
                await asyncio.sleep(_LOOK)
        closed: str | None = await super().close(*arguments, nanny=nanny, reason=reason, **options)
        return closed

    @property
    def _works(self) -> bool:
        return bool(self.active_threads or self.state.all_running_tasks)
