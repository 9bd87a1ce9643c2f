"""A recorder that keeps everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.run import Epoch, Progress


@dataclass
class Recording:
    progresses: list[Progress] = field(default_factory=list)
    epochs: list[Epoch] = field(default_factory=list)
    predictions: list[NDArray[np.float32] | None] = field(default_factory=list)
    watched: dict[int, NDArray[np.float32]] = field(default_factory=dict)
    weights_by_epoch: dict[int, dict[str, NDArray[np.float32]]] = field(default_factory=dict)

    def on_progress(self, progress: Progress) -> None:
        self.progresses.append(progress)

    def on_epoch_end(self, epoch: Epoch, predictions: NDArray[np.float32] | None) -> None:
        self.epochs.append(epoch)
        self.predictions.append(predictions)

    def on_watched(self, epoch: int, outputs: NDArray[np.float32]) -> None:
        self.watched[epoch] = outputs

    def on_weights(self, epoch: int, weights: Mapping[str, NDArray[np.float32]]) -> None:
        self.weights_by_epoch[epoch] = {name: values.copy() for name, values in weights.items()}
