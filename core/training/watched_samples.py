"""What a run keeps of training samples while their labels are wrong on purpose: who they are, and the answers to them.

A few kilobytes an epoch, in a file of its own; see `core.analysis.memorization`. Nothing here needs Keras.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analysis.curves import epoch_choice
from core.analysis.memorization import ANSWERS, WATCHED, LabelHistory, watched_answers
from core.analysis.turning_point import turning_point_of
from core.errors import ArtifactDamagedError, StorageError
from core.run import Run
from core.storage import Artifacts
from core.training import artifact_names
from core.training.recorders import Recorder

MOST_EPOCHS = 100
"""So many epochs are read, for reading more would take longer than a click may; of more, some are chosen evenly."""


@dataclass
class WatchedRecorder(Recorder):
    """Keeps the answers to the watched training samples after each epoch."""

    run: str
    artifacts: Artifacts
    samples: NDArray[np.void]  # `WATCHED` (samples,)

    def __post_init__(self) -> None:
        """Keep which samples they are."""
        self.artifacts.save_array(self.run, artifact_names.WATCHED, self.samples)

    def on_watched(self, epoch: int, outputs: NDArray[np.float32]) -> None:
        """Keep them."""
        answers = watched_answers(outputs, self.samples)
        self.artifacts.save_array(self.run, artifact_names.watched(epoch), answers)


def load_watched(artifacts: Artifacts, run: Run) -> LabelHistory | None:
    """What a run has kept of its watched samples; None of one that kept nothing, as those with right labels do.

    Epochs whose files are damaged are left out. StorageError if storage does not answer, or the list of the samples is
    damaged ("artifact_damaged").
    """
    names = set(artifacts.names(run.id))
    epochs = [epoch.number for epoch in run.epochs if artifact_names.watched(epoch.number) in names]
    if not epochs or artifact_names.WATCHED not in names:
        return None
    samples = artifacts.load_array(run.id, artifact_names.WATCHED)
    if samples.dtype != WATCHED or samples.ndim != 1 or not (samples["true"] != samples["given"]).any():
        raise ArtifactDamagedError("artifact_damaged", run=run.id, name=artifact_names.WATCHED)
    best = turning_point_of(run).loss.epoch
    always = [epochs.index(best) + 1] if best in epochs else []
    found: list[tuple[int, NDArray[np.void]]] = []
    for number in epoch_choice(len(epochs), MOST_EPOCHS, always=always):
        epoch = epochs[number - 1]
        try:
            answers = artifacts.load_array(run.id, artifact_names.watched(epoch))
        except StorageError as error:
            if error.code == "artifacts_unavailable":
                raise
            continue
        if answers.dtype == ANSWERS and answers.shape == samples.shape:
            found.append((epoch, answers))
    if not found:
        return None
    return LabelHistory(
        tuple(epoch for epoch, _ in found), samples, np.stack([answers for _, answers in found])
    )
