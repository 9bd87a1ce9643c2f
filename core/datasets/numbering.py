"""From words to the numbers a network sees, and back, exactly as `keras.datasets` numbers words.

A word of rank r (1 is the most frequent) gets the number r + 3, because four numbers mean something else:
0 fills up short texts, 1 starts each text, 2 stands for every word that is not kept, 3 is never used. Of
`num_words` all numbers from `num_words` on become 2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.datasets.texts import Texts, Vocabulary
from core.errors import TextError
from core.experiment.data import WORD_SHIFT

PADDING, START, UNKNOWN = 0, 1, 2
FIRST_WORD = WORD_SHIFT + 1
"""The number of the most frequent word."""

LONGEST_TEXT = 20_000
"""So many characters a typed text may have; the longest review of IMDB has about 14,000."""

#: What separates words, as Keras' text tools have it; the apostrophe belongs to the word.
SEPARATORS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n\r'
_WORD = re.compile(rf"[^\s{re.escape(SEPARATORS)}]+")

Kind = Literal["padding", "start", "unknown", "unused", "word"]
Fate = Literal["kept", "rare", "unheard"]


@dataclass(frozen=True)
class Token:
    """One number of a text, and what it stands for.

    Attributes:
        number: What the network sees.
        kind: "word"; or "padding" (0), "start" (1), "unknown" (2), "unused" (3).
        word: The word; "?" for all that is none.
    """

    number: int
    kind: Kind
    word: str


@dataclass(frozen=True)
class TypedWord:
    """A word that a person wrote, and what becomes of it.

    Attributes:
        typed: As it was written.
        word: As it is looked up: in small letters.
        rank: Its rank in the vocabulary, from 1; None if it is not there.
        number: What the network sees: its number, or 2 if it fell out.
        fate: "kept"; "rare" if it is in the vocabulary but not among the `num_words` kept; "unheard" if it does
            not occur in the vocabulary at all.
    """

    typed: str
    word: str
    rank: int | None
    number: int
    fate: Fate


_MARKS: dict[int, Kind] = {PADDING: "padding", START: "start", UNKNOWN: "unknown", WORD_SHIFT: "unused"}


def numbered(texts: Texts, num_words: int | None = None) -> Texts:
    """The texts as `keras.datasets` gives them: a 1 in front, ranks plus 3, what is not kept as 2.

    Args:
        texts: Ranks.
        num_words: Only numbers below this are kept; None keeps all.

    Returns:
        The same texts as numbers, each one longer.
    """
    count = len(texts)
    offsets = texts.offsets + np.arange(count + 1)
    tokens = np.empty(len(texts.tokens) + count, dtype=np.int32)
    words = np.ones(len(tokens), dtype=bool)
    words[offsets[:-1]] = False
    tokens[offsets[:-1]] = START
    shifted = texts.tokens + np.int32(WORD_SHIFT)
    if num_words is not None:
        shifted[shifted >= num_words] = UNKNOWN
    tokens[words] = shifted
    return Texts(tokens, offsets)


def decoded(numbers: Sequence[int] | NDArray[np.integer], vocabulary: Vocabulary) -> tuple[Token, ...]:
    """What the numbers of a text stand for.

    Args:
        numbers: As `numbered` gives them.
        vocabulary: The words by rank.

    Raises:
        IndexError: If there is no word of a number.
    """
    return tuple(_token(int(number), vocabulary) for number in numbers)


def as_text(numbers: Sequence[int] | NDArray[np.integer], vocabulary: Vocabulary) -> str:
    """The numbers as one line of words; whatever is no word is a question mark, padding is left out.

    Raises:
        IndexError: If there is no word of a number.
    """
    return " ".join(token.word for token in decoded(numbers, vocabulary) if token.kind != "padding")


def _token(number: int, vocabulary: Vocabulary) -> Token:
    mark = _MARKS.get(number)
    if mark is not None:
        return Token(number, mark, "?")
    return Token(number, "word", vocabulary.word(number - WORD_SHIFT))


def words_in(text: str) -> tuple[str, ...]:
    """The words of a typed text in small letters, cut as the original texts were."""
    return tuple(typed.lower() for typed in _WORD.findall(text))


def places_of_words(text: str) -> tuple[tuple[int, int], ...]:
    """Where each word of a typed text begins and ends in it."""
    return tuple(found.span() for found in _WORD.finditer(text))


def looked_up(text: str, vocabulary: Vocabulary, num_words: int | None = None) -> tuple[TypedWord, ...]:
    """The words of a text that a person wrote, as the original texts were cut into words.

    Small letters, punctuation as blanks, cut at blanks. The text is only read, never run or shown.

    Args:
        text: What was typed.
        vocabulary: The words by rank.
        num_words: Only numbers below this are kept; None keeps all.

    Raises:
        TextError: If there is no word in it ("text_empty"), it is too long ("text_too_long"), or none of its
            words is in the vocabulary ("text_unknown_words").
    """
    if len(text) > LONGEST_TEXT:
        raise TextError("text_too_long", received=len(text), bound=LONGEST_TEXT)
    words = tuple(_look_up(typed, vocabulary, num_words) for typed in _WORD.findall(text))
    if not words:
        raise TextError("text_empty", received=len(text))
    if all(word.fate != "kept" for word in words):
        raise TextError(
            "text_unknown_words", received=len(words), kept=words_kept(num_words, len(vocabulary))
        )
    return words


def words_of(
    ranks: NDArray[np.integer], vocabulary: Vocabulary, num_words: int | None = None
) -> tuple[TypedWord, ...]:
    """The words of a text of a data set, as if somebody had typed them.

    Args:
        ranks: int (words,), the text.
        vocabulary: The words by rank.
        num_words: Only numbers below this are kept; None keeps all.

    Raises:
        IndexError: If there is no word of a rank.
    """
    words = ((vocabulary.word(int(rank)), int(rank)) for rank in ranks)
    return tuple(_judged(word, word, rank, num_words) for word, rank in words)


def words_kept(num_words: int | None, words: int) -> int:
    """How many of so many words have numbers below `num_words`; all of them if that is None."""
    return words if num_words is None else min(max(num_words - FIRST_WORD, 0), words)


def _look_up(typed: str, vocabulary: Vocabulary, num_words: int | None) -> TypedWord:
    word = typed.lower()
    return _judged(typed, word, vocabulary.rank(word), num_words)


def _judged(typed: str, word: str, rank: int | None, num_words: int | None) -> TypedWord:
    if rank is None:
        return TypedWord(typed, word, None, UNKNOWN, "unheard")
    number = rank + WORD_SHIFT
    if num_words is not None and number >= num_words:
        return TypedWord(typed, word, rank, UNKNOWN, "rare")
    return TypedWord(typed, word, rank, number, "kept")


def numbers_of(words: Sequence[TypedWord]) -> NDArray[np.int32]:
    """The numbers of typed words with the start mark in front: int32 (words + 1,)."""
    return np.array([START, *(word.number for word in words)], dtype=np.int32)
