"""The mean effects of all words over a test set, worked out a second at a time."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.analysis import attribution
from core.datasets.texts import RaggedTokens
from core.errors import RunError
from core.experiment import MultiHotEncoding
from core.inference.networks import MOST_NETWORKS, OpenedTexts
from core.inference.questions import WordsAnswer
from core.storage import Artifacts
from core.training import artifact_names

#: Seconds of work that one question about all words does.
STRETCH = 0.7
#: How far a survey is that has seen everything and whose table is not kept yet.
_NEARLY = 0.999
_MOST_BYTES = 24_000_000
_MOST_PAIRS = 200_000


class Surveys:
    """The surveys under way; any number of threads may go on with them.

    Args:
        artifacts: Where the tables are kept.
    """

    def __init__(self, artifacts: Artifacts) -> None:
        self._artifacts = artifacts
        self._surveys: OrderedDict[str, _Survey] = OrderedDict()
        self._beginning = Lock()
        self._working = Lock()

    def advance(self, opened: OpenedTexts) -> WordsAnswer:
        """Work some time on the survey of a network, and say how far it is.

        Raises:
            RunError: If its texts are not multi-hot ("run_not_multi_hot").
            StorageError: If the table cannot be kept.
        """
        run = opened.run.id
        if not isinstance(opened.encoding, MultiHotEncoding):
            raise RunError("run_not_multi_hot", run=run)
        if self._artifacts.exists(run, artifact_names.WORD_EFFECTS):
            return WordsAnswer(1.0)
        survey = self._survey(opened)
        # One at a time, and nobody waits for it: other questions find a free thread.
        if self._working.acquire(blocking=False):
            try:
                if survey.advance(STRETCH):
                    # If it cannot be kept, the survey stays as it is: whoever asks next has it tried again.
                    self._artifacts.save_array(run, artifact_names.WORD_EFFECTS, survey.table())
                    self._surveys.pop(run, None)
                    return WordsAnswer(1.0)
            finally:
                self._working.release()
        return WordsAnswer(min(survey.done, _NEARLY))

    def _survey(self, opened: OpenedTexts) -> _Survey:
        with self._beginning:
            survey = self._surveys.pop(opened.run.id, None) or _Survey(opened)
            self._surveys[opened.run.id] = survey
            while len(self._surveys) > MOST_NETWORKS:  # begun, and left by whoever asked
                self._surveys.popitem(last=False)
        return survey


@dataclass
class _Survey:
    """The mean effects of all words over a test set, on the way.

    Each pair of a text and a word in it counts; the first layer's sums say exactly what is left without the word
    (`attribution.sums_without`), so that a pair costs the rest of the network only.
    """

    opened: OpenedTexts
    row: int = 0
    totals: attribution.EffectTotals = field(init=False)

    def __post_init__(self) -> None:
        predict = self.opened.predict
        self.totals = attribution.EffectTotals(self.opened.encoding.num_words, predict.units)
        wide = max(predict.kernel.shape[1], predict.units)
        self._words = max(1, min(_MOST_PAIRS, _MOST_BYTES // (4 * wide)))

    @property
    def done(self) -> float:
        """How much of the test set has been seen, 0 to 1."""
        return self.row / len(self.opened.dataset.x_test)

    def advance(self, seconds: float) -> bool:
        """Work about so long, on one part at least if any is left; whether all is done."""
        end = time.monotonic() + seconds
        texts = self.opened.dataset.x_test
        while self.row < len(texts):
            # As many texts as have so many words together, at least one.
            last = (
                int(np.searchsorted(texts.offsets, texts.offsets[self.row] + self._words, side="right")) - 1
            )
            last = max(last, self.row + 1)
            self._count(texts.take(np.arange(self.row, last)))
            self.row = last
            if time.monotonic() > end:
                break
        return self.row == len(texts)

    def table(self) -> NDArray[np.void]:
        """The result so far."""
        return self.totals.table()

    def _count(self, texts: RaggedTokens) -> None:
        predict, encoding = self.opened.predict, self.opened.encoding
        inputs: Any = self.opened.encode(texts)
        sums = np.asarray(inputs @ predict.kernel)
        pairs = attribution.occurrences(inputs)
        unit_rows = isinstance(encoding, MultiHotEncoding) and encoding.values == "tf_idf"
        left = attribution.sums_leaving_out(sums, predict.kernel, pairs, unit_rows=unit_rows)
        effects = predict.from_first_sums(sums)[pairs.rows] - predict.from_first_sums(left)
        self.totals.add(pairs.numbers, effects)
