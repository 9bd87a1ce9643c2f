"""What a training tells while it runs, and what it yields; nothing here needs Keras."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.run import Epoch, Progress, Reason, RunState

MOST_PREDICTED = 1_000
"""Of how many validation samples, at most, the predictions are kept after each epoch: the first ones."""

_SECONDS_BETWEEN = 0.25


class Recorder(Protocol):
    """Whoever wants to know how a training goes. Its methods are called from the training thread."""

    def progress(self, progress: Progress) -> None:
        """Take note of how far it is; called at most four times a second within a phase."""

    def epoch(self, epoch: Epoch, predictions: NDArray[np.float32] | None) -> None:
        """Take note of a complete epoch.

        Args:
            predictions: Probabilities (samples, classes) float32 for the first `MOST_PREDICTED` validation
                samples after this epoch; with one sigmoid unit (samples, 1). None without a validation set.
        """

    def weights(self, epoch: int, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Take note of the weights before the first epoch and after each one.

        Args:
            epoch: After which one; 0 before the first, or the last one taken over.
            weights: The values of each tensor that learns, by its name ("dense/kernel"), in the order of the
                network; only to be read.
        """


@dataclass(frozen=True)
class Outcome:
    """How a training ended."""

    state: RunState  # FINISHED, STOPPED or FAILED
    reason: Reason  # why: "all_epochs", "early_stopping", "stopped_by_user" or "not_a_number"
    #: the epoch whose weights are kept as the best, from 1; None if no epoch was completed
    best_epoch: int | None
    epochs: tuple[Epoch, ...]  # every complete epoch in order, those taken over included


class Throttled:
    """Hands progress on at most four times a second; a change of phase passes at once."""

    def __init__(self, recorder: Recorder, clock: Callable[[], float] = time.monotonic) -> None:
        self._recorder = recorder
        self._clock = clock
        self._phase = ""
        self._next = 0.0

    def progress(self, progress: Progress) -> None:
        """Hand on, or drop if the last one is too recent."""
        now = self._clock()
        if progress.phase == self._phase and now < self._next:
            return
        self._phase = progress.phase
        self._next = now + _SECONDS_BETWEEN
        self._recorder.progress(progress)

    def epoch(self, epoch: Epoch, predictions: NDArray[np.float32] | None) -> None:
        """Hand on always."""
        self._recorder.epoch(epoch, predictions)

    def weights(self, epoch: int, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Hand on always."""
        self._recorder.weights(epoch, weights)


class PolledStop:
    """Asks at most four times a second whether to stop, which may be as slow as a query, and remembers a yes."""

    def __init__(self, ask: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._next = 0.0
        self._answer = False

    def __call__(self) -> bool:
        """Whether to stop, as far as known."""
        now = self._clock()
        if not self._answer and now >= self._next:
            self._answer = self._ask()
            self._next = now + _SECONDS_BETWEEN
        return self._answer


class TimeLimit:
    """How long a training may take (0 minutes: any time), counted from the first time it is asked."""

    def __init__(self, minutes: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.minutes = minutes
        self.was_reached = False
        self._clock = clock
        self._end: float | None = None

    def reached(self) -> bool:
        """Whether the time is up."""
        now = self._clock()
        if self._end is None:
            self._end = now + 60 * self.minutes
        self.was_reached = self.minutes > 0 and now >= self._end
        return self.was_reached
