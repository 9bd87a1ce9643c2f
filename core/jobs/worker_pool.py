"""The workers of a Dask cluster as the dispatcher sees them: who is there and free, and new processes for them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from distributed import Client, Future

from core.errors import DatabaseLostError
from core.jobs.admission import Admission
from core.jobs.cluster import ANSWERS
from core.jobs.worker_groups import WorkerGroup
from core.run import Reason

_log = logging.getLogger(__name__)

#: Seconds that the scheduler may take to name its workers, and that a worker process gets to restart.
ANSWER, RESTART = 2.5, 60.0
_LOOK = 0.025
_KEY = "run-"


@dataclass
class Job:
    """A run that a worker has."""

    run: str
    worker: str
    """Address of the worker process."""
    process: str = ""
    """Its folder, which tells it from a later process at the same address."""
    nanny: str = ""
    """Address of the nanny that minds it; "" if there is none."""
    group: str = ""
    """The name of its group of workers; "" if it is not known."""
    begun: float = field(default_factory=time.time)
    """When it was given out (seconds since the epoch, as Dask's events have it)."""
    asked: float | None = None
    """When it was first seen that it should stop (monotonic)."""
    given_up: bool = False
    """Whether its process was ended because it did not stop."""
    missed: int = 0
    """In how many looks at the workers, one after the other, its process was not there."""
    died: bool = False
    """Whether its process is known to have ended."""
    over: bool = False
    """Whether the worker is only being made ready for another run."""
    trained: int = 1
    """So many runs its process has been given, this one included; and for how many of them it had to trace graphs."""
    traced: int = 1
    unfit: bool = False
    """Whether that has failed for long."""
    future: Future | None = None
    """Dask's hold on it; dropping it would drop the run. None if another engine gave it out."""

    @classmethod
    def at(cls, run: str, address: str, worker: Mapping[str, Any]) -> Job:
        """A run at a worker, which Dask describes so."""
        group = WorkerGroup.of(address, worker).name
        return cls(run, address, worker["local_directory"], worker["nanny"] or "", group)

    def is_among(self, known: Mapping[str, Mapping[str, Any]]) -> bool:
        """Whether the process that has it is among the workers; another may have taken over its address."""
        worker = known.get(self.worker)
        return worker is not None and worker["local_directory"] == self.process

    def has_gone(self, known: Mapping[str, Mapping[str, Any]]) -> bool:
        """Whether the process that has it has ended for sure: its nanny, which has one at a time, has another."""
        nannies = {worker["nanny"] for worker in known.values()}
        return self.nanny != "" and self.nanny in nannies and not self.is_among(known)


def reason_of(error: BaseException, run: str) -> Reason:
    """Why a run failed that ended with an error, its worker's or the dispatcher's; what nobody expects is logged."""
    if isinstance(error, MemoryError):
        return Reason("out_of_memory")
    if isinstance(error, DatabaseLostError):
        return Reason("database_lost", dict(error.details))
    _log.error("Run %s ended with an error.", run, exc_info=error)
    return Reason("error", {"message": str(error) or type(error).__name__})


class WorkerPool:
    """The workers for trainings of the one scheduler that a client is connected to.

    What asks the scheduler raises a TimeoutError if it does not answer, and an OSError if it is lost or another has
    taken its place; whenever it answers, `answered` is called. On a cluster of one's `own` the worker for questions is
    left out; names mean nothing on a cluster elsewhere, where `admission` says who may have a run.
    """

    def __init__(
        self,
        client: Client,
        own: bool,
        answered: Callable[[], object],
        admission: Admission | None = None,
    ) -> None:
        self.client = client
        self.scheduler_begun = 0.0
        self._own = own
        self._answered = answered
        self._admission = admission
        if admission is not None:
            admission.begin()
        self._scheduler: str | None = None  # the id of the one that answered

    def connection(self) -> Any:
        """What asks the scheduler; a ConnectionError if the client has given up."""
        if self.client.scheduler is None or self.client.status not in ("running", "connecting"):
            raise ConnectionError("the connection to the scheduler is closed")
        return self.client.scheduler

    async def known(self) -> dict[str, Any]:
        """The workers, by address."""
        identity = await asyncio.wait_for(self.connection().identity(n_workers=-1), ANSWER)
        if self._scheduler is None:
            self._scheduler, self.scheduler_begun = identity["id"], identity["started"]
        elif self._scheduler != identity["id"]:
            raise ConnectionError("another scheduler has taken its place")
        self._answered()
        workers: dict[str, Any] = identity["workers"]
        if not self._own:
            return workers
        return {address: worker for address, worker in workers.items() if worker["name"] != ANSWERS}

    async def free(self, jobs: Mapping[str, Job], lost: Collection[Job] = ()) -> dict[str, Any]:
        """Those to which a run may be given now; other engines on the same cluster give runs out too.

        Of each group there are at most as many as it may have runs beside those that are under way.

        Args:
            jobs: By worker, what was given out and is under way, or whose worker is not ready for another run.
            lost: What was given out to workers that may be at it still, whether they are there or not.

        Raises:
            StorageError: If workers are to be admitted, and the database or the artifacts do not answer.
        """
        known = await self.known()
        busy = await asyncio.wait_for(self.connection().processing(workers=None), ANSWER)
        taken = jobs.keys() | {job.worker for job in lost if job.is_among(known)}
        free = {at: worker for at, worker in known.items() if at not in taken and not busy.get(at)}
        under_way: dict[str, set[str]] = defaultdict(set)
        for address, worker in known.items():
            keys = (key.removeprefix(_KEY) for key in busy.get(address, ()) if key.startswith(_KEY))
            under_way[WorkerGroup.of(address, worker).name].update(keys)
        for job in (*(job for job in jobs.values() if not job.over), *lost):
            if not job.has_gone(known):
                under_way[job.group].add(job.run)
        found = {}
        for address, worker in (await self._admitted(free)).items():
            group = WorkerGroup.of(address, worker)
            if len(under_way[group.name]) < group.limit:
                under_way[group.name].add(address)
                found[address] = worker
        return found

    def refused(self, known: Mapping[str, Any]) -> set[str]:
        """The addresses of those that get no run, which is said."""
        if self._admission is None:
            return set()
        self._admission.look(known)
        return {address for address in known if self._admission.is_refused(address)}

    def has_unknown(self, known: Mapping[str, Any]) -> bool:
        """Whether there are some of whom it is not known whether they may have a run."""
        return self._admission is not None and bool(self._admission.to_ask(known))

    async def _admitted(self, free: dict[str, Any]) -> dict[str, Any]:
        """Those of the free workers that fit; the others are asked for what is not known of them."""
        if self._admission is None:
            return free
        if new := self._admission.to_ask(free):
            await self._admission.ask(self.client, {address: free[address] for address in new})
        return {
            address: worker for address, worker in free.items() if self._admission.admits(address, worker)
        }

    def submit(self, job: Job, task: Callable[..., object], environment: Mapping[str, str]) -> Future:
        """Have the worker of a job carry its run out, and no other."""
        self.connection()  # a client that has given up would take the run all the same
        return self.client.submit(
            task,
            job.run,
            environment,
            key=f"{_KEY}{job.run}",
            workers=[job.worker],
            allow_other_workers=False,
            pure=False,
            retries=0,
        )

    async def ran_out_of_memory(self, job: Job) -> bool:
        """Whether the nanny has ended the process of a job for the memory it took."""
        # The nanny reports what it does before it does it, but by another way than the death itself.
        for _ in range(5):
            for when, event in await self.client.get_events("worker-restart-memory"):
                if event["worker"] == job.worker and when >= job.begun:
                    return True
            await asyncio.sleep(0.1)
        return False

    async def restarted(self, job: Job) -> str:
        """End the worker's process, which its nanny then replaces; "" if it has gone, or why it has not."""
        restart = asyncio.create_task(self._restart(job))
        try:
            await asyncio.wait((restart,), timeout=RESTART + ANSWER)
            if not restart.done():
                return f"not within {RESTART:g} s"
            error = restart.exception()  # the scheduler passes on whatever its nanny comes up with
            return restart.result() if error is None else str(error) or type(error).__name__
        finally:
            restart.cancel()

    async def _restart(self, job: Job) -> str:
        if not job.is_among(await self.known()):
            return ""  # it has died, and its nanny starts another by itself
        with suppress(KeyError):  # it has gone in between
            said = await self.client.restart_workers([job.worker], timeout=RESTART, raise_for_error=False)
            if said[job.worker] != "OK":
                return str(said[job.worker])
        while job.is_among(await self.known()):  # its death may not have been noticed yet
            await asyncio.sleep(_LOOK)
        return ""
