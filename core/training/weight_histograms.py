"""What a run keeps of its weights: their distribution before the first epoch and after each one.

It lies among the artifacts in a few files, each with the epochs of one block of `BLOCK`, written anew with each epoch
of its block: a run that is killed keeps all epochs up to then, and a thousand epochs are read in some thirty files.
Each file is WEIGHT_STATS (epochs, tensors); the names of the tensors have a file of their own. Nothing here needs
Keras.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from core.analysis.weight_history import WEIGHT_STATS, WeightHistory, weight_stats
from core.errors import ArtifactDamagedError
from core.storage import Artifacts
from core.training import artifact_names
from core.training.recorders import Recorder

BLOCK = 32
"""Epochs a file."""


class WeightRecorder(Recorder):
    """Keeps the weights of one run while it is trained."""

    def __init__(self, run: str, artifacts: Artifacts) -> None:
        self._run = run
        self._artifacts = artifacts
        self._block = -1
        self._rows: list[NDArray[np.void]] = []

    def take_over(self, before: str, epochs: int) -> None:
        """Copy what another run kept up to an epoch; nothing if it kept nothing."""
        history = load_weights(self._artifacts, before)
        if history is None:
            return
        self._names(history.tensors)
        for row in history.kept[history.kept["epoch"][:, 0] <= epochs]:
            self._add(row)
        self._save()

    def on_weights(self, epoch: int, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep the distribution of the weights after an epoch; one that is there already is passed over."""
        if self._rows and self._rows[-1]["epoch"][0] >= epoch:
            return
        if not self._rows:
            self._names(tuple(weights))
        self._add(np.array([weight_stats(values, epoch) for values in weights.values()], dtype=WEIGHT_STATS))
        self._save()

    def _names(self, names: tuple[str, ...]) -> None:
        self._artifacts.save_array(self._run, artifact_names.WEIGHT_NAMES, np.array(names, dtype=np.str_))

    def _add(self, row: NDArray[np.void]) -> None:
        block = int(row["epoch"][0]) // BLOCK
        if block != self._block:
            if self._rows:
                self._save()
            self._block, self._rows = block, []
        self._rows.append(row)

    def _save(self) -> None:
        if self._rows:
            self._artifacts.save_array(self._run, artifact_names.weights(self._block), np.stack(self._rows))


def load_weights(artifacts: Artifacts, run: str) -> WeightHistory | None:
    """What a run has kept of its weights; None of a run that kept nothing, as those of earlier versions.

    StorageError if storage does not answer or a file is damaged ("artifact_damaged").
    """
    names = artifacts.names(run)
    blocks = [name for name in names if name.startswith(artifact_names.WEIGHT_BLOCKS)]
    if not blocks or artifact_names.WEIGHT_NAMES not in names:
        return None
    tensors = tuple(map(str, artifacts.load_array(run, artifact_names.WEIGHT_NAMES)))
    if not tensors:
        return None
    rows = []
    for name in blocks:
        block = artifacts.load_array(run, name)
        if block.dtype != WEIGHT_STATS or block.shape[1:] != (len(tensors),):
            raise ArtifactDamagedError("artifact_damaged", run=run, name=name)
        rows.append(block)
    return WeightHistory(tensors, np.concatenate(rows))
