"""Who hears of a training while it runs, and what keeps its pace; nothing here needs Keras.

The loop calls the hooks of one `Recorder`; a further output is one more of them among those of `core.training.execute`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.run import Epoch, Progress
from core.storage import Artifacts, Logbook
from core.training import artifact_names

MOST_PREDICTED = 1_000
"""Of how many validation samples, at most, the predictions are kept after each epoch: the first ones."""

_SECONDS_BETWEEN = 0.25


class Recorder:
    """Hears of a training in its thread, and does nothing by itself. What a hook raises ends the training."""

    def on_progress(self, progress: Progress) -> None:
        """How far it is; at most four times a second within a phase."""

    def on_epoch_end(self, epoch: Epoch, predictions: NDArray[np.float32] | None) -> None:
        """A complete epoch, and the outputs (samples, units) after it for the first validation samples, if any."""

    def on_watched(self, epoch: int, outputs: NDArray[np.float32]) -> None:
        """The outputs (samples, units) after an epoch for the watched training samples, before `on_epoch_end`.

        Only where labels are wrong on purpose; see `core.analysis.memorization`.
        """

    def on_weights(self, epoch: int, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """The values, only to be read, of each tensor that learns, by its name ("dense/kernel"), after an epoch.

        Called before the first epoch (0, or the last one taken over) and after each one.
        """


class Recorders(Recorder):
    """Tells several recorders, one after the other."""

    def __init__(self, *recorders: Recorder) -> None:
        self._recorders = recorders

    def on_progress(self, progress: Progress) -> None:
        """Tell each."""
        for recorder in self._recorders:
            recorder.on_progress(progress)

    def on_epoch_end(self, epoch: Epoch, predictions: NDArray[np.float32] | None) -> None:
        """Tell each."""
        for recorder in self._recorders:
            recorder.on_epoch_end(epoch, predictions)

    def on_watched(self, epoch: int, outputs: NDArray[np.float32]) -> None:
        """Tell each."""
        for recorder in self._recorders:
            recorder.on_watched(epoch, outputs)

    def on_weights(self, epoch: int, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Tell each."""
        for recorder in self._recorders:
            recorder.on_weights(epoch, weights)


class WeightsBeside(Recorder):
    """Has another recorder hear of the weights in a thread, while the next epoch is trained; one epoch at a time.

    What its hook raises is raised by that of the next epoch, or by `close`.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._pool = ThreadPoolExecutor(1, "weights")
        self._told: Future[None] | None = None

    def on_weights(self, epoch: int, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Tell the other, once it is done with the epoch before."""
        self._wait()
        self._told = self._pool.submit(self._recorder.on_weights, epoch, weights)

    def close(self) -> None:
        """Wait until it is done with the last one."""
        try:
            self._wait()
        finally:
            self._pool.shutdown()

    def _wait(self) -> None:
        told, self._told = self._told, None
        if told is not None:
            told.result()


@dataclass
class LogbookRecorder(Recorder):
    """Has progress and epochs written into the database."""

    log: Logbook

    def on_progress(self, progress: Progress) -> None:
        """Write it down."""
        self.log.progress(progress)

    def on_epoch_end(self, epoch: Epoch, predictions: NDArray[np.float32] | None) -> None:
        """Write it down."""
        self.log.epoch(epoch)


@dataclass
class PredictionRecorder(Recorder):
    """Keeps the predictions after each epoch, as float16."""

    run: str
    artifacts: Artifacts

    def on_epoch_end(self, epoch: Epoch, predictions: NDArray[np.float32] | None) -> None:
        """Keep them."""
        if predictions is not None:
            name = artifact_names.predictions(epoch.number)
            self.artifacts.save_array(self.run, name, predictions.astype(np.float16))


@dataclass
class Throttled:
    """Hands progress on at most four times a second; a change of phase passes at once."""

    hook: Callable[[Progress], None]
    clock: Callable[[], float] = time.monotonic
    _phase: str = ""
    _next: float = 0.0

    def __call__(self, progress: Progress) -> None:
        """Hand on, or drop if the last one is too recent."""
        now = self.clock()
        if progress.phase == self._phase and now < self._next:
            return
        self._phase = progress.phase
        self._next = now + _SECONDS_BETWEEN
        self.hook(progress)


@dataclass
class PolledStop:
    """Asks at most four times a second whether to stop, which may be as slow as a query, and remembers a yes."""

    ask: Callable[[], bool]
    clock: Callable[[], float] = time.monotonic
    _next: float = 0.0
    _answer: bool = False

    def __call__(self) -> bool:
        """Whether to stop, as far as known."""
        now = self.clock()
        if not self._answer and now >= self._next:
            self._answer = self.ask()
            self._next = now + _SECONDS_BETWEEN
        return self._answer


@dataclass
class TimeLimit:
    """How long a training may take (0 minutes: any time), counted from the first time it is asked."""

    minutes: float
    clock: Callable[[], float] = time.monotonic
    was_reached: bool = False
    _end: float | None = None

    def reached(self) -> bool:
        """Whether the time is up."""
        now = self.clock()
        if self._end is None:
            self._end = now + 60 * self.minutes
        self.was_reached = self.minutes > 0 and now >= self._end
        return self.was_reached
