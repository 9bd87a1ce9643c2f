"""Weights are kept while the next epoch is trained: all of them, in order, and what goes wrong is not lost."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from core.training.recorders import Recorder, WeightsBeside

WEIGHTS = {"dense/kernel": np.ones((2, 3), np.float32)}


class Keeper(Recorder):
    """Keeps what it hears; waits with each epoch until it may go on, and cannot keep one of them."""

    def __init__(self, *, fails_at: int | None = None) -> None:
        self.heard: list[int] = []
        self.may_go_on = threading.Event()
        self._fails_at = fails_at

    def on_weights(self, epoch: int, weights: Mapping[str, NDArray[np.float32]]) -> None:
        assert self.may_go_on.wait(30)
        if epoch == self._fails_at:
            raise OSError(f"no room for epoch {epoch}")
        assert weights is WEIGHTS
        self.heard.append(epoch)


def test_whoever_trains_does_not_wait_for_the_last_epoch_but_for_the_one_before() -> None:
    keeper = Keeper()
    beside = WeightsBeside(keeper)
    beside.on_weights(0, WEIGHTS)
    assert keeper.heard == []  # and yet we are here
    keeper.may_go_on.set()
    beside.on_weights(1, WEIGHTS)
    assert keeper.heard[:1] == [0]
    beside.on_weights(2, WEIGHTS)
    beside.close()
    assert keeper.heard == [0, 1, 2]


def test_an_error_is_raised_by_the_next_epoch() -> None:
    keeper = Keeper(fails_at=1)
    keeper.may_go_on.set()
    beside = WeightsBeside(keeper)
    beside.on_weights(0, WEIGHTS)
    beside.on_weights(1, WEIGHTS)
    with pytest.raises(OSError, match="no room for epoch 1"):
        beside.on_weights(2, WEIGHTS)
    beside.close()  # it is said once
    assert keeper.heard == [0]


def test_an_error_of_the_last_epoch_is_raised_at_the_end() -> None:
    keeper = Keeper(fails_at=0)
    keeper.may_go_on.set()
    beside = WeightsBeside(keeper)
    beside.on_weights(0, WEIGHTS)
    with pytest.raises(OSError, match="no room for epoch 0"):
        beside.close()
