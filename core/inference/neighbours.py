"""The training samples nearest to a test sample, searched for a second at a time. Loads Keras."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import cached_property, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np
from numpy.typing import NDArray

from core.analysis.neighbours import Nearest, cosine_distances, euclidean_distances, pixel_distances
from core.datasets.encoding import Inputs, bag_of_words, pad_sequences
from core.datasets.preparation import rows_of
from core.datasets.texts import RaggedTokens
from core.datasets.tokenization import FIRST_WORD, texts_to_sequences
from core.errors import RunError
from core.experiment import PaddedEncoding
from core.inference.networks import MOST_NETWORKS, Config, OpenedImages, OpenedTexts, check_test_row
from core.inference.questions import NeighboursAnswer, NeighboursRequest

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Opened: TypeAlias = OpenedTexts | OpenedImages
_Part: TypeAlias = Union[NDArray[np.uint8], NDArray[np.float32], "csr_matrix"]

COUNT = 8
"""So many neighbours are found."""

#: Seconds of work that one question does.
STRETCH = 0.7
#: What is kept of samples that were looked at, of all networks together: the sets of words of 100,000 reviews, or
#: 64 values of 200,000 images.
MOST_BYTES = 64_000_000
_ROWS = 1_024


class Neighbourhoods:
    """The searches under way, and what can be used again by the next one; any number of threads may ask."""

    def __init__(self) -> None:
        self._parts = _Parts(MOST_BYTES)
        self._searches: OrderedDict[NeighboursRequest, _Search] = OrderedDict()
        self._beginning = Lock()

    def advance(self, opened: Opened, question: NeighboursRequest) -> NeighboursAnswer:
        """Search for some time, and say what was found so far.

        Raises:
            RunError: If the test set has no such sample ("run_no_such_sample"), the data no such class
                ("run_no_such_class"), or the network no hidden layer ("run_no_hidden_layer").
        """
        with self._beginning:
            search = self._searches.pop(question, None) or _Search(opened, question, self._parts)
            self._searches[question] = search
            while len(self._searches) > MOST_NETWORKS:  # begun, and left by whoever asked
                self._searches.popitem(last=False)
        # One thread at a time works on a search, and nobody waits for it: other questions find a free thread.
        if search.working.acquire(blocking=False):
            try:
                if search.advance(STRETCH):
                    self._searches.pop(question, None)  # its parts are still there for the next one
            finally:
                search.working.release()
        return NeighboursAnswer(search.done, search.nearest.found(), len(search.rows), opened.epoch)


class _Parts:
    """What was made of samples, part by part: those used last, up to so many bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._parts: OrderedDict[tuple[object, ...], _Part] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...], make: Callable[[], _Part]) -> _Part:
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


def _size(part: _Part) -> int:
    if isinstance(part, np.ndarray):
        return part.nbytes
    return int(part.data.nbytes + part.indices.nbytes + part.indptr.nbytes)


class _Search:
    """A search for neighbours, on the way.

    Args:
        parts: Where parts are kept that other searches can use.

    Attributes:
        rows: int64, the training rows of the class, ascending.
        nearest: What was found so far.
        working: Held by the thread that goes on with it.

    Raises:
        RunError: If the question is none for this network.
    """

    def __init__(self, opened: Opened, question: NeighboursRequest, parts: _Parts) -> None:
        experiment = opened.run.experiment
        dataset = opened.dataset
        check_test_row(opened, question.row)
        if not 0 <= question.label < experiment.facts.classes:
            classes = experiment.facts.classes - 1
            raise RunError("run_no_such_class", received=question.label, dataset=dataset.name, last=classes)
        hidden = experiment.summary.last_hidden
        if question.space == "hidden" and hidden is None:
            raise RunError("run_no_hidden_layer", run=question.run)
        self._opened = opened
        self.nearest = Nearest(COUNT)
        self.working = Lock()
        self._question = question
        self._parts = parts
        self._hidden = hidden or 0
        self._seen = 0
        training = np.sort(rows_of(experiment, dataset).training)
        self.rows = training[dataset.y_train[training] == question.label]
        # A part of which the network can hold all that its layers put out.
        self._step = min(_ROWS, opened.predict.rows_at_a_time)
        self._measure: Callable[[Any, Any], NDArray[np.float64]]
        if question.space == "hidden":
            self._measure = euclidean_distances
        elif isinstance(opened, OpenedTexts):
            self._measure = cosine_distances
        else:
            self._measure = partial(pixel_distances, largest=experiment.facts.max_value)

    @property
    def done(self) -> float:
        """How many of the samples have been looked at, 0 to 1."""
        return self._seen / len(self.rows) if len(self.rows) else 1.0

    def advance(self, seconds: float) -> bool:
        """Work about so long, on one part at least; whether all is done."""
        end = time.monotonic() + seconds
        question = self._question
        while self._seen < len(self.rows):
            rows = self.rows[self._seen : self._seen + self._step]
            if question.space == "input" and isinstance(self._opened, OpenedImages):
                part = self._made("train", rows)  # lies there as it is
            else:
                key = (question.run, question.space, question.label, self._seen)
                part = self._parts.get(key, partial(self._made, "train", rows))
            self.nearest.add(rows, self._measure(part, self._one))
            self._seen += len(rows)
            if time.monotonic() > end:
                break
        return self._seen == len(self.rows)

    @cached_property
    def _one(self) -> _Part:
        """The test sample; made by whoever works first, for that may have to compile the network."""
        return self._made("test", np.array([self._question.row]))

    def _made(self, part: Config, rows: NDArray[np.int64]) -> _Part:
        """What is compared, of some rows of the raw training or test set."""
        opened = self._opened
        if self._question.space == "hidden":
            return self._hidden_values(opened.inputs(part, rows))
        if isinstance(opened, OpenedTexts):
            return word_sets(opened.samples(part, rows), opened)
        return opened.samples(part, rows)

    def _hidden_values(self, inputs: Inputs) -> NDArray[np.float32]:
        values = self._opened.predict.layer_outputs(inputs)[self._hidden]
        return values.reshape(len(values), -1)


def word_sets(texts: RaggedTokens, opened: OpenedTexts) -> csr_matrix:
    """The words of texts that a network gets, each counted once: CSR (texts, num_words) of ones.

    What stands for the start, for words that fell out and for empty places is no word; of texts that are cut only
    what is left of them counts.

    Args:
        opened: Its encoding says what it gets.
    """
    encoding = opened.encoding
    numbers = texts_to_sequences(texts, encoding.num_words)
    if isinstance(encoding, PaddedEncoding):
        rows = pad_sequences(numbers, encoding)
        numbers = RaggedTokens(rows.ravel(), np.arange(len(rows) + 1, dtype=np.int64) * encoding.length)
    sets = bag_of_words(numbers, encoding.num_words)
    sets.data[:] = sets.indices >= FIRST_WORD
    sets.eliminate_zeros()
    return sets
