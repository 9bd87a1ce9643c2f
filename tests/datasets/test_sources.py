import dataclasses
import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.catalog import ARRAYS, DATASETS, dataset_info
from core.datasets import (
    Availability,
    ImageDataset,
    availability,
    cache,
    download_dataset,
    open_dataset,
    sources,
)
from core.errors import DataDamagedError, DataError, DataMissingError, NoNetworkError, StorageError
from tests.datasets.spoiling import Trap

IMAGES, TEXTS = ("mnist", "fashion_mnist"), ("imdb", "reuters")
DOWNLOADED = (*IMAGES, *TEXTS)


def arrays_in(dataset):
    if isinstance(dataset, ImageDataset):
        return {name: getattr(dataset, name) for name in ARRAYS["image"]}
    return {
        "train_tokens": dataset.x_train.tokens,
        "train_offsets": dataset.x_train.offsets,
        "y_train": dataset.y_train,
        "test_tokens": dataset.x_test.tokens,
        "test_offsets": dataset.x_test.offsets,
        "y_test": dataset.y_test,
        "vocabulary": dataset.vocabulary.to_bytes(),
    }


def assert_holds(dataset, content):
    for name, array in arrays_in(dataset).items():
        assert array.dtype == content[name].dtype
        assert np.array_equal(array, content[name])
        assert not array.flags.writeable


def left_behind(settings):
    """What is in the folder of prepared data besides complete copies and lock files."""
    inside = (settings.home / "datasets").glob("*") if settings.home.exists() else ()
    return [path.name for path in inside if path.suffix != ".lock" and path.name not in DOWNLOADED]


# Where it may come from


def files_of(small, name):
    return small.flat_files(name) if name in TEXTS else {f"{name}.npz": small.npz(small.arrays(name))}


@pytest.mark.parametrize("name", DOWNLOADED)
def test_an_archive_in_the_folder_is_opened_and_kept(small, with_folder, folder, name):
    small.put(folder, files_of(small, name))
    assert availability(name, with_folder).where == "folder"
    assert_holds(open_dataset(name, with_folder, fetch=False), small.arrays(name))

    shutil.rmtree(folder)
    where = availability(name, with_folder)
    assert (where.here, where.where, where.path) == (True, "cache", with_folder.home / "datasets" / name)
    again = open_dataset(name, with_folder, fetch=False)
    large = again.x_train if name in IMAGES else again.x_train.tokens.base
    assert isinstance(large, np.memmap)
    assert_holds(again, small.arrays(name))
    assert left_behind(with_folder) == []


@pytest.mark.parametrize("inner", [".", "fashion-mnist", "fashion_mnist"])
@pytest.mark.parametrize("packed", [True, False])
def test_idx_files_are_read_packed_or_not(small, with_folder, folder, inner, packed):
    files = small.served("fashion_mnist")
    if not packed:
        files = {name.removesuffix(".gz"): gzip.decompress(data) for name, data in files.items()}
    small.put(folder / inner, files)
    assert availability("fashion_mnist", with_folder).path == folder / inner
    assert_holds(open_dataset("fashion_mnist", with_folder, fetch=False), small.arrays("fashion_mnist"))


def test_idx_files_of_the_other_set_are_not_taken_for_this_one(small, with_folder, folder):
    small.put(folder, small.served("fashion_mnist"))
    assert not availability("mnist", with_folder).here
    with pytest.raises(DataMissingError):
        open_dataset("mnist", with_folder, fetch=False)


def test_keras_own_folder_is_read(small, settings, tmp_path):
    small.put(tmp_path / "keras" / "datasets" / "fashion-mnist", small.served("fashion_mnist"))
    for name in ("mnist", "imdb", "reuters"):
        small.put(tmp_path / "keras" / "datasets", small.served(name))
    for name in DOWNLOADED:
        assert availability(name, settings).where == "folder"
        assert_holds(open_dataset(name, settings, fetch=False), small.arrays(name))


def test_nothing_anywhere_is_said_and_leaves_no_trace(small, settings):
    settings = settings.model_copy(update={"home": settings.home / "new"})
    assert availability("mnist", settings) == availability("fashion_mnist", settings)
    assert availability("mnist", settings).where == "none"
    with pytest.raises(DataMissingError, match=r"put mnist\.npz") as caught:
        open_dataset("mnist", settings, fetch=False)
    assert caught.value.code == "data_missing"
    assert not settings.home.exists()


# Files that are not what they should be


def spoiled(small):
    good = small.arrays("mnist")
    data = small.npz(good)
    other = dict(good, x_train=good["x_train"].copy())
    other["x_train"][5, 5, 5] ^= 1
    objects = np.array([{"a": 1}], dtype=object)
    without = {name: array for name, array in good.items() if name != "y_test"}
    bad_sum = bytearray(data)
    bad_sum[len(data) // 2] ^= 0xFF
    return {
        "empty": (b"", "data_damaged", "mnist.npz"),
        "truncated": (data[: len(data) // 2], "data_damaged", "mnist.npz"),
        "flipped": (bytes(bad_sum), "data_damaged", "mnist.npz"),
        "text": (b"<html>Please log in</html>", "data_damaged", "mnist.npz"),
        "pickle": (objects.dumps(), "data_damaged", "mnist.npz"),
        "array_missing": (small.npz(without), "data_array_missing", "y_test"),
        "objects": (small.npz(dict(good, x_train=objects)), "data_pickled", "x_train"),
        "shape": (small.npz(dict(good, x_test=good["x_test"][:7])), "data_wrong_shape", r"\(7, 28, 28\)"),
        "type": (small.npz(dict(good, y_train=good["y_train"].astype("int64"))), "data_wrong_shape", "int64"),
        "content": (small.npz(other), "data_wrong_content", "x_train"),
        "other_set": (small.npz(small.arrays("fashion_mnist")), "data_other_set", "fashion_mnist"),
    }


@pytest.mark.parametrize(
    "case",
    [
        "empty",
        "truncated",
        "flipped",
        "text",
        "pickle",
        "array_missing",
        "objects",
        "shape",
        "type",
        "content",
        "other_set",
    ],
)
def test_a_wrong_archive_is_named_and_nothing_of_it_is_kept(small, with_folder, folder, server, case):
    data, code, part = spoiled(small)[case]
    small.put(folder, {"mnist.npz": data})
    server.files = small.served("mnist")
    with pytest.raises(DataDamagedError, match=part) as caught:
        open_dataset("mnist", with_folder)
    assert caught.value.code == code
    assert str(folder / "mnist.npz") in str(caught.value)
    assert server.asked == [], "a damaged file that the user named is reported, not passed over"
    assert left_behind(with_folder) == []
    assert not cache.is_there(dataset_info("mnist"), with_folder)

    # The remedy works: copy it again, or fetch.
    assert_holds(download_dataset("mnist", with_folder), small.arrays("mnist"))


@pytest.mark.parametrize(
    ("array", "spoil", "code"),
    [
        ("x_train", lambda data: data[: len(data) // 2], "data_damaged"),
        ("y_train", lambda data: data[:5], "data_damaged"),
        ("x_test", lambda data: gzip.compress(gzip.decompress(data) + b"!"), "data_damaged"),
        ("x_test", lambda data: gzip.compress(b"\x12\x34" + gzip.decompress(data)[2:]), "data_damaged"),
        ("y_test", lambda data: gzip.compress(gzip.decompress(data)[:-1]), "data_damaged"),
        ("y_test", lambda data: gzip.compress(gzip.decompress(data)[:-1] + b"\x0b"), "data_wrong_content"),
    ],
)
def test_a_wrong_idx_file_is_named(small, with_folder, folder, array, spoil, code):
    files = small.served("fashion_mnist")
    name = f"{small.IDX[array]}.gz"
    files[name] = spoil(files[name])
    small.put(folder, files)
    with pytest.raises(DataDamagedError) as caught:
        open_dataset("fashion_mnist", with_folder, fetch=False)
    assert caught.value.code == code
    assert caught.value.details["name"] == str(folder / name)


def test_a_damaged_file_in_keras_folder_is_passed_over(small, settings, server, tmp_path):
    small.put(tmp_path / "keras" / "datasets", {"mnist.npz": b"half"})
    with pytest.raises(DataDamagedError):
        open_dataset("mnist", settings, fetch=False)
    server.files = small.served("mnist")
    assert_holds(open_dataset("mnist", settings), small.arrays("mnist"))


def test_an_unpickled_archive_runs_no_code(small, with_folder, folder, tmp_path):
    traps = np.array([Trap(tmp_path / "sprung")], dtype=object)
    small.put(folder, {"mnist.npz": small.npz(dict(small.arrays("mnist"), x_train=traps))})
    with pytest.raises(DataDamagedError):
        open_dataset("mnist", with_folder, fetch=False)
    assert not (tmp_path / "sprung").exists()


# The own copy


@pytest.fixture
def kept(small, with_folder, folder):
    """Settings whose home holds a copy, and whose folder is empty."""
    small.put(folder, {"mnist.npz": small.npz(small.arrays("mnist"))})
    open_dataset("mnist", with_folder, fetch=False)
    (folder / "mnist.npz").unlink()
    return with_folder


def shorten(path):
    path.write_bytes(path.read_bytes()[:-10])


def change(path):
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize("spoil", [shorten, change, Path.unlink])
@pytest.mark.parametrize("array", ["x_train", "y_test"])
def test_a_damaged_copy_is_noticed_and_made_anew(small, kept, folder, spoil, array):
    spoil(kept.home / "datasets" / "mnist" / f"{array}.npy")
    with pytest.raises(DataDamagedError, match=array) as caught:
        open_dataset("mnist", kept, fetch=False)
    assert caught.value.code == "data_copy_damaged"
    small.put(folder, {"mnist.npz": small.npz(small.arrays("mnist"))})
    assert_holds(open_dataset("mnist", kept, fetch=False), small.arrays("mnist"))
    assert left_behind(kept) == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"x_train": 3}', '{"x_train": []}'])
def test_a_damaged_manifest_counts_as_a_damaged_copy(small, kept, server, text):
    (kept.home / "datasets" / "mnist" / "manifest.json").write_text(text)
    assert not availability("mnist", kept).here
    server.files = small.served("mnist")
    assert_holds(open_dataset("mnist", kept), small.arrays("mnist"))


def test_a_header_that_does_not_fit_is_noticed(small, kept):
    path = kept.home / "datasets" / "mnist" / "y_test.npy"
    path.write_bytes(path.read_bytes().replace(b"|u1", b"|i1"))
    os.utime(path, ns=(2, 2))
    with pytest.raises(DataDamagedError):
        open_dataset("mnist", kept, fetch=False)


def test_a_copy_that_was_moved_is_compared_once_and_works(small, kept, monkeypatch):
    place = kept.home / "datasets" / "mnist"
    for name in ARRAYS["image"]:
        os.utime(place / f"{name}.npy", ns=(1, 1))
    assert_holds(open_dataset("mnist", kept, fetch=False), small.arrays("mnist"))
    assert json.loads((place / "manifest.json").read_text())["x_train"][1] == 1
    monkeypatch.setattr(cache, "digest", lambda array: pytest.fail("compared again"))
    open_dataset("mnist", kept, fetch=False)


def test_an_open_set_survives_being_replaced(small, kept, folder):
    before = open_dataset("mnist", kept, fetch=False)
    small.put(folder, {"mnist.npz": small.npz(small.arrays("mnist"))})
    (kept.home / "datasets" / "mnist" / "manifest.json").unlink()
    open_dataset("mnist", kept, fetch=False)
    assert_holds(before, small.arrays("mnist"))


def test_a_home_that_cannot_be_written_is_said(small, with_folder, folder, tmp_path):
    small.put(folder, {"mnist.npz": small.npz(small.arrays("mnist"))})
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(StorageError, match="TURNING_POINT_HOME"):
        open_dataset("mnist", with_folder.model_copy(update={"home": blocked / "home"}), fetch=False)


def test_a_full_disk_is_said_and_leaves_nothing(small, with_folder, folder, monkeypatch):
    small.put(folder, {"mnist.npz": small.npz(small.arrays("mnist"))})

    def full(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.np, "save", full)
    with pytest.raises(DataError, match="No space left") as caught:
        open_dataset("mnist", with_folder, fetch=False)
    assert caught.value.code == "data_no_space"
    assert left_behind(with_folder) == []
    assert not cache.is_there(dataset_info("mnist"), with_folder)


# The network


@pytest.mark.parametrize("name", DOWNLOADED)
def test_a_download_is_checked_kept_and_reported(small, settings, server, name):
    server.files = small.served(name)
    steps = []
    assert_holds(open_dataset(name, settings, progress=steps.append), small.arrays(name))
    total = dataset_info(name).download_bytes
    assert [step.done_bytes for step in steps] == sorted(step.done_bytes for step in steps)
    assert steps[-1].done_bytes == total
    assert {step.total_bytes for step in steps} == {total}
    assert {step.file for step in steps} == set(server.files)
    assert left_behind(settings) == []

    server.asked.clear()
    open_dataset(name, settings)
    assert server.asked == []


def test_a_refused_connection_is_explained(small, settings):
    with pytest.raises(NoNetworkError, match="needs no download: digits") as caught:
        open_dataset("mnist", settings)
    assert caught.value.code == "data_no_network"
    assert "Traceback" not in str(caught.value)
    assert "Errno" not in str(caught.value)
    assert left_behind(settings) == []


def test_a_missing_file_at_the_source_is_explained(small, settings, server):
    with pytest.raises(NoNetworkError, match="404") as caught:
        open_dataset("mnist", settings)
    assert caught.value.code == "data_not_served"


@pytest.mark.parametrize("name", ["mnist", "imdb"])
def test_a_connection_that_breaks_off_is_explained(small, settings, server, name):
    server.files, server.cut = small.served(name), 500
    with pytest.raises(NoNetworkError, match="broke off") as caught:
        open_dataset(name, settings)
    assert caught.value.code == "data_cut_short"
    assert left_behind(settings) == []
    server.cut = None
    assert_holds(open_dataset(name, settings), small.arrays(name))


@pytest.mark.parametrize("data", [b"<html>Log in first</html>", b"x" * 10_000_000])
def test_a_login_page_is_not_taken_for_data(small, settings, server, data):
    server.files = {"mnist.npz": data}
    with pytest.raises(DataDamagedError, match="login page") as caught:
        open_dataset("mnist", settings)
    assert caught.value.code == "data_wrong_download"
    assert left_behind(settings) == []


def test_a_published_digest_is_held_to(small, settings, server, monkeypatch):
    known = dataset_info("mnist")
    downloads = tuple(dataclasses.replace(remote, sha256="0" * 64) for remote in known.downloads)
    monkeypatch.setitem(DATASETS, "mnist", dataclasses.replace(known, downloads=downloads))
    server.files = small.served("mnist")
    with pytest.raises(DataDamagedError, match=r"mnist\.npz"):
        open_dataset("mnist", settings)


@pytest.mark.parametrize("data", [None, b"<html>Log in first</html>", b'{"the": 1}'])
def test_a_text_set_without_its_words_is_not_kept(small, settings, server, data):
    server.files = small.served("imdb")
    if data is None:
        server.files.pop("imdb_word_index.json")
    else:
        server.files["imdb_word_index.json"] = data
    with pytest.raises((NoNetworkError, DataDamagedError), match=r"imdb_word_index\.json") as caught:
        open_dataset("imdb", settings)
    assert caught.value.code == ("data_not_served" if data is None else "data_wrong_download")
    assert left_behind(settings) == []
    assert not availability("imdb", settings).here


def test_a_pickle_that_is_not_the_published_one_is_not_opened(small, settings, server, tmp_path):
    lists = small.keras_lists("reuters", small.arrays("reuters"))
    lists["x"][0] = Trap(tmp_path / "sprung")
    server.files = small.served("reuters") | {"reuters.npz": small.npz(lists)}
    with pytest.raises(DataDamagedError, match=r"reuters\.npz") as caught:
        open_dataset("reuters", settings)
    assert caught.value.code == "data_wrong_download"
    assert not (tmp_path / "sprung").exists()


# Several at once


_OPEN = """
import sys
sys.path[:0] = sys.argv[1:2]
from tests.datasets import small_sets
from core.datasets import download, open_dataset
from core.settings import Settings
small_sets.install()
download.BASE_URL = sys.argv[2]
settings = Settings.from_environment({"TURNING_POINT_HOME": sys.argv[3]})
for name in ("mnist", "fashion_mnist"):
    dataset = open_dataset(name, settings)
    assert (dataset.x_train == small_sets.arrays(name)["x_train"]).all()
"""


def test_processes_that_prepare_at_once_fetch_once(small, settings, server):
    server.files = {**small.served("mnist"), **small.served("fashion_mnist")}
    address = f"http://127.0.0.1:{server.server_port}/"
    command = [sys.executable, "-c", _OPEN, str(Path(small.__file__).parents[2]), address, str(settings.home)]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in started:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert sorted(server.asked) == sorted(server.files)
    assert left_behind(settings) == []


def test_what_a_killed_process_left_is_cleared_away(small, with_folder, folder):
    left = with_folder.home / "datasets" / ".mnist-killed"
    left.mkdir(parents=True)
    (left / "x_train.npy").write_bytes(b"half")
    small.put(folder, {"mnist.npz": small.npz(small.arrays("mnist"))})
    open_dataset("mnist", with_folder, fetch=False)
    assert left_behind(with_folder) == []


# The real thing


@pytest.mark.real_data
@pytest.mark.parametrize("name", IMAGES)  # texts: test_text_files
def test_the_real_files_are_accepted(settings, real_datasets, name):
    dataset = open_dataset(name, settings.model_copy(update={"datasets": real_datasets}), fetch=False)
    assert dataset.x_train.shape == (60_000, 28, 28)
    assert dataset.x_test.shape == (10_000, 28, 28)
    assert np.bincount(dataset.y_test).sum() == 10_000


_LIGHT = """
import sys
sys.path[:0] = sys.argv[1:2]
from tests.datasets import small_sets
from core.datasets import open_dataset
from core.settings import Settings
small_sets.install()
settings = Settings.from_environment({"TURNING_POINT_HOME": sys.argv[2], "TURNING_POINT_DATASETS": sys.argv[3]})
for name in ("digits", "mini_reviews", "mnist", "imdb", "reuters"):
    open_dataset(name, settings, fetch=False)
heavy = {"keras", "tensorflow", "sklearn", "streamlit", "requests", "pooch"} & set(sys.modules)
assert not heavy, heavy
"""


def test_opening_data_loads_no_heavy_package(small, settings, folder):
    for name in ("mnist", *TEXTS):
        small.put(folder, small.served(name))
    command = [
        sys.executable,
        "-c",
        _LIGHT,
        str(Path(small.__file__).parents[2]),
        str(settings.home),
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# What the program makes up itself


@pytest.fixture
def made_up(monkeypatch, small):
    """The generated sets of a few texts; says how often they were read from the file that is shipped."""
    made, content = [], small.arrays("imdb")

    def generated_texts(name):
        made.append(name)
        return content

    monkeypatch.setattr(sources.bundled, "generated_texts", generated_texts)
    with_digests(monkeypatch, content)
    return made


def with_digests(monkeypatch, content):
    """Let the catalog know this content of the generated sets."""
    digests = {name: cache.digest(array) for name, array in content.items()}
    for name in ("mini_reviews", "mini_newswires"):
        monkeypatch.setitem(DATASETS, name, dataclasses.replace(DATASETS[name], digests=digests))


def test_what_is_generated_is_made_once_and_kept(made_up, settings):
    assert availability("mini_reviews", settings) == Availability(here=True, where="generated")
    first = open_dataset("mini_reviews", settings, fetch=False)
    again = download_dataset("mini_reviews", settings)
    assert made_up == ["mini_reviews"]
    assert_holds(again, arrays_in(first))
    assert isinstance(again.x_train.tokens.base, np.memmap)


@pytest.mark.parametrize("spoil", [shorten, change, Path.unlink])
def test_a_damaged_copy_of_what_is_generated_is_made_anew(made_up, small, settings, spoil):
    open_dataset("mini_newswires", settings)
    spoil(settings.home / "datasets" / "mini_newswires" / "train_tokens.npy")
    assert_holds(open_dataset("mini_newswires", settings, fetch=False), small.arrays("imdb"))
    assert made_up == ["mini_newswires"] * 2


def test_a_copy_of_other_generated_texts_is_made_anew(made_up, small, settings, monkeypatch):
    open_dataset("mini_reviews", settings)
    newer = small.arrays("imdb") | {"y_train": np.full(12, 2, np.uint8)}
    monkeypatch.setattr(sources.bundled, "generated_texts", lambda name: newer)
    with_digests(monkeypatch, newer)
    for _ in range(2):
        assert_holds(open_dataset("mini_reviews", settings, fetch=False), newer)


def test_a_copy_that_an_older_program_wrote_is_opened(made_up, settings):
    """It wrote a version into the manifest, too."""
    open_dataset("mini_reviews", settings)
    manifest = settings.home / "datasets" / "mini_reviews" / "manifest.json"
    manifest.write_text(json.dumps({"version": 1, **json.loads(manifest.read_text())}))
    open_dataset("mini_reviews", settings, fetch=False)
    assert made_up == ["mini_reviews"]
