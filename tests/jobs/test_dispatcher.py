"""What becomes of runs and workers when something goes wrong between the dispatcher, the scheduler and a worker.

Scheduler, nannies and worker processes are real; only the training is a stand-in, so that no process needs Keras.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import Client, Nanny, Scheduler
from distributed.utils import get_mp_context

from core.experiment import Experiment
from core.jobs import dispatcher as dispatching
from core.jobs import engine
from core.jobs.admission import Admission
from core.jobs.answers_worker import AnswersWorker
from core.jobs.cluster import ANSWERS, LocalCluster
from core.jobs.dispatcher import Dispatcher
from core.jobs.patient_worker import PatientWorker
from core.run import RunState
from core.settings import Settings
from core.storage import Store
from tests.jobs import stand_in
from tests.loops import run_apart
from tests.ports import free_port
from tests.waiting import LONG

CLOSE = 15.0
HERE = "this computer"


class Around:
    """A scheduler with nannies and a dispatcher, all in this process; only the workers have their own."""

    def __init__(self, settings: Settings, store: Store, experiment: Experiment, folder: Path) -> None:
        self.settings, self.store, self.folder = settings, store, folder
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.said: list[tuple[str, str]] = []
        self._experiment = experiment
        self._nannies: list[Nanny] = []
        self._scheduler: Scheduler | None = None
        self._dispatcher: Dispatcher | None = None
        self._dispatching: asyncio.Task[None] | None = None

    def submit(self) -> str:
        return self.store.add(self._experiment, owner="ann")

    def tell(self, what: str) -> None:
        (self.settings.home / what).touch()

    async def start_scheduler(self) -> None:
        self._scheduler = await Scheduler(
            host="127.0.0.1", port=self.port, dashboard=False, dashboard_address=":0"
        )

    async def end_scheduler(self) -> None:
        assert self._scheduler is not None
        await self._scheduler.close()

    async def start_worker(self, kind: type[Nanny] = Nanny, **options: Any) -> Nanny:
        nanny = await kind(
            self.address, nthreads=1, host="127.0.0.1", local_directory=str(self.folder),
            worker_class=PatientWorker, **options,
        )  # fmt: skip
        self._nannies.append(nanny)
        return nanny

    def dispatch(
        self, host: str = "", admission: Admission | None = None, client: type[Client] = Client
    ) -> Dispatcher:
        dispatcher = self._dispatcher = Dispatcher(
            lambda: client(self.address, asynchronous=True, set_as_default=False, timeout=2),
            self.store,
            name="engine:",
            environment=self.settings.to_environment(),
            host=host,
            patience=15,
            say=lambda state, message: self.said.append((state, message)),
            scheduler=self.address,
            admission=admission,
        )
        self._dispatching = asyncio.create_task(dispatcher.run())
        return dispatcher

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(LONG):
            while not condition():
                assert self._dispatching is None or not self._dispatching.done(), self._dispatching
                await asyncio.sleep(0.02)

    async def over(self, run: str) -> RunState:
        await self.until(lambda: self.store.get(run).state.is_over)
        return self.store.get(run).state

    async def begun(self, run: str) -> None:
        await self.until(lambda: "pid" in self.store.get(run).environment)

    async def close(self) -> None:
        self.tell(stand_in.GO)
        if self._dispatcher is not None and self._dispatching is not None:
            self._dispatcher.close()
            self._dispatching.cancel()
            await asyncio.wait((self._dispatching,))
        for nanny in self._nannies:
            process = nanny.process
            try:
                # Dask may wait for ever for a nanny that is closed while it begins a new process.
                await asyncio.wait_for(nanny.close(), CLOSE)
            except TimeoutError:
                for one in (process, nanny.process):
                    if one is not None and one.process is not None:
                        await one.process.kill()
        if self._scheduler is not None:
            await self._scheduler.close()


@pytest.fixture
def play(
    settings: Settings,
    store: Store,
    experiment: Experiment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[Callable[[Around], Coroutine[Any, Any, None]]], None]:
    """Plays what a test describes, beginning with a scheduler."""
    monkeypatch.setattr(dispatching, "run_task", stand_in.carry_out)
    monkeypatch.setattr(dispatching, "WATCH", 0.2)
    monkeypatch.setattr(dispatching, "LONGEST_PAUSE", 0.1)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Around]:
        around = Around(settings, store, experiment, tmp_path)
        await around.start_scheduler()
        try:
            yield around
        finally:
            await around.close()

    if sys.platform == "linux":  # processes that need not import everything anew
        monkeypatch.setitem(
            dask.config.config["distributed"]["worker"], "multiprocessing-method", "forkserver"
        )
        get_mp_context().set_forkserver_preload(["distributed", "tests.jobs.stand_in"])

    async def played(scene: Callable[[Around], Coroutine[Any, Any, None]]) -> None:
        async with opened() as around:
            await scene(around)

    return lambda scene: run_apart(played(scene))


Play = Callable[[Callable[[Around], Coroutine[Any, Any, None]]], None]


@pytest.mark.parametrize("where", ["_failure", "_write_down", "_death"])
def test_whatever_goes_wrong_with_a_run_its_worker_gets_the_next(
    play: Play, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    real, failed = getattr(Dispatcher, where), []

    async def fails_once(*arguments: Any) -> Any:
        if not failed:
            failed.append(where)
            raise IndexError("nobody thought of this")
        return await real(*arguments)

    monkeypatch.setattr(Dispatcher, where, fails_once)

    async def scene(around: Around) -> None:
        await around.start_worker()
        around.dispatch()
        first, second = around.submit(), around.submit()
        around.tell(f"{stand_in.DIE if where == '_death' else stand_in.FAIL}-{first}")
        await around.begun(second)
        around.tell(stand_in.GO)
        assert await around.over(second) is RunState.FINISHED
        assert await around.over(first) is RunState.FAILED
        assert failed
        assert "nobody thought of this" in around.store.get(first).reason.details["message"]

    with caplog.at_level(logging.ERROR, "core.jobs.dispatcher"):
        play(scene)
    assert "nobody thought of this" in caplog.text


class Obstinate(Nanny):
    """A nanny that cannot end its worker's process at first."""

    obstinate = False

    async def kill(self, timeout: float = 5, reason: str = "") -> None:
        if Obstinate.obstinate and "restart" in reason:
            raise ValueError("cannot allocate memory")
        await super().kill(timeout, reason)


def test_a_restart_that_fails_is_tried_again_and_said(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Obstinate, "obstinate", True)
    monkeypatch.setattr(dispatching, "NO_WORKERS", 0.5)

    async def scene(around: Around) -> None:
        await around.start_worker(Obstinate)
        around.dispatch()
        first, second = around.submit(), around.submit()
        await around.begun(first)
        pid = around.store.get(first).environment["pid"]
        around.tell(stand_in.GO)
        await around.until(lambda: any("does not restart" in message for _, message in around.said))
        assert around.store.get(second).state is RunState.QUEUED  # not in the process that was used
        assert any("cannot allocate memory" in message for _, message in around.said)
        await around.until(lambda: around.said[-1][0] == "no_workers")
        monkeypatch.setattr(Obstinate, "obstinate", False)
        assert await around.over(second) is RunState.FINISHED
        assert around.store.get(second).environment["pid"] != pid
        await around.until(lambda: around.said[-1] == ("ready", ""))

    play(scene)


@pytest.mark.parametrize(("host", "given"), [("", True), (HERE, False)])
def test_a_name_means_something_on_our_own_cluster_only(play: Play, host: str, given: bool) -> None:
    async def scene(around: Around) -> None:
        around.tell(stand_in.GO)
        await around.start_worker(name=ANSWERS)
        around.dispatch(host)
        run = around.submit()
        if given:
            assert await around.over(run) is RunState.FINISHED
            return
        other = await around.start_worker(name="0")
        assert await around.over(run) is RunState.FINISHED
        assert around.store.get(run).environment["worker"] == other.worker_address

    play(scene)


def test_a_scheduler_that_is_away_is_said_within_five_seconds() -> None:
    assert dispatching.WATCH + dispatching.LOOK + dispatching.ANSWER < 5  # one that hangs
    assert engine._CONNECT < 5  # one that is not there at the start; one that goes is seen at once


def test_a_run_outlives_its_scheduler_and_its_worker_comes_back(play: Play) -> None:
    async def scene(around: Around) -> None:
        await around.start_worker()
        around.dispatch()
        run, waiting = around.submit(), around.submit()
        await around.begun(run)
        pid = around.store.get(run).environment["pid"]
        await around.end_scheduler()
        await around.until(lambda: around.said[-1][0] == "no_scheduler")
        assert around.address in around.said[-1][1]
        await asyncio.sleep(3)
        await around.start_scheduler()
        await around.until(lambda: around.said[-1] == ("ready", ""))
        assert around.store.get(run).state is RunState.RUNNING
        assert around.store.get(waiting).state is RunState.QUEUED
        around.tell(stand_in.GO)
        assert await around.over(run) is RunState.FINISHED
        assert await around.over(waiting) is RunState.FINISHED
        assert around.store.get(run).environment["pid"] == pid
        assert around.store.get(waiting).environment["pid"] != pid

    play(scene)


class Stumbling(Client):
    """A client that was closing itself when it was closed."""

    async def __aexit__(self, *_: object) -> None:
        await super().__aexit__(None, None, None)
        raise RuntimeError("Cannot change state of expiring Timeout")


def test_a_connection_that_cannot_be_closed_in_order_does_not_end_it(play: Play) -> None:
    async def scene(around: Around) -> None:
        await around.start_worker()
        around.dispatch(client=Stumbling)
        await around.begun(around.submit())
        await around.end_scheduler()
        await around.until(lambda: around.said[-1][0] == "no_scheduler")
        await around.start_scheduler()
        await around.until(lambda: around.said[-1] == ("ready", ""))

    play(scene)


def test_a_run_that_had_not_reached_its_worker_is_given_to_the_next(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(around: Around) -> None:
        worker = await around.start_worker()
        dispatcher = around.dispatch()
        real = dispatcher._begin
        ended: list[asyncio.Task[None]] = []

        def too_late(job: dispatching.Job, work: Coroutine[Any, Any, None]) -> None:
            work.close()
            job.nanny = ""
            monkeypatch.setattr(dispatcher, "_begin", real)
            dispatcher._jobs[job.worker] = job
            ended.append(asyncio.create_task(around.end_scheduler()))

        monkeypatch.setattr(dispatcher, "_begin", too_late)
        around.tell(stand_in.GO)
        run = around.submit()
        await around.until(lambda: ended)
        await around.until(lambda: around.said[-1][0] == "no_scheduler")
        assert around.store.get(run).state is RunState.RUNNING
        await around.start_scheduler()
        assert await around.over(run) is RunState.FINISHED
        assert around.store.get(run).environment["worker"] == worker.worker_address

    play(scene)


def test_workers_that_rest_come_after_those_that_have_to_be_there(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.jobs.cluster._MIND", 0.2)

    async def scene(around: Around) -> None:
        first = await around.start_worker()
        assert around._scheduler is not None

        def new() -> Nanny:
            return Nanny(around.address, nthreads=1, local_directory=str(around.folder))

        local = LocalCluster(around._scheduler, (new, new), [first], first.security, AnswersWorker(new))
        minding = asyncio.create_task(local.mind())
        await around.until(lambda: len(local.nannies) == 2)
        minding.cancel()
        assert len(around._scheduler.workers) == 2
        await local.nannies[1].close()

    play(scene)


@pytest.mark.slow
def test_a_run_that_ended_with_its_scheduler_says_so(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatching, "SEARCH", 0.5)
    monkeypatch.setattr(dispatching, "SILENCE", 5.5)

    async def scene(around: Around) -> None:
        worker = await around.start_worker()
        around.dispatch()
        run = around.submit()
        await around.begun(run)
        await around.end_scheduler()
        await worker.close()
        await around.until(lambda: around.store.get(run).state.is_over)
        over = around.store.get(run)
        assert (over.state, over.reason.code) == (RunState.INTERRUPTED, "scheduler_lost")

    play(scene)


def test_a_nanny_that_has_given_up_is_replaced(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.jobs.cluster._MIND", 0.2)

    async def scene(around: Around) -> None:
        first = await around.start_worker()
        assert around._scheduler is not None
        made: list[Nanny] = []

        def new() -> Nanny:
            made.append(Nanny(around.address, nthreads=1, local_directory=str(around.folder)))
            return made[-1]

        local = LocalCluster(around._scheduler, (new,), [first], first.security, AnswersWorker(new))
        minding = asyncio.create_task(local.mind())
        around.dispatch()
        around.tell(stand_in.GO)
        assert await around.over(around.submit()) is RunState.FINISHED
        assert not made  # a worker that is renewed is not one that is missing
        await first.close()
        assert await around.over(around.submit()) is RunState.FINISHED
        assert local.nannies == made
        minding.cancel()
        for nanny in made:
            await nanny.close()

    play(scene)


def test_a_cluster_without_workers_says_so(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatching, "NO_WORKERS", 0.5)

    async def scene(around: Around) -> None:
        around.dispatch()
        run = around.submit()
        around.tell(stand_in.GO)
        await around.until(lambda: around.said and around.said[-1][0] == "no_workers")
        await around.start_worker()
        assert await around.over(run) is RunState.FINISHED
        await around.until(lambda: around.said[-1] == ("ready", ""))

    play(scene)


@pytest.mark.parametrize(
    ("dies", "state"), [(stand_in.EARLY, RunState.FINISHED), (stand_in.ALWAYS, RunState.FAILED)]
)
@pytest.mark.parametrize("host", ["", HERE])
def test_a_run_whose_worker_died_before_it_had_begun_is_given_out_once_more(
    play: Play, dies: str, state: RunState, host: str
) -> None:
    async def scene(around: Around) -> None:
        around.tell(stand_in.GO)
        around.tell(dies)
        await around.start_worker(name="0")
        around.dispatch(host)
        run = around.submit()
        assert await around.over(run) is state
        if state is RunState.FAILED:
            assert around.store.get(run).reason.code == "worker_died"

    play(scene)


def test_a_run_that_somebody_cancels_at_the_scheduler_goes_on(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatching, "SEARCH", 0.5)

    async def scene(around: Around) -> None:
        await around.start_worker()
        dispatcher = around.dispatch()
        run, waiting = around.submit(), around.submit()
        await around.begun(run)
        (job,) = dispatcher._jobs.values()
        assert job.future is not None
        await job.future.cancel()
        await around.until(lambda: job not in dispatcher._jobs.values())
        await around.until(lambda: dispatcher._jobs)
        assert around.store.get(waiting).state is RunState.QUEUED  # the worker is still at the first
        around.tell(stand_in.GO)
        assert await around.over(run) is RunState.FINISHED
        assert await around.over(waiting) is RunState.FINISHED
        pids = {around.store.get(each).environment["pid"] for each in (run, waiting)}
        assert len(pids) == 2

    play(scene)
