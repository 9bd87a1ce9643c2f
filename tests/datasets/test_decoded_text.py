import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets import TextDataset
from core.datasets.dataset import RaggedTokens, Vocabulary
from core.datasets.decoded_text import (
    MOST_WORDS,
    TextQuery,
    find,
    pad_text,
    places,
    read,
)
from core.datasets.encoding import text_encoder
from core.datasets.exploration import array_shapes
from core.experiment import MultiHotEncoding, PaddedEncoding
from tests.datasets import small_texts

SMALL = small_texts.made()


# One text


def test_a_text_is_read_with_its_start_mark_and_numbers_shifted_by_three():
    reading = read(SMALL, "train", 3)
    ranks = SMALL.x_train[3]
    assert [token.kind for token in reading.tokens] == ["start", *["word"] * len(ranks)]
    assert reading.numbers.tolist() == [1, *(rank + 3 for rank in ranks)]
    assert reading.words == tuple(f"w{rank}" for rank in ranks)
    assert reading.label == SMALL.y_train[3]
    assert reading.kept == len(ranks)


@given(row=st.integers(0, 59), num_words=st.integers(10, 60))
def test_what_is_not_kept_becomes_unknown_and_keeps_its_word_beside_it(row, num_words):
    reading = read(SMALL, "train", row, num_words)
    for token, rank, word in zip(reading.tokens[1:], SMALL.x_train[row], reading.words, strict=True):
        assert word == f"w{rank}"
        if rank + 3 < num_words:
            assert (token.number, token.kind, token.word) == (rank + 3, "word", word)
        else:
            assert (token.number, token.kind, token.word) == (2, "unknown", "?")
    assert reading.kept == sum(rank + 3 < num_words for rank in SMALL.x_train[row])


@pytest.mark.parametrize("row", [-1, 60, 10**9])
def test_a_row_that_is_not_there_is_refused(row):
    with pytest.raises(IndexError):
        read(SMALL, "train", row)


@given(row=st.integers(0, 19), num_words=st.integers(10, 60))
def test_places_are_those_of_the_multi_hot_row(row, num_words):
    found = places(read(SMALL, "test", row, num_words))
    encode = text_encoder(MultiHotEncoding(num_words=num_words, values="counts"), SMALL.x_train)
    encoded = encode(SMALL.x_test).toarray()[row]
    assert [place.token.number for place in found] == np.flatnonzero(encoded).tolist()
    assert [place.count for place in found] == encoded[encoded > 0].tolist()


@given(
    row=st.integers(0, 59),
    length=st.integers(2, 40),
    fill=st.sampled_from(["start", "end"]),
    cut=st.sampled_from(["start", "end"]),
)
def test_a_padded_text_has_the_length_and_says_what_was_filled_and_cut(row, length, fill, cut):
    encoding = PaddedEncoding(num_words=20, length=length, fill=fill, cut=cut)
    reading = read(SMALL, "train", row, 20)
    made = pad_text(reading, encoding, SMALL)
    expected = text_encoder(encoding, SMALL.x_train)(SMALL.x_train)[row]
    assert [token.number for token in made.tokens] == expected.tolist()
    assert made.filled == int((expected == 0).sum())
    assert made.filled - made.cut == length - len(reading.tokens)
    assert 0 in (made.filled, made.cut)


def test_shapes_are_those_of_keras():
    shapes = {each.name: each for each in array_shapes(SMALL)}
    assert list(shapes) == ["x_train", "y_train", "x_test", "y_test"]
    lengths = [len(text) + 1 for text in SMALL.x_train]
    assert shapes["x_train"].shape == (60,)
    assert shapes["x_train"].lengths == (min(lengths), max(lengths))
    assert shapes["x_train"].smallest == 1
    assert shapes["x_train"].largest == max(int(text.max()) for text in SMALL.x_train) + 3
    assert (shapes["y_test"].shape, shapes["y_test"].lengths) == ((20,), None)


# Finding


@settings(max_examples=60)
@given(
    part=st.sampled_from(["train", "test"]),
    label=st.none() | st.integers(0, 1),
    shortest=st.integers(0, 20),
    longest=st.none() | st.integers(5, 32),
    words=st.lists(st.sampled_from(small_texts.WORDS[:12]), max_size=3),
)
def test_what_is_found_is_what_a_loop_finds(part, label, shortest, longest, words):
    found = find(SMALL, part, TextQuery(label, shortest, longest, " ".join(words)))
    texts, labels = SMALL.part(part)
    expected = [
        row
        for row, (text, its) in enumerate(zip(texts, labels, strict=True))
        if label in (None, its)
        and shortest <= len(text) + 1 <= (longest or 10**9)
        and {int(word[1:]) for word in words} <= set(text.tolist())
    ]
    assert found.rows.tolist() == expected
    assert found.out_of_vocabulary == ()


def test_words_are_looked_up_as_the_texts_were_cut():
    same = find(SMALL, "train", TextQuery(words="w1 w2"))
    assert len(same.rows) > 0
    assert find(SMALL, "train", TextQuery(words=" W2!! <b>w1</b>, w1 ")).out_of_vocabulary == ("b",)
    assert find(SMALL, "train", TextQuery(words=" W2!! (w1), w1 ")).rows.tolist() == same.rows.tolist()
    assert len(find(SMALL, "train", TextQuery(words="... !")).rows) == 60, "no word is no condition"


def test_a_word_that_nobody_wrote_is_named_and_finds_nothing():
    found = find(SMALL, "train", TextQuery(words="w1 <script>alert(1)</script>"))
    assert found.out_of_vocabulary == ("script", "alert", "1")
    assert len(found.rows) == 0
    assert found.from_row(3) is None


def test_a_search_has_a_bound():
    found = find(SMALL, "train", TextQuery(words=" ".join(f"u{number}" for number in range(500))))
    assert len(found.words) == MOST_WORDS


def test_a_word_is_found_beside_texts_without_words():
    empty = Vocabulary(("a", "b"))
    texts = RaggedTokens.of([[], [1], [], [], [2, 1], []])
    labels = np.zeros(6, np.uint8)
    dataset = TextDataset(
        name="imdb",
        class_names=("", ""),
        y_train=labels,
        y_test=labels,
        x_train=texts,
        x_test=texts,
        vocabulary=empty,
    )
    assert find(dataset, "train", TextQuery(words="a")).rows.tolist() == [1, 4]
    assert find(dataset, "train", TextQuery(words="b")).rows.tolist() == [4]


@given(row=st.integers(0, 59))
def test_from_a_row_one_comes_to_what_was_found(row):
    found = find(SMALL, "train", TextQuery(label=1))
    rows = found.rows.tolist()
    start = found.from_row(row)
    assert start == next((each for each in rows if each >= row), rows[0])
    assert rows[found.place(start)] == start


def test_only_what_was_found_has_a_place():
    found = find(SMALL, "train", TextQuery(label=1))
    missed = next(row for row in range(60) if row not in found.rows)
    for row in (missed, 60, -1):
        with pytest.raises(ValueError, match="not found"):
            found.place(row)


@pytest.mark.real_data
def test_the_first_review_begins_as_published(real_datasets):
    if not (real_datasets / "imdb.npz").is_file():
        pytest.skip("no imdb.npz in the folder")
    ranks = json.loads((real_datasets / "imdb_word_index.json").read_text("utf-8"))
    with np.load(real_datasets / "imdb.npz", allow_pickle=False) as raw:
        texts = RaggedTokens(raw["train_tokens"], raw["train_offsets"])
        dataset = TextDataset(
            name="imdb",
            class_names=("negative", "positive"),
            y_train=raw["y_train"],
            y_test=raw["y_train"],
            x_train=texts,
            x_test=texts,
            vocabulary=Vocabulary(tuple(sorted(ranks, key=ranks.__getitem__))),
        )
    reading = read(dataset, "train", 0, 10_000)
    begins = " ".join(token.word for token in reading.tokens)
    assert begins.startswith("? this film was just brilliant casting location scenery story direction")
    for words in ("tsukino", "bad", "not bad"):
        wanted = {ranks[word] for word in words.split()}
        expected = [row for row, text in enumerate(texts) if wanted <= set(text.tolist())]
        assert find(dataset, "train", TextQuery(words=words)).rows.tolist() == expected
