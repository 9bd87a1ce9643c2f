"""The training samples nearest to a test sample, searched for a second at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Union

import numpy as np
from numpy.typing import NDArray

from core.analysis.neighbours import (
    Nearest,
    Neighbour,
    cosine_distances,
    euclidean_distances,
    pixel_distances,
)
from core.datasets.dataset import RaggedTokens
from core.datasets.encoding import Inputs, bag_of_words, pad_sequences
from core.datasets.preparation import rows_of, taught_labels
from core.datasets.tokenization import FIRST_WORD, texts_to_sequences
from core.errors import RunError
from core.experiment import PaddedEncoding
from core.inference.kept import UnderWay
from core.inference.request import InferenceRequest
from core.inference.service import (
    ImageNetwork,
    InferenceService,
    Network,
    Part,
    TextNetwork,
    check_test_row,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_Compared: TypeAlias = Union[NDArray[np.uint8], NDArray[np.float32], "csr_matrix"]

Space = Literal["input", "hidden"]
"""Where samples can be near each other: as they enter a network (the values of images, the sets of words of
texts), or as its last hidden layer tells them apart."""

COUNT = 8
"""So many neighbours are found."""

#: What is kept of samples that were looked at, of all networks together: the sets of words of 100,000 reviews, or
#: 64 values of 200,000 images.
MOST_BYTES = 64_000_000
_ROWS = 1_024


@dataclass(frozen=True)
class NeighboursAnswer:
    """The nearest training samples found so far, by their rows in the raw training set, the nearest first.

    `done` of the `samples` of the class that the run learned from have been looked at, 0 to 1; below 1 nearer ones
    may follow.
    """

    done: float
    neighbours: tuple[Neighbour, ...]
    samples: int
    epoch: int


@dataclass(frozen=True)
class NeighboursRequest(InferenceRequest[NeighboursAnswer]):
    """Which training samples of the class `label` are nearest to a sample of the test set?

    Only samples that the run learned from count; of those labelled wrongly on purpose, with the label they had. Each
    time it is asked some work is done, until all is.
    """

    run: str
    row: int
    label: int
    space: Space
    kind: Literal["neighbours"] = "neighbours"

    def answer(self, service: InferenceService) -> NeighboursAnswer:
        """The nearest so far; RunError if there is no such sample, class or hidden layer."""
        return find_neighbours(service.network(self.run), self, service.kept(Searches))


def find_neighbours(network: Network, question: NeighboursRequest, searches: Searches) -> NeighboursAnswer:
    """Search for some time, and say what was found so far."""
    search = searches.advance(question, lambda: _Search(network, question, searches.parts))
    return NeighboursAnswer(search.done, search.nearest.found(), len(search.rows), network.epoch)


class _Parts:
    """What was made of samples, part by part: those used last, up to so many bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._parts: OrderedDict[tuple[object, ...], _Compared] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...], make: Callable[[], _Compared]) -> _Compared:
        """The part of this key, made if it is not there."""
        with self._lock:
            known = self._parts.get(key)
            if known is not None:
                self._parts.move_to_end(key)
                return known
        made = make()  # without the lock: others need not wait
        with self._lock:
            if key not in self._parts:
                self._parts[key] = made
                self._bytes += _size(made)
            while self._bytes > self._most_bytes:
                self._bytes -= _size(self._parts.popitem(last=False)[1])
        return made


def _size(part: _Compared) -> int:
    if isinstance(part, np.ndarray):
        return part.nbytes
    return int(part.data.nbytes + part.indices.nbytes + part.indptr.nbytes)


class _Search:
    """A search for neighbours among `rows`, the training rows of the class, ascending (int64), on the way."""

    def __init__(self, network: Network, question: NeighboursRequest, parts: _Parts) -> None:
        experiment = network.run.experiment
        dataset = network.dataset
        check_test_row(network, question.row)
        if not 0 <= question.label < experiment.facts.classes:
            classes = experiment.facts.classes - 1
            raise RunError("run_no_such_class", received=question.label, dataset=dataset.name, last=classes)
        hidden = experiment.summary.last_hidden
        if question.space == "hidden" and hidden is None:
            raise RunError("run_no_hidden_layer", run=question.run)
        self._network = network
        self.nearest = Nearest(COUNT)
        self._question = question
        self._parts = parts
        self._hidden = hidden or 0
        self._seen = 0
        training = np.sort(rows_of(experiment, dataset).training)
        self.rows = training[taught_labels(experiment, dataset)[training] == question.label]
        # A part of which the network can hold all that its layers put out.
        self._step = min(_ROWS, network.predict.rows_at_a_time)
        self._measure: Callable[[Any, Any], NDArray[np.float64]]
        if question.space == "hidden":
            self._measure = euclidean_distances
        elif isinstance(network, TextNetwork):
            self._measure = cosine_distances
        else:
            self._measure = partial(pixel_distances, largest=experiment.facts.max_value)

    @property
    def done(self) -> float:
        """How many of the samples have been looked at, 0 to 1."""
        return self._seen / len(self.rows) if len(self.rows) else 1.0

    def step(self) -> bool:
        """Look at one part of the samples; whether all have been looked at."""
        rows = self.rows[self._seen : self._seen + self._step]
        if len(rows):
            self.nearest.add(rows, self._measure(self._part(rows), self._one))
            self._seen += len(rows)
        return self._seen == len(self.rows)

    def _part(self, rows: NDArray[np.int64]) -> _Compared:
        question = self._question
        if question.space == "input" and isinstance(self._network, ImageNetwork):
            return self._made("train", rows)  # lies there as it is
        key = (question.run, question.space, question.label, self._seen)
        return self._parts.get(key, partial(self._made, "train", rows))

    @cached_property
    def _one(self) -> _Compared:
        """The test sample; made by whoever works first, for that may have to compile the network."""
        return self._made("test", np.array([self._question.row]))

    def _made(self, part: Part, rows: NDArray[np.int64]) -> _Compared:
        """What is compared, of some rows of the raw training or test set."""
        network = self._network
        if self._question.space == "hidden":
            return self._hidden_values(network.inputs(part, rows))
        if isinstance(network, TextNetwork):
            return word_sets(network.samples(part, rows), network)
        return network.samples(part, rows)

    def _hidden_values(self, inputs: Inputs) -> NDArray[np.float32]:
        values = self._network.predict.layer_outputs(inputs)[self._hidden]
        return values.reshape(len(values), -1)


class Searches(UnderWay[NeighboursRequest, _Search]):
    """The searches under way, and what the next ones can use again."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = _Parts(MOST_BYTES)


def word_sets(texts: RaggedTokens, network: TextNetwork) -> csr_matrix:
    """The words of texts that a network gets, each bag_of_words once: CSR (texts, num_words) of ones.

    What stands for the start, for words that fell out and for empty places is no word; of texts that are cut only
    what is left of them counts.
    """
    encoding = network.encoding
    numbers = texts_to_sequences(texts, encoding.num_words)
    if isinstance(encoding, PaddedEncoding):
        rows = pad_sequences(numbers, encoding)
        numbers = RaggedTokens(rows.ravel(), np.arange(len(rows) + 1, dtype=np.int64) * encoding.length)
    sets = bag_of_words(numbers, encoding.num_words)
    sets.data[:] = sets.indices >= FIRST_WORD
    sets.eliminate_zeros()
    return sets
