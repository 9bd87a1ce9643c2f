"""The mean effects of all words over a test set, worked out a second at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from core.analysis import attribution
from core.datasets.dataset import RaggedTokens
from core.errors import RunError
from core.experiment import MultiHotEncoding
from core.inference.kept import UnderWay
from core.inference.request import InferenceRequest
from core.inference.service import InferenceService, TextNetwork
from core.storage import Artifacts
from core.training import artifact_names

#: How far a survey is that has seen everything and whose table is not kept yet.
_NEARLY = 0.999
_MOST_BYTES = 24_000_000
_MOST_PAIRS = 200_000


@dataclass(frozen=True)
class WordsAnswer:
    """How far the work on the whole test set is, 0 to 1; at 1 the table is there."""

    done: float


@dataclass(frozen=True)
class WordsRequest(InferenceRequest[WordsAnswer]):
    """Work on the mean effects of all words over the whole test set, of a run with multi-hot texts.

    Each time it is asked a second of work is done, until all is; then the table lies among the run's artifacts
    (`artifact_names.WORD_EFFECTS`). So no question keeps others waiting, and whoever asks knows how far it is.
    """

    run: str
    kind: Literal["words"] = "words"

    def answer(self, service: InferenceService) -> WordsAnswer:
        """How far it is; RunError ("run_not_multi_hot") for other texts, StorageError if the table cannot be kept."""
        return survey_words(service.text_network(self.run), service.artifacts, service.kept(Surveys))


def survey_words(network: TextNetwork, artifacts: Artifacts, surveys: Surveys) -> WordsAnswer:
    """Go on with the survey of a network, unless its table is there."""
    run, table = network.run.id, artifact_names.WORD_EFFECTS
    if not isinstance(network.encoding, MultiHotEncoding):
        raise RunError("run_not_multi_hot", run=run)
    if artifacts.exists(run, table):
        return WordsAnswer(1.0)
    survey = surveys.advance(
        run, lambda: _Survey(network), lambda one: artifacts.save_array(run, table, one.totals.table())
    )
    return WordsAnswer(1.0 if artifacts.exists(run, table) else min(survey.done, _NEARLY))


@dataclass
class _Survey:
    """The mean effects of all words over a test set, on the way.

    Each pair of a text and a word in it counts; the first layer's sums say exactly what is left without the word
    (`attribution.sums_leaving_out`), so that a pair costs the rest of the network only.
    """

    network: TextNetwork
    row: int = 0
    totals: attribution.EffectTotals = field(init=False)

    def __post_init__(self) -> None:
        predict = self.network.predict
        self.totals = attribution.EffectTotals(self.network.encoding.num_words, predict.units)
        wide = max(predict.kernel.shape[1], predict.units)
        self._words = max(1, min(_MOST_PAIRS, _MOST_BYTES // (4 * wide)))

    @property
    def done(self) -> float:
        """How much of the test set has been seen, 0 to 1."""
        return self.row / len(self.network.dataset.x_test)

    def step(self) -> bool:
        """Count the words of as many texts as have so many words together, at least one; whether all is done."""
        texts = self.network.dataset.x_test
        if self.row < len(texts):
            words = texts.offsets[self.row] + self._words
            last = max(int(np.searchsorted(texts.offsets, words, side="right")) - 1, self.row + 1)
            self._count(texts.take(np.arange(self.row, last)))
            self.row = last
        return self.row == len(texts)

    def _count(self, texts: RaggedTokens) -> None:
        predict, encoding = self.network.predict, self.network.encoding
        inputs: Any = self.network.encode(texts)
        sums = np.asarray(inputs @ predict.kernel)
        pairs = attribution.occurrences(inputs)
        unit_rows = isinstance(encoding, MultiHotEncoding) and encoding.values == "tf_idf"
        left = attribution.sums_leaving_out(sums, predict.kernel, pairs, unit_rows=unit_rows)
        effects = predict.from_first_sums(sums)[pairs.rows] - predict.from_first_sums(left)
        self.totals.add(pairs.numbers, effects)


class Surveys(UnderWay[str, _Survey]):
    """The surveys under way, by run."""
