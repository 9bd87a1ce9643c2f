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
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ArtifactDamagedError, StorageError
from core.run import Epoch
from core.storage import Artifacts
from core.storage.archives import DAMAGES
from core.storage.npy import from_npy
from core.training import artifact_names

#: The layout described above. A change of it raises the number; others are refused.
LAYOUT = 1
_ABOUT = "about.json"

State = tuple[NDArray[Any], ...]
"""The values of all variables, in the order of the network."""


@dataclass(frozen=True)
class InferenceRequest:
    """How far a checkpoint goes.

    Attributes:
        experiment: The digest of the experiment that was trained.
        epochs: Every complete epoch, in order from 1.
        best_epoch: The best of them; 0 if none is complete.
        batch: Batches done in the epoch after them; 0 if it was not begun.
        seconds: How long these batches took.
    """

    experiment: str
    epochs: tuple[Epoch, ...]
    best_epoch: int
    batch: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The state of a training.

    Attributes:
        about: How far it had come.
        last: The state after the last complete epoch, or before the first.
        best: The state after the best one; None if none is complete.
        within: The state after `about.batch` batches of the epoch under way; None if it was not begun.
        sums: What the metrics had added up by then.
    """

    about: InferenceRequest
    last: State
    best: State | None
    within: State | None = None
    sums: State = ()

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


def read_about(artifacts: Artifacts, run: str) -> InferenceRequest | None:
    """How far the checkpoint of a run goes; None if it has none. Its arrays are not read.

    Raises:
        StorageError: If it is damaged ("artifact_damaged") or another version wrote it ("checkpoint_layout").
    """
    if not artifacts.exists(run, artifact_names.CHECKPOINT):
        return None
    with artifacts.fetch_file(run, artifact_names.CHECKPOINT) as path:
        return _About(path, run).about


def read_checkpoint(artifacts: Artifacts, run: str, experiment: str) -> Checkpoint:
    """The checkpoint of a run, read whole.

    Args:
        experiment: The digest of the run's experiment.

    Raises:
        ArtifactMissingError: If there is none.
        StorageError: If it is damaged ("artifact_damaged"), another version wrote it ("checkpoint_layout") or it
            is that of another experiment ("checkpoint_other_experiment").
    """
    with artifacts.fetch_file(run, artifact_names.CHECKPOINT) as path:
        known = _About(path, run)
        if known.about.experiment != experiment:
            raise StorageError("checkpoint_other_experiment", run=run)
        try:
            states = _states(path, known.states)
        except DAMAGES as error:
            raise ArtifactDamagedError("artifact_damaged", run=run, name=artifact_names.CHECKPOINT) from error
    about = known.about
    best = states["last"] if about.best_epoch == len(about.epochs) else states["best"]
    return Checkpoint(
        about,
        last=states["last"],
        best=best if about.best_epoch else None,
        within=states["within"] if about.batch else None,
        sums=states["sums"],
    )


class _About:
    """What the head of a file says."""

    def __init__(self, path: Path, run: str) -> None:
        try:
            with zipfile.ZipFile(path) as archive:
                header = json.loads(archive.read(_ABOUT))
            layout = header.pop("layout")
        except (*DAMAGES, TypeError, AttributeError) as error:
            raise ArtifactDamagedError("artifact_damaged", run=run, name=artifact_names.CHECKPOINT) from error
        if layout != LAYOUT:
            raise StorageError("checkpoint_layout", run=run, received=layout, needed=LAYOUT)
        try:
            self.states: dict[str, int] = {name: int(count) for name, count in header.pop("states").items()}
            epochs = tuple(Epoch(**epoch) for epoch in header.pop("epochs"))
            self.about = InferenceRequest(epochs=epochs, **header)
        except (*DAMAGES, TypeError, AttributeError) as error:
            raise ArtifactDamagedError("artifact_damaged", run=run, name=artifact_names.CHECKPOINT) from error


def _states(path: Path, counts: dict[str, int]) -> dict[str, State]:
    """The states in a file, each array compared with its checksum."""
    states: dict[str, State] = {"best": ()}
    with zipfile.ZipFile(path) as archive:
        for name, count in counts.items():
            states[name] = tuple(from_npy(archive.read(f"{name}/{number}.npy")) for number in range(count))
    return states
