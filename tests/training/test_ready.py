"""Data and network are made ready side by side."""

from __future__ import annotations

import sys
import threading

import pytest

from core.errors import DataMissingError
from core.training.graphs import KeptGraphs
from core.training.ready import make_ready
from core.training.steps import TrainingSteps
from core.training.train import order_of
from tests.training.experiments import experiment_with


def test_the_data_come_while_the_steps_are_made(digits, monkeypatch) -> None:
    experiment, made = experiment_with(), threading.Event()
    begin = TrainingSteps.__init__

    def begins(*args) -> None:
        begin(*args)
        made.set()

    monkeypatch.setattr(TrainingSteps, "__init__", begins)

    def prepare():
        assert made.wait(60), "the steps wait for the data"
        return digits(experiment)

    ready = make_ready(experiment, prepare, KeptGraphs(), None)

    prepared = digits(experiment)
    alone = TrainingSteps(KeptGraphs().of(experiment).model, prepared.x_train, prepared.y_train, 32)
    for steps in (ready.steps, alone):
        steps.begin_epoch(order_of(5, 0, len(prepared.y_train)))
    assert ready.steps.run(0, ready.steps.batches) == alone.run(0, alone.batches)


def test_what_is_wrong_with_the_data_is_raised_and_threads_take_turns_as_before() -> None:
    turn = sys.getswitchinterval()

    def prepare():
        assert sys.getswitchinterval() < turn
        raise DataMissingError("data_missing", dataset="digits", files="digits.npz")

    with pytest.raises(DataMissingError):
        make_ready(experiment_with(), prepare, KeptGraphs(), None)
    assert sys.getswitchinterval() == turn
