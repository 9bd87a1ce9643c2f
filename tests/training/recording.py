"""A recorder that keeps everything."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.run import Epoch, Progress


@dataclass
class Recording:
    progresses: list[Progress] = field(default_factory=list)
    epochs: list[Epoch] = field(default_factory=list)
    predictions: list[NDArray[np.float32] | None] = field(default_factory=list)

    def progress(self, progress: Progress) -> None:
        self.progresses.append(progress)

    def epoch(self, epoch: Epoch, predictions: NDArray[np.float32] | None) -> None:
        self.epochs.append(epoch)
        self.predictions.append(predictions)
