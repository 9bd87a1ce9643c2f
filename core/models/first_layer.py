"""What the first layer of a network that learns looks at, and so how its weights can be shown; without Keras."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from core.experiment import (
    GRU,
    LSTM,
    Bidirectional,
    Conv2D,
    Dense,
    Embedding,
    Experiment,
    FlatEncoding,
    Flatten,
    MultiHotEncoding,
)
from core.experiment.config import Config

Form = Literal["pictures", "filters", "words", "vectors", "sequence"]
"""How weights are shown:

- `pictures`: a weight for each pixel, one picture a unit (Dense on an image)
- `filters`: the small windows of a convolution
- `words`: a weight for each word (Dense on multi-hot texts)
- `vectors`: a vector for each number (Embedding)
- `sequence`: gates of a recurrent layer, which are no picture of anything
"""


@dataclass(frozen=True)
class FirstLayer:
    """The first layer of a network that sees the input through weights.

    Attributes:
        form: How its weights are shown.
        place: Which layer it is, from 0.
        name: Its name in Keras.
        layer: Its settings.
        units: How many units, filters or vector values it has.
        picture: Height and width of a picture of one unit's weights; (0, 0) where there is none.
        channels: How many weights belong to one place of it: 1, or 3 where the layer sees colours.
        is_output: Whether it is the last layer too, so that its units are the classes.
    """

    form: Form
    place: int
    name: str
    layer: Config
    units: int
    picture: tuple[int, int]
    is_output: bool
    channels: int = 1

    @property
    def in_colours(self) -> bool:
        """Whether there is a weight for each colour of each place."""
        return self.channels > 1


def first_layer(experiment: Experiment) -> FirstLayer:
    """The first Dense, convolution, Embedding or recurrent layer; every network has one, its output at least.

    A Dense layer behind Flatten sees the image as it was before, row by row, so its weights are a picture of that size;
    one behind anything else that makes a single row gets a picture of one row.
    """
    facts = experiment.facts
    flat = isinstance(experiment.encoding, FlatEncoding)
    image: tuple[int, ...] = facts.shape if flat else ()
    last = len(experiment.layers) - 1
    for place, row in enumerate(experiment.summary.rows):
        layer = row.layer
        if isinstance(layer, Flatten):
            # An image in colours comes as rows, too, with all values of the picture in their order.
            whole = facts.channels > 1 and row.input_shape == experiment.input_shape
            image = facts.shape if whole else row.input_shape if len(row.input_shape) > 1 else image
        elif isinstance(layer, Conv2D):
            side, channels = (layer.kernel, layer.kernel), row.input_shape[-1]
            return FirstLayer("filters", place, row.name, layer, layer.filters, side, False, channels)
        elif isinstance(layer, Embedding):
            return FirstLayer("vectors", place, row.name, layer, layer.dimensions, (0, 0), is_output=False)
        elif isinstance(layer, Dense):
            if isinstance(experiment.encoding, MultiHotEncoding):
                return FirstLayer("words", place, row.name, layer, layer.units, (0, 0), place == last)
            inputs = row.input_shape[-1]
            fits = len(image) > 1 and math.prod(image) == inputs
            picture, channels = ((image[0], image[1]), math.prod(image[2:])) if fits else ((1, inputs), 1)
            return FirstLayer(
                "pictures", place, row.name, layer, layer.units, picture, place == last, channels
            )
        elif isinstance(layer, LSTM | GRU | Bidirectional):
            return FirstLayer("sequence", place, row.name, layer, layer.units, (0, 0), is_output=False)
    raise ValueError("a network has an output layer")
