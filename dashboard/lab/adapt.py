"""A network made to fit other data or another form of the input, keeping of it whatever can stay.

Layers are lists of plain dicts. Nothing here changes the list it is given, but layers may be shared.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.catalog import DatasetInfo
from dashboard.lab.defaults import Draft, new_layer

RECURRENT = frozenset({"lstm", "gru", "bidirectional"})
SPATIAL = frozenset({"conv2d", "max_pooling2d"})
_LEARNS_FROM_PLACES = RECURRENT | {"conv2d"}
_MAKES_A_ROW = frozenset({"flatten", "global_average_pooling"})
_NEEDS_MORE_THAN_A_ROW = RECURRENT | SPATIAL | _MAKES_A_ROW | {"embedding"}
_TWO = 2
#: Units of a Dense layer that is put in where the data need one.
HIDDEN_UNITS = 16


def reads_a_sequence(layers: Sequence[Draft]) -> bool:
    """Whether a network has layers that read one step after the other, or makes vectors of numbers."""
    return any(layer["kind"] in RECURRENT or layer["kind"] == "embedding" for layer in layers)


def for_rows_of_values(layers: Sequence[Draft]) -> list[Draft]:
    """Layers for samples that are one row of values: a flat image or a multi-hot text.

    What needs an image or a sequence goes. If it learned and no hidden Dense is left, one takes its place. The
    first layer is a Dense then, as multi-hot texts want it.
    """
    kept = [layer for layer in layers if layer["kind"] not in _NEEDS_MORE_THAN_A_ROW]
    while kept and kept[0]["kind"] != "dense":
        del kept[0]
    learned = any(layer["kind"] in _LEARNS_FROM_PLACES for layer in layers)
    if learned and sum(layer["kind"] == "dense" for layer in kept) < _TWO:
        kept.insert(0, new_layer("dense", units=HIDDEN_UNITS))
    return kept


def for_word_numbers(layers: Sequence[Draft], num_words: int) -> list[Draft]:
    """Layers for padded texts: an Embedding in front, and behind it something that makes one row of the sequence.

    Args:
        num_words: How many word numbers the encoding keeps; the Embedding gets that vocabulary.
    """
    embeddings = [layer for layer in layers if layer["kind"] == "embedding"]
    rest = [layer for layer in layers if layer["kind"] not in (*SPATIAL, "embedding")]
    if not any(_makes_a_row(layer) for layer in rest):
        rest.insert(0, new_layer("global_average_pooling"))
    embedding = embeddings[0] if embeddings else new_layer("embedding")
    return [{**embedding, "vocabulary": num_words}, *rest]


def for_image_rows(layers: Sequence[Draft]) -> list[Draft]:
    """Layers for images read row by row: the rows are vectors already, so no Embedding."""
    return [layer for layer in layers if layer["kind"] != "embedding"]


def recurrent_first(layers: Sequence[Draft]) -> list[Draft]:
    """The recurrent layers in front, each but the last giving on every step; then the rest.

    Layers that make one row of a sequence are not needed any more and go.
    """
    recurrent = [layer for layer in layers if layer["kind"] in RECURRENT]
    rest = [layer for layer in layers if layer["kind"] not in RECURRENT | _MAKES_A_ROW]
    last = len(recurrent) - 1
    return [
        *({**layer, "return_sequences": place < last} for place, layer in enumerate(recurrent)),
        *rest,
    ]


def output_layer(facts: DatasetInfo, loss: str, *, one_unit: bool = False) -> Draft:
    """The last layer that fits the classes and the loss.

    Args:
        loss: The loss; binary cross-entropy wants one unit.
        one_unit: Whether to give two classes one unit where the loss leaves the choice.
    """
    binary = facts.classes == _TWO and (loss == "binary_crossentropy" or (loss == "mse" and one_unit))
    if binary:
        return new_layer("dense", units=1, activation="sigmoid")
    return new_layer("dense", units=facts.classes, activation="softmax")


def with_output(layers: Sequence[Draft], output: Draft) -> list[Draft]:
    """The layers with this output: the last Dense gets its units and activation, else it is added."""
    if layers and layers[-1]["kind"] == "dense":
        changes = {name: output[name] for name in ("units", "activation")}
        return [*layers[:-1], {**layers[-1], **changes}]
    return [*layers, output]


def loss_for(facts: DatasetInfo, loss: str) -> str:
    """The loss that other classes need: binary cross-entropy for two, a categorical one for more.

    Mean squared error does for all.
    """
    if facts.classes == _TWO:
        return loss if loss == "mse" else facts.default_loss
    return facts.default_loss if loss == "binary_crossentropy" else loss


def _makes_a_row(layer: Draft) -> bool:
    if layer["kind"] in RECURRENT:
        return not layer.get("return_sequences", False)
    return layer["kind"] in _MAKES_A_ROW
