"""A trained network that is asked: probabilities for batches of any size, without compiling anew. Loads Keras."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from core.datasets.encoding import Inputs

_MOST_ROWS = 1_024
_MOST_BYTES = 32_000_000


class Predictor:
    """A network and its one compiled function. Any number of threads may ask it.

    Args:
        model: A Sequential model; its weights are not changed any more.

    Attributes:
        model: The model.
        rows_at_a_time: So many samples fit into memory with what all layers put out for them.
    """

    def __init__(self, model: keras.Model) -> None:
        self.model = model
        shape, dtype = model.inputs[0].shape, model.inputs[0].dtype
        self._sparse = bool(model.inputs[0].sparse)
        self._spec = tf.SparseTensorSpec(shape, dtype) if self._sparse else tf.TensorSpec(shape, dtype)
        self._predict = self._compiled(model)
        values = sum(int(np.prod(layer.output.shape[1:])) for layer in model.layers)
        self.rows_at_a_time = max(1, min(_MOST_ROWS, _MOST_BYTES // (4 * values)))

    @classmethod
    def load(cls, path: Path) -> Predictor:
        """The network in a Keras file."""
        return cls(keras.saving.load_model(path, compile=False))

    @property
    def units(self) -> int:
        """How many values an answer has."""
        return int(self.model.output_shape[-1])

    def __call__(self, inputs: Inputs) -> NDArray[np.float32]:
        """The network's answers: float32 (samples, units)."""
        return np.concatenate(list(self.in_parts(inputs)))

    def in_parts(self, inputs: Inputs) -> Iterator[NDArray[np.float32]]:
        """The same, so many rows at a time as memory allows; in between the caller may stop."""
        rows: int = inputs.shape[0]
        for start in range(0, rows, self.rows_at_a_time):
            yield self._predict(self._tensor(inputs[start : start + self.rows_at_a_time])).numpy()

    def _tensor(self, inputs: Inputs) -> Any:
        if not isinstance(inputs, csr_matrix):
            return tf.convert_to_tensor(inputs)
        rows = np.repeat(np.arange(inputs.shape[0]), np.diff(inputs.indptr))
        places = np.stack([rows, inputs.indices], axis=1).astype(np.int64)
        return tf.SparseTensor(places, inputs.data.astype(np.float32), inputs.shape)

    def layer_outputs(self, inputs: Inputs) -> tuple[NDArray[np.float32], ...]:
        """What each layer puts out, in order: float32 (samples, ...) each. At most `rows_at_a_time` samples."""
        return tuple(output.numpy() for output in self._layers(self._tensor(inputs)))

    @cached_property
    def _layers(self) -> Any:
        return self._compiled(keras.Model(self.model.inputs, [layer.output for layer in self.model.layers]))

    def _compiled(self, model: keras.Model) -> Any:
        return tf.function(
            lambda inputs: model(inputs, training=False), input_signature=[self._spec], autograph=False
        )

    # The first layer apart

    @cached_property
    def kernel(self) -> NDArray[np.float32]:
        """The weights of the first layer, which must be Dense: float32 (inputs, units of the layer)."""
        weights: NDArray[np.float32] = self._first.kernel.numpy()
        return weights

    def from_first_sums(self, sums: NDArray[np.float32]) -> NDArray[np.float32]:
        """The answers to what the first Dense layer adds up, before its bias: (samples, units of the layer)."""
        answers: NDArray[np.float32] = self._rest(tf.convert_to_tensor(sums)).numpy()
        return answers

    @property
    def _first(self) -> Any:
        return self.model.layers[0]

    @cached_property
    def _rest(self) -> Any:
        first = self._first
        rest = keras.Sequential(
            [keras.Input((first.units,)), keras.layers.Activation(first.activation), *self.model.layers[1:]]
        )
        spec = tf.TensorSpec((None, first.units), tf.float32)
        return tf.function(
            lambda sums: rest(sums + first.bias, training=False), input_signature=[spec], autograph=False
        )
