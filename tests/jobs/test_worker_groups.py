"""Groups of workers of which only so many have a run at a time, so that the others are ready for the next."""

from __future__ import annotations

import asyncio
from typing import Any

import dask
import pytest
from distributed import Client, Nanny

from core.jobs import dispatcher as dispatching
from core.jobs.worker_groups import WorkerGroup
from core.jobs.worker_pool import Job, WorkerPool
from core.run import RunState
from tests.jobs import stand_in
from tests.jobs.test_dispatcher import Around, Obstinate, Play, play  # noqa: F401


@pytest.mark.parametrize(
    ("method", "limit", "processes"),
    [
        ("forkserver", 1, 2),
        ("forkserver", 2, 3),
        ("forkserver", 8, 12),
        ("forkserver", 0, 0),
        ("spawn", 2, 2),
    ],
)
def test_processes_rest_where_they_take_little_memory(method: str, limit: int, processes: int) -> None:
    with dask.config.set({"distributed.worker.multiprocessing-method": method}):
        assert WorkerGroup.new(limit).processes == processes


def test_a_worker_says_to_which_group_it_belongs() -> None:
    group, other = WorkerGroup.new(2), WorkerGroup.new(2)
    assert group != other
    assert (
        WorkerGroup.of("tcp://one", {"resources": {"GPU": 1.0, **group.resources}, "nanny": "tcp://n"})
        == group
    )
    assert WorkerGroup.of("tcp://one", {"resources": {"GPU": 1.0}, "nanny": "tcp://n"}) == WorkerGroup(
        "tcp://n", 1
    )
    assert WorkerGroup.of("tcp://one", {"resources": {}, "nanny": None}) == WorkerGroup("tcp://one", 1)


def test_the_next_run_of_a_group_waits_for_the_run_before_but_not_for_its_process(
    play: Play,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Obstinate, "obstinate", True)

    async def scene(around: Around) -> None:
        group = WorkerGroup.new(1)
        for _ in range(2):
            await around.start_worker(Obstinate, resources=group.resources)
        around.dispatch()
        first, second, third = (around.submit() for _ in range(3))
        await around.begun(first)
        await asyncio.sleep(1)  # in which the other worker is looked at several times
        assert around.store.get(second).state is RunState.QUEUED
        around.tell(stand_in.GO)
        assert await around.over(first) is RunState.FINISHED
        assert await around.over(second) is RunState.FINISHED
        # Neither process has ended, and none gets a second run.
        await around.until(lambda: any("does not restart" in message for _, message in around.said))
        assert around.store.get(third).state is RunState.QUEUED
        monkeypatch.setattr(Obstinate, "obstinate", False)
        assert await around.over(third) is RunState.FINISHED
        runs = around.store.get_many([first, second, third])
        assert len({run.environment["pid"] for run in runs}) == 3
        assert {run.environment["group"] for run in runs} == {group.name}

    play(scene)


def test_a_worker_that_dies_leaves_its_place_in_the_group_to_another(play: Play) -> None:  # noqa: F811
    async def scene(around: Around) -> None:
        group = WorkerGroup.new(1)
        for _ in range(2):
            await around.start_worker(resources=group.resources)
        around.dispatch()
        first, second = around.submit(), around.submit()
        await around.begun(first)
        around.tell(f"{stand_in.DIE}-{first}")
        await around.begun(second)
        assert await around.over(first) is RunState.FAILED
        around.tell(stand_in.GO)
        assert await around.over(second) is RunState.FINISHED

    play(scene)


@pytest.mark.parametrize("restarted", [False, True])
def test_a_training_without_a_scheduler_keeps_its_place_in_the_group(
    play: Play,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    restarted: bool,
) -> None:
    monkeypatch.setattr(dispatching, "SEARCH", 0.5)

    async def scene(around: Around) -> None:
        group = WorkerGroup.new(1)
        for _ in range(2):
            await around.start_worker(resources=group.resources)
        dispatcher = around.dispatch()
        run, waiting = around.submit(), around.submit()
        await around.begun(run)
        await around.end_scheduler()
        await around.until(lambda: around.said[-1][0] == "no_scheduler")
        if restarted:  # another engine finds what the one before gave out
            assert around._dispatching is not None
            dispatcher.close()
            around._dispatching.cancel()
            await asyncio.wait((around._dispatching,))
        await around.start_scheduler()
        if restarted:
            around.dispatch()
        # The worker that rests comes back at once. Its group is busy all the same.
        await around.until(lambda: around._scheduler is not None and around._scheduler.workers)
        await asyncio.sleep(1)
        assert around.store.get(run).state is RunState.RUNNING
        assert around.store.get(waiting).state is RunState.QUEUED
        around.tell(stand_in.GO)
        assert await around.over(run) is RunState.FINISHED
        assert await around.over(waiting) is RunState.FINISHED

    play(scene)


def test_runs_of_other_engines_count(play: Play) -> None:  # noqa: F811
    async def scene(around: Around) -> None:
        group = WorkerGroup.new(2)
        first, *_ = [await around.start_worker(resources=group.resources) for _ in range(4)]
        alone: Nanny = await around.start_worker()
        async with Client(around.address, asynchronous=True, set_as_default=False) as client:
            pool = WorkerPool(client, False, lambda: None)

            async def free(*jobs: Job) -> list[int]:
                """How many of the group and how many others may have a run."""
                found = await pool.free({job.worker: job for job in jobs})
                others = sum(address == alone.worker_address for address in found)
                return [len(found) - others, others]

            def theirs(key: str) -> Any:
                settings = around.settings.to_environment()
                return client.submit(
                    stand_in.hold, settings, key=key, workers=[first.worker_address], pure=False
                )

            assert await free() == [2, 1]
            probe = theirs("probe-1")  # no training
            await asyncio.sleep(0.2)
            assert await free() == [2, 1]
            around.tell(stand_in.GO)
            await probe
            (around.settings.home / stand_in.GO).unlink()
            run = theirs("run-1")
            await asyncio.sleep(0.2)
            assert await free() == [1, 1]
            known = await pool.known()
            apart = {first.worker_address, alone.worker_address}
            ours = Job.at("2", *next(one for one in known.items() if one[0] not in apart))
            assert await free(ours) == [0, 1]
            ours.over = True
            assert await free(ours) == [1, 1]
            around.tell(stand_in.GO)
            await run

    play(scene)
