"""Texts in flat arrays behave like lists of lists."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.datasets.dataset import RaggedTokens, Vocabulary

lists = st.lists(st.lists(st.integers(1, 500), max_size=8), max_size=12)


@given(lists)
def test_each_text_is_found_again(texts):
    flat = RaggedTokens.of(texts)
    assert len(flat) == len(texts)
    assert [list(text) for text in flat] == texts
    assert list(flat.lengths) == [len(text) for text in texts]
    assert list(flat.rows) == [row for row, text in enumerate(texts) for _ in text]
    assert (flat.tokens.dtype, flat.offsets.dtype) == (np.int32, np.int64)


@given(lists.filter(bool), st.data())
def test_rows_are_taken_in_any_order_and_more_than_once(texts, data):
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1)))
    taken = RaggedTokens.of(texts).take(np.array(rows, dtype=np.int64))
    assert [list(text) for text in taken] == [texts[row] for row in rows]


def test_there_is_no_text_before_the_first_or_after_the_last():
    texts = RaggedTokens.of([[1], [2, 3]])
    for row in (-1, 2):
        with pytest.raises(IndexError, match=f"text {row} of 2"):
            texts[row]


def test_a_vocabulary_knows_words_by_rank_and_ranks_by_word():
    vocabulary = Vocabulary(("the", "don't", "영화"))
    assert (len(vocabulary), vocabulary.word(1), vocabulary.word(3)) == (3, "the", "영화")
    assert (vocabulary.rank("don't"), vocabulary.rank("film")) == (2, None)
    for rank in (0, 4):
        with pytest.raises(IndexError, match=f"rank {rank} of 3"):
            vocabulary.word(rank)
    assert Vocabulary.from_bytes(vocabulary.to_bytes()).words == vocabulary.words
