"""What each layer of a network puts out for one sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.inference.request import InferenceRequest, Values
from core.inference.service import InferenceService, Network, check_test_row

MOST_VALUES = 65_536
"""So many values of a layer one answer holds at most: of more, the first channels or units are sent."""


@dataclass(frozen=True)
class LayerActivation:
    """The output of the layer that Keras calls `name`, of `shape`.

    Of a large one `values` has the first channels or units; of all of them `active` values are above 0.
    """

    name: str
    shape: tuple[int, ...]
    values: Values
    active: int
    lowest: float
    highest: float


@dataclass(frozen=True)
class ActivationsAnswer:
    """What all layers put out for a sample of the test set, and its true class."""

    row: int
    label: int
    layers: tuple[LayerActivation, ...]
    epoch: int


@dataclass(frozen=True)
class ActivationsRequest(InferenceRequest[ActivationsAnswer]):
    """What does each layer put out for a sample of the test set?"""

    run: str
    row: int
    kind: Literal["activations"] = "activations"

    def answer(self, service: InferenceService) -> ActivationsAnswer:
        """All outputs; RunError ("run_no_such_sample") for a row that the test set does not have."""
        return activations(service.network(self.run), self.row)


def activations(network: Network, row: int) -> ActivationsAnswer:
    """What each layer puts out for a sample of the test set."""
    check_test_row(network, row)
    outputs = network.predict.layer_outputs(network.inputs("test", np.array([row])))
    layers = tuple(
        _activation(layer.name, output[0])
        for layer, output in zip(network.predict.model.layers, outputs, strict=True)
    )
    return ActivationsAnswer(row, int(network.dataset.y_test[row]), layers, network.epoch)


def _activation(name: str, output: NDArray[np.float32]) -> LayerActivation:
    channels = output.shape[-1]
    shown = max(1, min(channels, MOST_VALUES * channels // max(1, output.size)))
    sent = output[..., :shown]
    if sent.size > MOST_VALUES:  # a single channel of a very long sequence
        sent = sent[: MOST_VALUES // (sent.size // len(sent))]
    return LayerActivation(
        name,
        output.shape,
        Values.of(sent),
        active=int((output > 0).sum()),
        lowest=float(output.min()),
        highest=float(output.max()),
    )
