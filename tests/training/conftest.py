"""Small data sets and experiments for trainings of a second."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from core.datasets import open_dataset, prepare
from core.run import Epoch, Progress


@dataclass
class Recording:
    """A recorder that keeps everything."""

    progresses: list[Progress] = field(default_factory=list)
    epochs: list[Epoch] = field(default_factory=list)
    predictions: list[NDArray[np.float32] | None] = field(default_factory=list)

    def progress(self, progress: Progress) -> None:
        self.progresses.append(progress)

    def epoch(self, epoch: Epoch, predictions: NDArray[np.float32] | None) -> None:
        self.epochs.append(epoch)
        self.predictions.append(predictions)


@pytest.fixture
def recording() -> Recording:
    return Recording()


@pytest.fixture
def digits(settings):
    """Prepare the bundled digits for an experiment."""
    dataset = open_dataset("digits", settings)
    return lambda experiment: prepare(experiment, dataset)
