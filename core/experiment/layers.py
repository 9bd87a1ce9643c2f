"""The layers a network can be built from."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from core.experiment.config import Config, config_field

Activation = Literal["linear", "relu", "elu", "gelu", "leaky_relu", "tanh", "sigmoid", "softmax"]
Padding = Literal["valid", "same"]

_ACTIVATION = "What each unit does with its weighted sum."
_L1 = "Penalty on the size of the weights (L1); pushes weights to exactly 0. 0 means none."
_L2 = "Penalty on the squares of the weights (L2, weight decay); keeps weights small. 0 means none."


class Dense(Config):
    """Fully connected: every unit sees every input."""

    kind: Literal["dense"] = "dense"
    units: int = config_field("How many units the layer has.", ge=1, le=4096, unit="units")
    activation: Activation = config_field(_ACTIVATION, default="linear")
    l1: float = config_field(_L1, default=0.0, ge=0, le=1, step=0.0001)
    l2: float = config_field(_L2, default=0.0, ge=0, le=1, step=0.0001)

    BRIEF: ClassVar[tuple[str, ...]] = ("units", "activation")


class Flatten(Config):
    """Lays all values of a sample in one row."""

    kind: Literal["flatten"] = "flatten"


class Dropout(Config):
    """Sets a random share of its inputs to 0 while training, so that no unit can rely on another."""

    kind: Literal["dropout"] = "dropout"
    rate: float = config_field("The share of inputs that is set to 0.", ge=0, le=0.95, step=0.05)

    BRIEF: ClassVar[tuple[str, ...]] = ("rate",)


class BatchNormalization(Config):
    """Brings each feature of a batch to mean 0 and standard deviation 1, then scales and shifts it."""

    kind: Literal["batch_normalization"] = "batch_normalization"
    momentum: float = config_field(
        "How slowly the averages used for prediction follow the batches.", default=0.99, ge=0, lt=1, step=0.01
    )


class Conv2D(Config):
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
    l1: float = config_field(_L1, default=0.0, ge=0, le=1, step=0.0001)
    l2: float = config_field(_L2, default=0.0, ge=0, le=1, step=0.0001)

    BRIEF: ClassVar[tuple[str, ...]] = ("filters", "kernel", "activation")


class MaxPooling2D(Config):
    """Keeps the largest value of each small square and so makes the image smaller."""

    kind: Literal["max_pooling2d"] = "max_pooling2d"
    pool: int = config_field("Side of the square.", default=2, ge=1, le=28, unit="pixels")

    BRIEF: ClassVar[tuple[str, ...]] = ("pool",)


class GlobalAveragePooling(Config):
    """Averages each channel over the whole image, or each feature over the whole sequence."""

    kind: Literal["global_average_pooling"] = "global_average_pooling"


class Embedding(Config):
    """Gives each whole number a vector of its own that is learned."""

    kind: Literal["embedding"] = "embedding"
    vocabulary: int = config_field(
        "How many different numbers there can be.", ge=2, le=100_000, unit="numbers"
    )
    dimensions: int = config_field("Length of each vector.", ge=1, le=1024, unit="values")

    BRIEF: ClassVar[tuple[str, ...]] = ("vocabulary", "dimensions")


class _Recurrent(Config):
    units: int = config_field("How many values the layer remembers.", ge=1, le=1024, unit="units")
    return_sequences: bool = config_field(
        "Give the memory after every step instead of only the last one.", default=False
    )
    dropout: float = config_field(
        "The share of inputs that is set to 0 while training.", default=0.0, ge=0, le=0.95, step=0.05
    )
    l1: float = config_field(_L1, default=0.0, ge=0, le=1, step=0.0001)
    l2: float = config_field(_L2, default=0.0, ge=0, le=1, step=0.0001)

    BRIEF: ClassVar[tuple[str, ...]] = ("units",)


class LSTM(_Recurrent):
    """Reads a sequence step by step with a long and a short memory."""

    kind: Literal["lstm"] = "lstm"


class GRU(_Recurrent):
    """Reads a sequence step by step with one gated memory; smaller than LSTM."""

    kind: Literal["gru"] = "gru"


class Bidirectional(_Recurrent):
    """Reads a sequence forwards and backwards and joins both memories."""

    kind: Literal["bidirectional"] = "bidirectional"
    cell: Literal["lstm", "gru"] = config_field("Which recurrent layer reads.", default="lstm")

    BRIEF: ClassVar[tuple[str, ...]] = ("units", "cell")


Layer = Annotated[
    Dense
    | Flatten
    | Dropout
    | BatchNormalization
    | Conv2D
    | MaxPooling2D
    | GlobalAveragePooling
    | Embedding
    | LSTM
    | GRU
    | Bidirectional,
    Field(discriminator="kind"),
]

#: Every kind of layer by its code, in the order a menu shows them.
LAYERS: dict[str, type[Config]] = {
    "dense": Dense,
    "flatten": Flatten,
    "dropout": Dropout,
    "batch_normalization": BatchNormalization,
    "conv2d": Conv2D,
    "max_pooling2d": MaxPooling2D,
    "global_average_pooling": GlobalAveragePooling,
    "embedding": Embedding,
    "lstm": LSTM,
    "gru": GRU,
    "bidirectional": Bidirectional,
}
