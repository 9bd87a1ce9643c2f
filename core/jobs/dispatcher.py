"""Gives each free worker the next run of the queue, and ends the runs whose worker no longer can.

The database is the queue; Dask never holds more than the one run that a worker is carrying out. So position,
fairness and removal are the store's, and what happens to a run is decided here in one place.
"""

from __future__ import annotations

import asyncio
import logging
import time
from asyncio import to_thread
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from distributed import Client, Future, KilledWorker

from core.errors import StorageError, UnknownRunError
from core.jobs.cluster import ANSWERS
from core.jobs.processes import kill
from core.jobs.task import run_task
from core.run import Reason, RunState
from core.storage import Store

_log = logging.getLogger(__name__)

#: Seconds between two looks at the database, and at what has been asked to stop.
LOOK = 0.25
#: Seconds between two searches for runs without a sign of life, and how long those may be silent.
SEARCH, SILENCE = 10.0, 60.0
#: Seconds that a worker process gets to restart.
RESTART = 60.0

_SERVER_ENDED = Reason("server_ended")


@dataclass
class Job:
    """A run that a worker has.

    Attributes:
        run: The run's id.
        worker: Address of the worker process.
        begun: When it was given out (seconds since the epoch, as Dask's events have it).
        asked: When it was first seen that it should stop (monotonic); None before.
        given_up: Whether its process was killed because it did not stop.
        missed: Whether its worker was not there at the last search.
        future: Dask's hold on it; dropping it would drop the run.
    """

    run: str
    worker: str
    begun: float = field(default_factory=time.time)
    asked: float | None = None
    given_up: bool = False
    missed: bool = False
    future: Future | None = None


class Dispatcher:
    """The link between the queue and a Dask cluster.

    Args:
        client: An asynchronous client of the cluster.
        store: Where the runs are.
        name: What the runs are claimed as, followed by the worker's address.
        environment: The settings for the workers.
        host: The name of this computer if the workers run on it, so that a stuck one can be killed; else "".
        patience: Seconds that a run gets to stop before its process is killed.
        say: Told what is wrong, or "" when it is over.
    """

    def __init__(
        self,
        client: Client,
        store: Store,
        *,
        name: str,
        environment: Mapping[str, str],
        host: str,
        patience: float,
        say: Callable[[str], None],
    ) -> None:
        self._client = client
        self._store = store
        self._name = name
        self._environment = dict(environment)
        self._host = host
        self._patience = patience
        self._say = say
        self._jobs: dict[str, Job] = {}  # by worker address, until the worker is ready for another run
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._searched = time.monotonic()
        self._closed = False

    async def run(self) -> None:
        """Go on until cancelled or closed.

        Raises:
            ConnectionError: If the scheduler is lost.
        """
        await self._adopt()
        well = True
        while not self._closed:
            self._wake.clear()
            if self._client.status not in ("running", "connecting"):
                raise ConnectionError("the connection to the Dask scheduler is lost")
            try:
                await self._look()
            except StorageError as error:
                if well:
                    _log.exception("The database does not answer; trying again.")
                    self._say(str(error))
                well = False
            else:
                if not well:
                    self._say("")
                well = True
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK if well else 10 * LOOK)

    def close(self) -> None:
        """Give nothing out any more, and write nothing down of the runs that are under way."""
        self._closed = True
        for task in self._tasks:
            task.cancel()

    async def _look(self) -> None:
        for job in list(self._jobs.values()):
            await self._end_if_stuck(job)
        if await to_thread(self._store.queue):
            for worker in await self._free_workers():
                if self._closed or not await self._give(worker):
                    break
        if time.monotonic() - self._searched > SEARCH:
            await self._search()

    # Giving out

    async def _free_workers(self) -> list[str]:
        busy = await self._client.processing()  # other engines on the same cluster give runs out too
        return [
            address
            for address in await self._workers()
            if address not in self._jobs and not busy.get(address)
        ]

    async def _workers(self) -> dict[str, Any]:
        """The workers for trainings, by address."""
        identity = await self._client.scheduler.identity(n_workers=-1)
        workers: dict[str, Any] = identity["workers"]
        return {address: worker for address, worker in workers.items() if worker["name"] != ANSWERS}

    async def _give(self, worker: str) -> bool:
        run = await to_thread(self._store.claim, self._name + worker)
        if run is None or self._closed:  # a run claimed at the very end is interrupted like the others
            return False
        job = self._jobs[worker] = Job(run, worker)
        self._begin(self._carry_out(job))
        _log.info("Run %s goes to %s.", run, worker)
        return True

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)  # the event loop itself only keeps weak references
        task.add_done_callback(self._tasks.discard)

    async def _carry_out(self, job: Job) -> None:
        future = job.future = self._client.submit(
            run_task,
            job.run,
            self._environment,
            key=f"run-{job.run}",
            workers=[job.worker],
            allow_other_workers=False,
            pure=False,
            retries=0,
        )
        try:
            await self._end(job, await self._failure(job, future))
        except StorageError:
            # The heartbeat has ended with the worker, so the search will find the run.
            _log.exception("The end of run %s could not be written down.", job.run)
        future.release()
        await self._make_ready(job)

    async def _failure(self, job: Job, future: Future) -> Reason | None:
        """Wait for the end of a run; why it failed, as far as that is known here."""
        # Only the outcome is waited for. Fetching the result too could have Dask carry the run out once more,
        # if the worker died just then.
        error = await future.exception()
        if future.cancelled():
            # Either the worker was lost before it began, or the scheduler was; then the worker may well go on,
            # and if not, its heartbeat ends.
            return Reason("worker_died") if job.missed else None
        if error is None:
            return Reason("error", {"message": "the worker gave the run back without a result"})
        if isinstance(error, MemoryError):
            return Reason("out_of_memory")
        if isinstance(error, KilledWorker):
            memory = not job.given_up and await self._ran_out_of_memory(job)
            return Reason("out_of_memory" if memory else "worker_died")
        _log.error("Run %s ended with an error of its worker.", job.run, exc_info=error)
        return Reason("error", {"message": str(error) or type(error).__name__})

    async def _ran_out_of_memory(self, job: Job) -> bool:
        # The nanny reports what it does before it does it, but by another way than the death itself.
        for _ in range(5):
            for when, event in await self._client.get_events("worker-restart-memory"):
                if event["worker"] == job.worker and when >= job.begun:
                    return True
            await asyncio.sleep(0.1)
        return False

    # Ending

    async def _end(self, job: Job, failure: Reason | None) -> None:
        """Bring the run to a final state if the worker has not done so."""
        if failure is None:
            return
        try:
            run = await to_thread(self._store.get, job.run)
        except UnknownRunError:
            return
        if run.state.is_over:
            _log.info("Run %s is over: %s.", run.id, run.state.value)
            return
        done = len(run.epochs)
        if run.state is RunState.STOPPING:
            state, reason = RunState.STOPPED, Reason("stopped_by_user", {"epoch": done})
        else:
            state, reason = RunState.FAILED, failure
            if failure.code == "worker_died":
                reason = Reason("worker_died", {"epoch": done + 1})
        if await to_thread(self._store.finish, run.id, state, reason):
            _log.warning("Run %s was ended: %s", run.id, reason)

    async def _make_ready(self, job: Job) -> None:
        await self._renew(job.worker)
        del self._jobs[job.worker]
        self._wake.set()

    async def _renew(self, worker: str) -> None:
        """Give the worker a new process: Keras keeps global state, and memory is not all given back."""
        try:
            if worker in await self._workers():  # else it has died, and its nanny starts another by itself
                await self._client.restart_workers([worker], timeout=RESTART, raise_for_error=False)
            while worker in await self._workers():  # its death may not have been noticed yet
                await asyncio.sleep(LOOK / 10)
        except (OSError, TimeoutError, ValueError, KeyError):
            _log.exception("The worker %s could not be restarted; it is used as it is.", worker)

    async def _end_if_stuck(self, job: Job) -> None:
        if job.future is not None and job.future.done():
            return  # It has ended; its worker is being renewed.
        if not await to_thread(self._store.stop_requested, job.run):
            return
        if job.asked is None:
            job.asked = time.monotonic()
        if job.given_up or time.monotonic() - job.asked < self._patience:
            return
        job.given_up = True
        _log.warning("Run %s does not stop; its process is ended.", job.run)
        try:
            environment = (await to_thread(self._store.get, job.run)).environment
        except UnknownRunError:
            environment = {}
        if self._host and environment.get("host") == self._host:
            kill(environment["pid"])
        else:
            await self._renew(job.worker)

    # Runs without a worker

    async def _search(self) -> None:
        """Interrupt runs that nobody carries out any more: of dead workers elsewhere, of ended programs."""
        now = time.monotonic()
        asleep = now - self._searched > SILENCE
        self._searched = now
        known = await self._workers()
        for job in list(self._jobs.values()):
            await to_thread(self._store.beat, job.run)
            # Dask says when a worker dies with a run, but not when it was gone before the run reached it.
            if job.worker in known:
                job.missed = False
            elif not job.missed:
                job.missed = True
            elif job.future is not None and not job.future.done():
                await job.future.cancel()
        if asleep:
            return  # After the computer slept, everybody has been silent: leave time for a sign of life.
        for run in await to_thread(self._store.interrupt_stale, _SERVER_ENDED, older_than=SILENCE):
            _log.warning("Run %s has given no sign of life and is interrupted.", run)

    async def _adopt(self) -> None:
        """Find out which workers are still busy for an engine before this one (on a cluster elsewhere)."""
        known = await self._workers()
        for run in await to_thread(self._store.under_way):
            worker = (await to_thread(self._store.get, run)).environment.get("worker")
            if worker in known and worker not in self._jobs:
                self._jobs[worker] = job = Job(run, worker)
                self._begin(self._wait_for(job))

    async def _wait_for(self, job: Job) -> None:
        while True:
            try:
                if job.run not in await to_thread(self._store.under_way):
                    break
            except StorageError:
                _log.exception("The database does not answer; trying again.")
            await asyncio.sleep(4 * LOOK)
        await self._make_ready(job)
