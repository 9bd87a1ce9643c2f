"""Files that are meant to be found, and are not: it is said which, where and why."""

import gzip

import pooch  # noqa: F401  # here, where it may be read: somebody else may not look into every environment
import pytest
import requests  # noqa: F401

from core.__main__ import main
from core.datasets import availability, complaint, folder_complaint, open_dataset
from core.datasets.sources import keras_folder
from core.errors import DataDamagedError, DataMissingError
from core.settings import Settings
from tests.datasets.test_sources import assert_holds
from tests.rights import as_somebody_else

# Names


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("inner", [".", "mnist"])
@pytest.mark.parametrize("dotted", [1, 4])
def test_idx_files_are_found_with_a_dot_in_their_names(small, with_folder, folder, packed, inner, dotted):
    files = {}
    for number, (array, name) in enumerate(small.IDX.items()):
        data = gzip.compress(small.idx(small.arrays("mnist")[array]))
        name = name.replace("-idx", ".idx") if number < dotted else name
        files[f"{name}.gz" if packed else name] = data if packed else gzip.decompress(data)
    small.put(folder / inner, files)
    (folder / inner / "train-images-idx3-ubyte").mkdir()  # as one archive of them unpacks
    assert availability("mnist", with_folder).path == folder / inner
    assert_holds(open_dataset("mnist", with_folder, fetch=False), small.arrays("mnist"))


# A part of the files


@pytest.mark.parametrize("name", ["imdb", "reuters"])
@pytest.mark.parametrize("missing", [".npz", "_word_index.json"])
@pytest.mark.parametrize("place", ["named", "keras"])
def test_one_file_of_two_is_said_to_be_alone(small, settings, folder, tmp_path, name, missing, place):
    if place == "named":
        settings = settings.model_copy(update={"datasets": folder})
    where = folder if place == "named" else tmp_path / "keras" / "datasets"
    small.put(where, small.flat_files(name))
    (where / f"{name}{missing}").unlink()
    assert not availability(name, settings).here
    with pytest.raises(DataMissingError) as caught:
        open_dataset(name, settings, fetch=False)
    assert caught.value.code == "data_part_missing"
    (left,) = {f"{name}.npz", f"{name}_word_index.json"} - {f"{name}{missing}"}
    assert caught.value.details == {
        "dataset": name,
        "folder": str(where),
        "there": left,
        "missing": f"{name}{missing}",
    }


@pytest.mark.parametrize("lost", ["x_train", "y_train", "y_test"])
def test_three_idx_files_of_four_are_said_to_be_incomplete(small, with_folder, folder, lost):
    files = small.served("fashion_mnist")
    files.pop(f"{small.IDX[lost]}.gz")
    small.put(folder / "fashion-mnist", files)
    found = complaint("fashion_mnist", with_folder)
    assert found is not None
    assert (found.code, found.details["missing"]) == ("data_part_missing", small.IDX[lost])
    assert complaint("mnist", with_folder) is None


def test_files_of_the_other_image_set_are_no_part_of_this_one(small, with_folder, folder):
    files = small.served("fashion_mnist")
    files.pop(f"{small.IDX['x_test']}.gz")
    small.put(folder, files)
    assert complaint("fashion_mnist", with_folder) is not None
    assert complaint("mnist", with_folder) is None


def test_nothing_is_said_of_what_is_here(small, with_folder, folder):
    small.put(folder, small.flat_files("imdb"))
    open_dataset("imdb", with_folder, fetch=False)
    (folder / "imdb.npz").unlink()
    assert [complaint(name, with_folder) for name in ("imdb", "digits", "mini_reviews", "reuters")] == [
        None
    ] * 4
    assert folder_complaint(with_folder) is None


# The folder itself


def spoil_missing(folder):
    return "data_folder_missing"


def spoil_file(folder):
    folder.write_text("")
    return "data_folder_is_file"


def spoil_inside_a_file(folder):
    return spoil_file(folder.parent)


def spoil_dangling(folder):
    folder.symlink_to("elsewhere")
    return "data_folder_missing"


def spoil_loop(folder):
    folder.symlink_to(folder.name)
    return "data_folder_unreadable"


def spoil_rights(rights):
    def spoil(folder):
        folder.mkdir()
        (folder / "mnist.npz").write_bytes(b"x")
        folder.chmod(rights)
        return "data_folder_unreadable"

    spoil.__name__ = f"spoil_{rights:o}"
    return spoil


SPOILED = [
    spoil_missing,
    spoil_file,
    spoil_inside_a_file,
    spoil_dangling,
    spoil_loop,
    *map(spoil_rights, (0o000, 0o400)),
]


@pytest.mark.parametrize("spoil", SPOILED, ids=lambda spoil: spoil.__name__)
def test_a_folder_that_is_none_is_said_everywhere(spoil, monkeypatch, capsys, small):
    with as_somebody_else() as place:
        folder = place / "inner" / "data"
        (place / "inner").mkdir()
        (place / "home").mkdir()
        if spoil is spoil_inside_a_file:
            (place / "inner").rmdir()
        monkeypatch.setenv("TURNING_POINT_DATASETS", str(folder))
        monkeypatch.setenv("TURNING_POINT_HOME", str(place / "home"))
        monkeypatch.setenv("KERAS_HOME", str(place / "keras"))
        code = spoil(folder)
        settings = Settings.from_environment()
        found = folder_complaint(settings)
        assert found is not None
        assert (found.code, found.details["folder"]) == (code, str(folder))
        for name in ("mnist", "fashion_mnist", "imdb"):
            assert not availability(name, settings).here
            with pytest.raises(DataMissingError) as caught:
                open_dataset(name, settings, fetch=False)
            assert caught.value.code == code
        assert main(["data"]) == 0
        assert capsys.readouterr().err == f"{found}\n"
        # What can be fetched all the same is; here nobody answers.
        assert main(["data", "fetch", "mnist"]) == 2
        said = capsys.readouterr().err
        assert said.startswith(f"{found}\n")
        assert "cannot be reached" in said
        assert open_dataset("digits", settings).name == "digits"


def test_a_folder_that_may_only_not_be_listed_serves(small, monkeypatch):
    with as_somebody_else() as place:
        small.put(place / "data", small.served("mnist"))
        (place / "data").chmod(0o100)
        (place / "home").mkdir()
        monkeypatch.setenv("TURNING_POINT_HOME", str(place / "home"))
        monkeypatch.setenv("TURNING_POINT_DATASETS", str(place / "data"))
        settings = Settings.from_environment()
        assert folder_complaint(settings) is None
        assert_holds(open_dataset("mnist", settings, fetch=False), small.arrays("mnist"))


def test_a_part_is_said_at_data_and_at_fetch(small, folder, monkeypatch, capsys):
    monkeypatch.setenv("TURNING_POINT_DATASETS", str(folder))
    small.put(folder, small.flat_files("imdb"))
    (folder / "imdb_word_index.json").unlink()
    assert main(["data"]) == 0
    assert "imdb_word_index.json" in capsys.readouterr().err
    for words in (["fetch", "imdb"], ["save", "imdb", "-o", str(folder / "out.npz")]):
        assert main(["data", *words]) == 2
        assert "Put the rest there too: imdb_word_index.json" in capsys.readouterr().err


@pytest.mark.parametrize("rights", [0o000, 0o100, 0o400])
@pytest.mark.parametrize("shut", [".", "datasets", "datasets/fashion-mnist"])
def test_a_keras_folder_of_somebody_else_is_passed_over(small, server, monkeypatch, rights, shut):
    server.files = small.served("mnist")
    with as_somebody_else() as place:
        small.put(place / "keras" / "datasets" / "fashion-mnist", small.served("fashion_mnist"))
        (place / "home").mkdir()
        (place / "keras" / shut).chmod(rights)
        monkeypatch.setenv("TURNING_POINT_HOME", str(place / "home"))
        monkeypatch.setenv("KERAS_HOME", str(place / "keras"))
        settings = Settings.from_environment()
        assert complaint("mnist", settings) is None
        assert availability("mnist", settings).where == "none"
        with pytest.raises(DataMissingError) as caught:
            open_dataset("mnist", settings, fetch=False)
        assert caught.value.code == "data_missing"
        assert_holds(open_dataset("mnist", settings), small.arrays("mnist"))


def test_a_keras_file_of_somebody_else_is_passed_over(small, server, monkeypatch):
    server.files = small.served("mnist")
    with as_somebody_else() as place:
        small.put(place / "keras" / "datasets", small.served("mnist"))
        (place / "home").mkdir()
        (place / "keras" / "datasets" / "mnist.npz").chmod(0)
        monkeypatch.setenv("TURNING_POINT_HOME", str(place / "home"))
        monkeypatch.setenv("KERAS_HOME", str(place / "keras"))
        settings = Settings.from_environment()
        with pytest.raises(DataDamagedError, match="may not be read: Permission denied"):
            open_dataset("mnist", settings, fetch=False)
        assert_holds(open_dataset("mnist", settings), small.arrays("mnist"))


@pytest.mark.parametrize("home", ["~nobody-of-this-name/keras", "/dev/null", "\x01", "x" * 5_000])
def test_a_keras_home_that_is_none_is_passed_over(small, settings, monkeypatch, home):
    monkeypatch.setenv("KERAS_HOME", home)
    assert availability("mnist", settings).where == "none"
    assert keras_folder() is None or str(keras_folder()).endswith("datasets")


@pytest.mark.parametrize("name", ["mnist", "imdb"])
def test_a_named_file_that_may_not_be_read_is_said(small, monkeypatch, name):
    with as_somebody_else() as place:
        small.put(place / "data", small.served(name))
        (place / "home").mkdir()
        for file in (place / "data").iterdir():
            file.chmod(0)
        monkeypatch.setenv("TURNING_POINT_HOME", str(place / "home"))
        monkeypatch.setenv("TURNING_POINT_DATASETS", str(place / "data"))
        with pytest.raises(DataDamagedError) as caught:
            open_dataset(name, Settings.from_environment(), fetch=False)
        assert caught.value.code == "data_not_readable"
        assert str(place / "data" / name) in str(caught.value)
        assert not caught.value.details["name"].endswith(".npz") or name == "mnist"
