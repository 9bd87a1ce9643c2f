"""What a page shows of a single text: its words and numbers, and what each encoding makes of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.catalog import WORD_SHIFT
from core.datasets.dataset import RaggedTokens, TextDataset
from core.datasets.encoding import pad_sequences
from core.datasets.exploration import ArrayShape, Subset
from core.datasets.tokenization import START, Token, decode, texts_to_sequences, words_in
from core.experiment import PaddedEncoding


@dataclass(frozen=True, eq=False)
class DecodedText:
    """One text as a network gets it, and as it is read.

    `tokens` has the start mark, then a token for each word; `words` every word as it was, also those that are not
    kept: `words[i]` belongs to `tokens[i + 1]`. Only numbers below `num_words` are kept; None keeps all.
    """

    part: Subset
    row: int
    label: int
    num_words: int | None
    tokens: tuple[Token, ...]
    words: tuple[str, ...]

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


def texts_and_labels(dataset: TextDataset, part: Subset) -> tuple[RaggedTokens, NDArray[np.uint8]]:
    """The texts of a part and their labels, uint8 (texts,)."""
    if part == "train":
        return dataset.x_train, dataset.y_train
    return dataset.x_test, dataset.y_test


def array_shapes(dataset: TextDataset) -> tuple[ArrayShape, ...]:
    """Shapes, types and ranges of `x_train`, `y_train`, `x_test`, `y_test` as `keras.datasets` gives them.

    Texts differ in length, so their second axis is given as the shortest and the longest one, start mark
    included; their smallest value is therefore 1.
    """
    shapes = []
    for part in ("train", "test"):
        texts, labels = texts_and_labels(dataset, part)
        shapes.append(_shape(f"x_{part}", texts))
        shapes.append(
            ArrayShape(
                f"y_{part}",
                labels.shape,
                str(labels.dtype),
                int(labels.min()),
                int(labels.max()),
                labels.nbytes,
            )
        )
    return tuple(shapes)


def _shape(name: str, texts: RaggedTokens) -> ArrayShape:
    numbers = len(texts.tokens) + len(texts)
    return ArrayShape(
        name=name,
        shape=(len(texts),),
        dtype=str(texts.tokens.dtype),
        smallest=START,
        largest=int(texts.tokens.max()) + WORD_SHIFT,
        size=numbers * texts.tokens.itemsize + texts.offsets.nbytes,
        lengths=(int(texts.lengths.min()) + 1, int(texts.lengths.max()) + 1),
    )


def read(dataset: TextDataset, part: Subset, row: int, num_words: int | None = None) -> DecodedText:
    """One text, with only the numbers below `num_words`; an `IndexError` if there is no such row."""
    texts, labels = texts_and_labels(dataset, part)
    ranks = texts[row]
    (numbers,) = texts_to_sequences(RaggedTokens.of([ranks]), num_words)
    return DecodedText(
        part=part,
        row=row,
        label=int(labels[row]),
        num_words=num_words,
        tokens=decode(numbers, dataset.vocabulary),
        words=tuple(dataset.vocabulary.word(int(rank)) for rank in ranks),
    )


def places(reading: DecodedText) -> tuple[Place, ...]:
    """The places of the text's multi-hot row that are not 0, by number."""
    found: dict[int, Place] = {}
    for token in reading.tokens:
        known = found.get(token.number)
        found[token.number] = Place(token, known.count + 1 if known else 1)
    return tuple(found[number] for number in sorted(found))


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
    texts, labels = texts_and_labels(dataset, part)
    words = tuple(dict.fromkeys(words_in(wanted.words)))[:MOST_WORDS]
    ranks = [dataset.vocabulary.rank(word) for word in words]
    out_of_vocabulary = tuple(word for word, rank in zip(words, ranks, strict=True) if rank is None)
    if out_of_vocabulary:
        return TextMatches(np.empty(0, dtype=np.int64), words, out_of_vocabulary)
    numbers = texts.lengths + 1
    fits = numbers >= wanted.shortest
    if wanted.longest is not None:
        fits &= numbers <= wanted.longest
    if wanted.label is not None:
        fits &= labels == wanted.label
    for rank in ranks:
        if rank is not None:
            fits &= with_rank(texts, rank)
    return TextMatches(np.flatnonzero(fits), words, ())


def with_rank(texts: RaggedTokens, rank: int) -> NDArray[np.bool_]:
    """Bool (texts,): in which texts a word occurs."""
    hits = np.flatnonzero(texts.tokens == rank)
    having = np.zeros(len(texts), dtype=np.bool_)
    having[np.searchsorted(texts.offsets, hits, side="right") - 1] = True
    return having
