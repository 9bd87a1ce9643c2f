"""A small machine: one worker, there when something is to be done, that trains and answers in turn."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from core.errors import JobError, TurningPointError
from core.experiment import Experiment
from core.inference.kinds.texts import TextRequest
from core.jobs import queue
from core.jobs.inference_client import ask
from core.jobs.processes import kill
from core.run import Run, RunState
from tests.jobs.homes import Home, all_gone, family


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home", TURNING_POINT_SMALL="1")
    yield home
    home.close()


forked = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")


def processes(home: Home) -> list[psutil.Process]:
    """Those of the engine: itself, what watches over shared memory, and what is there to train and answer."""
    pid = home.engines[-1].pid
    assert pid is not None
    return family(pid)


def worker(home: Home) -> psutil.Process:
    """The worker process, once it is there: it has been forked from what the engine has started."""
    found: list[psutil.Process] = []

    def there() -> bool:
        found[:] = [
            process
            for process in processes(home)
            if process.ppid() not in (os.getpid(), home.engines[-1].pid)
        ]
        return bool(found)

    home.until(there)
    return found[0]


def refusal(home: Home, run: str) -> str:
    """The code of the error that a question is answered with, once the worker is there and its turn has come."""
    codes: list[str] = []

    def asked() -> bool:
        try:
            ask(home.settings, TextRequest(run, "good"), 30)
        except TurningPointError as error:
            codes.append(error.code)
        return codes[-1] not in ("answers_starting", "answers_after_training")

    home.until(asked)
    return codes[-1]


@pytest.mark.slow
def test_one_worker_trains_and_answers_in_turn(
    home: Home, experiment: Experiment, endless: Experiment
) -> None:
    engine = home.start()
    assert engine.pid is not None
    idle = len(family(engine.pid))
    assert idle <= 2  # and what watches over shared memory
    first = home.over(home.store.add(experiment, owner="ann"))
    assert first.state is RunState.FINISHED, first.reason
    assert refusal(home, first.id) == "run_not_about_texts"
    assert refusal(home, "nosuchrun2") == "unknown_run"
    busy = [process.pid for process in family(engine.pid)]
    # A training after answers is the same as one before, in a process of its own.
    second = home.over(home.store.add(experiment, owner="ben"))
    assert [epoch.val_loss for epoch in second.epochs] == [epoch.val_loss for epoch in first.epochs]
    assert second.environment["pid"] not in busy
    going = home.learning(queue.submit(home.store, endless, owner="ann"))
    with pytest.raises(JobError) as caught:
        ask(home.settings, TextRequest(first.id, "good"), 30)
    assert caught.value.code == "answers_after_training"
    home.store.request_stop(going.id)
    assert home.over(going.id).state is RunState.STOPPED
    assert refusal(home, first.id) == "run_not_about_texts"


def history(run: Run) -> list[tuple[float, float | None]]:
    return [(epoch.loss, epoch.val_loss) for epoch in run.epochs]


@pytest.mark.slow
@forked
def test_it_goes_when_nobody_needs_it_and_comes_back(home: Home, experiment: Experiment) -> None:
    home.start("--idle", "3")
    first = home.over(home.store.add(experiment, owner="ann"))
    assert first.state is RunState.FINISHED, first.reason
    assert refusal(home, first.id) == "run_not_about_texts"
    came = worker(home)
    both = {came, came.parent()}
    home.until(lambda: all_gone(both))
    at_rest = processes(home)
    second = home.over(home.store.add(experiment, owner="ben"))
    assert second.state is RunState.FINISHED, second.reason
    assert history(second) == history(first)
    assert second.environment["pid"] != first.environment["pid"]
    home.until(lambda: all_gone(set(processes(home)) - set(at_rest)))
    assert refusal(home, first.id) == "run_not_about_texts"  # a question brings it back, too


@pytest.mark.slow
@forked
def test_it_may_die_at_any_time(home: Home, experiment: Experiment, endless: Experiment) -> None:
    home.start()
    going = home.learning(home.store.add(endless, owner="ann"))
    kill(going.environment["pid"])  # in the middle of a training
    died = home.over(going.id)
    assert (died.state, died.reason.code) == (RunState.FAILED, "worker_died")
    first = home.over(home.store.add(experiment, owner="ann"))
    assert first.state is RunState.FINISHED, first.reason
    assert refusal(home, first.id) == "run_not_about_texts"
    kill(worker(home).pid)  # when it has answered and nobody needs it
    second = home.over(home.store.add(experiment, owner="ben"))
    assert second.state is RunState.FINISHED, second.reason
    assert history(second) == history(first)
    kill(worker(home).pid)  # in between, and somebody asks
    assert refusal(home, first.id) == "run_not_about_texts"
    kill(worker(home).ppid())  # with what all others were to be forked from
    third = home.over(home.store.add(experiment, owner="cem"))
    assert third.state is RunState.FINISHED, third.reason
    assert history(third) == history(first)
