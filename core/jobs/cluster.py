"""The Dask cluster of this computer: a scheduler on loopback, and nannies with one worker process each.

One for each training that may run at a time, and one more for quick questions once there are any, so that those never
wait behind a training. Where the trainings have a cluster elsewhere, this one has the worker for questions only.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import dask
import distributed.utils
import psutil
from distributed import Nanny, Scheduler
from distributed.security import Security
from distributed.system import MEMORY_LIMIT
from distributed.utils import get_mp_context

from core.jobs.answers_worker import AnswersWorker, has_given_up
from core.jobs.processes import kill
from core.jobs.turns import Turns
from core.jobs.worker_groups import WorkerGroup
from core.processors import ONE_THREAD

_log = logging.getLogger(__name__)

ANSWERS = "answers"
"""The name of the worker for questions; those for trainings are numbered."""
_QUESTIONS_AT_A_TIME = 2
_ANSWERS_MEMORY = 2 * 10**9
"""Bytes that the worker for questions may use: with Keras and IMDB it has some 600 MB."""

_MIND, _LONGEST_MIND = 2.0, 60.0
"""Seconds between two looks at the nannies."""

_LOOPBACK = "127.0.0.1"
_OWN_SHARE = 0.8
"""Of the memory of the computer for all trainings together; the rest is for the web server and the system."""

_CONFIGURATION: dict[str, Any] = {
    # A run that takes its worker down is not tried again by itself: it would take down the next one.
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.work-stealing": False,
    # Nannies on the same computer know better than silence whether a worker is alive.
    "distributed.scheduler.worker-ttl": None,
    # Their pages ask for no password, and nobody needs them.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    # A training cannot be spilled or paused; it fits, or is ended before the system chooses a victim.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    # Samples every thread's stack a hundred times a second otherwise.
    "distributed.worker.profile.enabled": False,
    # What is left would cost an idle computer several per cent of a processor.
    "distributed.admin.system-monitor.disk": False,
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.tick.interval": "500ms",
    "distributed.worker.memory.monitor-interval": "250ms",
    "distributed.scheduler.active-memory-manager.start": False,  # no result is kept by two workers
    # What is remembered of tasks and workers long gone; each run is a task, and most have a process of their own.
    "distributed.admin.log-length": 500,
    "distributed.admin.low-level-log-length": 200,
    "distributed.admin.system-monitor.log-length": 60,
    "distributed.diagnostics.computations.max-history": 1,
    "distributed.diagnostics.erred-tasks.max-history": 1,
    "distributed.scheduler.events-cleanup-delay": "1m",
}


def configure(small: bool = False) -> None:
    """Set Dask up for long runs, one a process. To be called in the main thread, before anything of Dask's.

    Where there is a fork server it is started here: the kernel ends it with the thread that started it. On a small
    machine it is started with the worker.
    """
    # On Linux only: what Keras loads on macOS does not survive a fork, and Windows has none.
    method = "forkserver" if sys.platform == "linux" else "spawn"
    dask.config.set({**_CONFIGURATION, "distributed.worker.multiprocessing-method": method})
    if method == "forkserver" and not small:
        start_fork_server()


def start_fork_server() -> None:
    """Have a fork server, unless there is one. To be called in the main thread."""
    if dask.config.get("distributed.worker.multiprocessing-method") == "forkserver":
        # Dask would first import packages here, pandas among them (33 MB), only to name them to the fork server.
        distributed.utils._forkserver_preload_set = True
        get_mp_context().set_forkserver_preload(["core.jobs.fork_server"])
        from multiprocessing.forkserver import ensure_running

        ensure_running()


def end_fork_server() -> None:
    """Give back what a fork server holds that has no more worker; `start_fork_server` starts another."""
    for child in psutil.Process().children():
        with suppress(psutil.Error):
            if any("multiprocessing.forkserver" in word for word in child.cmdline()):
                kill(child.pid)


def set_environment() -> None:
    """Have libraries in worker processes keep to warnings, unless the environment says something else already."""
    # XLA writes a long error for each kept translation that it takes: preferences in it are no part of a processor.
    # What goes wrong comes as an exception, too.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "warning")


def memory_limit(workers: int) -> int:
    """Bytes that each of so many workers may use: what Dask finds, or the container's limit, shared out."""
    return int(_OWN_SHARE * MEMORY_LIMIT / workers)


@dataclass(frozen=True)
class LocalCluster:
    """A scheduler and its nannies, all in this process; each nanny minds one worker process.

    Those of `new_nannies` for which there are no nannies yet are of workers that rest at first: they need not be there
    for the first run, and come once the others have started.

    Not Dask's `SpecCluster`: some time after a worker has gone it looks whether the worker is back, and closes
    the nanny for good if it is not, so that recycling a worker just then would be the end of it.
    """

    scheduler: Scheduler
    new_nannies: tuple[Callable[[], Nanny], ...]
    nannies: list[Nanny]
    security: Security
    answers: AnswersWorker

    async def mind(self) -> None:
        """Replace nannies that have given up, for good: one that cannot start a process for want of memory, say."""
        pause = _MIND
        before: list[Nanny] = []  # one look is not enough: between two processes every nanny has none
        while True:
            await asyncio.sleep(pause)
            given_up = [nanny for nanny in self.nannies if has_given_up(nanny)]
            try:
                replaced = await self._replace([nanny for nanny in given_up if nanny in before])
                await self._complete()
            except (OSError, RuntimeError):  # Dask puts what went wrong into a RuntimeError
                _log.exception("A worker cannot be started; trying again.")
                pause = min(2 * pause, _LONGEST_MIND)
            else:
                pause = _MIND
                if replaced:
                    _log.warning("%d worker(s) had not come back and were started anew.", replaced)
            before = given_up

    async def _replace(self, nannies: list[Nanny]) -> int:
        for nanny in nannies:
            number = self.nannies.index(nanny)
            await nanny.close()
            self.nannies[number] = await self.new_nannies[number]()
        return len(nannies)

    async def _complete(self) -> None:
        """Start one more of the workers that rest at first."""
        if len(self.nannies) < len(self.new_nannies):
            self.nannies.append(await self.new_nannies[len(self.nannies)]())

    async def close(self) -> None:
        """End the worker processes at once, whatever they are doing, and then everything else."""
        nannies = [*self.nannies, *self.answers.nannies]
        for nanny in nannies:
            nanny.close_gracefully(reason="the engine ends")  # that is: do not start another process
            if nanny.pid is not None:
                kill(nanny.pid)
        await asyncio.gather(*(nanny.close() for nanny in nannies))
        await self.scheduler.close()


async def start_local_cluster(
    workers: int, memory: int, folder: Path, turns: Turns | None = None
) -> LocalCluster:
    """Start the cluster; every connection is encrypted with keys that only this process has.

    So many trainings go side by side in it, may be 0, and a process is ended above `memory` bytes; what Dask wants to
    write goes into the folder. With `turns` there is one worker only, for trainings and questions, once there
    is something to do.
    """
    security = Security.temporary()
    scheduler = await Scheduler(
        host=_LOOPBACK,
        port=0,
        protocol="tls://",
        security=security,
        dashboard=False,
        dashboard_address=f"{_LOOPBACK}:0",  # an HTTP server without pages is started all the same
    )
    new = partial(
        Nanny,
        scheduler.address,
        host=_LOOPBACK,
        local_directory=str(folder),
        security=security,
        preload=["core.jobs.worker"],
    )
    group = WorkerGroup.new(workers)
    training = partial(new, nthreads=1, memory_limit=memory, resources=group.resources)
    new_nannies = [partial(training, name=number) for number in range(group.processes)]
    if turns is not None:

        def small() -> Nanny:
            start_fork_server()
            return new(name=0, nthreads=1, memory_limit=memory)

        only = AnswersWorker(small, lambda: turns.busy, end_fork_server)
        return LocalCluster(scheduler, (), [], security, only)
    answers = partial(
        new, name=ANSWERS, nthreads=_QUESTIONS_AT_A_TIME, memory_limit=_ANSWERS_MEMORY, env=ONE_THREAD
    )
    nannies = [start() for start in new_nannies[:workers]]
    await asyncio.gather(*nannies)
    return LocalCluster(scheduler, tuple(new_nannies), nannies, security, AnswersWorker(answers))
