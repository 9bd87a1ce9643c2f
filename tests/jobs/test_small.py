"""A small machine: one worker, there when something is to be done, that trains and answers in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import JobError, TurningPointError
from core.experiment import Experiment
from core.inference.kinds.texts import TextRequest
from core.jobs import queue
from core.jobs.inference_client import ask
from core.run import RunState
from tests.jobs.homes import Home, family


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(Path(tmp_path_factory.mktemp("small") / "home"), TURNING_POINT_SMALL="1")
    yield home
    home.close()


def refusal(home: Home, run: str) -> str:
    """The code of the error that a question is answered with, once the worker is there."""
    codes: list[str] = []

    def asked() -> bool:
        try:
            ask(home.settings, TextRequest(run, "good"), 30)
        except TurningPointError as error:
            codes.append(error.code)
        return codes[-1] != "answers_starting"

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
