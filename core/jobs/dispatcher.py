"""Gives each free worker the next run of the queue, and ends the runs whose worker no longer can.

The database is the queue; Dask never holds more than the one run that a worker is carrying out. So position,
fairness and removal are the store's, and what happens to a run is decided here in one place.

A scheduler elsewhere may go away and come back. Trainings go on meanwhile (see `patient_worker`) and write down
themselves what becomes of them; here it is only remembered that they were under way.
"""

from __future__ import annotations

import asyncio
import logging
import time
from asyncio import to_thread
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any

from distributed import Client, Future, KilledWorker

from core.errors import StorageError, UnknownRunError
from core.free_space import full
from core.jobs.admission import Admission
from core.jobs.connection import left_whatever_happens
from core.jobs.processes import kill
from core.jobs.status import State, Troubles
from core.jobs.tasks import run_task
from core.jobs.worker_pool import ANSWER, Job, WorkerPool, reason_of
from core.run import Reason, RunState
from core.storage import Store
from core.storage.heartbeat import SILENCE, reason_of_silence

_log = logging.getLogger(__name__)

#: Seconds between two looks at the database and what was asked to stop, at the workers, for signs of life.
LOOK, WATCH, SEARCH = 0.25, 1.5, 10.0
#: Seconds after an outage of the database in which nobody is missed: time for a sign of life.
SETTLE = 30.0
#: How often the restart of a worker process may fail before it is said; the longest pause between two.
QUIET_RESTARTS, LONGEST_PAUSE = 2, 60.0
#: Seconds without any worker after which that is said.
NO_WORKERS = 20.0

_SCHEDULER_LOST = Reason("scheduler_lost")


class Dispatcher:
    """The link between the queue and a Dask cluster.

    `connect` gives an asynchronous client of it, anew each time the scheduler was lost. Runs are claimed as `name`,
    followed by the worker's address. `host` is the name of this computer if the cluster is its own, so that a stuck
    worker can be killed, else ""; `scheduler` is the address of one elsewhere, for words. A run gets `patience`
    seconds to stop before its process is killed. Workers elsewhere get runs if `admission` lets them.
    """

    def __init__(
        self,
        connect: Callable[[], AbstractAsyncContextManager[Client]],
        store: Store,
        *,
        name: str,
        environment: Mapping[str, str],
        host: str,
        patience: float,
        say: Callable[[State, str], None],
        scheduler: str = "",
        admission: Admission | None = None,
    ) -> None:
        self._connect = connect
        self._store = store
        self._name = name
        self._environment = dict(environment)
        self._host = host
        self._patience = patience
        self._address = scheduler
        self._admission = admission
        self._pool: WorkerPool  # of the scheduler that is connected
        self._adopted = False
        self._jobs: dict[str, Job] = {}  # by worker address, until the worker is ready for another run
        self._lost: dict[str, Job] = {}  # by run: under way when the scheduler went
        self._not_begun: list[str] = []  # those of them that no worker has begun
        self._given_again: set[str] = set()  # those whose worker died before it had begun
        self._unheard: set[str] = set()  # workers for which a run was asked without an answer
        self._tasks: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._troubles = Troubles(say)
        self._watched = self._looked = 0.0
        self._staffed = time.monotonic()  # when there was a worker the last time
        self._searched = time.monotonic()
        self._failed = float("-inf")  # when the database did not answer the last time
        self._closed = False

    async def run(self) -> None:
        """Go on until cancelled or closed; a ConnectionError if this computer's own scheduler is lost."""
        while not self._closed:
            try:
                async with left_whatever_happens(self._connect()) as client:
                    self._pool = WorkerPool(
                        client, bool(self._host), lambda: self._troubles.tell("scheduler"), self._admission
                    )
                    await self._serve()
            except OSError as error:
                if self._host:
                    raise ConnectionError("the connection to the Dask scheduler is lost") from error
                await self._wait_for_scheduler(error)

    async def _serve(self) -> None:
        """Go on as long as there is this scheduler."""
        self._adopted = False
        while not self._closed:
            self._wake.clear()
            self._pool.connection()
            try:
                await self._look()
            except StorageError as error:
                self._failed = time.monotonic()
                if "database" not in self._troubles:
                    _log.exception("The database does not answer; trying again.")
                self._troubles.tell("database", str(error))
            except TimeoutError:
                # It may only be busy: what it has is not dropped before the connection is.
                late = f"the Dask scheduler {self._address} has not answered for {ANSWER:g} s"
                self._troubles.tell("scheduler", late)
            else:
                self._troubles.tell("database")
            with suppress(TimeoutError):
                # `wait_for` would swallow a cancellation that comes together with the end of a run.
                async with asyncio.timeout(10 * LOOK if self._troubles else LOOK):
                    await self._wake.wait()

    def close(self) -> None:
        """Give nothing out any more, and write nothing down of the runs that are under way."""
        self._closed = True
        for task in self._tasks:
            task.cancel()

    async def _look(self) -> None:
        if not self._adopted:
            await self._adopt()
        if time.monotonic() - self._watched > WATCH:
            await self._watch()
        no_room, waiting = await to_thread(
            lambda: (lack := full(self._store.folders), not lack and (self._not_begun or self._store.queue()))
        )
        self._troubles.tell("disk", str(no_room or ""))
        if waiting:
            for address, worker in (await self._free_workers()).items():
                if self._closed or not await self._give(address, worker):
                    break
        if time.monotonic() - self._looked > LOOK / 2:  # not with each run that ends in between
            self._looked = time.monotonic()
            for job in list(self._jobs.values()):
                await self._end_if_stuck(job)
        await self._search()

    # The scheduler and its workers

    async def _watch(self) -> None:
        """Look whether the scheduler answers, and whose process has ended."""
        self._watched = time.monotonic()
        known = await self._pool.known()
        refused = self._pool.refused(known)
        if self._pool.has_unknown(known):
            await self._free_workers()
        unfit = {job.worker for job in self._jobs.values() if job.unfit} | refused
        if known.keys() - unfit or self._lost:  # those that are cut off come back
            self._staffed = self._watched
        idle = self._watched - self._staffed > NO_WORKERS or (known and known.keys() == refused)
        self._troubles.tell("workers", "no worker is there to train" if idle else "")
        for job in list(self._jobs.values()):
            if job.is_among(known):
                job.missed = 0
                continue
            # Dask says when a worker dies with a run, but not when it was gone before the run reached it.
            job.missed += 1
            if job.missed < 2 or job.over:
                continue
            if self._host or job.has_gone(known):
                job.died = True
            elif job.run in await to_thread(self._store.under_way):
                continue  # cut off from the scheduler it may well go on; if not, its heartbeat ends
            if job.future is not None and not job.future.done():
                await job.future.cancel()
        for job in list(self._lost.values()):
            if job.is_among(known) and await self._begun(job.run):
                del self._lost[job.run]
                self._begin(job := Job.at(job.run, job.worker, known[job.worker]), self._wait_for(job))

    async def _wait_for_scheduler(self, error: OSError) -> None:
        """What is to be done while there is no scheduler."""
        if "scheduler" not in self._troubles:
            _log.warning("The Dask scheduler is lost; trying again: %s", error)
        for task in self._tasks:
            task.cancel()
        self._lost |= {job.run: job for job in self._jobs.values() if not job.over}
        self._jobs.clear()
        self._troubles.forget_all_but("database")
        self._troubles.tell("scheduler", f"the Dask scheduler {self._address} does not answer ({error})")
        try:
            await self._search()
        except StorageError:
            self._failed = time.monotonic()
            _log.exception("The database does not answer; trying again.")
        await asyncio.sleep(LOOK)

    async def _adopt(self) -> None:
        """Find out which workers are still busy for an engine before this one (on a cluster elsewhere)."""
        known = await self._pool.known()
        for name in await to_thread(self._store.under_way):
            run = await to_thread(self._store.get, name)
            worker = run.environment.get("worker")
            if worker is None or worker in self._jobs:
                continue
            if worker in known:
                self._lost.pop(name, None)
                self._begin(job := Job.at(name, worker, known[worker]), self._wait_for(job))
            elif run.started is not None and run.started.timestamp() < self._pool.scheduler_begun:
                self._lost.setdefault(name, Job(name, worker, group=run.environment.get("group", "")))
        self._not_begun = [name for name in list(self._lost) if await self._begun(name) is False]
        self._adopted = True

    async def _free_workers(self) -> dict[str, Any]:
        lost = [job for job in self._lost.values() if job.run not in self._not_begun]
        return await self._pool.free(self._jobs, lost)

    async def _give(self, address: str, worker: Mapping[str, Any]) -> bool:
        run = await self._given_before() or await self._claim(address)
        if run is None or self._closed:  # a run claimed at the very end is interrupted like the others
            return False
        self._begin(job := Job.at(run, address, worker), self._carry_out(job))
        _log.info("Run %s goes to %s.", run, address)
        return True

    async def _claim(self, address: str) -> str | None:
        name, again = self._name + address, address in self._unheard
        self._unheard.add(address)  # the answer may get lost
        run = await to_thread(self._store.claim, name, again=again)
        self._unheard.discard(address)
        return run

    async def _given_before(self) -> str | None:
        """A run that was given out, but had not reached its worker when the scheduler went."""
        while self._not_begun:
            run = self._not_begun.pop()
            if await self._begun(run) is False:
                del self._lost[run]
                return run
        return None

    async def _begun(self, name: str) -> bool | None:
        """Whether a worker has begun a run that was lost; None (and it is forgotten) if it is over."""
        try:
            run = await to_thread(self._store.get, name)
        except UnknownRunError:
            run = None
        if run is None or run.state.is_over:
            self._lost.pop(name, None)
            return None
        return "pid" in run.environment

    def _begin(self, job: Job, work: Coroutine[Any, Any, None]) -> None:
        """Have a worker taken as long as some work for its run lasts, and until it is ready for the next."""
        self._jobs[job.worker] = job
        self._spawn(self._keep(job, work))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)  # the event loop itself only keeps weak references
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("The dispatcher could not do what it should.", exc_info=error)

    async def _keep(self, job: Job, work: Coroutine[Any, Any, None]) -> None:
        inner = asyncio.create_task(work)
        try:
            await asyncio.wait((inner,))
            error = None if inner.cancelled() else inner.exception()
            if isinstance(error, OSError):
                self._lost[job.run] = job
            elif error is not None:
                await self._end(job, reason_of(error, job.run))
            elif (following := await self._following(job)) is not None:
                self._begin(following, self._carry_out(following))
                return
            job.over = True
            self._wake.set()  # there is room for another run in its group
            await self._make_ready(job)
        finally:
            inner.cancel()
            if self._jobs.get(job.worker) is job:
                del self._jobs[job.worker]
            self._wake.set()

    async def _following(self, job: Job) -> Job | None:
        """The next run, claimed, if the process of this one shall have it too; here each run has one of its own."""

    async def _carry_out(self, job: Job) -> None:
        future = job.future = self._pool.submit(job, run_task, self._environment)
        try:
            await self._end(job, await self._failure(job, future))
        finally:
            future.release()

    async def _failure(self, job: Job, future: Future) -> Reason | None:
        """Wait for the end of a run; why it failed, as far as that is known here."""
        # Only the outcome is waited for. Fetching the result too could have Dask carry the run out once more,
        # if the worker died just then.
        error = await future.exception()
        if job.died or isinstance(error, KilledWorker):
            return await self._death(job)
        if future.cancelled():
            # The scheduler was lost. The worker may well go on, and if not, its heartbeat ends.
            self._lost[job.run] = job
            return None
        if error is None:
            # If it has not ended, its worker had died, and Dask has given it to the next process there.
            return Reason("worker_died")
        return reason_of(error, job.run)

    async def _death(self, job: Job) -> Reason:
        memory = False
        with suppress(OSError):  # nobody is left to say so
            memory = not job.given_up and await self._pool.ran_out_of_memory(job)
        return Reason("out_of_memory" if memory else "worker_died")

    async def _wait_for(self, job: Job) -> None:
        """Wait for the end of a run that another engine gave out."""
        while not job.died:
            try:
                if job.run not in await to_thread(self._store.under_way):
                    return
            except StorageError:
                _log.exception("The database does not answer; trying again.")
            await asyncio.sleep(4 * LOOK)
        await self._end(job, await self._death(job))

    # Ending

    async def _end(self, job: Job, failure: Reason | None) -> None:
        """Bring the run to a final state if the worker has not done so, as soon as the database answers."""
        while failure is not None:
            try:
                await self._write_down(job, failure)
                break
            except StorageError as error:
                _log.warning("The end of run %s is not written down yet: %s", job.run, error)
                await asyncio.sleep(10 * LOOK)

    async def _write_down(self, job: Job, failure: Reason) -> None:
        try:
            run = await to_thread(self._store.get, job.run)
        except UnknownRunError:
            return
        if run.state.is_over:
            _log.info("Run %s is over: %s.", run.id, run.state.value)
            return
        done = len(run.epochs)
        died_early = failure.code == "worker_died" and "pid" not in run.environment
        if died_early and run.state is RunState.RUNNING and run.id not in self._given_again:
            _log.warning("The worker of run %s died before it had begun; another gets it.", run.id)
            self._given_again.add(run.id)
            self._lost[run.id] = job
            self._not_begun.append(run.id)
            return
        state, reason = RunState.FAILED, failure
        if run.state is RunState.STOPPING:
            state, reason = RunState.STOPPED, Reason("stopped_by_user", {"epoch": done})
        elif failure.code == "database_lost":
            state = RunState.INTERRUPTED
        elif failure.code == "worker_died":
            reason = Reason("worker_died", {"epoch": done + 1})
        if await to_thread(self._store.finish, run.id, state, reason):
            _log.warning("Run %s was ended: %s", run.id, reason)

    async def _make_ready(self, job: Job) -> None:
        """Give the worker a new process: Keras keeps global state, and memory is not all given back.

        Until that has been done it gets no other run.
        """
        if job.run in self._lost:
            return  # its process may be at it still
        what, failures = f"worker {job.worker}", 0
        while failure := await self._pool.restarted(job):
            failures += 1
            _log.error("The worker %s could not be restarted: %s", job.worker, failure)
            job.unfit = failures > QUIET_RESTARTS
            if job.unfit:
                self._troubles.tell(what, f"the {what} does not restart and gets no run ({failure})")
            await asyncio.sleep(min(2.0**failures, LONGEST_PAUSE))
        self._troubles.tell(what)

    async def _end_if_stuck(self, job: Job) -> None:
        if job.over or (job.future is not None and job.future.done()):
            return  # It has ended; its worker is being renewed.
        if not await to_thread(self._store.stop_requested, job.run):
            return
        if job.asked is None:
            job.asked = time.monotonic()
        if job.given_up or time.monotonic() - job.asked < self._patience:
            return
        job.given_up = True
        _log.warning("Run %s does not stop; its process is ended.", job.run)
        environment: Mapping[str, Any] = {}
        with suppress(UnknownRunError):
            environment = (await to_thread(self._store.get, job.run)).environment
        if self._host and "pid" in environment:  # the workers of this computer are this engine's own
            kill(environment["pid"])
        else:
            self._spawn(self._end_process(job))

    async def _end_process(self, job: Job) -> None:
        if failure := await self._pool.restarted(job):
            _log.error("The process of run %s could not be ended: %s", job.run, failure)
            job.given_up, job.asked = False, time.monotonic()  # once more, after a while

    # Runs without a worker

    async def _search(self) -> None:
        """Interrupt runs that nobody carries out any more: of dead workers elsewhere, of ended programs."""
        now = time.monotonic()
        if now - self._searched < SEARCH:
            return
        asleep = now - self._searched > SILENCE
        self._searched = now
        for job in list(self._jobs.values()):
            if not job.missed:
                await to_thread(self._store.beat, job.run)
        for name in list(self._lost):
            if await self._begun(name) is False:
                await to_thread(self._store.beat, name)
                if name not in self._not_begun:  # somebody has cancelled it before it reached its worker
                    self._not_begun.append(name)
        if asleep or now - self._failed < SETTLE:
            return  # The computer slept or the database was away, so all have been silent: time for a sign of life.
        claimed = [self._name + job.worker for job in self._lost.values()]
        if "scheduler" in self._troubles:
            claimed.append(self._name)
        for worker in claimed:
            await self._interrupt(_SCHEDULER_LOST, workers=worker)
        await self._interrupt(reason_of_silence)

    async def _interrupt(self, reason: Reason | Callable[[str], Reason], workers: str = "") -> None:
        found = await to_thread(self._store.interrupt_stale, reason, older_than=SILENCE, workers=workers)
        for run in found:
            _log.warning("Run %s has given no sign of life and is interrupted.", run)
