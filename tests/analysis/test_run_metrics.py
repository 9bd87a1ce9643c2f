"""The numbers by which runs are compared."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from core.analysis.run_metrics import Best, run_metrics
from core.experiment import Dense, Experiment, FirstSplit
from core.run import Epoch, Evaluation, Run, RunState
from tests.analysis.runs import stored

PLAN = Experiment(
    dataset="digits", split=FirstSplit(count=300), layers=(Dense(units=10, activation="softmax"),)
)


def run(*epochs: Epoch, evaluation: Evaluation | None = None) -> Run:
    return stored("a", PLAN, state=RunState.RUNNING, epochs=epochs, evaluation=evaluation)


def epoch(number: int, val_loss: float | None, val_accuracy: float | None = 0.5) -> Epoch:
    return Epoch(number, 0.25, 0.9, val_loss, val_accuracy, 0.001, 1.5)


def test_a_run_that_has_not_begun_has_a_network_and_nothing_else() -> None:
    found = run_metrics(run())
    assert found.parameters == 64 * 10 + 10
    assert (found.epochs, found.seconds, found.val_loss, found.val_accuracy) == (0, None, None, None)
    assert (found.test, found.gap, found.turning.epoch) == (None, None, None)


def test_the_best_is_the_first_best_and_numbers_only() -> None:
    found = run_metrics(
        run(epoch(1, math.nan, 0.7), epoch(2, 0.5, 0.8), epoch(3, 0.5, 0.8), epoch(4, 0.75, math.nan))
    )
    assert found.val_loss == Best(0.5, 2)
    assert found.val_accuracy == Best(0.8, 2)
    assert found.seconds == 6
    assert found.gap == 0.5


@pytest.mark.parametrize("val_loss", [None, math.nan, math.inf])
def test_a_gap_is_a_number_or_nothing(val_loss: float | None) -> None:
    assert run_metrics(run(epoch(1, val_loss, None))).gap is None


def test_the_test_accuracy_comes_with_its_interval() -> None:
    found = run_metrics(run(epoch(1, 0.5), evaluation=Evaluation(0.4, 0.8, ((50, 10), (10, 30)))))
    assert found.test is not None
    assert (found.test.share, found.samples) == (0.8, 100)
    # The ends are where the distance to the share is 1.96 standard deviations of the end itself.
    for end in (found.test.low, found.test.high):
        assert abs(0.8 - end) == pytest.approx(NormalDist().inv_cdf(0.975) * math.sqrt(end * (1 - end) / 100))


def test_an_evaluation_without_samples_says_nothing() -> None:
    assert run_metrics(run(evaluation=Evaluation(math.nan, math.nan, ()))).test is None
