"""Runs of small networks that one process trains one after the other.

A new process costs a small network nearly as much as what it has to learn, and so does tracing the graphs of its steps.
Where a class trains the same network thirty times, with seeds or learning rates of their own, all but the first few
find both done; where each student has built another one, the process at least.
"""

from __future__ import annotations

import asyncio
import time
from asyncio import to_thread
from dataclasses import replace

from typing_extensions import override

from core.errors import StorageError, UnknownRunError
from core.free_space import full
from core.jobs.dispatcher import LOOK, Dispatcher
from core.jobs.worker_pool import Job
from core.models.execution import kind
from core.run import Run, RunState
from core.storage import Store

MOST, MOST_KINDS = 15, 5
"""Runs of a process at most, and kinds of them: TensorFlow does not give back all that graphs take, some 10 MB each."""


class SeriesDispatcher(Dispatcher):
    """Leaves a process its place if it has trained a small network to the end and the next in the queue is one, too.

    Who comes next is the queue's decision as ever: here it is only decided in which process.
    """

    @override
    async def _following(self, job: Job) -> Job | None:
        if job.future is None or job.died or job.run in self._lost:
            return None
        try:
            if self._closed or not await to_thread(_may_follow, self._store, job):
                return None
            if not job.is_among(await self._pool.known()):
                return None  # it has died, and Dask has had another one carry the run out
        except (StorageError, UnknownRunError, OSError):
            return None
        run = await self._claim_at_last(job.worker)
        if run is None or self._closed:
            return None
        following = replace(job, run=run, begun=time.time(), asked=None, missed=0, future=None)
        following.trained += 1
        following.traced += await self._new_graphs(job, run)
        if following.traced <= MOST_KINDS:
            return following
        # Another one came first meanwhile: it is given to the next process.
        self._lost[run] = following
        self._not_begun.append(run)
        return None

    async def _claim_at_last(self, address: str) -> str | None:
        """Claim the next run, however long it takes to hear which one: nobody else would get it."""
        while not self._closed:
            try:
                return await self._claim(address)
            except StorageError:
                await asyncio.sleep(10 * LOOK)
        return None

    async def _new_graphs(self, job: Job, run: str) -> int:
        """For how many graphs a run needs room; too many if that is not known, or it needs a process of its own."""
        try:
            return await to_thread(lambda: _new_graphs(self._store.get(job.run), self._store.get(run)))
        except (StorageError, UnknownRunError):
            return 1 + MOST_KINDS


def _may_follow(store: Store, job: Job) -> bool:
    """Whether a run is over as it should be, and there is room and a run that waits first and may follow it."""
    if job.trained >= MOST or full(store.folders) is not None:
        return False
    over = store.get(job.run)
    if over.state is not RunState.FINISHED:
        return False
    waiting = store.queue()
    return bool(waiting) and job.traced + _new_graphs(over, store.get(waiting[0])) <= MOST_KINDS


def _new_graphs(before: Run, run: Run) -> int:
    known, wanted = kind(before.experiment), kind(run.experiment)
    if not known or not wanted:
        return 1 + MOST_KINDS
    return int(known != wanted)
