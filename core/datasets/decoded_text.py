"""What a page shows of a single text: its words and numbers, and what each encoding makes of them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from core.datasets.dataset import RaggedTokens, RawTexts, Subset, TextDataset
from core.datasets.encoding import pad_sequences
from core.datasets.tokenization import FIRST_WORD, Token, decode, texts_to_sequences, words_in
from core.experiment import PaddedEncoding


@dataclass(frozen=True, eq=False)
class DecodedText:
    """One text as a network gets it, and as it is read.

    `tokens` has the start mark, then a token for each word; `words` every word as it was, also those that are not
    kept: `words[i]` belongs to `tokens[i + 1]`, "" if no training text has it. Only numbers below `num_words` are
    kept; None keeps all. `raw` is the text as it was written, where that is known.
    """

    part: Subset
    row: int
    label: int
    num_words: int | None
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    raw: str | None = None

    @property
    def kept(self) -> int:
        """How many of the words are kept, each as often as it occurs."""
        return sum(token.kind == "word" for token in self.tokens)

    @property
    def numbers(self) -> NDArray[np.int32]:
        """int32 (words + 1,): what the network gets."""
        return np.array([token.number for token in self.tokens], dtype=np.int32)


@dataclass(frozen=True)
class Place:
    """A place of a multi-hot row that is not 0, and how often its token occurs in the text."""

    token: Token
    count: int


@dataclass(frozen=True, eq=False)
class PaddedText:
    """A text brought to a fixed length, and how many numbers were filled in or cut off for it."""

    tokens: tuple[Token, ...]
    filled: int
    cut: int


def read(dataset: TextDataset, part: Subset, row: int, num_words: int | None = None) -> DecodedText:
    """One text, with only the numbers below `num_words`; an `IndexError` if there is no such row."""
    texts, labels = dataset.part(part)
    ranks, vocabulary, raw = texts[row], dataset.vocabulary, dataset.raw(part)
    # Test texts of own data may have a rank beyond the last one, for words that no training text has.
    everything = len(vocabulary) + FIRST_WORD
    (numbers,) = texts_to_sequences(RaggedTokens.of([ranks]), min(num_words or everything, everything))
    return DecodedText(
        part=part,
        row=row,
        label=int(labels[row]),
        num_words=num_words,
        tokens=decode(numbers, vocabulary),
        words=tuple(vocabulary.word(int(rank)) if rank <= len(vocabulary) else "" for rank in ranks),
        raw=raw[row] if raw is not None else None,
    )


def places(reading: DecodedText) -> tuple[Place, ...]:
    """The places of the text's multi-hot row that are not 0, by number."""
    tokens = {token.number: token for token in reading.tokens}
    counts = Counter(token.number for token in reading.tokens)
    return tuple(Place(tokens[number], counts[number]) for number in sorted(counts))


def pad_text(reading: DecodedText, encoding: PaddedEncoding, dataset: TextDataset) -> PaddedText:
    """The text as a padded sequence; the text's own `num_words` holds."""
    (numbers,) = pad_sequences(RaggedTokens.of([reading.numbers]), encoding)
    length = len(reading.tokens)
    return PaddedText(
        tokens=decode(numbers, dataset.vocabulary),
        filled=max(0, encoding.length - length),
        cut=max(0, length - encoding.length),
    )


#: So many different words a search may have; each costs one pass over all numbers.
MOST_WORDS = 8


@dataclass(frozen=True)
class TextQuery:
    """Which texts are looked for: of a class, of a length (start mark included), with all of the words that were typed.

    Words are cut and in small letters as in the original texts; at most the first `MOST_WORDS` different ones count.
    Own texts are searched as they were written, for parts of words too: what blanks part must all stand there, in small
    letters or large.
    """

    label: int | None = None
    shortest: int = 0
    longest: int | None = None
    words: str = ""


@dataclass(frozen=True, eq=False)
class TextMatches:
    """The rows that were found, ascending, and the words looked for; with one out of the vocabulary there are none."""

    rows: NDArray[np.int64]
    words: tuple[str, ...]
    out_of_vocabulary: tuple[str, ...]

    def from_row(self, row: int) -> int | None:
        """The row itself if it was found, else the next one, else the first; None if nothing was found."""
        if len(self.rows) == 0:
            return None
        place = int(np.searchsorted(self.rows, row))
        return int(self.rows[place % len(self.rows)])

    def place(self, row: int) -> int:
        """Where a row stands among those found, from 0; a `ValueError` if it was not found."""
        place = int(np.searchsorted(self.rows, row))
        if place == len(self.rows) or self.rows[place] != row:
            raise ValueError(f"row {row} was not found")
        return place


def find(dataset: TextDataset, part: Subset, wanted: TextQuery) -> TextMatches:
    """All texts that are as wanted in every respect: one pass over the flat numbers for each word, no index."""
    texts, labels = dataset.part(part)
    raw = dataset.raw(part)
    if raw is not None:
        parts = tuple(dict.fromkeys(normalize("NFC", wanted.words).split()))[:MOST_WORDS]
        fits = _as_wanted(texts, labels, wanted)
        for one in parts:
            fits &= containing(raw, one)
        return TextMatches(np.flatnonzero(fits), parts, ())
    words = tuple(dict.fromkeys(words_in(wanted.words)))[:MOST_WORDS]
    ranks = [dataset.vocabulary.rank(word) for word in words]
    out_of_vocabulary = tuple(word for word, rank in zip(words, ranks, strict=True) if rank is None)
    if out_of_vocabulary:
        return TextMatches(np.empty(0, dtype=np.int64), words, out_of_vocabulary)
    fits = _as_wanted(texts, labels, wanted)
    for rank in ranks:
        if rank is not None:
            fits &= with_rank(texts, rank)
    return TextMatches(np.flatnonzero(fits), words, ())


def _as_wanted(texts: RaggedTokens, labels: NDArray[np.uint8], wanted: TextQuery) -> NDArray[np.bool_]:
    """Bool (texts,): which texts have the class and the length that is wanted."""
    numbers = texts.lengths + 1
    fits: NDArray[np.bool_] = numbers >= wanted.shortest
    if wanted.longest is not None:
        fits &= numbers <= wanted.longest
    if wanted.label is not None:
        fits &= labels == wanted.label
    return fits


def containing(texts: RawTexts, part: str) -> NDArray[np.bool_]:
    """Bool (texts,): in which texts something stands, A to Z in small letters or large."""
    sought = part.encode()
    found = re.finditer(re.escape(sought), texts.content.tobytes(), re.IGNORECASE)
    starts = np.fromiter((one.start() for one in found), dtype=np.int64)
    rows = np.searchsorted(texts.offsets, starts, side="right") - 1
    having = np.zeros(len(texts), dtype=np.bool_)
    # What begins in one text and ends in the next one stands in neither.
    having[rows[starts + len(sought) <= texts.offsets[rows + 1]]] = True
    return having


def with_rank(texts: RaggedTokens, rank: int) -> NDArray[np.bool_]:
    """Bool (texts,): in which texts a word occurs."""
    hits = np.flatnonzero(texts.tokens == rank)
    having = np.zeros(len(texts), dtype=np.bool_)
    having[np.searchsorted(texts.offsets, hits, side="right") - 1] = True
    return having
