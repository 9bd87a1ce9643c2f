"""What the try page decides about an answer: how strong each word is shown, in which words. No Streamlit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.analysis.classification import predicted_classes
from core.analysis.predictions import class_probabilities
from core.datasets.tokenization import words_in
from core.inference.questions import ImageAnswer, TextAnswer, Word
from dashboard.shared.formats import signed
from dashboard.shared.language import Language

Kind = Literal["kept", "out_of_top_k", "out_of_vocabulary", "cut"]

#: From which share of the strongest effect of a text on a word is of level 1, 2, 3, 4.
_LEVELS = (0.06, 0.2, 0.45, 0.75)
_LEAST = 0.01
"""The strongest word of a text counts as strong only from one point on."""

_MOST_TOPICS = 5
#: Syllables, and letters that stand alone.
_HANGUL = re.compile(
    "[\N{HANGUL CHOSEONG KIYEOK}-\N{HANGUL JONGSEONG SSANGNIEUN}"
    "\N{HANGUL LETTER KIYEOK}-\N{HANGUL LETTER ARAEAE}\N{HANGUL SYLLABLE GA}-\N{HANGUL SYLLABLE HIH}]"
)


@dataclass(frozen=True)
class Share:
    """How much of an answer a class got.

    Attributes:
        label: The class.
        probability: 0 to 1.
        before: What it was before the last change; None if nothing was changed.
    """

    label: int
    probability: float
    before: float | None = None


@dataclass(frozen=True)
class ShownWord:
    """A word of a text as it is shown.

    Attributes:
        text: The word.
        kind: "kept", "out_of_top_k", "out_of_vocabulary", or "cut" if the network does not see it.
        sign: "+" if it raises the probability, "-" if it lowers it, "" if it does next to nothing.
        level: How strong its effect is, 0 to 4, beside the strongest of the text.
        about: What it did, as a sentence.
    """

    text: str
    kind: Kind
    sign: Literal["+", "-", ""]
    level: int
    about: str


@dataclass(frozen=True)
class StrongWord:
    """A line of the table of the strongest words.

    Attributes:
        word: The word; "" for all that fell out, where those are one to the network.
        places: How often it stands in the text, or, of a sequence, at which place from 1.
        effect: With it minus without it, -1 to 1.
    """

    word: str
    places: int
    effect: float


def decision(answer: TextAnswer | ImageAnswer) -> int:
    """The class that the network decides for."""
    return int(predicted_classes(np.array([answer.probabilities]))[0])


def probability_of(answer: TextAnswer | ImageAnswer, label: int) -> float:
    """The probability of a class, also of the first one of a single output unit."""
    return float(class_probabilities(np.array([answer.probabilities]))[0, label])


def shares(answer: TextAnswer, before: TextAnswer | None) -> tuple[Share, ...]:
    """What to draw: of two classes the second one; of more the largest, and the true one wherever it stands."""
    classes = max(2, len(answer.probabilities))
    if classes == 2:
        labels = [1]
    else:
        labels = sorted(range(classes), key=lambda label: -answer.probabilities[label])[:_MOST_TOPICS]
        if answer.label is not None and answer.label not in labels:
            labels.append(answer.label)
    return tuple(
        Share(label, probability_of(answer, label), probability_of(before, label) if before else None)
        for label in labels
    )


def class_shares(answer: ImageAnswer, before: ImageAnswer | None = None) -> tuple[Share, ...]:
    """Every class in its own order, so that none jumps about while a drawing grows."""
    return tuple(
        Share(label, probability_of(answer, label), probability_of(before, label) if before else None)
        for label in range(max(2, len(answer.probabilities)))
    )


def effect_of(answer: TextAnswer, word: Word, label: int) -> float | None:
    """What a word adds to the probability of a class; None if it is not seen, or was not worked out."""
    if word.variant is None or (effect := answer.effects[word.variant]) is None:
        return None
    if len(effect) == 1:
        return effect[0] if label else -effect[0]
    return effect[label]


def shown_words(answer: TextAnswer, label: int, t: Language) -> tuple[ShownWord, ...]:
    """All words of a text with their effects on the probability of a class."""
    effects = [effect_of(answer, word, label) for word in answer.words]
    strongest = max([_LEAST, *(abs(effect) for effect in effects if effect is not None)])
    return tuple(
        _shown(word, effect, strongest, t) for word, effect in zip(answer.words, effects, strict=True)
    )


def _shown(word: Word, effect: float | None, strongest: float, t: Language) -> ShownWord:
    kind: Kind = word.status if word.variant is not None else "cut"
    level = 0 if effect is None else sum(abs(effect) >= share * strongest for share in _LEVELS)
    sign: Literal["+", "-", ""] = "" if not effect or not level else "+" if effect > 0 else "-"
    if kind == "cut":
        about = t("try.word.cut")
    elif effect is None:
        about = t("try.word.no_time")
    else:
        about = t("try.word.effect", points=points(effect, t))
    if kind in ("out_of_top_k", "out_of_vocabulary"):
        about = f"{t(f'try.word.{kind}')} {about}"
    return ShownWord(word.word, kind, sign, level, about)


def points(effect: float, t: Language) -> str:
    """A difference of two probabilities in percentage points, with its sign."""
    return t("try.points", points=signed(100 * effect, ".1f", zero="0.0"))


def strongest_words(answer: TextAnswer, label: int, count: int, *, sequence: bool) -> tuple[StrongWord, ...]:
    """The words with the largest effects on the probability of a class, whichever way, the largest first.

    Args:
        sequence: Whether the network sees a sequence: then each place counts by itself.
    """
    found: dict[int, StrongWord] = {}
    for place, word in enumerate(answer.words, start=1):
        effect = effect_of(answer, word, label)
        if effect is None or word.variant is None:
            continue
        known = found.get(word.variant)
        if sequence:
            found[word.variant] = StrongWord(word.word, place, effect)
        elif known is None:
            name = word.word.lower() if word.status == "kept" else ""
            found[word.variant] = StrongWord(name, 1, effect)
        else:
            found[word.variant] = StrongWord(known.word, known.places + 1, effect)
    words = [word for word in found.values() if word.effect]
    return tuple(sorted(words, key=lambda word: -abs(word.effect))[:count])


def has_hangul(text: str) -> bool:
    """Whether there is Korean in a text, its syllables whole or as letters one by one, as macOS may write them."""
    return _HANGUL.search(unicodedata.normalize("NFKC", text)) is not None


def left_out(text: str, spans: Sequence[tuple[int, int]], place: int, *, everywhere: bool) -> str:
    """A text without one of its words.

    Args:
        spans: Where its words begin and end.
        place: Which word, from 0; a place that is not there changes nothing.
        everywhere: Whether to leave it out wherever it stands, in small letters or large, narrow or wide.
    """
    if not 0 <= place < len(spans):
        return text
    word = words_in(text[slice(*spans[place])])
    doomed = [
        (start, end)
        for at, (start, end) in enumerate(spans)
        if at == place or (everywhere and words_in(text[start:end]) == word)
    ]
    for start, end in reversed(doomed):
        # With the blank behind it, or else the one before, so that no two are left.
        end += end < len(text) and text[end] == " "
        start -= end == len(text) and start > 0 and text[start - 1] == " "
        text = text[:start] + text[end:]
    return text
