"""The state of a training under way as one file: whoever has it goes on as if nothing had happened.

The file is a zip archive of NumPy arrays (an npz) with `about.json` in front: the epochs so far, bit for bit, and how
far the epoch under way has come. So it needs nothing of the database, which may know more epochs than the file or
fewer. Three states may be in it, each with all variables of the network and its optimizer in their order:

- `last/N`: after the last complete epoch (before the first one, if none is complete)
- `best/N`: after the best epoch; left out where that is the last one
- `within/N` and `sums/N`: in the middle of an epoch that takes long, and what its metrics have added up so far

Nothing here needs Keras: pages read how far a checkpoint goes.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ArtifactDamagedError, StorageError
from core.run import Epoch
from core.storage import Artifacts
from core.storage.file_formats import DAMAGES, from_npy
from core.training import artifact_names

logger = logging.getLogger(__name__)

#: Seconds between two checkpoints: never more than the second; the first, if the last one cost little enough.
SHORTEST, LONGEST = 10.0, 60.0
#: The share of its time that a training may spend on them; each tenth of its epochs it gets one in any case.
_SHARE = 0.01
_TENTHS = 10

#: The layout described above. A change of it raises the number; others are refused.
LAYOUT = 1
_ABOUT = "about.json"

State = tuple[NDArray[Any], ...]
"""The values of all variables, in the order of the network."""


@dataclass(frozen=True)
class CheckpointInfo:
    """How far a checkpoint goes."""

    experiment: str  # the digest of the experiment that was trained
    epochs: tuple[Epoch, ...]  # every complete epoch, in order from 1
    best_epoch: int  # the best of them; 0 if none is complete
    batch: int = 0  # batches done in the epoch after them; 0 if it was not begun
    seconds: float = 0.0  # how long these batches took


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The state of a training."""

    about: CheckpointInfo  # how far it had come
    last: State  # the state after the last complete epoch, or before the first
    best: State | None  # the state after the best one; None if none is complete
    #: the state after `about.batch` batches of the epoch under way; None if it was not begun
    within: State | None = None
    sums: State = ()  # what the metrics had added up by then

    def write(self, file: IO[bytes]) -> None:
        """Write it to a file."""
        about = self.about
        states = {"last": self.last, "within": self.within or (), "sums": self.sums}
        if about.best_epoch != len(about.epochs):
            states["best"] = self.best or ()
        header = {
            **asdict(about),
            "layout": LAYOUT,
            "states": {name: len(state) for name, state in states.items()},
        }
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(_ABOUT, json.dumps(header))
            for name, state in states.items():
                for number, array in enumerate(state):
                    with archive.open(f"{name}/{number}.npy", "w", force_zip64=True) as member:
                        np.lib.format.write_array(member, array, allow_pickle=False)


def read_info(artifacts: Artifacts, run: str) -> CheckpointInfo | None:
    """How far the checkpoint of a run goes; None if it has none. Its arrays are not read.

    StorageError if it is damaged ("artifact_damaged") or another version wrote it ("checkpoint_layout").
    """
    if not artifacts.exists(run, artifact_names.CHECKPOINT):
        return None
    with artifacts.fetch_file(run, artifact_names.CHECKPOINT) as path:
        return _read_head(path, run)[0]


def read_checkpoint(artifacts: Artifacts, run: str, experiment: str) -> Checkpoint:
    """The checkpoint of a run, read whole; `experiment` is the digest of the run's experiment.

    StorageError if there is none, if it is damaged ("artifact_damaged"), another version wrote it
    ("checkpoint_layout") or it is that of another experiment ("checkpoint_other_experiment").
    """
    with artifacts.fetch_file(run, artifact_names.CHECKPOINT) as path:
        about, counts = _read_head(path, run)
        if about.experiment != experiment:
            raise StorageError("checkpoint_other_experiment", run=run)
        states: dict[str, State] = {"best": ()}
        try:
            with zipfile.ZipFile(path) as archive:
                for name, count in counts.items():
                    members = (archive.read(f"{name}/{number}.npy") for number in range(count))
                    states[name] = tuple(map(from_npy, members))
            best = states["last" if about.best_epoch == len(about.epochs) else "best"]
            return Checkpoint(
                about,
                last=states["last"],
                best=best if about.best_epoch else None,
                within=states["within"] if about.batch else None,
                sums=states["sums"],
            )
        except DAMAGES as error:
            raise ArtifactDamagedError("artifact_damaged", run=run, name=artifact_names.CHECKPOINT) from error


def _read_head(path: Path, run: str) -> tuple[CheckpointInfo, dict[str, int]]:
    """How far a file goes, and how many arrays each of its states has."""
    try:
        with zipfile.ZipFile(path) as archive:
            header = json.loads(archive.read(_ABOUT))
        layout = header.pop("layout")
        if layout == LAYOUT:
            counts = {name: int(count) for name, count in header.pop("states").items()}
            epochs = tuple(Epoch(**epoch) for epoch in header.pop("epochs"))
            return CheckpointInfo(epochs=epochs, **header), counts
    except (*DAMAGES, TypeError, AttributeError) as error:
        raise ArtifactDamagedError("artifact_damaged", run=run, name=artifact_names.CHECKPOINT) from error
    raise StorageError("checkpoint_layout", run=run, received=layout, needed=LAYOUT)


class CheckpointManager:
    """Has the newest checkpoint of one run of so many planned epochs written, from the `with` on to its end.

    The training thread only hands over copies that it has taken anyway. A write that lasts longer than the epochs in
    between is not waited for: of what came meanwhile the newest is written next. A write that fails (a full disk)
    costs the run nothing but this checkpoint; the one before stays. If the block ends with an exception, the newest
    state is written however young it is.
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

    def __enter__(self) -> CheckpointManager:
        self._began = self._clock()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self._newest is not None:
            self.save(self._newest)
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
            self.save(checkpoint)

    def save(self, checkpoint: Checkpoint) -> None:
        """Have a state written in any case."""
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
