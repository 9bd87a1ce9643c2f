"""A network made to fit other data or another form of the input, keeping of it whatever can stay."""

from __future__ import annotations

from collections.abc import Sequence

from core.catalog import DatasetInfo
from core.experiment import Conv2D, Dense, Embedding, GlobalAveragePooling, Layer, Recurrent

Layers = Sequence[Layer]

_TWO = 2
#: Units of a Dense layer that is put in where the data need one.
HIDDEN_UNITS = 16


def for_rows_of_values(layers: Layers) -> list[Layer]:
    """Layers for samples that are one row of values: a flat image or a multi-hot text.

    What needs an image or a sequence goes. If it learned and no hidden Dense is left, one takes its place. The
    first layer is a Dense then, as multi-hot texts want it.
    """
    kept = [layer for layer in layers if layer.READS == "any"]
    while kept and not isinstance(kept[0], Dense):
        del kept[0]
    learned = any(isinstance(layer, Recurrent | Conv2D) for layer in layers)
    if learned and sum(isinstance(layer, Dense) for layer in kept) < _TWO:
        kept.insert(0, Dense.new(units=HIDDEN_UNITS))
    return kept


def for_word_numbers(layers: Layers, num_words: int) -> list[Layer]:
    """Layers for padded texts: an Embedding of so many words, and then something that makes one row of the sequence."""
    embedding = next((layer for layer in layers if isinstance(layer, Embedding)), Embedding.new())
    rest = [layer for layer in layers if layer.READS not in ("image", "numbers")]
    if not any(layer.makes_a_row for layer in rest):
        rest.insert(0, GlobalAveragePooling())
    return [Embedding(vocabulary=num_words, dimensions=embedding.dimensions), *rest]


def recurrent_first(layers: Layers) -> list[Layer]:
    """The recurrent layers in front, each but the last giving on every step; then the rest.

    Layers that make one row of a sequence are not needed any more and go.
    """
    recurrent = [layer for layer in layers if isinstance(layer, Recurrent)]
    rest = [layer for layer in layers if not isinstance(layer, Recurrent) and layer.READS != "space"]
    steps = (layer.model_copy(update={"return_sequences": True}) for layer in recurrent[:-1])
    last = (layer.model_copy(update={"return_sequences": False}) for layer in recurrent[-1:])
    return [*steps, *last, *rest]


def output_layer(facts: DatasetInfo, loss: str, *, one_unit: bool = False) -> Dense:
    """The last layer for the classes and the loss; `one_unit` for two classes where the loss leaves the choice."""
    if facts.classes == _TWO and (loss == "binary_crossentropy" or (loss == "mse" and one_unit)):
        return Dense(units=1, activation="sigmoid")
    return Dense(units=facts.classes, activation="softmax")


def with_output(layers: Layers, output: Dense) -> list[Layer]:
    """The layers with this output: the last Dense gets its units and activation, else it is added."""
    if layers and isinstance(layers[-1], Dense):
        changes = {"units": output.units, "activation": output.activation}
        return [*layers[:-1], layers[-1].model_copy(update=changes)]
    return [*layers, output]


def loss_for(facts: DatasetInfo, loss: str) -> str:
    """The loss that other classes need: binary cross-entropy for two, a categorical one for more.

    Mean squared error does for all.
    """
    if facts.classes == _TWO:
        return loss if loss == "mse" else facts.default_loss
    return facts.default_loss if loss == "binary_crossentropy" else loss
