"""Finding texts by label, length and words, and stepping through what was found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.datasets.dataset import TextDataset
from core.datasets.decoded_text import texts_and_labels
from core.datasets.exploration import Subset
from core.datasets.texts import RaggedTokens
from core.datasets.tokenization import words_in

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
