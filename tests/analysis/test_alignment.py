"""Where epochs stand on an axis that several runs share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.curves import axis_positions
from core.experiment import Dense, Experiment, FirstSplit
from core.run import Epoch


def experiment(batch_size: int, kept_back: int = 300) -> Experiment:
    return Experiment(
        dataset="digits",
        split=FirstSplit(count=kept_back),
        layers=(Dense(units=10, activation="softmax"),),
        batch_size=batch_size,
    )


def epochs(seconds: list[float]) -> tuple[Epoch, ...]:
    return tuple(Epoch(number, 1, 0.5, 1, 0.5, 0.001, one) for number, one in enumerate(seconds, 1))


@given(
    seconds=st.lists(st.floats(0, 100), max_size=20),
    batch_size=st.integers(1, 100),
    kept_back=st.integers(1, 1400),
)
def test_each_axis_is_what_it_says(seconds: list[float], batch_size: int, kept_back: int) -> None:
    plan, done = experiment(batch_size, kept_back), epochs(seconds)
    assert axis_positions(plan, done, "epoch") == tuple(range(1, len(seconds) + 1))
    steps = len(np.array_split(range(1500 - kept_back), range(batch_size, 1500 - kept_back, batch_size)))
    assert axis_positions(plan, done, "batches") == tuple(
        steps * (epoch + 1) for epoch in range(len(seconds))
    )
    assert axis_positions(plan, done, "seconds") == pytest.approx(np.cumsum(seconds))


def test_the_last_batch_of_an_epoch_counts_though_it_is_smaller() -> None:
    assert axis_positions(experiment(500), epochs([1, 1]), "batches") == (3, 6)
