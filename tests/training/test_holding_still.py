"""A training holds still while presses are answered, keeps half of its speed at least, and learns the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import pytest

from core.models.build import build
from core.pages_first import PagesFirst
from core.training import execute as executing
from core.training.holding_still import HoldingStill
from core.training.train import EtaEstimator, train
from tests.training.experiments import experiment_with
from tests.training.recording import Recording


@dataclass
class Day:
    """Time that passes only while somebody sleeps or works; a press every so often takes so long to answer."""

    every: float
    answer: float
    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    def left(self) -> float:
        return max(0.0, self.answer - self.now % self.every)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def holding(self) -> HoldingStill:
        return HoldingStill(self.left, self.clock, self.sleep)


def test_it_holds_still_until_a_press_is_answered() -> None:
    day = Day(every=50, answer=0.3, now=99.0)
    hold = day.holding()
    for _ in range(5):
        hold()
        assert not day.slept
        assert not hold.expects_presses
        day.now += 0.2
    day.now = 100.0
    hold()
    assert day.now == pytest.approx(100.3, abs=0.001)
    assert hold.expects_presses
    day.now = 115.0
    hold()
    assert day.now == 115.0
    assert not hold.expects_presses


@pytest.mark.parametrize(("every", "answer"), [(0.3, 0.3), (0.5, 0.3), (1e9, 1e9)])
@pytest.mark.parametrize("work", [0.004, 0.05, 0.3])
def test_however_many_press_it_works_half_of_the_time(every: float, answer: float, work: float) -> None:
    day, worked = Day(every, answer), 0.0
    hold = day.holding()
    for _ in range(2000):
        hold()
        day.now += work
        worked += work
    assert sum(day.slept) <= worked + 0.001
    assert all(seconds > 0 for seconds in day.slept)


def test_what_it_has_saved_up_lasts_for_some_presses_only() -> None:
    day = Day(every=1e9, answer=0)
    hold = day.holding()
    for _ in range(1000):
        hold()
        day.now += 0.2
    day.answer = day.every  # and from now on without an end
    hold()
    assert sum(day.slept) == pytest.approx(1.0, abs=0.01)


def test_while_somebody_presses_stretches_are_short() -> None:
    pace = EtaEstimator()
    for _ in range(6):
        pace.measured(pace.batches, pace.batches * 0.001, 0.03)
    assert pace.batches == pytest.approx(30, abs=1)
    for _ in range(6):
        pace.measured(pace.batches, pace.batches * 0.001)
    assert pace.batches == pytest.approx(200, abs=1)


def test_it_learns_the_same(digits) -> None:
    experiment = experiment_with(epochs=3)
    told = []
    for hold in (None, Day(every=1.0, answer=0.9).holding(), HoldingStill(lambda: 0.5, sleep=lambda _: None)):
        recording = Recording()
        result = train(
            experiment, digits(experiment), build(experiment), recording, lambda: False, hold_still=hold
        )
        told.append(
            [(epoch.loss, epoch.accuracy, epoch.val_loss, epoch.val_accuracy) for epoch in result.epochs]
        )
    assert told[0] == told[1] == told[2]
    assert len(told[0]) == 3


def test_a_run_hears_what_is_asked_in_its_home(store, artifacts, kept, settings, monkeypatch) -> None:
    still = partial(PagesFirst, clock=lambda: 1000.0)
    web, heard = still(settings.home), []

    class Heard(HoldingStill):
        def __call__(self) -> None:
            web.hold(0.05)
            heard.append(self.left())
            super().__call__()

    monkeypatch.setattr(executing, "HoldingStill", Heard)
    monkeypatch.setattr(executing, "PagesFirst", still)
    run = store.add(experiment_with(epochs=2), owner="test")
    assert store.start(run, "test")
    executing.execute(run, settings, store=store, artifacts=artifacts, kept=kept)
    assert len(store.get(run).epochs) == 2
    assert len(heard) >= 2
    assert heard == pytest.approx([0.05] * len(heard))
