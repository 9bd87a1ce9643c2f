"""Which words are left out, and what is made of many effects; the effects themselves are tested with a network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.attribution import (
    NEVER,
    WHOLE,
    EffectTotals,
    WordEffect,
    default_minimum,
    leave_one_out,
    rank_effects,
    reaches_network,
    variants,
)
from core.datasets.dataset import RaggedTokens
from core.datasets.encoding import pad_sequences
from core.experiment import MultiHotEncoding, PaddedEncoding

NUMBERS = np.array([1, 9, 5, 9, 2, 7, 2])
MULTI_HOT = MultiHotEncoding(num_words=12)


def test_multi_hot_leaves_a_word_out_everywhere() -> None:
    omitted = leave_one_out(NUMBERS, MULTI_HOT)
    assert omitted.variant.tolist() == [NEVER, 0, 1, 0, 2, 3, 2]
    found = variants(NUMBERS, omitted, WHOLE, omitted.count)
    assert [row.tolist() for row in found] == [
        [1, 9, 5, 9, 2, 7, 2],
        [1, 5, 2, 7, 2],
        [1, 9, 9, 2, 7, 2],
        [1, 9, 5, 9, 7],
        [1, 9, 5, 9, 2, 2],
    ]
    assert [row.tolist() for row in variants(NUMBERS, omitted, 2, 3)] == [[1, 9, 5, 9, 7]]


@pytest.mark.parametrize(
    ("cut", "variant"),
    [("start", [NEVER, NEVER, NEVER, 0, 1, 2, 3]), ("end", [NEVER, 0, 1, 2, NEVER, NEVER, NEVER])],
)
def test_sequences_leave_each_place_out_that_is_seen(cut: str, variant: list[int]) -> None:
    encoding = PaddedEncoding(num_words=12, length=4, cut=cut)  # type: ignore[arg-type]
    assert leave_one_out(NUMBERS, encoding).variant.tolist() == variant


def test_a_text_of_one_word_can_be_empty() -> None:
    omitted = leave_one_out(np.array([1, 5]), MULTI_HOT)
    assert [row.tolist() for row in variants(np.array([1, 5]), omitted, WHOLE, 1)] == [[1, 5], [1]]


@given(st.integers(1, 30), st.integers(2, 20), st.sampled_from(["start", "end"]))
def test_what_is_seen_is_what_padding_keeps(count: int, length: int, cut: str) -> None:
    encoding = PaddedEncoding(num_words=100, length=length, cut=cut)  # type: ignore[arg-type]
    numbers = np.arange(1, count + 1)
    kept = pad_sequences(RaggedTokens.of([numbers]), encoding)[0]
    assert numbers[reaches_network(count, encoding)].tolist() == kept[kept > 0].tolist()


def test_totals_are_means_by_word() -> None:
    totals = EffectTotals(10, 2)
    totals.add(np.array([7, 4, 7]), np.array([[1.0, 0], [0.5, 0.5], [0, 1]]))
    totals.add(np.array([], dtype=np.int64), np.zeros((0, 2)))
    totals.add(np.array([7]), np.array([[2.0, -4]]))
    table = totals.table()
    assert table["number"].tolist() == [4, 7]
    assert table["texts"].tolist() == [1, 3]
    np.testing.assert_allclose(table["effect"], [[0.5, 0.5], [1, -1]])


def test_the_strongest_are_found_in_both_directions() -> None:
    totals = EffectTotals(10, 1)
    effects = {4: 0.1, 5: -0.3, 6: 0.4, 7: 0.0, 8: -0.1, 9: 0.9}
    for number, effect in effects.items():
        totals.add(np.array([number] * 2), np.array([[effect]] * 2))
    totals.add(np.array([6]), np.array([[0.4]]))
    raising, lowering = rank_effects(totals.table(), 0, minimum=2, count=2)
    assert [(word.number, word.texts) for word in raising] == [(9, 2), (6, 3)]
    assert [word.number for word in lowering] == [5, 8]
    assert rank_effects(totals.table(), 0, minimum=3, count=5) == (
        (WordEffect(6, 3, pytest.approx(0.4)),),
        (),
    )
    assert rank_effects(totals.table(), 0, minimum=4, count=5) == ((), ())


def test_the_minimum_follows_the_size_of_the_set() -> None:
    assert [default_minimum(texts) for texts in (10, 1_000, 2_246, 25_000)] == [5, 10, 20, 20]
