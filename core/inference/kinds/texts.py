"""What a network says about one text, typed or of the test set, and what each word did."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from core.analysis import attribution
from core.datasets.encoding import TextEncoder
from core.datasets.tokenization import (
    LONGEST_TEXT,
    TypedWord,
    WordStatus,
    tokenize,
    words_from_ranks,
    words_to_sequence,
)
from core.errors import TextError
from core.experiment import PaddedEncoding
from core.inference.request import InferenceRequest
from core.inference.service import InferenceService, TextNetwork

if TYPE_CHECKING:
    from core.models.predicting import Predictor

#: Seconds that one question may spend on word effects; words whose turn does not come then have none.
LONGEST = 5.0


@dataclass(frozen=True)
class Word:
    """A word of a text, as it was typed or as the vocabulary has it; the number that stands for it, and its status.

    `variant` says which of the effects is its own; None if the network does not see it, because the text is cut.
    """

    word: str
    number: int
    status: WordStatus
    variant: int | None


@dataclass(frozen=True)
class TextAnswer:
    """What a network says about a text: the probability of the second class, or one for each class.

    For each variant of the text `effects` has what is left out there adds to each probability: with it minus without
    it, None where time ran out; words of one number may share a variant. `padding` places of the network's input are
    left empty. `label` is the true class of a text of the test set.
    """

    probabilities: tuple[float, ...]
    words: tuple[Word, ...]
    effects: tuple[tuple[float, ...] | None, ...]
    padding: int
    label: int | None
    epoch: int


@dataclass(frozen=True)
class TextRequest(InferenceRequest[TextAnswer]):
    """What does a network say about a text that a person typed, and which word did what?"""

    run: str
    text: str
    kind: Literal["text"] = "text"
    about_test: ClassVar[bool] = False

    def check(self) -> None:
        """Refuse a text that is too long to be sent with a TextError ("text_too_long")."""
        if len(self.text) > LONGEST_TEXT:
            raise TextError("text_too_long", received=len(self.text), bound=LONGEST_TEXT)

    def answer(self, service: InferenceService) -> TextAnswer:
        """The answer; TextError if nothing can be made of the text."""
        return answer_text(service.text_network(self.run), self.text)


@dataclass(frozen=True)
class SampleRequest(InferenceRequest[TextAnswer]):
    """The same about a text of the test set, exactly as it was when the network was evaluated."""

    run: str
    row: int
    kind: Literal["sample"] = "sample"

    def answer(self, service: InferenceService) -> TextAnswer:
        """The answer; TextError ("text_not_there") if there is no such text."""
        return answer_sample(service.text_network(self.run), self.row)


def answer_text(network: TextNetwork, text: str) -> TextAnswer:
    """What a network says about a typed text."""
    words = tokenize(text, network.dataset.vocabulary, network.encoding.num_words)
    return _answer(network, words, label=None)


def answer_sample(network: TextNetwork, row: int) -> TextAnswer:
    """What a network says about a text of the test set."""
    texts = network.dataset.x_test
    if not 0 <= row < len(texts):
        raise TextError("text_not_there", received=row, dataset=network.dataset.name, last=len(texts) - 1)
    words = words_from_ranks(texts[row], network.dataset.vocabulary, network.encoding.num_words)
    return _answer(network, words, label=int(network.dataset.y_test[row]))


def _answer(network: TextNetwork, words: tuple[TypedWord, ...], label: int | None) -> TextAnswer:
    numbers = words_to_sequence(words)
    omitted = attribution.leave_one_out(numbers, network.encoding)
    probabilities, effects = text_effects(network.predict, network.encode, numbers, omitted)
    length = network.encoding.length if isinstance(network.encoding, PaddedEncoding) else 0
    return TextAnswer(
        probabilities=tuple(map(float, probabilities)),
        words=tuple(
            Word(word.typed, word.number, word.status, int(variant) if variant >= 0 else None)
            for word, variant in zip(words, omitted.variant[1:], strict=True)
        ),
        effects=tuple(tuple(map(float, effect)) for effect in effects)
        + (None,) * (omitted.count - len(effects)),
        padding=max(0, length - len(numbers)),
        label=label,
        epoch=network.epoch,
    )


def text_effects(
    predict: Predictor,
    encode: TextEncoder,
    numbers: NDArray[np.int32],
    omitted: attribution.LeaveOneOut,
    now: Callable[[], float] = time.monotonic,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Ask a network about a text and all its variants, in one batch or, if that is too large, a few.

    Gives the probabilities of the text, float32 (units,), and the effects, float32 (variants, units): fewer than there
    are variants if `LONGEST` seconds went by.
    """
    deadline = now() + LONGEST
    rows = predict.rows_at_a_time
    parts: list[NDArray[np.float32]] = []
    for first in range(attribution.WHOLE, omitted.count, rows):
        batch = attribution.variants(numbers, omitted, first, min(first + rows, omitted.count))
        parts.append(predict(encode.of_sequences(batch)))
        if now() > deadline:
            break
    answers = np.concatenate(parts)
    return answers[0], answers[0] - answers[1:]
