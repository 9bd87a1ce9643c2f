"""When a checkpoint of a run is written, and the thread that writes it. Nothing here needs Keras.

The training thread only hands over copies that it has taken anyway. A write that lasts longer than the epochs in
between is not waited for: of what came meanwhile the newest is written next. A write that fails (a full disk) costs
the run nothing but this checkpoint; the one before stays.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType

from core.errors import StorageError
from core.storage import Artifacts
from core.training import artifact_names
from core.training.checkpoint import Checkpoint

logger = logging.getLogger(__name__)

#: Seconds between two checkpoints: never more than the second; the first, if the last one cost little enough.
SHORTEST, LONGEST = 10.0, 60.0
#: The share of its time that a training may spend on them; each tenth of its epochs it gets one in any case.
_SHARE = 0.01
_TENTHS = 10


class CheckpointKeeper:
    """Keeps the newest checkpoint of one run, from the `with` on to its end.

    If the block ends with an exception, the newest state is written however young it is.

    Args:
        epochs: How many it is planned to have.
    """

    def __init__(
        self, run: str, artifacts: Artifacts, epochs: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._run = run
        self._artifacts = artifacts
        self._epochs = epochs
        self._step = max(1, epochs // _TENTHS)
        self._clock = clock
        self._pause = SHORTEST
        self._moment: float | None = None  # when the last one was handed to the thread, and its epoch
        self._epoch = 0
        self._newest: Checkpoint | None = None  # the last one offered, until it is handed to the thread
        self._waiting: Checkpoint | None = None  # handed to the thread, which has not begun with it
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def __enter__(self) -> CheckpointKeeper:
        self._began = self._clock()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self._newest is not None:
            self._hand_over(self._newest)
        with self._changed:
            self._closed = True
            if error is None:
                self._waiting = None  # the whole networks follow, or have been written
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    @property
    def minute_passed(self) -> bool:
        """Whether it is time for a checkpoint in the middle of an epoch."""
        since = self._began if self._moment is None else self._moment
        return self._clock() - since >= LONGEST

    def offer(self, checkpoint: Checkpoint) -> None:
        """Take note of the state after an epoch, which is written if it is time."""
        self._newest = checkpoint
        epoch = len(checkpoint.about.epochs)
        if epoch < self._epochs and (
            self._moment is None
            or epoch - self._epoch >= self._step
            or self._clock() - self._moment >= self._pause
        ):
            self._hand_over(checkpoint)

    def keep(self, checkpoint: Checkpoint) -> None:
        """Have a state written in any case."""
        self._hand_over(checkpoint)

    def _hand_over(self, checkpoint: Checkpoint) -> None:
        self._moment, self._epoch, self._newest = self._clock(), len(checkpoint.about.epochs), None
        with self._changed:
            self._waiting = checkpoint
            self._changed.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._write_all, name="checkpoints", daemon=True)
            self._thread.start()

    def _write_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._waiting is not None)
                checkpoint, self._waiting = self._waiting, None
            if checkpoint is None:
                return
            began = time.thread_time()
            try:
                with self._artifacts.write_file(self._run, artifact_names.CHECKPOINT) as file:
                    checkpoint.write(file)
            except (StorageError, MemoryError):
                logger.warning("A checkpoint of run %s could not be written.", self._run, exc_info=True)
            self._pause = min(LONGEST, max(SHORTEST, (time.thread_time() - began) / _SHARE))
            del checkpoint
