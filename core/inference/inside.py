"""Answers about the inside of a network: its first weights, what its layers put out, its idle units. Loads Keras."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.datasets.preparation import rows_of
from core.datasets.texts import Vocabulary
from core.datasets.tokenization import FIRST_WORD, tokenize, words_kept
from core.errors import RunError
from core.experiment import Conv2D, Dense
from core.experiment.data import WORD_SHIFT
from core.inference.about_inside import (
    MOST_PROBES,
    MOST_VALUES,
    SATURATED_AT,
    SATURATED_SHARE,
    SELDOM,
    UNITS_A_PAGE,
    WORD_UNITS_A_PAGE,
    ActivationsAnswer,
    ActivationsRequest,
    FirstWeightsAnswer,
    FirstWeightsRequest,
    InsideAnswer,
    InsideRequest,
    LayerActivation,
    LayerUnits,
    NearestAnswer,
    NearestRequest,
    NearWord,
    UnitsAnswer,
    UnitWords,
    Values,
    WordWeight,
)
from core.inference.networks import OpenedImages, OpenedTexts, check_test_row
from core.models.first_layer import FirstLayer, first_layer

LONGEST = 5.0
"""Seconds that one question may spend on trying out units; what has been seen by then is told."""

_WORDS = 8
_NEIGHBOURS = 12
#: The ends of the range of an activation that has two.
_RANGES = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}


def about_inside(opened: OpenedTexts | OpenedImages, question: InsideRequest) -> InsideAnswer:
    """Answer a question about the inside of a network.

    Raises:
        RunError: If its first layer has nothing of this kind ("run_first_layer"), or the test set no such sample
            ("run_no_such_sample").
        TextError: If a word is none that the network knows.
    """
    if isinstance(question, FirstWeightsRequest):
        return about_first_weights(opened, question.first)
    if isinstance(question, NearestRequest):
        return about_nearest(opened, question.word)
    if isinstance(question, ActivationsRequest):
        return about_activations(opened, question.row)
    return about_units(opened)


# The first layer


def about_first_weights(opened: OpenedTexts | OpenedImages, first: int) -> FirstWeightsAnswer:
    """The weights of the first layer's units from `first` on, as pictures or as words.

    Raises:
        RunError: If they are neither ("run_first_layer").
    """
    layer = first_layer(opened.run.experiment)
    if layer.form not in ("pictures", "filters", "words"):
        raise _nothing_to_show(opened, layer)
    kernel = _weights(opened, layer)
    first = min(max(first, 0), layer.units - 1)
    largest = float(np.abs(kernel).max())
    if isinstance(opened, OpenedTexts):
        last = min(first + WORD_UNITS_A_PAGE, layer.units)
        numbers = FIRST_WORD + words_kept(opened.encoding.num_words, len(opened.dataset.vocabulary))
        words = tuple(
            _unit_words(kernel[FIRST_WORD:numbers, unit], unit, opened.dataset.vocabulary)
            for unit in range(first, last)
        )
        return FirstWeightsAnswer(layer.units, first, largest, None, words, opened.epoch)
    last = min(first + UNITS_A_PAGE, layer.units)
    # (inputs, units), or for filters (height, width, channels, units) with one channel, as images are grey.
    pictures = np.moveaxis(kernel, -1, 0)[first:last].reshape(-1, *layer.picture)
    return FirstWeightsAnswer(layer.units, first, largest, Values.of(pictures), (), opened.epoch)


def about_nearest(opened: OpenedTexts | OpenedImages, word: str) -> NearestAnswer:
    """The words whose vectors point in the direction most similar to that of a word.

    Raises:
        RunError: If the network has no vectors of words ("run_first_layer").
        TextError: If the word is none that the network knows; of several the first one known is taken.
    """
    layer = first_layer(opened.run.experiment)
    if layer.form != "vectors" or not isinstance(opened, OpenedTexts):
        raise _nothing_to_show(opened, layer)
    vocabulary, num_words = opened.dataset.vocabulary, opened.encoding.num_words
    found = next(one for one in tokenize(word, vocabulary, num_words) if one.status == "kept")
    vectors = _weights(opened, layer)[: FIRST_WORD + words_kept(num_words, len(vocabulary))]
    lengths = np.maximum(np.linalg.norm(vectors, axis=1), np.finfo(np.float32).tiny)
    similar = vectors @ vectors[found.number] / (lengths * lengths[found.number])
    similar[:FIRST_WORD] = -np.inf
    similar[found.number] = -np.inf
    order = np.argsort(-similar, kind="stable")[:_NEIGHBOURS]
    neighbours = tuple(
        NearWord(vocabulary.word(int(number) - WORD_SHIFT), float(similar[number]))
        for number in order
        if np.isfinite(similar[number])
    )
    return NearestAnswer(found.word, neighbours, opened.epoch)


def _nothing_to_show(opened: OpenedTexts | OpenedImages, layer: FirstLayer) -> RunError:
    return RunError("run_first_layer", run=opened.run.id, layer=layer.name)


def _weights(opened: OpenedTexts | OpenedImages, layer: FirstLayer) -> NDArray[np.float32]:
    weights: NDArray[np.float32] = opened.predict.model.layers[layer.place].get_weights()[0]
    return weights


def _unit_words(weights: NDArray[np.float32], unit: int, vocabulary: Vocabulary) -> UnitWords:
    """The strongest words of a unit; `weights[i]` belongs to the word of rank i + 1."""
    order = np.argsort(weights, kind="stable")

    def told(places: NDArray[np.intp], sign: int) -> tuple[WordWeight, ...]:
        return tuple(
            WordWeight(vocabulary.word(int(place) + 1), float(weights[place]))
            for place in places
            if sign * weights[place] > 0
        )

    return UnitWords(unit, told(order[::-1][:_WORDS], 1), told(order[:_WORDS], -1))


# What layers put out


def about_activations(opened: OpenedTexts | OpenedImages, row: int) -> ActivationsAnswer:
    """What each layer puts out for a sample of the test set.

    Raises:
        RunError: If there is no such sample ("run_no_such_sample").
    """
    check_test_row(opened, row)
    outputs = opened.predict.layer_outputs(opened.inputs("test", np.array([row])))
    layers = tuple(
        _activation(layer.name, output[0])
        for layer, output in zip(opened.predict.model.layers, outputs, strict=True)
    )
    return ActivationsAnswer(row, int(opened.dataset.y_test[row]), layers, opened.epoch)


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


# Units that do nothing


def about_units(opened: OpenedTexts | OpenedImages, now: Callable[[], float] = time.monotonic) -> UnitsAnswer:
    """Which hidden units never do anything, over the validation samples (without them: the training samples)."""
    experiment = opened.run.experiment
    split = rows_of(experiment, opened.dataset)
    probe: Literal["validation", "training"] = "validation" if len(split.validation) else "training"
    rows = (split.validation if probe == "validation" else split.training)[:MOST_PROBES]
    watched = [
        (place, row.name, row.layer)
        for place, row in enumerate(experiment.summary.rows[:-1])
        if isinstance(row.layer, Dense | Conv2D)
        and (row.layer.activation == "relu" or row.layer.activation in _RANGES)
    ]
    counts: dict[int, NDArray[np.int64]] = {}
    seen, end = 0, now() + LONGEST
    while watched and seen < len(rows) and (seen == 0 or now() < end):
        part = rows[seen : seen + opened.predict.rows_at_a_time]
        outputs = opened.predict.layer_outputs(opened.inputs("train", part))
        for place, _, layer in watched:
            found = _striking(outputs[place], layer.activation)
            counts[place] = counts.get(place, np.zeros(len(found), dtype=np.int64)) + found
        seen += len(part)
    layers = tuple(_judged(name, layer.activation, counts[place], seen) for place, name, layer in watched)
    return UnitsAnswer(layers, probe, seen, opened.epoch)


def _striking(output: NDArray[np.float32], activation: str) -> NDArray[np.int64]:
    """For how many samples each unit is above 0 anywhere (relu), or at an end of its range everywhere: (units,)."""
    places = output.reshape(len(output), -1, output.shape[-1])
    if activation == "relu":
        found = (places > 0).any(axis=1)
    else:
        low, high = _RANGES[activation]
        margin = SATURATED_AT * (high - low)
        found = ((places < low + margin) | (places > high - margin)).all(axis=1)
    counts: NDArray[np.int64] = found.sum(axis=0)
    return counts


def _judged(name: str, activation: str, counts: NDArray[np.int64], samples: int) -> LayerUnits:
    shares = counts / samples
    none = np.zeros(len(counts), dtype=bool)
    relu = activation == "relu"
    return LayerUnits(
        name,
        activation,
        len(counts),
        dead=_places(counts == 0 if relu else none),
        seldom=_places((counts > 0) & (shares < SELDOM) if relu else none),
        saturated=_places(none if relu else shares >= SATURATED_SHARE),
        shares=Values.of(shares),
    )


def _places(chosen: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(map(int, np.flatnonzero(chosen)))
