"""Answers questions about trained networks, in a process that stays: networks are kept open. Loads Keras."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.analysis import word_effects
from core.answers.questions import (
    AboutSample,
    AboutWords,
    Answer,
    Question,
    TextAnswer,
    Word,
    WordsAnswer,
)
from core.datasets import TextDataset, open_dataset
from core.datasets.encoding import TextEncoder
from core.datasets.numbering import TypedWord, looked_up, numbers_of, words_of
from core.datasets.preparation import encoder_of
from core.datasets.texts import Texts
from core.errors import RunError, TextError
from core.experiment import MultiHotEncoding, PaddedEncoding
from core.models.predicting import Predictor
from core.run import Run
from core.settings import Settings
from core.storage import Artifacts, Store
from core.training import kept

logger = logging.getLogger(__name__)

MOST_NETWORKS = 4
"""So many networks are kept open, those that were asked last."""

#: Seconds that one question may spend on word effects; words whose turn does not come then have none.
LONGEST = 5.0
#: Seconds of work that one question about all words does.
STRETCH = 0.7
_MOST_BYTES = 24_000_000
_MOST_PAIRS = 200_000


@dataclass(frozen=True, eq=False)
class Opened:
    """A trained network with all that turns a text into its input.

    Attributes:
        run: Its run.
        epoch: After which epoch it is as it is.
        predict: The network.
        encode: The encoder of its training.
        encoding: The encoder's encoding.
        dataset: The data of its training.
    """

    run: Run
    epoch: int
    predict: Predictor
    encode: TextEncoder
    encoding: MultiHotEncoding | PaddedEncoding
    dataset: TextDataset


class Answering:
    """Answers questions; any number of threads may ask at once.

    Args:
        settings: Where the data are.
        store: Where the runs are.
        artifacts: Where their networks are.
    """

    def __init__(self, settings: Settings, *, store: Store, artifacts: Artifacts) -> None:
        self._settings = settings
        self._store = store
        self._artifacts = artifacts
        self._networks: OrderedDict[str, Opened] = OrderedDict()
        self._opening = Lock()
        self._surveys: OrderedDict[str, _Survey] = OrderedDict()
        self._surveying = Lock()

    def answer(self, question: Question) -> Answer:
        """Answer a question.

        Raises:
            UnknownRunError: If there is no such run.
            RunError: If it is not over ("run_not_over"), not about texts ("run_not_about_texts"), or, for a question
                about all words, not multi-hot ("run_not_multi_hot").
            ArtifactMissingError: If no network of it was kept.
            DataError: If its data are not on this computer any more.
            TextError: If nothing can be made of the text, or the test set has no such text ("text_not_there").
            StorageError: If storage does not answer.
        """
        if isinstance(question, AboutWords):
            return self._about_words(question.run)
        opened = self._open(question.run)
        if isinstance(question, AboutSample):
            return about_sample(opened, question.row)
        return about_typed(opened, question.text)

    def _open(self, run_id: str) -> Opened:
        run = self._store.get(run_id)  # each time: it may have been deleted
        with self._opening:
            opened = self._networks.get(run_id)
            if opened is None:
                opened = open_network(run, self._settings, self._artifacts)
            self._networks[run_id] = opened
            self._networks.move_to_end(run_id)
            while len(self._networks) > MOST_NETWORKS:
                self._networks.popitem(last=False)
        return opened

    def _about_words(self, run_id: str) -> WordsAnswer:
        opened = self._open(run_id)
        if not isinstance(opened.encoding, MultiHotEncoding):
            raise RunError("run_not_multi_hot", run=run_id)
        if self._artifacts.exists(run_id, kept.WORD_EFFECTS):
            return WordsAnswer(1.0)
        survey = self._survey(opened)
        # One at a time, and nobody waits for it: other questions find a free thread.
        if self._surveying.acquire(blocking=False):
            try:
                if survey.go_on(STRETCH):
                    self._artifacts.save_array(run_id, kept.WORD_EFFECTS, survey.table())
                    self._surveys.pop(run_id, None)
            finally:
                self._surveying.release()
        return WordsAnswer(survey.done)

    def _survey(self, opened: Opened) -> _Survey:
        with self._opening:
            survey = self._surveys.setdefault(opened.run.id, _Survey(opened))
            self._surveys.move_to_end(opened.run.id)
            while len(self._surveys) > MOST_NETWORKS:  # begun, and left by whoever asked
                self._surveys.popitem(last=False)
        return survey


def open_network(run: Run, settings: Settings, artifacts: Artifacts) -> Opened:
    """Open the network of a run that is over, the one whose test result the run has.

    Raises:
        RunError: If the run is not over ("run_not_over") or not about texts ("run_not_about_texts").
        ArtifactMissingError: If no network of it was kept.
        DataError: If its data are not on this computer any more.
    """
    experiment = run.experiment
    if not isinstance(experiment.encoding, MultiHotEncoding | PaddedEncoding):
        raise RunError("run_not_about_texts", run=run.id, dataset=experiment.dataset)
    if not run.state.is_over:
        raise RunError("run_not_over", run=run.id, state=run.state.value)
    name, epoch = kept.judged(run)
    with artifacts.fetch_file(run.id, name) as path:
        predict = Predictor.load(path)
    dataset = open_dataset(experiment.dataset, settings, fetch=False)
    if not isinstance(dataset, TextDataset):
        raise TypeError(f"{dataset.name} has no texts")
    return Opened(run, epoch, predict, encoder_of(experiment, dataset), experiment.encoding, dataset)


def about_typed(opened: Opened, text: str) -> TextAnswer:
    """What a network says about a typed text.

    Raises:
        TextError: If nothing can be made of it.
    """
    words = looked_up(text, opened.dataset.vocabulary, opened.encoding.num_words)
    return _about(opened, words, label=None)


def about_sample(opened: Opened, row: int) -> TextAnswer:
    """What a network says about a text of the test set.

    Raises:
        TextError: If there is no such text ("text_not_there").
    """
    texts = opened.dataset.x_test
    if not 0 <= row < len(texts):
        raise TextError("text_not_there", received=row, dataset=opened.dataset.name, last=len(texts) - 1)
    words = words_of(texts[row], opened.dataset.vocabulary, opened.encoding.num_words)
    return _about(opened, words, label=int(opened.dataset.y_test[row]))


def _about(opened: Opened, words: tuple[TypedWord, ...], label: int | None) -> TextAnswer:
    numbers = numbers_of(words)
    omitted = word_effects.omissions(numbers, opened.encoding)
    probabilities, effects = text_effects(opened.predict, opened.encode, numbers, omitted)
    length = opened.encoding.length if isinstance(opened.encoding, PaddedEncoding) else 0
    return TextAnswer(
        probabilities=tuple(map(float, probabilities)),
        words=tuple(
            Word(word.typed, word.number, word.fate, int(variant) if variant >= 0 else None)
            for word, variant in zip(words, omitted.variant[1:], strict=True)
        ),
        effects=tuple(tuple(map(float, effect)) for effect in effects)
        + (None,) * (omitted.count - len(effects)),
        padding=max(0, length - len(numbers)),
        label=label,
        epoch=opened.epoch,
    )


def text_effects(
    predict: Predictor,
    encode: TextEncoder,
    numbers: NDArray[np.int32],
    omitted: word_effects.Omissions,
    now: Callable[[], float] = time.monotonic,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Ask a network about a text and all its variants, in one batch or, if that is too large, a few.

    Args:
        predict: The network.
        encode: The encoder of its training.
        numbers: int32 (numbers,), the text.
        omitted: What to leave out.
        now: The clock.

    Returns:
        The probabilities of the text, float32 (units,), and the effects, float32 (variants, units): fewer than there
        are variants if `LONGEST` seconds went by.
    """
    deadline = now() + LONGEST
    rows = predict.rows_at_a_time
    parts: list[NDArray[np.float32]] = []
    for first in range(word_effects.WHOLE, omitted.count, rows):
        batch = word_effects.without(numbers, omitted, first, min(first + rows, omitted.count))
        parts.append(predict(encode.of_numbers(batch)))
        if now() > deadline:
            break
    answers = np.concatenate(parts)
    return answers[0], answers[0] - answers[1:]


@dataclass
class _Survey:
    """The mean effects of all words over a test set, on the way.

    Each pair of a text and a word in it counts; the first layer's sums say exactly what is left without the word
    (`word_effects.sums_without`), so that a pair costs the rest of the network only.
    """

    opened: Opened
    row: int = 0
    totals: word_effects.Totals = field(init=False)

    def __post_init__(self) -> None:
        predict = self.opened.predict
        self.totals = word_effects.Totals(self.opened.encoding.num_words, predict.units)
        wide = max(predict.kernel.shape[1], predict.units)
        self._words = max(1, min(_MOST_PAIRS, _MOST_BYTES // (4 * wide)))

    @property
    def done(self) -> float:
        """How much of the test set has been seen, 0 to 1."""
        return self.row / len(self.opened.dataset.x_test)

    def go_on(self, seconds: float) -> bool:
        """Work about so long, on one part at least; whether all is done."""
        end = time.monotonic() + seconds
        texts = self.opened.dataset.x_test
        while True:
            # As many texts as have so many words together, at least one.
            last = (
                int(np.searchsorted(texts.offsets, texts.offsets[self.row] + self._words, side="right")) - 1
            )
            last = max(last, self.row + 1)
            self._count(texts.take(np.arange(self.row, last)))
            self.row = last
            if self.row == len(texts) or time.monotonic() > end:
                return self.row == len(texts)

    def table(self) -> NDArray[np.void]:
        """The result so far."""
        return self.totals.table()

    def _count(self, texts: Texts) -> None:
        predict, encoding = self.opened.predict, self.opened.encoding
        inputs: Any = self.opened.encode(texts)
        sums = np.asarray(inputs @ predict.kernel)
        pairs = word_effects.pairs(inputs)
        unit_rows = isinstance(encoding, MultiHotEncoding) and encoding.values == "tf_idf"
        left = word_effects.sums_without(sums, predict.kernel, pairs, unit_rows=unit_rows)
        effects = predict.from_first_sums(sums)[pairs.rows] - predict.from_first_sums(left)
        self.totals.add(pairs.numbers, effects)
