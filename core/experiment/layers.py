"""The layers a network can be built from: each class says all there is to know of a layer, without Keras.

Its fields with bounds and help, the shape and the number of parameters that come out (the rules of Keras'
`compute_output_shape` and `count_params`, which tests compare with built models), the call that makes it in Keras and
that the exported script writes, and what a newly added one looks like. Its names in the languages are `layer.KIND` and
`layer.KIND.about`. A further layer is a further class, here or in a module of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from typing_extensions import override

from core.experiment.config import Call, Variant, config_field, keras_call

Activation = Literal["linear", "relu", "elu", "gelu", "leaky_relu", "tanh", "sigmoid", "softmax"]
Padding = Literal["valid", "same"]
Shape = tuple[int, ...]

L1 = Annotated[
    float,
    config_field(
        "Penalty on the size of the weights (L1); pushes weights to exactly 0. 0 means none.",
        ge=0,
        le=1,
        step=0.0001,
    ),
]
L2 = Annotated[
    float,
    config_field(
        "Penalty on the squares of the weights (L2, weight decay); keeps weights small. 0 means none.",
        ge=0,
        le=1,
        step=0.0001,
    ),
]
_ACTIVATION = "What each unit does with its weighted sum."
_IMAGE_RANK, _SEQUENCE_RANK = 3, 2


class MisfitError(Exception):
    """A layer does not fit the shape it gets; `code` and `details` are those of an `Issue`."""

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = details


class Output(NamedTuple):
    """What comes out of a layer: the shape of a sample, and how many parameters learning changes or leaves."""

    shape: Shape
    trainable: int = 0
    frozen: int = 0


class Layer(Variant):
    """A layer of a network. Shapes are those of one sample, without the batch dimension."""

    #: What it is made for, where that is not any shape: an image, a sequence, either of both (to make one row of it),
    #: or the numbers of words.
    READS: ClassVar[Literal["any", "image", "sequence", "space", "numbers"]] = "any"
    #: Whether XLA makes its training step faster; see `core.models.execution`.
    GAINS_BY_XLA: ClassVar[bool] = False

    def output(self, shape: Shape) -> Output:
        """What comes out for a sample of this shape.

        Raises:
            MisfitError: If the layer cannot take such a sample.
        """
        return Output(shape)

    def call(self, shape: Shape) -> Call:
        """The Keras layer for samples of this shape. What Keras does anyway is left out."""
        return keras_call("layers", type(self).__name__)

    @property
    def makes_a_row(self) -> bool:
        """Whether one row of values comes out, whatever goes in."""
        return False

    def uses(self, before: Shape, after: Shape) -> int:
        """How often a sample is multiplied by each parameter; 0 where that costs next to nothing."""
        return 0

    def steps(self, before: Shape) -> int:
        """How many steps have to wait for one another."""
        return 0


class Dense(Layer):
    """Fully connected: every unit sees every input."""

    kind: Literal["dense"] = "dense"
    units: int = config_field("How many units the layer has.", ge=1, le=4096, unit="units")
    activation: Activation = config_field(_ACTIVATION, default="linear")
    l1: L1 = 0.0
    l2: L2 = 0.0

    BRIEF: ClassVar[tuple[str, ...]] = ("units", "activation")
    NEW: ClassVar[Mapping[str, Any]] = {"units": 64, "activation": "relu"}
    GAINS_BY_XLA = True

    @override
    def output(self, shape: Shape) -> Output:
        return Output((*shape[:-1], self.units), (shape[-1] + 1) * self.units)

    @override
    def call(self, shape: Shape) -> Call:
        return keras_call("layers", "Dense", self.units, **_activation(self.activation), **_penalty(self))

    @override
    def uses(self, before: Shape, after: Shape) -> int:
        return math.prod(after[:-1])


class Flatten(Layer):
    """Lays all values of a sample in one row."""

    kind: Literal["flatten"] = "flatten"

    READS = "space"
    GAINS_BY_XLA = True

    @override
    def output(self, shape: Shape) -> Output:
        return Output((math.prod(shape),))

    @property
    @override
    def makes_a_row(self) -> bool:
        return True


class Dropout(Layer):
    """Sets a random share of its inputs to 0 while training, so that no unit can rely on another."""

    kind: Literal["dropout"] = "dropout"
    rate: float = config_field("The share of inputs that is set to 0.", ge=0, le=0.95, step=0.05)

    BRIEF: ClassVar[tuple[str, ...]] = ("rate",)
    NEW: ClassVar[Mapping[str, Any]] = {"rate": 0.5}

    @override
    def call(self, shape: Shape) -> Call:
        return keras_call("layers", "Dropout", self.rate)


class BatchNormalization(Layer):
    """Brings each feature of a batch to mean 0 and standard deviation 1, then scales and shifts it."""

    kind: Literal["batch_normalization"] = "batch_normalization"
    momentum: float = config_field(
        "How slowly the averages used for prediction follow the batches.", default=0.99, ge=0, lt=1, step=0.01
    )

    GAINS_BY_XLA = True

    @override
    def output(self, shape: Shape) -> Output:
        return Output(shape, 2 * shape[-1], 2 * shape[-1])

    @override
    def call(self, shape: Shape) -> Call:
        usual = type(self).model_fields["momentum"].default
        momentum = None if self.momentum == usual else self.momentum
        return keras_call("layers", "BatchNormalization", momentum=momentum)


class Conv2D(Layer):
    """Slides small filters over the image; each looks for one pattern everywhere."""

    kind: Literal["conv2d"] = "conv2d"
    filters: int = config_field("How many patterns the layer looks for.", ge=1, le=512, unit="filters")
    kernel: int = config_field(
        "Side of the square window a filter sees.", default=3, ge=1, le=28, unit="pixels"
    )
    activation: Activation = config_field(_ACTIVATION, default="linear")
    stride: int = config_field("How far the window moves each time.", default=1, ge=1, le=8, unit="pixels")
    padding: Padding = config_field(
        "valid: the window stays inside and the image shrinks; same: the border is filled with 0.",
        default="valid",
    )
    l1: L1 = 0.0
    l2: L2 = 0.0

    BRIEF: ClassVar[tuple[str, ...]] = ("filters", "kernel", "activation")
    NEW: ClassVar[Mapping[str, Any]] = {"filters": 16, "activation": "relu", "padding": "same"}
    READS = "image"

    @override
    def output(self, shape: Shape) -> Output:
        height, width, channels = _image(shape)
        # A window wider than the image sees only filling, which 'same' allows but nobody wants.
        if self.padding == "valid":
            _need_window(self.kernel, height, width)
            height, width = height - self.kernel + 1, width - self.kernel + 1
        after = (-(-height // self.stride), -(-width // self.stride), self.filters)
        return Output(after, (self.kernel**2 * channels + 1) * self.filters)

    @override
    def call(self, shape: Shape) -> Call:
        return keras_call(
            "layers",
            "Conv2D",
            self.filters,
            self.kernel,
            **_activation(self.activation),
            strides=None if self.stride == 1 else self.stride,
            padding=None if self.padding == "valid" else self.padding,
            **_penalty(self),
        )

    @override
    def uses(self, before: Shape, after: Shape) -> int:
        return math.prod(after[:-1])


class MaxPooling2D(Layer):
    """Keeps the largest value of each small square and so makes the image smaller."""

    kind: Literal["max_pooling2d"] = "max_pooling2d"
    pool: int = config_field("Side of the square.", default=2, ge=1, le=28, unit="pixels")

    BRIEF: ClassVar[tuple[str, ...]] = ("pool",)
    READS = "image"

    @override
    def output(self, shape: Shape) -> Output:
        height, width, channels = _image(shape)
        _need_window(self.pool, height, width)
        return Output((height // self.pool, width // self.pool, channels))

    @override
    def call(self, shape: Shape) -> Call:
        return keras_call("layers", "MaxPooling2D", self.pool)


class GlobalAveragePooling(Layer):
    """Averages each channel over the whole image, or each feature over the whole sequence."""

    kind: Literal["global_average_pooling"] = "global_average_pooling"

    READS = "space"

    @override
    def output(self, shape: Shape) -> Output:
        if len(shape) not in (_IMAGE_RANK, _SEQUENCE_RANK):
            raise MisfitError("layer_needs_space", shape=list(shape))
        return Output((shape[-1],))

    @override
    def call(self, shape: Shape) -> Call:
        return keras_call("layers", f"GlobalAveragePooling{2 if len(shape) == _IMAGE_RANK else 1}D")

    @property
    @override
    def makes_a_row(self) -> bool:
        return True


class Embedding(Layer):
    """Gives each whole number a vector of its own that is learned."""

    kind: Literal["embedding"] = "embedding"
    vocabulary: int = config_field(
        "How many different numbers there can be.", ge=2, le=100_000, unit="numbers"
    )
    dimensions: int = config_field("Length of each vector.", ge=1, le=1024, unit="values")

    BRIEF: ClassVar[tuple[str, ...]] = ("vocabulary", "dimensions")
    NEW: ClassVar[Mapping[str, Any]] = {"vocabulary": 256, "dimensions": 16}
    READS = "numbers"

    @override
    def output(self, shape: Shape) -> Output:
        return Output((*shape, self.dimensions), self.vocabulary * self.dimensions)

    @override
    def call(self, shape: Shape) -> Call:
        return keras_call("layers", "Embedding", self.vocabulary, self.dimensions)


class Recurrent(Layer):
    """What the layers have in common that read a sequence step by step."""

    units: int = config_field("How many values the layer remembers.", ge=1, le=1024, unit="units")
    return_sequences: bool = config_field(
        "Give the memory after every step instead of only the last one.", default=False
    )
    dropout: float = config_field(
        "The share of inputs that is set to 0 while training.", default=0.0, ge=0, le=0.95, step=0.05
    )
    l1: L1 = 0.0
    l2: L2 = 0.0

    BRIEF: ClassVar[tuple[str, ...]] = ("units",)
    NEW: ClassVar[Mapping[str, Any]] = {"units": 32}
    READS = "sequence"

    @property
    @override
    def makes_a_row(self) -> bool:
        return not self.return_sequences

    @override
    def steps(self, before: Shape) -> int:
        return before[0]

    @override
    def uses(self, before: Shape, after: Shape) -> int:
        return before[0]

    def _read(self, shape: Shape, cell: str, ways: int = 1) -> Output:
        if len(shape) != _SEQUENCE_RANK:
            raise MisfitError("layer_needs_sequence", shape=list(shape))
        steps, features = shape
        # GRU with reset_after: a second bias for the recurrent part.
        gates, biases = (4, 1) if cell == "lstm" else (3, 2)
        parameters = gates * self.units * (features + self.units + biases)
        units = ways * self.units
        return Output((steps, units) if self.return_sequences else (units,), ways * parameters)

    def _call(self, name: str) -> Call:
        return keras_call(
            "layers",
            name,
            self.units,
            return_sequences=self.return_sequences or None,
            dropout=self.dropout or None,
            **_penalty(self),
        )


class LSTM(Recurrent):
    """Reads a sequence step by step with a long and a short memory."""

    kind: Literal["lstm"] = "lstm"

    @override
    def output(self, shape: Shape) -> Output:
        return self._read(shape, "lstm")

    @override
    def call(self, shape: Shape) -> Call:
        return self._call("LSTM")


class GRU(Recurrent):
    """Reads a sequence step by step with one gated memory; smaller than LSTM."""

    kind: Literal["gru"] = "gru"

    @override
    def output(self, shape: Shape) -> Output:
        return self._read(shape, "gru")

    @override
    def call(self, shape: Shape) -> Call:
        return self._call("GRU")


class Bidirectional(Recurrent):
    """Reads a sequence forwards and backwards and joins both memories."""

    kind: Literal["bidirectional"] = "bidirectional"
    cell: Literal["lstm", "gru"] = config_field("Which recurrent layer reads.", default="lstm")

    BRIEF: ClassVar[tuple[str, ...]] = ("units", "cell")

    @override
    def output(self, shape: Shape) -> Output:
        return self._read(shape, self.cell, ways=2)

    @override
    def call(self, shape: Shape) -> Call:
        return keras_call("layers", "Bidirectional", self._call(self.cell.upper()))

    @override
    def steps(self, before: Shape) -> int:
        return 2 * before[0]


def _activation(activation: Activation) -> dict[str, str]:
    return {} if activation == "linear" else {"activation": activation}


def _penalty(layer: Dense | Conv2D | Recurrent) -> dict[str, Call]:
    if layer.l1 and layer.l2:
        penalty = keras_call("regularizers", "L1L2", l1=layer.l1, l2=layer.l2)
    elif layer.l1 or layer.l2:
        penalty = keras_call("regularizers", "L1" if layer.l1 else "L2", layer.l1 or layer.l2)
    else:
        return {}
    return {"kernel_regularizer": penalty}


def _image(shape: Shape) -> tuple[int, int, int]:
    if len(shape) == 1:
        raise MisfitError("layer_after_flatten", shape=shape[0])
    if len(shape) != _IMAGE_RANK:
        raise MisfitError("layer_needs_image", shape=list(shape))
    height, width, channels = shape
    return height, width, channels


def _need_window(window: int, height: int, width: int) -> None:
    largest = min(height, width)
    if window > largest:
        raise MisfitError("kernel_too_large", kernel=window, height=height, width=width, largest=largest)
