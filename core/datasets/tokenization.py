"""From words to the numbers a network sees, and back, exactly as `keras.datasets` numbers words.

A word of rank r (1 is the most frequent) gets the number r + 3, because four numbers mean something else:
0 fills up short texts, 1 starts each text, 2 stands for every word that is not kept, 3 is never used. Of
`num_words` all numbers from `num_words` on become 2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.catalog import WORD_SHIFT
from core.datasets.dataset import RaggedTokens, Vocabulary
from core.errors import TextError

PADDING, START, UNKNOWN = 0, 1, 2
FIRST_WORD = WORD_SHIFT + 1
"""The number of the most frequent word."""

LONGEST_TEXT = 20_000
"""So many characters a typed text may have; the longest review of IMDB has about 14,000."""

#: What separates words of plain ASCII, as Keras' text tools have it; the apostrophe belongs to the word.
SEPARATORS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n\r'
_RUN = re.compile(rf"[^\s{re.escape(SEPARATORS)}]+")
_APOSTROPHE = "'"
#: What people's keyboards and word processors write for an apostrophe; between letters it is one.
_APOSTROPHES = dict.fromkeys(
    map(
        ord,
        "\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{SINGLE HIGH-REVERSED-9 QUOTATION MARK}"
        "\N{MODIFIER LETTER APOSTROPHE}\N{PRIME}\N{ACUTE ACCENT}\N{FULLWIDTH APOSTROPHE}",
    ),
    _APOSTROPHE,
)
#: Says where a word may be broken at the end of a line, so it stands inside of one, and is no sign of it.
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"
#: Letters and accents to Unicode that nobody sees: the fillers of Hangul, variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_WRITTEN = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Nl", "Cc"))
_ACCENTS = frozenset(("Mn", "Mc"))

Kind = Literal["padding", "start", "unknown", "unused", "word"]
WordStatus = Literal["kept", "out_of_top_k", "out_of_vocabulary"]


@dataclass(frozen=True)
class Token:
    """One number of a text, and the word it stands for; "?" for all that is none."""

    number: int
    kind: Kind
    word: str


@dataclass(frozen=True)
class TypedWord:
    """A word that a person wrote, and what becomes of it.

    `word` is how it is looked up, in small letters and normalised; `number` what the network sees, 2 if it fell out:
    "out_of_top_k" if it is in the vocabulary but not among the `num_words` kept, else "out_of_vocabulary".
    """

    typed: str
    word: str
    rank: int | None
    number: int
    status: WordStatus


_MARKS: dict[int, Kind] = {PADDING: "padding", START: "start", UNKNOWN: "unknown", WORD_SHIFT: "unused"}


def texts_to_sequences(texts: RaggedTokens, num_words: int | None = None) -> RaggedTokens:
    """The texts as `keras.datasets` gives them: a 1 in front, ranks plus 3, numbers from `num_words` on as 2."""
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
    return RaggedTokens(tokens, offsets)


def decode(numbers: Sequence[int] | NDArray[np.integer], vocabulary: Vocabulary) -> tuple[Token, ...]:
    """What the numbers of a text stand for; an `IndexError` if there is no word of a number."""
    return tuple(_token(int(number), vocabulary) for number in numbers)


def _token(number: int, vocabulary: Vocabulary) -> Token:
    mark = _MARKS.get(number)
    if mark is not None:
        return Token(number, mark, "?")
    return Token(number, "word", vocabulary.word(number - WORD_SHIFT))


def words_in(text: str) -> tuple[str, ...]:
    """The words of a typed text in small letters, cut as the original texts were."""
    return tuple(word for _, _, word in _cut(text))


def places_of_words(text: str) -> tuple[tuple[int, int], ...]:
    """Where each word of a typed text begins and ends in it."""
    return tuple((start, end) for start, end, _ in _cut(text))


def _cut(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each word begins and ends in a text, and the word as it is looked up.

    ASCII is cut as Keras cuts it. The original texts have hardly anything else, but people type it: whatever is
    neither letter, accent nor digit separates words too (dashes, quotes, full-width marks, emoji, signs that
    nobody sees), and the rest is brought to the one form of its kind (NFKC) before it is looked up.
    """
    for run in _RUN.finditer(text):
        if run.group().isascii():
            yield *run.span(), run.group().lower()
        else:
            for start, end in _written(text, *run.span()):
                word = _plain(text[start:end])
                if word:
                    yield start, end, word


def _written(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of a text without a separator in them, between two places."""
    begin = None
    for place in range(start, end):
        belongs = _belongs(text[place]) or (
            ord(text[place]) in _APOSTROPHES
            and start < place < end - 1
            and all(_belongs(text[beside]) for beside in (place - 1, place + 1))
        )
        if belongs and begin is None:
            begin = place
        elif not belongs and begin is not None:
            yield begin, place
            begin = None
    if begin is not None:
        yield begin, end


@lru_cache(maxsize=4096)
def _belongs(sign: str) -> bool:
    """Whether a sign belongs to a word wherever it stands. Control signs do in the original texts of IMDB."""
    if ord(sign) in _APOSTROPHES or _UNSEEN.match(sign):
        return False
    return sign in (_APOSTROPHE, _SOFT_HYPHEN) or unicodedata.category(sign) in _WRITTEN


def _plain(written: str) -> str:
    """A word as it is looked up; "" if nothing is left of it but accents."""
    word = unicodedata.normalize("NFKC", written.translate(_APOSTROPHES)).lower()
    word = unicodedata.normalize("NFKC", word).translate(_APOSTROPHES)
    word = "".join(sign for sign in word if _belongs(sign) and sign != _SOFT_HYPHEN)
    return "" if all(unicodedata.category(sign) in _ACCENTS for sign in word) else word


def tokenize(text: str, vocabulary: Vocabulary, num_words: int | None = None) -> tuple[TypedWord, ...]:
    """The words of a text that a person wrote, as the original texts were cut into words.

    Small letters, punctuation as blanks, cut at blanks, accents and full-width letters in the form that the
    vocabulary has. The text is only read, never run or shown. A `TextError` if there is no word in it ("text_empty"),
    it is too long ("text_too_long"), or none of its words is kept ("text_unknown_words").
    """
    if len(text) > LONGEST_TEXT:
        raise TextError("text_too_long", received=len(text), bound=LONGEST_TEXT)
    words = tuple(
        judged(text[start:end], word, vocabulary.rank(word), num_words) for start, end, word in _cut(text)
    )
    if not words:
        raise TextError("text_empty", received=len(text))
    if all(word.status != "kept" for word in words):
        raise TextError(
            "text_unknown_words", received=len(words), kept=words_kept(num_words, len(vocabulary))
        )
    return words


def words_from_ranks(
    ranks: NDArray[np.integer], vocabulary: Vocabulary, num_words: int | None = None
) -> tuple[TypedWord, ...]:
    """The words of a text of a data set, as if somebody had typed them.

    Test texts of own data may have a rank beyond the last one, for words that no training text has: they are "?".
    """

    def one(rank: int) -> TypedWord:
        if rank > len(vocabulary):
            return judged("?", "?", None, num_words)
        word = vocabulary.word(rank)
        return judged(word, word, rank, num_words)

    return tuple(one(int(rank)) for rank in ranks)


def words_kept(num_words: int | None, words: int) -> int:
    """How many of so many words have numbers below `num_words`; all of them if that is None."""
    return words if num_words is None else min(max(num_words - FIRST_WORD, 0), words)


def judged(typed: str, word: str, rank: int | None, num_words: int | None) -> TypedWord:
    """What becomes of a word of this rank, None if it has none."""
    if rank is None:
        return TypedWord(typed, word, None, UNKNOWN, "out_of_vocabulary")
    number = rank + WORD_SHIFT
    if num_words is not None and number >= num_words:
        return TypedWord(typed, word, rank, UNKNOWN, "out_of_top_k")
    return TypedWord(typed, word, rank, number, "kept")


def words_to_sequence(words: Sequence[TypedWord]) -> NDArray[np.int32]:
    """The numbers of typed words with the start mark in front: int32 (words + 1,)."""
    return np.array([START, *(word.number for word in words)], dtype=np.int32)
