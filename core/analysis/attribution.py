"""What each word did to an answer: what the network says with the word, minus what it says without it.

"Without" is another text, encoded as any other, so no assumption about the network is made. Where a network sees
only which words occur (multi-hot), a word is left out everywhere at once: all its occurrences are one input.
Where it sees a sequence, a word is left out at its place and what follows moves up.

Effects of single words need not add up to the answer: words that say the same can stand in for each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from core.datasets.dataset import RaggedTokens, offsets_of
from core.datasets.tokenization import START
from core.experiment import MultiHotEncoding, PaddedEncoding

WHOLE, NEVER = -1, -2
"""Variant -1 is the text itself; what is never left out belongs to -2."""


@dataclass(frozen=True, eq=False)
class LeaveOneOut:
    """The variants of a text in which something is left out."""

    #: int64 (numbers,): in which variant, from 0, a number of the text is missing; `NEVER` for the start
    #: mark, and for what is cut off before the network sees it
    variant: NDArray[np.int64]
    count: int  # how many variants there are


def leave_one_out(numbers: NDArray[np.integer], encoding: MultiHotEncoding | PaddedEncoding) -> LeaveOneOut:
    """What to leave out of a text, one thing after the other, to see what it does.

    Multi-hot: each different number once, in the order in which they first occur; all unknown words, which are one
    number, together. Padded: each place that the network sees, by itself. The text, int (numbers,), has its start mark
    in front.
    """
    variant = np.full(len(numbers), NEVER, dtype=np.int64)
    if isinstance(encoding, PaddedEncoding):
        places = np.flatnonzero(reaches_network(len(numbers), encoding) & (np.arange(len(numbers)) > 0))
        variant[places] = np.arange(len(places))
        return LeaveOneOut(variant, len(places))
    different, first, which = np.unique(numbers[1:], return_index=True, return_inverse=True)
    rank = np.empty(len(different), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(different))
    variant[1:] = rank[which]
    return LeaveOneOut(variant, len(different))


def reaches_network(count: int, encoding: MultiHotEncoding | PaddedEncoding) -> NDArray[np.bool_]:
    """Which of so many numbers of a text reach the network, and are not cut off: bool (count,)."""
    places = np.arange(count)
    if isinstance(encoding, MultiHotEncoding):
        return places >= 0
    if encoding.cut == "start":
        return places >= count - encoding.length
    return places < encoding.length


def variants(numbers: NDArray[np.integer], omitted: LeaveOneOut, first: int, last: int) -> RaggedTokens:
    """The variants from `first` (`WHOLE` is the text itself) up to but not including `last`."""
    wanted = np.arange(first, last)[:, np.newaxis]
    kept = omitted.variant[np.newaxis, :] != wanted
    offsets = offsets_of(kept.sum(axis=1))
    tokens = np.broadcast_to(numbers.astype(np.int32), kept.shape)[kept]
    return RaggedTokens(tokens, offsets)


# Over many texts


@dataclass(frozen=True, eq=False)
class Occurrences:
    """Each text of a multi-hot matrix with each different word in it."""

    rows: NDArray[np.int64]  # int64 (pairs,), the text
    numbers: NDArray[np.int32]  # int32 (pairs,), the word's number
    values: NDArray[np.float32]  # float32 (pairs,), what stands at that place of the text's row


def occurrences(inputs: csr_matrix) -> Occurrences:
    """All pairs of a text and a word in it; the start mark, which no text is without, is no word."""
    rows = np.repeat(np.arange(inputs.shape[0], dtype=np.int64), np.diff(inputs.indptr))
    words = inputs.indices != START
    return Occurrences(rows[words], inputs.indices[words], inputs.data[words])


def sums_leaving_out(
    sums: NDArray[np.float32], kernel: NDArray[np.float32], of: Occurrences, *, unit_rows: bool
) -> NDArray[np.float32]:
    """What the first Dense layer adds up for a text without one of its words, (pairs, units) before the bias. Exact.

    A row x of the inputs leads to x W, the `sums` (texts, units), with W the `kernel` (words, units). Leaving out word
    j takes x_j W_j away. Rows of tf-idf have length 1 (`unit_rows`) and are stretched back to it: what is left has the
    length sqrt(1 - x_j^2).
    """
    left = sums[of.rows] - of.values[:, np.newaxis] * kernel[of.numbers]
    if unit_rows:
        # In float64: 1 - x^2 of a value near 1 loses its digits otherwise.
        length = np.sqrt(1 - of.values.astype(np.float64) ** 2)
        left /= length[:, np.newaxis].astype(np.float32)
    return left


class EffectTotals:
    """Effects of `units` values added up by word number, below `num_words`, over any number of texts."""

    def __init__(self, num_words: int, units: int) -> None:
        self._sums = np.zeros((num_words, units))
        self._texts = np.zeros(num_words, dtype=np.int64)

    def add(self, numbers: NDArray[np.integer], effects: NDArray[np.floating]) -> None:
        """Count effects, (pairs, units), each of the word with this number, (pairs,), on another text."""
        if not len(numbers):
            return
        order = np.argsort(numbers, kind="stable")
        different, starts = np.unique(numbers[order], return_index=True)
        sums = np.add.reduceat(effects[order], starts, axis=0, dtype=np.float64)
        texts = np.diff([*starts, len(numbers)])
        # Both are known before either is added: a part counts whole or not at all.
        self._sums[different] += sums
        self._texts[different] += texts

    def table(self) -> NDArray[np.void]:
        """The mean effect of each word that occurred, as `mean_effects` describes it, by number."""
        found = np.flatnonzero(self._texts)
        table = np.zeros(len(found), dtype=mean_effects(self._sums.shape[1]))
        table["number"] = found
        table["texts"] = self._texts[found]
        table["effect"] = self._sums[found] / self._texts[found, np.newaxis]
        return table


def mean_effects(units: int) -> np.dtype[np.void]:
    """The columns of a table of words: number, how many texts have it, and its mean effect on each output."""
    return np.dtype([("number", "<i4"), ("texts", "<i4"), ("effect", "<f4", (units,))])


def default_minimum(texts: int) -> int:
    """In how many texts a word should occur before its mean effect says something: a hundredth, 5 to 20."""
    return int(np.clip(texts // 100, 5, 20))


@dataclass(frozen=True)
class WordEffect:
    """One word's mean effect on one output."""

    number: int  # the word's number
    texts: int  # in how many texts it occurs
    effect: float  # what it adds to the probability on average, -1 to 1


def rank_effects(
    table: NDArray[np.void], unit: int, *, minimum: int, count: int
) -> tuple[tuple[WordEffect, ...], tuple[WordEffect, ...]]:
    """At most `count` words that raise an output most and as many that lower it most, the strongest first.

    Words of the table (`EffectTotals.table`) in fewer texts than `minimum` are passed over.
    """
    enough = table[table["texts"] >= minimum]
    effects = enough["effect"][:, unit]
    order = np.argsort(effects, kind="stable")
    lowering, raising = order[:count], order[::-1][:count]
    return (
        tuple(_word_effect(enough[place], unit) for place in raising if effects[place] > 0),
        tuple(_word_effect(enough[place], unit) for place in lowering if effects[place] < 0),
    )


def _word_effect(row: np.void, unit: int) -> WordEffect:
    return WordEffect(int(row["number"]), int(row["texts"]), float(row["effect"][unit]))
