"""What the first layer of a network has learned: the weights of its units, or its vectors of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from core.catalog import WORD_SHIFT, DataKind
from core.datasets.dataset import Vocabulary
from core.datasets.tokenization import FIRST_WORD, TypedWord, judged, words_kept
from core.errors import RunError
from core.inference.request import InferenceRequest, Values
from core.inference.service import InferenceService, Network, OpenNetwork, TextNetwork
from core.inference.tokens import typed_tokens
from core.models.first_layer import FirstLayer, first_layer

UNITS_A_PAGE = 64
"""So many pictures of weights one answer holds at most."""

WORD_UNITS_A_PAGE = 16
"""The same for units whose weights are words."""

_WORDS = 8
_NEIGHBOURS = 12


@dataclass(frozen=True)
class WordWeight:
    """A word and its weight to a unit."""

    word: str
    weight: float


@dataclass(frozen=True)
class UnitWords:
    """The words with the largest positive weights to a unit, the largest first, and with the lowest negative ones."""

    unit: int
    raising: tuple[WordWeight, ...]
    lowering: tuple[WordWeight, ...]


@dataclass(frozen=True)
class FirstWeightsAnswer:
    """The weights of some of the `units` of the first layer, from `first` on.

    They are `pictures` (units sent, height, width), with a last axis of 3 where the layer sees colours, or `words`, one
    record for each unit sent. `largest` is the largest absolute weight of the whole layer.
    """

    units: int
    first: int
    largest: float
    pictures: Values | None
    words: tuple[UnitWords, ...]
    epoch: int


@dataclass(frozen=True)
class FirstWeightsRequest(InferenceRequest[FirstWeightsAnswer]):
    """What do the units of the first layer, Dense or a convolution, look for? From unit `first` on."""

    run: str
    first: int = 0
    kind: Literal["first_weights"] = "first_weights"
    about_test: ClassVar[bool] = False
    about_data: ClassVar[tuple[DataKind, ...]] = ("text",)

    def answer(self, service: InferenceService) -> FirstWeightsAnswer:
        """The weights as pictures or as words; RunError ("run_first_layer") if they are neither."""
        return first_weights(service.weights(self.run), self.first)


def first_weights(network: OpenNetwork, first: int) -> FirstWeightsAnswer:
    """The weights of the units from `first` on."""
    layer = first_layer(network.run.experiment)
    if layer.form not in ("pictures", "filters", "words"):
        raise _nothing_to_show(network, layer)
    kernel = _weights(network, layer)
    first = min(max(first, 0), layer.units - 1)
    largest = float(np.abs(kernel).max())
    if isinstance(network, TextNetwork):
        last = min(first + WORD_UNITS_A_PAGE, layer.units)
        numbers = FIRST_WORD + words_kept(network.encoding.num_words, len(network.dataset.vocabulary))
        words = tuple(
            _unit_words(kernel[FIRST_WORD:numbers, unit], unit, network.dataset.vocabulary)
            for unit in range(first, last)
        )
        return FirstWeightsAnswer(layer.units, first, largest, None, words, network.epoch)
    return first_pictures(kernel, layer, first, network.epoch)


def first_pictures(
    kernel: NDArray[np.float32], layer: FirstLayer, first: int, epoch: int
) -> FirstWeightsAnswer:
    """The weights of the units from `first` on as pictures.

    The kernel is (inputs, units), or for filters (height, width, channels, units) with as many channels as images have.
    """
    first = min(max(first, 0), layer.units - 1)
    last = min(first + UNITS_A_PAGE, layer.units)
    shape = (*layer.picture, layer.channels) if layer.in_colours else layer.picture
    pictures = np.moveaxis(kernel, -1, 0)[first:last].reshape(-1, *shape)
    largest = float(np.abs(kernel).max())
    return FirstWeightsAnswer(layer.units, first, largest, Values.of(pictures), (), epoch)


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


@dataclass(frozen=True)
class NearWord:
    """A word whose vector points in a similar direction; `similarity` is the cosine of the angle, -1 to 1."""

    word: str
    similarity: float


@dataclass(frozen=True)
class NearestAnswer:
    """The words nearest to `word`, as it was looked up; the nearest first."""

    word: str
    neighbours: tuple[NearWord, ...]
    epoch: int


@dataclass(frozen=True)
class NearestRequest(InferenceRequest[NearestAnswer]):
    """Which words has the Embedding of a network put beside this one, as it was typed?"""

    run: str
    word: str
    kind: Literal["nearest"] = "nearest"
    about_test: ClassVar[bool] = False

    def answer(self, service: InferenceService) -> NearestAnswer:
        """The nearest words; RunError ("run_first_layer") without vectors, TextError for a word it does not know."""
        return nearest_words(service.network(self.run), self.word)


def nearest_words(network: Network, word: str) -> NearestAnswer:
    """The words whose vectors are most similar to that of a word; of several the first one known is taken."""
    layer = first_layer(network.run.experiment)
    if layer.form != "vectors" or not isinstance(network, TextNetwork):
        raise _nothing_to_show(network, layer)
    vocabulary, num_words = network.dataset.vocabulary, network.encoding.num_words
    found = _looked_up(network, word)
    vectors = _weights(network, layer)[: FIRST_WORD + words_kept(num_words, len(vocabulary))]
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
    return NearestAnswer(found.word, neighbours, network.epoch)


def _looked_up(network: TextNetwork, word: str) -> TypedWord:
    """The first word that the network knows; of own data the token itself, if it was typed as the vocabulary has it."""
    if network.dataset.facts.own:
        token = word.strip()
        rank = network.dataset.vocabulary.rank(token)
        exact = judged(token, token, rank, network.encoding.num_words)
        if exact.status == "kept":
            return exact
    return next(one for one in typed_tokens(network, word).words if one.status == "kept")


def _nothing_to_show(network: OpenNetwork, layer: FirstLayer) -> RunError:
    return RunError("run_first_layer", run=network.run.id, layer=layer.name)


def _weights(network: OpenNetwork, layer: FirstLayer) -> NDArray[np.float32]:
    weights: NDArray[np.float32] = network.predict.model.layers[layer.place].get_weights()[0]
    return weights
