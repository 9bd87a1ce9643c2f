import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets import word_counts
from core.datasets.dataset import RaggedTokens, Vocabulary
from core.datasets.encoding import bag_of_words, pad_sequences
from core.datasets.tokenization import texts_to_sequences
from core.datasets.word_counts import (
    count_words,
    coverage,
    encoding_cost,
    frequent,
    length_histogram,
    typical,
)
from core.experiment import PaddedEncoding
from tests.datasets import small_texts

SMALL = small_texts.made(seed=5, classes=3, texts=90)
WORDS = len(SMALL.vocabulary)


def counts_of(dataset, classes):
    return count_words(dataset.x_train, dataset.y_train, classes, len(dataset.vocabulary))


COUNTS = counts_of(SMALL, 3)


@pytest.mark.parametrize("piece", [1, 7, 64, 10**6])
def test_counts_are_those_of_a_loop_whatever_the_pieces(monkeypatch, piece):
    monkeypatch.setattr(word_counts, "_PIECE", piece)
    counts = counts_of(SMALL, 3)
    by_class = [Counter() for _ in range(3)]
    texts_with = Counter()
    for text, label in zip(SMALL.x_train, SMALL.y_train, strict=True):
        by_class[label].update(text.tolist())
        texts_with.update(set(text.tolist()))
    for label in range(3):
        assert counts.of_class(label).tolist() == [by_class[label][rank] for rank in range(1, WORDS + 1)]
    assert counts.texts_with.tolist() == [texts_with[rank] for rank in range(1, WORDS + 1)]
    assert counts.rarest.tolist() == sorted(int(text.max()) for text in SMALL.x_train)
    assert counts.total.sum() == len(SMALL.x_train.tokens)


def test_texts_without_words_are_counted_as_such():
    texts = RaggedTokens.of([[], [2, 2], [], [1], []])
    counts = count_words(texts, np.array([0, 1, 0, 1, 1], np.uint8), 2, 2)
    assert counts.by_class.toarray().tolist() == [[0, 0], [1, 2]]
    assert counts.texts_with.tolist() == [1, 1]
    assert counts.rarest.tolist() == [0, 0, 0, 1, 2]


@given(num_words=st.integers(1, WORDS + 10), length=st.integers(2, 40))
def test_costs_are_those_of_the_arrays_themselves(num_words, length):
    cost = encoding_cost(COUNTS, max(num_words, 10), length)
    numbers = texts_to_sequences(SMALL.x_train, max(num_words, 10))
    rows = bag_of_words(numbers, max(num_words, 10))
    assert cost.dense == rows.toarray().nbytes
    assert cost.sparse == rows.data.nbytes + rows.indices.nbytes + rows.indptr.nbytes
    assert cost.occupied == pytest.approx(rows.nnz / rows.toarray().size)
    assert cost.padded == pad_sequences(numbers, PaddedEncoding(num_words=WORDS + 4, length=length)).nbytes


@given(num_words=st.integers(0, WORDS + 10))
def test_the_kept_share_is_that_of_the_numbers(num_words):
    kept = (texts_to_sequences(SMALL.x_train, None).tokens < num_words) & (
        texts_to_sequences(SMALL.x_train, None).tokens > 3
    )
    assert COUNTS.kept_share(num_words) == pytest.approx(kept.sum() / len(SMALL.x_train.tokens))


def test_coverage_rises_to_everything():
    points = coverage(COUNTS, 12)
    shares = [point.share for point in points]
    assert shares == sorted(shares)
    assert (points[0].num_words, points[-1].num_words) == (10, WORDS + 4)
    assert shares[-1] == 1


def test_frequent_words_are_counted_and_ranks_can_be_left_out():
    everything = Counter(SMALL.x_train.tokens.tolist())
    found = frequent(COUNTS, SMALL.vocabulary, 5)
    assert [word.count for word in found] == [count for _, count in everything.most_common(5)]
    assert all(everything[word.rank] == word.count and word.word == f"w{word.rank}" for word in found)
    assert found[0].share == pytest.approx(found[0].count / len(SMALL.x_train.tokens))
    rare = frequent(COUNTS, SMALL.vocabulary, 100, skip=10)
    assert min(word.rank for word in rare) > 10
    assert len(rare) == sum(rank > 10 for rank in everything)
    assert frequent(COUNTS, SMALL.vocabulary, 5, skip=WORDS) == ()


def test_frequent_words_of_one_class():
    tokens = SMALL.x_train.take(np.flatnonzero(SMALL.y_train == 2)).tokens
    (top,) = frequent(COUNTS, SMALL.vocabulary, 1, label=2)
    assert top.count == Counter(tokens.tolist()).most_common(1)[0][1]
    assert top.share == pytest.approx(top.count / len(tokens))


def test_the_word_that_only_one_class_begins_with_is_its_most_typical_one():
    for label in range(3):
        first, *_ = typical(COUNTS, SMALL.vocabulary, label, 5, prior=50)
        assert first.rank == 20 + label
        assert first.inside > first.outside


def by_hand(dataset, label, prior):
    """The score of every word by the formula of the paper, in plain Python from the texts."""
    inside, outside = Counter(), Counter()
    for text, its in zip(dataset.x_train, dataset.y_train, strict=True):
        (inside if its == label else outside).update(text.tolist())
    n_in, n_out = inside.total(), outside.total()
    scores = {}
    for rank in inside:
        a = prior * (inside[rank] + outside[rank]) / (n_in + n_out)
        here, there = inside[rank] + a, outside[rank] + a
        odds = math.log(here / (n_in + prior - here)) - math.log(there / (n_out + prior - there))
        scores[rank] = odds / math.sqrt(1 / here + 1 / there)
    return scores


@settings(max_examples=15)
@given(seed=st.integers(0, 1000), prior=st.floats(1, 5000), label=st.integers(0, 2))
def test_typical_words_are_those_of_the_formula(seed, prior, label):
    dataset = small_texts.made(seed, classes=3)
    found = typical(counts_of(dataset, 3), dataset.vocabulary, label, WORDS, prior=prior)
    expected = by_hand(dataset, label, prior)
    assert {word.rank for word in found} == {rank for rank, score in expected.items() if score > 0}
    for word in found:
        assert word.score == pytest.approx(expected[word.rank])
    assert [word.score for word in found] == sorted((word.score for word in found), reverse=True)


def test_the_score_is_the_mean_over_the_spread_of_what_the_word_shares_may_be():
    """An oracle without the formula: shares drawn from the Dirichlet posterior of two classes."""
    chance = np.random.default_rng(1)
    inside, outside = chance.integers(30, 400, 200), chance.integers(30, 400, 200)
    texts = RaggedTokens.of([np.repeat(np.arange(1, 201), inside), np.repeat(np.arange(1, 201), outside)])
    counts = count_words(texts, np.array([0, 1], np.uint8), 2, 200)
    vocabulary = Vocabulary(tuple(f"w{rank}" for rank in range(1, 201)))
    prior = 2_000 * (inside + outside) / (inside + outside).sum()

    def log_odds(seen):
        shares = chance.dirichlet(seen + prior, size=8_000)
        return np.log(shares / (1 - shares))

    difference = log_odds(inside) - log_odds(outside)
    expected = difference.mean(axis=0) / difference.std(axis=0)
    for word in typical(counts, vocabulary, 0, 20, prior=2_000):
        assert word.score == pytest.approx(expected[word.rank - 1], rel=0.05)


def test_a_class_without_texts_has_no_words():
    counts = count_words(SMALL.x_train, np.zeros(90, np.uint8), 2, WORDS)
    assert typical(counts, SMALL.vocabulary, 1, 5) == ()
    assert frequent(counts, SMALL.vocabulary, 5, label=1) == ()


@given(lengths=st.lists(st.integers(0, 300), min_size=1, max_size=40), bins=st.integers(1, 60))
def test_lengths_count_every_text_once(lengths, bins):
    found = length_histogram(RaggedTokens.of([[1] * length for length in lengths]), bins)
    numbers = [length + 1 for length in lengths]
    assert sum(found.counts) == len(lengths)
    assert 1 <= len(found.counts) <= bins
    assert len(found.edges) == len(found.counts) + 1
    for low, high, count in zip(found.edges, found.edges[1:], found.counts, strict=False):
        assert count == sum(low <= number < high for number in numbers)
    assert (found.shortest, found.longest) == (min(numbers), max(numbers))
    assert found.mean == pytest.approx(np.mean(numbers))
    assert found.median == np.median(numbers)
