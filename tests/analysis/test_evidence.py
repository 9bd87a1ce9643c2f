"""What is said for a turning point is what the rule looked at."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.evidence import STOPPING_RULES, SimulatedStop, StoppingRule, evidence, simulate_stopping
from core.analysis.turning_point import Rule, turn
from core.run import Epoch

#: Lowest in epoch 3; above it by 2, 12.5, 10 and 25 percent after that.
CURVE = [1.0, 0.5, 0.4, 0.408, 0.45, 0.44, 0.5]

curves = st.lists(st.floats(0.1, 3) | st.sampled_from([0.5, 1.0, math.inf, math.nan]), max_size=25)
rules = st.builds(
    Rule,
    threshold=st.sampled_from([-1.0, 0.0, 1.0, 5.0, 50.0]),
    epochs_above=st.integers(1, 5),
    rises=st.integers(1, 5),
)


def epochs(val_losses: list[float | None] | list[float]) -> list[Epoch]:
    return [
        Epoch(number, 1 / number, 0.5, loss, 0.5, 0.001, 1.0)
        for number, loss in enumerate(val_losses, start=1)
    ]


def test_each_epoch_is_judged_by_the_lowest_so_far() -> None:
    found = evidence(epochs(CURVE))
    assert [step.generalisation_loss for step in found.steps] == pytest.approx([0, 0, 0, 2, 12.5, 10, 25])
    assert [step.rises for step in found.steps] == [0, 0, 0, 1, 2, 0, 1]
    assert [step.counts for step in found.steps] == [False] * 3 + [True] * 4
    assert (found.above, found.longest, found.known) == ((5, 6, 7), (4, 5), 6)
    assert (found.enough_above, found.enough_rises) == (True, False)


def test_rises_alone_may_confirm() -> None:
    found = evidence(epochs([1.0, 0.500, 0.501, 0.502, 0.503, 0.504]))
    assert (found.above, found.longest, found.known) == ((), (3, 4, 5, 6), 6)
    assert (found.enough_above, found.enough_rises) == (False, True)


@pytest.mark.parametrize("losses", [[], [None, None], [math.nan, math.inf]])
def test_without_numbers_nothing_speaks_for_anything(losses: list[float | None]) -> None:
    found = evidence(epochs(losses))
    assert (found.above, found.longest, found.known, found.turn.epoch) == ((), (), None, None)
    assert not found.enough_above
    assert not found.enough_rises


def test_an_impatient_rule_answers_too_early() -> None:
    losses = [1.0, 0.8, 0.82, 0.6, 0.5, 0.55, 0.6]
    assert simulate_stopping(losses, StoppingRule("rises", 1).rule) == SimulatedStop(3, 2, pytest.approx(60))
    assert simulate_stopping(losses, StoppingRule("rises", 2).rule) == SimulatedStop(7, 5, 0)
    assert simulate_stopping(losses, StoppingRule("loss", 5).rule) == SimulatedStop(6, 5, 0)
    assert simulate_stopping(losses, StoppingRule("patience", 1).rule) == SimulatedStop(
        3, 2, pytest.approx(60)
    )
    assert simulate_stopping(losses, StoppingRule("patience", 3).rule) == SimulatedStop()


def test_patience_is_that_of_early_stopping() -> None:
    """As Keras counts: epochs since the last strictly lower loss."""
    losses = [1.0, 0.9, 0.95, 0.9, 0.93, 0.7]
    assert simulate_stopping(losses, StoppingRule("patience", 3).rule).stopped == 5
    assert simulate_stopping(losses, StoppingRule("patience", 4).rule).stopped is None


@given(curves, rules)
def test_the_evidence_agrees_with_the_turning_point(losses: list[float], rule: Rule) -> None:
    found, wanted = evidence(epochs(losses), rule), turn(losses, rule)
    assert found.turn == wanted
    assert wanted.confirmed == (found.enough_above or found.enough_rises)
    assert len(found.longest) == wanted.rises
    assert (found.known is not None) == wanted.confirmed
    if found.known is not None:  # it is the first beginning of the curve that is enough
        assert wanted.epoch is not None
        beginnings = range(wanted.epoch, len(losses) + 1)
        assert found.known == next(n for n in beginnings if turn(losses[:n], rule).confirmed)


@given(curves, rules | st.sampled_from([simple.rule for simple in STOPPING_RULES]))
def test_watching_is_asking_after_each_epoch(losses: list[float], rule: Rule) -> None:
    usable = [loss if math.isfinite(loss) else math.inf for loss in losses]
    met = next((n for n in range(1, len(losses) + 1) if turn(losses[:n], rule).confirmed), None)
    found = simulate_stopping(usable, rule)
    assert found.stopped == met
    assert found.epoch == (turn(losses[:met], rule).epoch if met else None)
    if found.epoch is not None:
        assert found.excess == pytest.approx(100 * (usable[found.epoch - 1] / min(usable) - 1))
