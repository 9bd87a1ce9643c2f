"""Files with text sets: flat arrays and Keras' own pickles; a pickle that Keras did not publish is never opened."""

import contextlib
import dataclasses
import hashlib
import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog import ARRAYS, DATASETS, dataset_info
from core.datasets import containers as files
from core.datasets import open_dataset
from core.datasets.containers import containers
from core.datasets.tokenization import texts_to_sequences, words_in
from core.errors import DataDamagedError
from tests.datasets import small_sets
from tests.datasets.small_texts import as_text
from tests.datasets.spoiling import Trap, spoil

TEXTS = ("imdb", "reuters")


def read(folder, name):
    (found,) = containers(folder, dataset_info(name))
    return found.read(dataset_info(name))


def assert_equal(found, content):
    assert set(found) == set(ARRAYS["text"])
    for name, array in found.items():
        assert array.dtype == content[name].dtype
        assert np.array_equal(array, content[name])


def published(monkeypatch, name, data):
    """Let the catalog say that Keras publishes these bytes."""

    known = dataset_info(name)
    archive, words = known.downloads
    archive = dataclasses.replace(archive, size=len(data), sha256=hashlib.sha256(data).hexdigest())
    monkeypatch.setitem(DATASETS, name, dataclasses.replace(known, downloads=(archive, words)))


@pytest.mark.parametrize("name", TEXTS)
def test_both_forms_give_the_same(small, tmp_path, name):
    flat = small.put(tmp_path / "flat", small.flat_files(name))
    keras = small.put(tmp_path / "keras-own", small.served(name))
    assert_equal(read(flat, name), small.arrays(name))
    assert_equal(read(keras, name), small.arrays(name))


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("limit", [None, 10])
def test_keras_makes_the_same_of_its_own_files(small, with_folder, folder, name, limit, monkeypatch):
    import keras

    small.put(folder, small.served(name))
    local = folder / f"{name}.npz"
    monkeypatch.setattr(f"keras.src.datasets.{name}.get_file", lambda *args, **options: str(local))
    num_words = limit or len(small.WORDS) + 4
    (x_train, y_train), (x_test, y_test) = getattr(keras.datasets, name).load_data(num_words=num_words)
    dataset = open_dataset(name, with_folder, fetch=False)
    for texts, labels, x, y in (
        (dataset.x_train, dataset.y_train, x_train, y_train),
        (dataset.x_test, dataset.y_test, x_test, y_test),
    ):
        assert [text.tolist() for text in texts_to_sequences(texts, num_words)] == list(map(list, x))
        assert np.array_equal(labels, y)


# Pickles


@pytest.mark.parametrize("name", TEXTS)
def test_a_pickle_with_a_wrong_checksum_is_refused_and_never_opened(
    small, with_folder, folder, tmp_path, name
):
    sprung = tmp_path / "sprung"
    lists = small.keras_lists(name, small.arrays(name))
    first = next(iter(lists))
    lists[first][0] = Trap(sprung)
    data = small.npz(lists)
    small.put(folder, small.served(name) | {f"{name}.npz": data})
    with pytest.raises(DataDamagedError, match="can run code") as caught:
        open_dataset(name, with_folder, fetch=False)
    assert caught.value.code == "data_pickled"
    assert caught.value.details["array"] == first
    assert not sprung.exists()
    np.load(folder / f"{name}.npz", allow_pickle=True)[first]
    assert sprung.exists(), "the trap works, had the file been opened"


def test_one_changed_word_makes_it_another_file(small, with_folder, folder):
    lists = small.keras_lists("imdb", small.arrays("imdb"))
    lists["x_train"][3][0] += 1
    small.put(folder, small.served("imdb") | {"imdb.npz": small.npz(lists)})
    with pytest.raises(DataDamagedError) as caught:
        open_dataset("imdb", with_folder, fetch=False)
    assert caught.value.code == "data_pickled"


def test_even_a_published_file_builds_nothing_but_arrays(small, folder, tmp_path, monkeypatch):
    lists = small.keras_lists("imdb", small.arrays("imdb"))
    lists["x_train"][0] = Trap(tmp_path / "sprung")
    data = small.npz(lists)
    small.put(folder, small.served("imdb") | {"imdb.npz": data})
    published(monkeypatch, "imdb", data)
    with pytest.raises(DataDamagedError) as caught:
        read(folder, "imdb")
    assert caught.value.code == "data_damaged"
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda lists: lists["x_train"][0].append(0), "data_wrong_content"),
        (lambda lists: lists["x_train"][0].append(10**6), "data_wrong_content"),
        (lambda lists: lists["x_train"][0].append(10**12), "data_damaged"),
        (lambda lists: lists["x_train"][0].append("word"), "data_damaged"),
        (lambda lists: lists["y_train"].__setitem__(0, 2), "data_wrong_content"),
        (
            lambda lists: lists.update(x_train=lists["x_train"][1:], y_train=lists["y_train"][1:]),
            "data_wrong_shape",
        ),
        (lambda lists: lists.pop("y_test"), "data_damaged"),
    ],
)
def test_numbers_beyond_the_data_set_are_refused(small, folder, monkeypatch, change, code):
    lists = small.keras_lists("imdb", small.arrays("imdb"))
    change(lists)
    data = small.npz(lists)
    small.put(folder, small.served("imdb") | {"imdb.npz": data})
    published(monkeypatch, "imdb", data)
    with pytest.raises(DataDamagedError) as caught:
        read(folder, "imdb")
    assert caught.value.code == code


# The flat archive


@pytest.mark.parametrize(
    ("change", "code", "array"),
    [
        (lambda flat: flat.pop("test_tokens"), "data_array_missing", "test_tokens"),
        (
            lambda flat: flat.update(train_tokens=flat["train_tokens"][:-1]),
            "data_wrong_shape",
            "train_tokens",
        ),
        (
            lambda flat: flat.update(train_tokens=flat["train_tokens"][::-1]),
            "data_wrong_content",
            "train_tokens",
        ),
        (lambda flat: flat.update(y_test=flat["y_test"].astype("int64")), "data_wrong_shape", "y_test"),
        (
            lambda flat: flat.update(test_offsets=flat["test_offsets"] * 2),
            "data_wrong_content",
            "test_offsets",
        ),
    ],
)
def test_a_wrong_flat_archive_is_named(small, with_folder, folder, change, code, array):
    flat = small.arrays("imdb")
    flat.pop("vocabulary")
    change(flat)
    small.put(folder, small.flat_files("imdb") | {"imdb.npz": small.npz(flat)})
    with pytest.raises(DataDamagedError, match=r"imdb\.npz") as caught:
        open_dataset("imdb", with_folder, fetch=False)
    assert (caught.value.code, caught.value.details["array"]) == (code, array)


SPOILED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@SPOILED
@given(data=st.data(), own=st.booleans(), ending=st.sampled_from([".npz", "_word_index.json"]))
def test_whatever_is_done_to_a_file_it_gives_the_published_content_or_an_error(
    small, folder, data, own, ending
):
    files = small.served("imdb") if own else small.flat_files("imdb")
    files[f"imdb{ending}"] = spoil(files[f"imdb{ending}"], data.draw)
    small.put(folder, files)
    with contextlib.suppress(DataDamagedError):
        assert_equal(read(folder, "imdb"), small.arrays("imdb"))


# The list of words


def ranks(small, **changed):
    return {word: rank for rank, word in enumerate(small.WORDS, start=1)} | changed


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "data_damaged"),
        (b"\xff\xfe", "data_damaged"),
        (b"[" * 100_000, "data_damaged"),
        (b"<html>Please log in</html>", "data_damaged"),
        (b"[1, 2]", "data_damaged"),
        (b'{"the": 1, "a": 3}', "data_damaged"),
        (b'{"the": 1, "a": null}', "data_damaged"),
        (b'{"the": 1, "a": 1e999}', "data_damaged"),
        (b'{"the": 1, "a": 2}', "data_wrong_content"),
        (b"{}", "data_wrong_content"),
        (b" " * (files._MOST_BYTES + 1), "data_damaged"),
    ],
    ids=range(11),
)
def test_a_wrong_list_of_words_is_named(small, with_folder, folder, content, code):
    small.put(folder, small.flat_files("imdb") | {"imdb_word_index.json": content})
    with pytest.raises(DataDamagedError, match=r"imdb_word_index\.json") as caught:
        open_dataset("imdb", with_folder, fetch=False)
    assert caught.value.code == code


def test_the_order_in_the_list_of_words_does_not_matter(small, folder):
    written = json.dumps(dict(sorted(ranks(small).items(), reverse=True)), indent=1).encode()
    small.put(folder, small.flat_files("imdb") | {"imdb_word_index.json": written})
    assert_equal(read(folder, "imdb"), small.arrays("imdb"))


def test_the_word_that_is_no_utf8_may_be_written_in_any_way(small, folder, monkeypatch):
    spelled = dataclasses.replace(dataset_info("reuters"), spelled={4: "ü"})
    monkeypatch.setitem(DATASETS, "reuters", spelled)
    other = small.word_index(("the", "a", "don't", "\ufffd", *small.WORDS[4:]))
    for name, code in (("reuters", None), ("imdb", "data_wrong_content")):
        small.put(folder, small.flat_files(name) | {f"{name}_word_index.json": other})
        if code is None:
            assert_equal(read(folder, name), small.arrays(name))
        else:
            with pytest.raises(DataDamagedError) as caught:
                read(folder, name)
            assert caught.value.code == code


# The real thing


@pytest.mark.real_data
def test_the_real_reviews(settings, real_datasets):
    imdb = open_dataset("imdb", settings.model_copy(update={"datasets": real_datasets}), fetch=False)
    first = texts_to_sequences(imdb.x_train, 10_000)[0]
    begins = "? this film was just brilliant casting location scenery story direction"
    assert as_text(first, imdb.vocabulary).startswith(begins)
    assert first[:5].tolist() == [1, 14, 22, 16, 43]
    assert imdb.class_names[imdb.y_train[0]] == "positive"
    assert imdb.y_train[:10].tolist() == [1, 0, 0, 1, 0, 0, 1, 0, 1, 0]
    assert np.bincount(imdb.y_train).tolist() == np.bincount(imdb.y_test).tolist() == [12_500, 12_500]
    assert len(imdb.vocabulary) == imdb.facts.words == 88_584
    assert [imdb.vocabulary.rank(word) for word in ("the", "fawn", "vani")] == [1, 34_701, 63_951]
    with_start = np.concatenate([imdb.x_train.lengths, imdb.x_test.lengths]) + 1
    assert imdb.x_train.lengths.mean() + 1 == pytest.approx(238.71364, abs=1e-9)
    assert with_start.mean() == pytest.approx(234.75892, abs=1e-9)
    assert with_start.std() == pytest.approx(172.91149458735703, abs=1e-9)
    assert with_start.max() == 2494
    # A dash alone, and an accent for an apostrophe, people type too; the other signs that Keras took for words stay.
    common = imdb.vocabulary.words[:10_000]
    changed = [word for word in common if words_in(word) != (word,)]
    assert changed == ["\N{EN DASH}", "\x85", "it´s"]


@pytest.mark.real_data
def test_the_real_newswires(settings, real_datasets):
    reuters = open_dataset("reuters", settings.model_copy(update={"datasets": real_datasets}), fetch=False)
    assert reuters.class_names == tuple(json.loads((real_datasets / "reuters_topics.json").read_text()))
    counts = np.bincount(reuters.y_train, minlength=46)
    assert (reuters.class_names[counts.argmax()], counts.max()) == ("earn", 3159)
    assert len(reuters.vocabulary) == reuters.facts.words == 30_979
    assert reuters.vocabulary.rank("northerly") == 30_979
    assert reuters.x_train.lengths.mean() + 1 == pytest.approx(145.5398574927633, abs=1e-9)
    assert reuters.x_train.lengths.max() + 1 == 2376
    begins = "? ? ? said as a result of its december acquisition of space co it expects earnings per share"
    assert as_text(texts_to_sequences(reuters.x_train, 10_000)[0], reuters.vocabulary).startswith(begins)
    assert words_in(" ".join(reuters.vocabulary.words)) == reuters.vocabulary.words


@pytest.mark.real_data
@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_the_real_texts_as_keras_keeps_them_become_the_same_again(tmp_path, real_datasets, name, monkeypatch):
    with np.load(real_datasets / f"{name}.npz") as archive:
        content = {each: archive[each] for each in archive.files}
    data = small_sets.npz(small_sets.keras_lists(name, content))
    words = (real_datasets / f"{name}_word_index.json").read_bytes()
    folder = small_sets.put(tmp_path / "own", {f"{name}.npz": data, f"{name}_word_index.json": words})
    published(monkeypatch, name, data)
    found = read(folder, name)
    for each, array in content.items():
        assert np.array_equal(found[each], array)
