"""The dispatcher of a small machine: its one worker comes when there is a run, and answers questions in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from typing import Any

from core.jobs.dispatcher import Dispatcher
from core.jobs.turns import Turns
from core.jobs.worker_pool import Job


class SmallDispatcher(Dispatcher):
    """Gives a run out once its turn has come, to a process in which nothing has been done; `want` brings the worker."""

    def __init__(self, *arguments: Any, turns: Turns, want: Callable[[], object], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._turns = turns
        self._want = want

    async def _look(self) -> None:
        await super()._look()
        if not self._jobs:  # nothing was given out
            self._turns.give_back()

    async def _watch(self) -> None:
        if not self._turns.busy:
            self._staffed = time.monotonic()  # nobody is missed who has nothing to do
        await super()._watch()

    async def _free_workers(self) -> dict[str, Any]:
        self._want()
        if self._jobs:  # its next process may be there under another address before it is known to be ready
            return {}
        free = await super()._free_workers()
        if not free or not self._turns.take():
            return {}
        if not self._turns.used:
            return free
        for address, worker in free.items():
            self._begin(Job.at("", address, worker), _nothing())  # after which the worker is replaced
        return {}

    async def _keep(self, job: Job, work: Coroutine[Any, Any, None]) -> None:
        try:
            await super()._keep(job, work)
        finally:
            self._turns.used = False
            if job.run:
                self._turns.give_back()


async def _nothing() -> None:
    """The work of a job whose worker only has to be replaced."""
