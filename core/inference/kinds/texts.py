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
from core.datasets.tokenization import LONGEST_TEXT, WordStatus, words_to_sequence
from core.errors import TextError
from core.experiment import PaddedEncoding
from core.inference.request import InferenceRequest
from core.inference.service import InferenceService, TextNetwork
from core.inference.tokens import Span, TokenizedText, test_tokens, typed_tokens

if TYPE_CHECKING:
    from core.models.predicting import Predictor

#: Seconds that one question may spend on word effects; words whose turn does not come then have none.
LONGEST = 5.0


@dataclass(frozen=True)
class Word:
    """A word of a text, as it was typed or as the vocabulary has it; the number that stands for it, and its status.

    `variant` says which of the effects is its own; None if the network does not see it, because the text is cut. `span`
    says between which characters of the answer's text it stands; tokens of own data may share characters.
    """

    word: str
    number: int
    status: WordStatus
    variant: int | None
    span: Span | None = None


@dataclass(frozen=True)
class TextAnswer:
    """What a network says about a text: the probability of the second class, or one for each class.

    For each variant of the text `effects` has what is left out there adds to each probability: with it minus without
    it, None where time ran out; words of one number may share a variant. `padding` places of the network's input are
    left empty. `label` is the true class of a text of the test set. `text` is the text that the places of the words
    are in, "" if they have none.
    """

    probabilities: tuple[float, ...]
    words: tuple[Word, ...]
    effects: tuple[tuple[float, ...] | None, ...]
    padding: int
    label: int | None
    epoch: int
    text: str = ""


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
    return _answer(network, typed_tokens(network, text), label=None)


def answer_sample(network: TextNetwork, row: int) -> TextAnswer:
    """What a network says about a text of the test set."""
    texts = network.dataset.x_test
    if not 0 <= row < len(texts):
        raise TextError("text_not_there", received=row, dataset=network.dataset.name, last=len(texts) - 1)
    return _answer(network, test_tokens(network, row), label=int(network.dataset.y_test[row]))


def _answer(network: TextNetwork, text: TokenizedText, label: int | None) -> TextAnswer:
    numbers, spans = words_to_sequence(text.words), text.spans or (None,) * len(text.words)
    omitted = attribution.leave_one_out(numbers, network.encoding)
    probabilities, effects = text_effects(network.predict, network.encode, numbers, omitted)
    length = network.encoding.length if isinstance(network.encoding, PaddedEncoding) else 0
    return TextAnswer(
        probabilities=tuple(map(float, probabilities)),
        words=tuple(
            Word(word.typed, word.number, word.status, int(variant) if variant >= 0 else None, span)
            for word, variant, span in zip(text.words, omitted.variant[1:], spans, strict=True)
        ),
        effects=tuple(tuple(map(float, effect)) for effect in effects)
        + (None,) * (omitted.count - len(effects)),
        padding=max(0, length - len(numbers)),
        label=label,
        epoch=network.epoch,
        text=text.text,
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
