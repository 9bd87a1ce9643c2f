"""Answers about one text, typed or of the test set: what the network says, and what each word did."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.analysis import attribution
from core.datasets.encoding import TextEncoder
from core.datasets.tokenization import TypedWord, tokenize, words_from_ranks, words_to_sequence
from core.errors import TextError
from core.experiment import PaddedEncoding
from core.inference.networks import OpenedTexts
from core.inference.questions import TextAnswer, Word
from core.models.predicting import Predictor

#: Seconds that one question may spend on word effects; words whose turn does not come then have none.
LONGEST = 5.0


def about_typed(opened: OpenedTexts, text: str) -> TextAnswer:
    """What a network says about a typed text.

    Raises:
        TextError: If nothing can be made of it.
    """
    words = tokenize(text, opened.dataset.vocabulary, opened.encoding.num_words)
    return _about(opened, words, label=None)


def about_sample(opened: OpenedTexts, row: int) -> TextAnswer:
    """What a network says about a text of the test set.

    Raises:
        TextError: If there is no such text ("text_not_there").
    """
    texts = opened.dataset.x_test
    if not 0 <= row < len(texts):
        raise TextError("text_not_there", received=row, dataset=opened.dataset.name, last=len(texts) - 1)
    words = words_from_ranks(texts[row], opened.dataset.vocabulary, opened.encoding.num_words)
    return _about(opened, words, label=int(opened.dataset.y_test[row]))


def _about(opened: OpenedTexts, words: tuple[TypedWord, ...], label: int | None) -> TextAnswer:
    numbers = words_to_sequence(words)
    omitted = attribution.leave_one_out(numbers, opened.encoding)
    probabilities, effects = text_effects(opened.predict, opened.encode, numbers, omitted)
    length = opened.encoding.length if isinstance(opened.encoding, PaddedEncoding) else 0
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
        epoch=opened.epoch,
    )


def text_effects(
    predict: Predictor,
    encode: TextEncoder,
    numbers: NDArray[np.int32],
    omitted: attribution.LeaveOneOut,
    now: Callable[[], float] = time.monotonic,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Ask a network about a text and all its variants, in one batch or, if that is too large, a few.

    Args:
        encode: The encoder of its training.
        numbers: int32 (numbers,), the text.

    Returns:
        The probabilities of the text, float32 (units,), and the effects, float32 (variants, units): fewer than there
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
