"""What can be asked about the inside of a trained network, and what comes back: plain frozen records."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.inference.request import InferenceRequest

UNITS_A_PAGE = 64
"""So many pictures of weights one answer holds at most."""

WORD_UNITS_A_PAGE = 16
"""The same for units whose weights are words."""

MOST_VALUES = 65_536
"""So many values of a layer one answer holds at most: of more, the first channels or units are sent."""

MOST_PROBES = 1_000
"""With how many samples, at most, units are tried out."""

SELDOM = 0.01
"""A relu unit that is above 0 for less than this share of the samples, but for some, is seldom active."""

SATURATED_SHARE = 0.99
SATURATED_AT = 0.01
"""A sigmoid or tanh unit is saturated if for at least `SATURATED_SHARE` of the samples its output is nearer to an end
of its range than `SATURATED_AT` of that range."""


@dataclass(frozen=True)
class Values:
    """An array of float32 as text that fits into JSON.

    Attributes:
        shape: Its shape.
        data: Its bytes, little-endian, row after row, as base64.
    """

    shape: tuple[int, ...]
    data: str

    @classmethod
    def of(cls, array: NDArray[Any]) -> Values:
        """The text of an array."""
        return cls(array.shape, base64.b64encode(array.astype("<f4").tobytes()).decode("ascii"))

    def array(self) -> NDArray[np.float32]:
        """The array, float32, read-only."""
        return np.frombuffer(base64.b64decode(self.data), dtype="<f4").reshape(self.shape)


# Questions


@dataclass(frozen=True)
class FirstWeightsRequest(InferenceRequest["FirstWeightsAnswer"]):
    """What do the units of the first layer look for?

    Attributes:
        run: A run whose first layer is Dense or a convolution.
        first: The first unit, from 0.
    """

    run: str
    first: int = 0
    kind: Literal["first_weights"] = "first_weights"


@dataclass(frozen=True)
class NearestRequest(InferenceRequest["NearestAnswer"]):
    """Which words has an Embedding put beside this one?

    Attributes:
        run: A run on texts whose first layer is an Embedding.
        word: As it was typed.
    """

    run: str
    word: str
    kind: Literal["nearest"] = "nearest"


@dataclass(frozen=True)
class ActivationsRequest(InferenceRequest["ActivationsAnswer"]):
    """What does each layer put out for a sample of the test set?

    Attributes:
        run: The run.
        row: Which sample, from 0.
    """

    run: str
    row: int
    kind: Literal["activations"] = "activations"


@dataclass(frozen=True)
class UnitsRequest(InferenceRequest["UnitsAnswer"]):
    """Which units never do anything?

    Attributes:
        run: The run.
    """

    run: str
    kind: Literal["units"] = "units"


# Answers


@dataclass(frozen=True)
class WordWeight:
    """A word and its weight to a unit."""

    word: str
    weight: float


@dataclass(frozen=True)
class UnitWords:
    """The words with the largest weights to a unit.

    Attributes:
        unit: The unit, from 0.
        raising: Those with the largest positive weights, the largest first.
        lowering: Those with the largest negative weights, the lowest first.
    """

    unit: int
    raising: tuple[WordWeight, ...]
    lowering: tuple[WordWeight, ...]


@dataclass(frozen=True)
class FirstWeightsAnswer:
    """The weights of some units of the first layer.

    Attributes:
        units: How many units the layer has.
        first: The first unit of these, from 0.
        largest: The largest absolute weight of the whole layer.
        pictures: (units sent, height, width); None for words.
        words: One for each unit sent; empty for pictures.
        epoch: After which epoch the network was as it is.
    """

    units: int
    first: int
    largest: float
    pictures: Values | None
    words: tuple[UnitWords, ...]
    epoch: int
    kind: Literal["first_weights"] = "first_weights"


@dataclass(frozen=True)
class NearWord:
    """A word whose vector points in a similar direction.

    Attributes:
        word: The word.
        similarity: The cosine of the angle between the vectors, -1 to 1.
    """

    word: str
    similarity: float


@dataclass(frozen=True)
class NearestAnswer:
    """The words nearest to one.

    Attributes:
        word: As it was looked up.
        neighbours: The nearest first.
        epoch: After which epoch the network was as it is.
    """

    word: str
    neighbours: tuple[NearWord, ...]
    epoch: int
    kind: Literal["nearest"] = "nearest"


@dataclass(frozen=True)
class LayerActivation:
    """What one layer puts out for one sample.

    Attributes:
        name: The layer's name in Keras.
        shape: The shape of its output.
        values: The output; of a large one the first channels or units.
        active: How many values are above 0, of all.
        lowest: The lowest value, of all.
        highest: The highest value, of all.
    """

    name: str
    shape: tuple[int, ...]
    values: Values
    active: int
    lowest: float
    highest: float


@dataclass(frozen=True)
class ActivationsAnswer:
    """What all layers put out for a sample of the test set.

    Attributes:
        row: Which sample.
        label: Its true class.
        layers: In the order of the network.
        epoch: After which epoch the network was as it is.
    """

    row: int
    label: int
    layers: tuple[LayerActivation, ...]
    epoch: int
    kind: Literal["activations"] = "activations"


@dataclass(frozen=True)
class LayerUnits:
    """How the units of a layer behave over a set of samples; a convolution's units are its filters.

    Attributes:
        name: The layer's name in Keras.
        activation: Its activation.
        units: How many it has.
        dead: relu units that put out 0 for every sample (filters: at every place of every sample), from 0.
        seldom: relu units that are above 0 for some, but fewer than `SELDOM` of the samples.
        saturated: sigmoid and tanh units that are at an end of their range for `SATURATED_SHARE` of the samples.
        shares: float32 (units,), for which share of the samples each one is above 0 (relu), or at an end of its
            range (sigmoid, tanh).
    """

    name: str
    activation: str
    units: int
    dead: tuple[int, ...]
    seldom: tuple[int, ...]
    saturated: tuple[int, ...]
    shares: Values


@dataclass(frozen=True)
class UnitsAnswer:
    """The hidden layers with relu, sigmoid or tanh.

    Attributes:
        layers: In the order of the network; those with other activations and the output are left out.
        probe: Whose samples they were tried with: "validation" or "training".
        samples: With how many.
        epoch: After which epoch the network was as it is.
    """

    layers: tuple[LayerUnits, ...]
    probe: Literal["validation", "training"]
    samples: int
    epoch: int
    kind: Literal["units"] = "units"


InsideRequest = FirstWeightsRequest | NearestRequest | ActivationsRequest | UnitsRequest
InsideAnswer = FirstWeightsAnswer | NearestAnswer | ActivationsAnswer | UnitsAnswer
