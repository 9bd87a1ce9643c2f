"""Counting words: how often, in which class, in how many texts; what is frequent, what is typical."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from core.datasets.dataset import RaggedTokens, Vocabulary
from core.datasets.tokenization import FIRST_WORD, words_kept

_PIECE = 2**20  # numbers looked at together: what is needed beside the result stays at some 30 MB
_FLOAT32, _INT32 = 4, 4

#: How many words of evidence the prior of `typical` is worth.
PRIOR_WORDS = 10_000


@dataclass(frozen=True, eq=False)
class WordCounts:
    """What is counted once over some texts; everything else follows. Column i is rank i + 1.

    `by_class` is int32 CSR (classes, words), `texts_with` int64 (words,): in how many texts each word occurs,
    `rarest` int32 (texts,), ascending: the highest rank in each text.
    """

    by_class: csr_matrix
    texts_with: NDArray[np.int64]
    rarest: NDArray[np.int32]

    @cached_property
    def total(self) -> NDArray[np.int64]:
        """int64 (words,): how often each word occurs."""
        total: NDArray[np.int64] = np.asarray(self.by_class.sum(axis=0, dtype=np.int64)).reshape(-1)
        return total

    @cached_property
    def _upto(self) -> NDArray[np.int64]:
        return np.concatenate([[0], np.cumsum(self.total)])

    def of_class(self, label: int) -> NDArray[np.int64]:
        """int64 (words,): how often each word occurs in the texts of a class."""
        counts: NDArray[np.int64] = self.by_class[label].toarray().reshape(-1).astype(np.int64)
        return counts

    def kept_share(self, num_words: int) -> float:
        """The share of all words, each as often as it occurs, that stays with `num_words`; 0 to 1."""
        return float(self._upto[words_kept(num_words, len(self.total))] / self._upto[-1])

    def occupied(self, num_words: int) -> int:
        """How many numbers other than 0 the multi-hot rows of all texts have together."""
        kept = words_kept(num_words, len(self.total))
        texts = len(self.rarest)
        with_unknown = texts - int(np.searchsorted(self.rarest, kept, side="right"))
        return texts + with_unknown + int(self.texts_with[:kept].sum())


@dataclass(frozen=True)
class FrequentWord:
    """A word, how often it occurs, and its share of all words, 0 to 1."""

    rank: int
    word: str
    count: int
    share: float


@dataclass(frozen=True)
class TypicalWord:
    """A word that one class uses more than the others.

    `score` is the difference of the log-odds in standard deviations; `inside` and `outside` how often it occurs among
    10,000 words of the class and of all others.
    """

    rank: int
    word: str
    score: float
    inside: float
    outside: float


@dataclass(frozen=True)
class CoveragePoint:
    """The share of all words that stays with a `num_words`, 0 to 1."""

    num_words: int
    share: float


@dataclass(frozen=True)
class EncodingCost:
    """Bytes that all texts take, encoded; `occupied` is the share of the multi-hot places that are not 0.

    `dense` writes every 0 out as float32, `sparse` only what is not 0 (CSR: a float32 and an int32 each, an int32 a
    row), `padded` is int32.
    """

    dense: int
    sparse: int
    padded: int
    occupied: float


@dataclass(frozen=True)
class LengthHistogram:
    """How long texts are, in numbers, start mark included; the last bin holds its upper edge too."""

    edges: tuple[int, ...]
    counts: tuple[int, ...]
    mean: float
    median: float
    shortest: int
    longest: int


def count_words(texts: RaggedTokens, labels: NDArray[np.uint8], classes: int, words: int) -> WordCounts:
    """Count once, piece by piece; labels are uint8 (texts,)."""
    counts = np.zeros(classes * words, dtype=np.int64)
    texts_with = np.zeros(words, dtype=np.int64)
    rarest = np.empty(len(texts), dtype=np.int32)
    for rows in _pieces(texts):
        offsets = texts.offsets[rows.start : rows.stop + 1]
        columns = texts.tokens[offsets[0] : offsets[-1]] - np.int32(1)
        lengths = np.diff(offsets)
        of_class = np.repeat(labels[rows].astype(np.int64) * words, lengths)
        counts += np.bincount(of_class + columns, minlength=len(counts))
        texts_with += _texts_with(columns, offsets - offsets[0], words)
        full = lengths > 0
        rarest[rows] = 0
        rarest[rows][full] = np.maximum.reduceat(columns, (offsets[:-1] - offsets[0])[full]) + 1
    by_class = csr_matrix(counts.reshape(classes, words).astype(np.int32))
    return WordCounts(by_class, texts_with, np.sort(rarest))


def frequent(
    counts: WordCounts, vocabulary: Vocabulary, number: int, *, skip: int = 0, label: int | None = None
) -> tuple[FrequentWord, ...]:
    """The words that occur most often, the most frequent one first, without those of the ranks 1 to `skip`.

    Only in texts of one class if a label is given.
    """
    found = counts.total if label is None else counts.of_class(label)
    together = max(1, int(found.sum()))
    order = np.argsort(-found[skip:], kind="stable")[:number] + skip
    return tuple(
        FrequentWord(
            int(column) + 1, vocabulary.words[column], int(found[column]), float(found[column] / together)
        )
        for column in order
        if found[column] > 0
    )


def typical(
    counts: WordCounts, vocabulary: Vocabulary, label: int, number: int, *, prior: float = PRIOR_WORDS
) -> tuple[TypicalWord, ...]:
    """The words most typical of a class against all others, the most typical one first.

    The log-odds-ratio with an informative Dirichlet prior, divided by its standard deviation, of B. L. Monroe,
    M. P. Colaresi and K. M. Quinn: "Fightin' Words: Lexical Feature Selection and Evaluation for Identifying the
    Content of Political Conflict", Political Analysis 16 (4), 2008, pages 372-403. With y the count of a word in the
    class, n all words of the class, y' and n' the same of the other classes, a the prior of the word and A of all::

        delta = ln((y + a) / (n + A - y - a)) - ln((y' + a) / (n' + A - y' - a))
        score = delta / sqrt(1 / (y + a) + 1 / (y' + a))

    The prior of a word is its share of all words times `prior`, which is also A: so a word that was seen three times,
    all of them here, does not beat one that was seen a hundred times.
    """
    inside = counts.of_class(label).astype(np.float64)
    outside = counts.total - inside
    seen = np.flatnonzero(inside)
    score = _log_odds(inside, outside, counts.total / counts.total.sum() * prior, seen)
    order = np.argsort(-score, kind="stable")[:number]
    per_inside, per_outside = 10_000 / max(1.0, inside.sum()), 10_000 / max(1.0, outside.sum())
    return tuple(
        TypicalWord(
            rank=int(column) + 1,
            word=vocabulary.words[column],
            score=float(value),
            inside=float(inside[column] * per_inside),
            outside=float(outside[column] * per_outside),
        )
        for column, value in zip(seen[order], score[order], strict=True)
        if value > 0
    )


def coverage(counts: WordCounts, points: int = 60) -> tuple[CoveragePoint, ...]:
    """The share of all words that stays, for values of `num_words` from 10 to all, evenly on a log scale."""
    last = len(counts.total) + FIRST_WORD
    steps = np.unique(np.round(np.geomspace(10, last, points)).astype(int))
    return tuple(CoveragePoint(int(step), counts.kept_share(int(step))) for step in steps)


def encoding_cost(counts: WordCounts, num_words: int, length: int) -> EncodingCost:
    """What the counted texts take in memory as multi-hot rows of `num_words` and as sequences of `length`."""
    texts = len(counts.rarest)
    occupied = counts.occupied(num_words)
    return EncodingCost(
        dense=texts * num_words * _FLOAT32,
        sparse=occupied * (_FLOAT32 + _INT32) + (texts + 1) * _INT32,
        padded=texts * length * _INT32,
        occupied=occupied / (texts * num_words),
    )


def length_histogram(texts: RaggedTokens, bins: int = 50) -> LengthHistogram:
    """How long the texts are, in at most so many bins of equal width."""
    numbers = texts.lengths + 1
    shortest, longest = int(numbers.min()), int(numbers.max())
    width = max(1, math.ceil((longest - shortest + 1) / bins))
    edges = np.arange(shortest, longest + width + 1, width)
    counts, _ = np.histogram(numbers, edges)
    used = len(counts) if counts[-1] else len(counts) - 1
    return LengthHistogram(
        edges=tuple(int(edge) for edge in edges[: used + 1]),
        counts=tuple(int(count) for count in counts[:used]),
        mean=float(numbers.mean()),
        median=float(np.median(numbers)),
        shortest=shortest,
        longest=longest,
    )


def _log_odds(
    inside: NDArray[np.float64],
    outside: NDArray[np.float64],
    prior: NDArray[np.float64],
    columns: NDArray[np.int64],
) -> NDArray[np.float64]:
    """The scores of `typical`, float64 (columns,)."""
    evidence = float(prior.sum())
    here, there = (inside + prior)[columns], (outside + prior)[columns]
    difference = np.log(here / (inside.sum() + evidence - here)) - np.log(
        there / (outside.sum() + evidence - there)
    )
    score: NDArray[np.float64] = difference / np.sqrt(1 / here + 1 / there)
    return score


def _pieces(texts: RaggedTokens) -> Iterator[slice]:
    """Rows in pieces of some `_PIECE` numbers each, at least one text."""
    start = 0
    while start < len(texts):
        upto = texts.offsets[start] + _PIECE
        stop = max(start + 1, int(np.searchsorted(texts.offsets, upto, side="right")) - 1)
        yield slice(start, min(stop, len(texts)))
        start = stop


def _texts_with(columns: NDArray[np.int32], offsets: NDArray[np.int64], words: int) -> NDArray[np.int64]:
    """int64 (words,): in how many texts each word occurs; without sorting, by turning rows into columns."""
    shape = (len(offsets) - 1, words)
    by_word = csr_matrix(
        (np.ones(len(columns), np.int8), columns, offsets.astype(np.int32)), shape=shape
    ).tocsc()
    # The rows of a column are in order, so a text that has the word twice stands there twice in a row.
    new = np.ones(len(columns), dtype=np.bool_)
    new[1:] = by_word.indices[1:] != by_word.indices[:-1]
    new[by_word.indptr[:-1][np.diff(by_word.indptr) > 0]] = True
    upto = np.concatenate([[0], np.cumsum(new)])
    found: NDArray[np.int64] = np.diff(upto[by_word.indptr])
    return found
