"""What it costs to give 500 runs of studies to eight workers of a Dask cluster, over the sum of their trainings.

    python -m benchmarks.cluster [--runs N] [--workers N] [--seconds S] [--database URL]

Scheduler, nannies, worker processes (a new one for each run), dispatcher, admission and database are the real ones, on
this computer. Only the training is replaced by sleep, and the workers do without Keras: eight real trainings side by
side would need sixteen processors, and what is asked for is what comes on top of them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass

from distributed import Client, Nanny, Scheduler, Worker

from core.experiment import Experiment
from core.jobs import cluster as jobs_cluster
from core.jobs import dispatcher as dispatching
from core.jobs.admission import Admission
from core.jobs.dispatcher import Dispatcher
from core.jobs.kit import ANNOUNCED, kit
from core.jobs.patient_worker import PatientWorker
from core.jobs.tasks import where
from core.jobs.worker_groups import WorkerGroup
from core.run import Reason, RunState
from core.settings import Settings
from core.storage import beating, open_store
from core.study import Plan

GOAL = 0.05
_SECONDS = "BENCHMARK_SECONDS"
_A_STUDY = 50
_LONG = 600.0


@dataclass(frozen=True)
class Cost:
    """What was measured.

    Attributes:
        seconds: How long one training sleeps; `wall` from the first run that begins to the last that ends.
        a_run: Seconds that each run costs its worker beside the training.
        share: Of all workers' time over the sum of the trainings, less 1.
    """

    runs: int
    workers: int
    seconds: float
    wall: float
    a_run: float
    share: float


def dask_setup(worker: Worker) -> None:
    """Have the workers of the benchmark tell what they train with, as those with Keras do."""
    worker.startup_information[ANNOUNCED] = lambda _: kit().to_dict()


def sleep_through(run: str, environment: Mapping[str, str]) -> None:
    """Be a run: the same words to the database as of a real one, around a sleep."""
    store = open_store(Settings.from_environment(environment))
    try:
        store.record_environment(run, where())
        with beating(store, run):
            time.sleep(float(os.environ[_SECONDS]))
        store.finish(run, RunState.FINISHED, Reason("all_epochs", {"epochs": 1}))
    finally:
        store.close()


def cost(runs: int = 500, workers: int = 8, seconds: float = 3.0, database: str = "") -> Cost:
    """Give studies of so many runs in all to so many workers, and see how long that takes."""
    jobs_cluster.configure()
    real, dispatching.run_task = dispatching.run_task, sleep_through  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory(prefix="turning-point-") as folder:
        named = {"TURNING_POINT_HOME": folder, "TURNING_POINT_DATABASE": database}
        try:
            return asyncio.run(_measured(Settings.from_environment(named), runs, workers, seconds))
        finally:
            dispatching.run_task = real  # type: ignore[attr-defined]


async def _measured(settings: Settings, runs: int, workers: int, seconds: float) -> Cost:
    store = open_store(settings)
    experiment = Experiment.from_dict(_EXPERIMENT)
    for begin in range(0, runs, _A_STUDY):
        seeds = tuple(range(begin, min(runs, begin + _A_STUDY)))
        store.add_study(Plan(experiment, seeds=seeds), owner=f"student {begin // _A_STUDY % 4}")
    environment = settings.to_environment()
    scheduler = await Scheduler(host="127.0.0.1", port=0, dashboard=False, dashboard_address=":0")
    group = WorkerGroup.new(workers)
    nannies = await asyncio.gather(
        *(
            Nanny(
                scheduler.address,
                nthreads=1,
                host="127.0.0.1",
                local_directory=str(settings.home),
                worker_class=PatientWorker,
                preload=["benchmarks.cluster"],
                env={_SECONDS: str(seconds)},
                resources=group.resources,
            )
            for _ in range(group.processes)
        )
    )
    dispatcher = Dispatcher(
        lambda: Client(scheduler.address, asynchronous=True, set_as_default=False),
        store,
        name="benchmark:",
        environment=environment,
        host="",
        patience=15,
        say=lambda *_: None,
        scheduler=scheduler.address,
        admission=Admission(kit(), store, environment, name="benchmark", say=lambda _: None),
    )
    dispatching_runs = asyncio.create_task(dispatcher.run())
    try:
        async with asyncio.timeout(_LONG):
            while store.count(states={RunState.FINISHED}) < runs:
                await asyncio.sleep(0.5)
                if dispatching_runs.done():
                    dispatching_runs.result()
    finally:
        dispatcher.close()
        dispatching_runs.cancel()
        await asyncio.wait((dispatching_runs,))
        await asyncio.gather(*(nanny.close() for nanny in nannies))
        await scheduler.close()
    done = store.get_many([one.id for one in store.summaries(limit=runs)])
    store.close()
    begun = min(run.started for run in done if run.started is not None)
    ended = max(run.ended for run in done if run.ended is not None)
    wall = (ended - begun).total_seconds()
    return Cost(
        runs, workers, seconds, wall, wall * workers / runs - seconds, wall * workers / (runs * seconds) - 1
    )


_EXPERIMENT = {
    "dataset": "digits",
    "layers": [{"kind": "dense", "units": 10, "activation": "softmax"}],
    "epochs": 1,
}


def main() -> int:
    """Print it, and whether the goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--database", default="")
    options = parser.parse_args()
    found = cost(options.runs, options.workers, options.seconds, options.database)
    print(
        f"{found.runs} runs of {found.seconds:g} s on {found.workers} workers took {found.wall:.1f} s: "
        f"{found.a_run:.3f} s a run beside its training, {found.share:.1%} over the sum of the trainings "
        f"(goal: at most {GOAL:.0%}; {'met' if found.share <= GOAL else 'missed'})"
    )
    return 0 if found.share <= GOAL else 1


if __name__ == "__main__":
    raise SystemExit(main())
