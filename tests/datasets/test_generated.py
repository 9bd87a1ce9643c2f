"""The generated texts: always the same, as many as promised, and made like real ones."""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from core.catalog import ARRAYS, DATASETS, dataset_info
from core.datasets import bundled, open_dataset
from core.datasets.archives import digest
from core.datasets.dataset import RaggedTokens, TextDataset, Vocabulary
from core.datasets.tokenization import tokenize
from tools.generated_texts import FILE, WRITERS, generate, write, written
from tools.generated_texts.mini_newswires import NEIGHBOURS, SHARES
from tools.generated_texts.newswire_sentences import LEADS

NAMES = tuple(WRITERS)
CLASS_NAMES = {name: dataset_info(name).class_names for name in NAMES}

#: SHA-256 over the bytes of all arrays in the order of `ARRAYS`: those of the first version, for old runs learned them.
DIGESTS = {
    "mini_reviews": "97b72cc7c1268b6980f79e19b407f5b1a284d286721409c6a5b159f1011fbbe4",
    "mini_newswires": "94739e0991be99546bb9640b3de5459c2484f85092ef4df4d1e6422bd1f65ea6",
}
LENGTHS = {"mini_reviews": (15, 120), "mini_newswires": (15, 80)}

texts = cache(written)
arrays = cache(generate)
every_set = pytest.mark.parametrize("name", NAMES)


def vocabulary(name: str) -> Vocabulary:
    return Vocabulary.from_bytes(arrays(name)["vocabulary"])


def counts(name: str) -> np.ndarray:
    """How often the word of each rank occurs in the training texts."""
    return np.bincount(arrays(name)["train_tokens"])[1:]


@every_set
def test_the_same_for_ever(name):
    made = arrays(name)
    assert tuple(made) == ARRAYS["text"]
    content = b"".join(np.ascontiguousarray(array).tobytes() for array in made.values())
    assert hashlib.sha256(content).hexdigest() == DIGESTS[name]


def test_the_file_that_is_shipped_is_the_one_that_the_grammar_writes(tmp_path):
    """Array by array, since another version of the packer may pack the same content differently."""
    write(tmp_path / "again.npz")
    shipped, again = (
        np.load(path) for path in (Path(bundled.__file__).parents[2] / FILE, tmp_path / "again.npz")
    )
    assert shipped.files == again.files == [f"{name}/{array}" for name in NAMES for array in ARRAYS["text"]]
    for array in shipped.files:
        assert shipped[array].dtype == again[array].dtype
        assert shipped[array].tobytes() == again[array].tobytes()


@every_set
def test_the_catalog_knows_the_digests_of_what_is_shipped(name):
    made = bundled.generated_texts(name)
    assert {array: digest(content) for array, content in made.items()} == dataset_info(name).digests
    for array, content in arrays(name).items():
        assert (made[array] == content).all()


@every_set
def test_the_facts_hold(name):
    facts, made = DATASETS[name], arrays(name)
    assert {array: made[array].dtype for array in ARRAYS["text"]} == {
        "train_tokens": np.int32,
        "train_offsets": np.int64,
        "y_train": np.uint8,
        "test_tokens": np.int32,
        "test_offsets": np.int64,
        "y_test": np.uint8,
        "vocabulary": np.uint8,
    }
    for part, size in (("train", facts.train_size), ("test", facts.test_size)):
        assert len(made[f"y_{part}"]) == len(made[f"{part}_offsets"]) - 1 == size
        assert made[f"{part}_offsets"][-1] == len(made[f"{part}_tokens"])
        assert set(made[f"y_{part}"]) == set(range(facts.classes))
    assert len(CLASS_NAMES[name]) == facts.classes
    assert len(vocabulary(name)) == facts.words >= 2_000
    assert made["train_tokens"].max() == facts.words


@every_set
def test_words_are_ranked_by_frequency_then_alphabet(name):
    keys = [(-count, word) for count, word in zip(counts(name), vocabulary(name).words, strict=True)]
    assert keys == sorted(keys)
    assert min(counts(name)) == 1


@every_set
def test_the_arrays_say_what_was_written(name):
    known, made, train = vocabulary(name), arrays(name), DATASETS[name].train_size
    for part, given in (("train", texts(name)[:train]), ("test", texts(name)[train:])):
        numbers = RaggedTokens(made[f"{part}_tokens"], made[f"{part}_offsets"])
        assert list(made[f"y_{part}"]) == [text.label for text in given]
        for row in range(0, len(given), 97):
            kept = [word for word in given[row].words if known.rank(word) is not None]
            assert [known.word(rank) for rank in numbers[row]] == kept


@every_set
def test_a_typed_sentence_gets_the_same_numbers(name):
    known = vocabulary(name)
    spelled = " ".join(known.words)
    for start in range(0, len(spelled), 15_000):
        piece = spelled[start : start + 15_000].split(" ")[1:-1]
        assert [found.word for found in tokenize(" ".join(piece), known)] == piece
    assert all(word == word.lower() and word.isascii() for word in known.words)


@every_set
def test_lengths(name):
    lengths = [len(text.words) for text in texts(name)]
    shortest, longest = LENGTHS[name]
    assert shortest <= min(lengths) <= shortest + 3
    assert longest - 20 <= max(lengths) <= longest


@every_set
def test_words_are_as_unequal_as_in_real_texts(name):
    """Zipf's law: frequency about 1 / rank, so a slope of about -1 between logarithms; and a long tail."""
    frequencies = counts(name)
    ranks = np.arange(10, 1_000)
    slope = np.polyfit(np.log(ranks), np.log(frequencies[ranks - 1]), 1)[0]
    assert -1.35 < slope < -0.85
    assert 0.25 < np.mean(frequencies == 1) < 0.6
    assert 0.35 < np.mean(frequencies <= 2) < 0.7
    assert set(vocabulary(name).words[:10]) & {"the", "a", "of", "in", "is", "to"} >= {"the", "a", "in"}


@every_set
def test_english_is_written_as_it_is_spoken(name):
    following = {pair for text in texts(name) for pair in pairwise(text.words) if pair[0] in ("a", "an")}
    assert {word for article, word in following if article == "a" and word[0] in "aeiou"} <= {"one", "unit"}
    assert {word for article, word in following if article == "an" and word[0] not in "aeiou"} <= {
        "heiress",
        "honest",
        "hour",
    }
    assert not {word for _, word in following} & {"a", "an", "the"}


@every_set
def test_texts_differ(name):
    assert len({tuple(text.words) for text in texts(name)}) == len(texts(name))


@every_set
def test_a_small_share_of_the_labels_is_wrong(name):
    wrong = np.array([text.truth != text.label for text in texts(name)])
    train = DATASETS[name].train_size
    for part in (wrong[:1000], wrong[1000:train], wrong[train:]):
        assert 0.035 < part.mean() < 0.1


def test_reviews_are_half_for_and_half_against():
    assert Counter(text.truth for text in texts("mini_reviews")) == {0: 2_500, 1: 2_500}


def test_reviews_deny_and_weigh():
    """ "not bad", "never boring", "far from", "although", on both sides."""
    for verdict in (0, 1):
        plain = [f" {' '.join(text.words)} " for text in texts("mini_reviews") if text.truth == verdict]
        denial = [any(word in text for word in (" not ", "n't ", " never ", " hardly ")) for text in plain]
        assert 0.25 < np.mean(denial) < 0.8
        against = [any(f" {word} " in text for word in ("although", "but", "though")) for text in plain]
        assert 0.15 < np.mean(against) < 0.8
        opposite = (" bad ", " terrible ", " boring ") if verdict else (" good ", " great ", " wonderful ")
        assert 0.15 < np.mean([any(word in text for word in opposite) for text in plain]) < 0.6
        assert any(" far from " in text for text in plain)


def test_newswires_have_the_promised_sizes_and_neighbours():
    reports = texts("mini_newswires")
    topics = CLASS_NAMES["mini_newswires"]
    assert topics == tuple(LEADS)
    assert Counter(topics[text.truth] for text in reports) == {
        topic: 5 * share for topic, share in SHARES.items()
    }
    largest, *_, smallest = sorted(SHARES.values(), reverse=True)
    assert 250 <= largest <= 300
    assert 20 <= smallest <= 30
    moved = [text for text in reports if text.truth != text.label]
    near = [topics[text.label] in NEIGHBOURS[topics[text.truth]] for text in moved]
    assert np.mean(near) > 0.6


@every_set
def test_opened_like_any_other_set(name, settings):
    dataset = open_dataset(name, settings)
    assert isinstance(dataset, TextDataset)
    assert dataset.class_names == CLASS_NAMES[name]
    assert (dataset.x_train.tokens == arrays(name)["train_tokens"]).all()
    assert dataset.vocabulary.words == vocabulary(name).words


def test_nothing_else_is_generated():
    with pytest.raises(KeyError):
        generate("imdb")
    with pytest.raises(KeyError):
        bundled.generated_texts("imdb")
