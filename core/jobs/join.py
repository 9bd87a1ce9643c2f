"""Workers for a Dask cluster elsewhere: `python -m core.jobs.join tcp://SCHEDULER:8786`.

What `dask worker` starts would do too, but ends when its scheduler goes, and a training with it. These stay, wait
for the scheduler as long as it takes, and come back if their processes die. To be run on each computer that
trains, with the database and the folders of artifacts and data set as for the server.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import shutil
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path

from distributed import Nanny

from core.jobs import cluster
from core.jobs.engine_home import write_log
from core.jobs.patient_worker import PatientWorker
from core.jobs.worker_groups import WorkerGroup
from core.settings import Settings

_log = logging.getLogger("core.jobs.join")  # also as __main__

_PAUSE, _LONGEST_PAUSE = 1.0, 10.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Work for a scheduler until told to end (SIGTERM, SIGINT); returns the exit code."""
    settings = Settings.from_environment()
    options = _parser(settings).parse_args(arguments)
    write_log()
    cluster.set_environment()
    cluster.configure()
    folder = Path(tempfile.mkdtemp(prefix="turning-point-"))
    try:
        asyncio.run(_work(options, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _parser(settings: Settings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core.jobs.join", description="Trains for a Dask scheduler elsewhere."
    )
    parser.add_argument(
        "scheduler",
        nargs="?" if settings.scheduler else None,
        default=settings.scheduler,
        help="its address, tcp://HOST:PORT (default: TURNING_POINT_SCHEDULER)",
    )
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="trainings side by side (default: %(default)s)"
    )
    parser.add_argument(
        "--memory", type=int, metavar="MB", help="memory each worker may use (default: a fair share)"
    )
    parser.add_argument("--host", help="address of this computer at which the scheduler reaches its workers")
    return parser


async def _work(options: argparse.Namespace, folder: Path) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    group = WorkerGroup.new(options.workers)
    keeping = [asyncio.create_task(_keep_one(options, folder, group)) for _ in range(group.processes)]
    ending = asyncio.create_task(told.wait())
    try:
        done, _ = await asyncio.wait((*keeping, ending), return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in (*keeping, ending):
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)


async def _keep_one(options: argparse.Namespace, folder: Path, group: WorkerGroup) -> None:
    """Have one worker process, always."""
    memory = options.memory * 10**6 if options.memory else cluster.memory_limit(options.workers)
    pause = _PAUSE
    while True:
        nanny = Nanny(
            options.scheduler,
            host=options.host,
            nthreads=1,
            memory_limit=memory,
            resources=group.resources,
            local_directory=str(folder),
            worker_class=PatientWorker,
            preload=["core.jobs.worker"],
        )
        try:
            await nanny
            _log.info("Works for %s.", options.scheduler)
            pause = _PAUSE
            await nanny.finished()
        except (OSError, RuntimeError) as error:  # Dask puts what went wrong into a RuntimeError
            _log.warning("The scheduler %s is not reached: %s", options.scheduler, error.__cause__ or error)
        finally:
            await nanny.close()
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


if __name__ == "__main__":
    raise SystemExit(main())
