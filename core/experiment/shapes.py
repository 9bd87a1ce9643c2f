"""Shapes, parameter counts and memory of a network, worked out without building it.

The rules are those of Keras' layers (`compute_output_shape`, `count_params`); tests compare them with a
built model layer by layer. They stand here so that a form can answer at each key press, in a process
that never loads Keras.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import Issue
from core.experiment.config import Config
from core.experiment.layers import (
    GRU,
    LSTM,
    BatchNormalization,
    Bidirectional,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling,
    MaxPooling2D,
)
from core.experiment.training import SGD

Shape = tuple[int, ...]

_IMAGE_RANK, _SEQUENCE_RANK = 3, 2


@dataclass(frozen=True)
class LayerSummary:
    """One line of the layer table, as Keras' `summary()` gives it.

    Attributes:
        layer: The layer's settings.
        name: Its name in Keras: "dense", "dense_1", ...
        kind: Its class in Keras: "Dense", "GlobalAveragePooling1D", ...
        input_shape: Shape of one sample going in, without the batch dimension.
        output_shape: Shape of one sample coming out.
        trainable: Parameters that learning changes.
        frozen: Parameters that it does not (the running averages of BatchNormalization).
    """

    layer: Config
    name: str
    kind: str
    input_shape: Shape
    output_shape: Shape
    trainable: int
    frozen: int

    @property
    def parameters(self) -> int:
        """All parameters of the layer."""
        return self.trainable + self.frozen


@dataclass(frozen=True)
class ModelSummary:
    """A sample's way through the layers, as far as it gets.

    Attributes:
        input_shape: Shape of one sample before the first layer.
        rows: One row for each layer up to the first that does not fit.
        problem: Why the next layer does not fit; None if all do.
    """

    input_shape: Shape
    rows: tuple[LayerSummary, ...]
    problem: Issue | None = None

    @property
    def output_shape(self) -> Shape:
        """Shape of one sample after the last layer that fits."""
        return self.rows[-1].output_shape if self.rows else self.input_shape

    @property
    def trainable(self) -> int:
        """Parameters that learning changes."""
        return sum(row.trainable for row in self.rows)

    @property
    def frozen(self) -> int:
        """Parameters that learning does not change."""
        return sum(row.frozen for row in self.rows)

    @property
    def parameters(self) -> int:
        """All parameters of the network."""
        return self.trainable + self.frozen

    @property
    def last_hidden(self) -> int | None:
        """The place from 0 of the layer whose output the last layer with parameters gets.

        What comes out there is how the network sees a sample before it decides. None if no layer before the last
        one has learned anything, so that it would be the input itself.
        """
        learned = [place for place, row in enumerate(self.rows) if row.parameters]
        return learned[-1] - 1 if len(learned) > 1 else None


@dataclass(frozen=True)
class Footprint:
    """Estimated memory of a training, in bytes; what it leaves out is Keras itself and the data set.

    Attributes:
        weights: The parameters, 4 bytes each, with the copies of the best and the last epoch.
        optimizer: Gradients and what the optimizer keeps for each parameter.
        activations: What each layer puts out for one batch, kept for the way back.
    """

    weights: int
    optimizer: int
    activations: int

    @property
    def total(self) -> int:
        """All of it, in bytes."""
        return self.weights + self.optimizer + self.activations


class _MisfitError(Exception):
    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = details


_Step = tuple[Shape, int, int]  # output shape, trainable and frozen parameters


def _dense(layer: Dense, shape: Shape) -> _Step:
    return (*shape[:-1], layer.units), (shape[-1] + 1) * layer.units, 0


def _flatten(layer: Flatten, shape: Shape) -> _Step:
    return (math.prod(shape),), 0, 0


def _unchanged(layer: Config, shape: Shape) -> _Step:
    return shape, 0, 0


def _batch_normalization(layer: BatchNormalization, shape: Shape) -> _Step:
    return shape, 2 * shape[-1], 2 * shape[-1]


def _need_image(shape: Shape) -> tuple[int, int, int]:
    if len(shape) == 1:
        raise _MisfitError("layer_after_flatten", shape=shape[0])
    if len(shape) != _IMAGE_RANK:
        raise _MisfitError("layer_needs_image", shape=list(shape))
    height, width, channels = shape
    return height, width, channels


def _need_window(window: int, height: int, width: int) -> None:
    if window > min(height, width):
        raise _MisfitError(
            "kernel_too_large", kernel=window, height=height, width=width, largest=min(height, width)
        )


def _conv2d(layer: Conv2D, shape: Shape) -> _Step:
    height, width, channels = _need_image(shape)
    # A window wider than the image sees only filling, which 'same' allows but nobody wants.
    if layer.padding == "valid":
        _need_window(layer.kernel, height, width)
        height = (height - layer.kernel) // layer.stride + 1
        width = (width - layer.kernel) // layer.stride + 1
    else:
        height, width = -(-height // layer.stride), -(-width // layer.stride)
    return (height, width, layer.filters), (layer.kernel**2 * channels + 1) * layer.filters, 0


def _max_pooling2d(layer: MaxPooling2D, shape: Shape) -> _Step:
    height, width, channels = _need_image(shape)
    _need_window(layer.pool, height, width)
    return (height // layer.pool, width // layer.pool, channels), 0, 0


def _global_average_pooling(layer: GlobalAveragePooling, shape: Shape) -> _Step:
    if len(shape) not in (_IMAGE_RANK, _SEQUENCE_RANK):
        raise _MisfitError("layer_needs_space", shape=list(shape))
    return (shape[-1],), 0, 0


def _embedding(layer: Embedding, shape: Shape) -> _Step:
    return (*shape, layer.dimensions), layer.vocabulary * layer.dimensions, 0


def _recurrent(layer: Any, shape: Shape) -> _Step:
    if len(shape) != _SEQUENCE_RANK:
        raise _MisfitError("layer_needs_sequence", shape=list(shape))
    steps, features = shape
    cell = layer.cell if isinstance(layer, Bidirectional) else layer.kind
    units = layer.units
    if cell == "lstm":
        parameters = 4 * units * (features + units + 1)
    else:  # GRU with reset_after: a second bias for the recurrent part
        parameters = 3 * units * (features + units + 2)
    if isinstance(layer, Bidirectional):
        units, parameters = 2 * units, 2 * parameters
    return ((steps, units) if layer.return_sequences else (units,)), parameters, 0


_STEPS: dict[type[Config], Callable[[Any, Shape], _Step]] = {
    Dense: _dense,
    Flatten: _flatten,
    Dropout: _unchanged,
    BatchNormalization: _batch_normalization,
    Conv2D: _conv2d,
    MaxPooling2D: _max_pooling2d,
    GlobalAveragePooling: _global_average_pooling,
    Embedding: _embedding,
    LSTM: _recurrent,
    GRU: _recurrent,
    Bidirectional: _recurrent,
}

# Keras counts layers of a class by the snake-case form of the class name.
_CLASSES: dict[type[Config], tuple[str, str]] = {
    Dense: ("Dense", "dense"),
    Flatten: ("Flatten", "flatten"),
    Dropout: ("Dropout", "dropout"),
    BatchNormalization: ("BatchNormalization", "batch_normalization"),
    Conv2D: ("Conv2D", "conv2d"),
    MaxPooling2D: ("MaxPooling2D", "max_pooling2d"),
    Embedding: ("Embedding", "embedding"),
    LSTM: ("LSTM", "lstm"),
    GRU: ("GRU", "gru"),
    Bidirectional: ("Bidirectional", "bidirectional"),
}


def keras_class(layer: Config, shape: Shape) -> tuple[str, str]:
    """The class of a layer in Keras and the stem of its name there, for an input of this shape."""
    if isinstance(layer, GlobalAveragePooling):
        rank = 2 if len(shape) == _IMAGE_RANK else 1
        return f"GlobalAveragePooling{rank}D", f"global_average_pooling{rank}d"
    return _CLASSES[type(layer)]


def summarize(layers: Sequence[Config], input_shape: Shape) -> ModelSummary:
    """Send one sample's shape through the layers.

    Args:
        input_shape: Shape of one sample, without the batch dimension.

    Returns:
        A row for each layer that fits, and the problem of the first that does not.
    """
    rows: list[LayerSummary] = []
    seen: dict[str, int] = {}
    shape = input_shape
    for position, layer in enumerate(layers, start=1):
        kind, stem = keras_class(layer, shape)
        try:
            after, trainable, frozen = _STEPS[type(layer)](layer, shape)
        except _MisfitError as misfit:
            details = {"position": position, "layer": kind, **misfit.details}
            return ModelSummary(
                input_shape, tuple(rows), Issue(misfit.code, f"layers.{position - 1}", details)
            )
        number = seen.get(stem, 0)
        seen[stem] = number + 1
        if isinstance(layer, Bidirectional):  # the layer inside it takes a name of its own kind
            seen[layer.cell] = seen.get(layer.cell, 0) + 1
        name = stem if number == 0 else f"{stem}_{number}"
        rows.append(LayerSummary(layer, name, kind, shape, after, trainable, frozen))
        shape = after
    return ModelSummary(input_shape, tuple(rows))


# Values an optimizer keeps for each parameter (Keras 3): RMSprop the mean square, Adam two moments,
# Adagrad the sum of squares, SGD the last step if it has momentum.
_SLOTS = {"sgd": 0, "rmsprop": 1, "adam": 2, "adamw": 2, "nadam": 2, "adagrad": 1}
_BYTES = 4
_COPIES = 3  # the weights in use, those of the best epoch, those of the last


def footprint(traced: ModelSummary, optimizer: Config, batch_size: int, *, sparse: bool = False) -> Footprint:
    """Estimate the memory a training of this network needs, from float32 arithmetic.

    Args:
        sparse: Whether the samples are almost all zeros that take no memory.
    """
    slots = _SLOTS[optimizer.kind]  # type: ignore[attr-defined]
    if isinstance(optimizer, SGD) and optimizer.momentum:
        slots += 1
    values = (0 if sparse else math.prod(traced.input_shape)) + sum(
        math.prod(row.output_shape) for row in traced.rows
    )
    for row in traced.rows:  # a recurrent layer keeps its gates at every step
        if isinstance(row.layer, LSTM | GRU | Bidirectional):
            values += 8 * row.input_shape[0] * row.output_shape[-1]
    return Footprint(
        weights=_COPIES * _BYTES * traced.parameters,
        optimizer=(1 + slots) * _BYTES * traced.trainable,
        activations=2 * _BYTES * batch_size * values,
    )
