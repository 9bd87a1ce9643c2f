"""Files of runs: whole or not there, and never outside their folder."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.errors import MESSAGES, ArtifactMissingError, StorageError
from core.storage import Artifacts
from core.storage.file_formats import to_npy
from tests.networks import model_file
from tests.storage.object_store import s3_server

RUN = "abcdefgh23"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A bucket of an object store that speaks S3."""
    with s3_server("runs"):
        yield "s3://runs"


@pytest.fixture(params=["folder", "object store", pytest.param("s3", marks=pytest.mark.slow)])
def artifacts(request: pytest.FixtureRequest, tmp_path: Path) -> Artifacts:
    """A local folder, fsspec's file system in memory, and an object store that speaks S3."""
    if request.param == "s3":
        return Artifacts(f"{request.getfixturevalue('s3')}/{uuid4().hex}/files")
    return Artifacts(
        str(tmp_path / "files") if request.param == "folder" else f"memory://{uuid4().hex}/files"
    )


@given(
    arrays.arrays(
        st.sampled_from([np.float16, np.float32, np.int64, np.uint8]),
        arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
    )
)
def test_arrays_come_back(array: np.ndarray) -> None:
    artifacts = Artifacts("memory://arrays")
    artifacts.save_array(RUN, "predictions/0001", array)
    back = artifacts.load_array(RUN, "predictions/0001")
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


def test_bytes_and_files_come_back(artifacts: Artifacts, tmp_path: Path) -> None:
    model = tmp_path / "some.keras"
    model.write_bytes(b"weights")
    artifacts.put_file(RUN, "best.keras", model)
    artifacts.save_bytes(RUN, "note", b"old")
    artifacts.save_bytes(RUN, "note", b"new")
    artifacts.save_array(RUN, "predictions/0001", np.zeros((3, 10), np.float16))
    assert artifacts.load_bytes(RUN, "best.keras") == b"weights"
    assert artifacts.load_bytes(RUN, "note") == b"new"
    with artifacts.fetch_file(RUN, "best.keras") as path:
        assert path.read_bytes() == b"weights"
        assert path.name == "best.keras"
    assert artifacts.names(RUN) == ["best.keras", "note", "predictions/0001"]
    assert artifacts.exists(RUN, "predictions/0001")
    assert not artifacts.exists(RUN, "predictions")
    assert not artifacts.exists(RUN, "predictions/0002")


def test_what_was_never_written_is_missing(artifacts: Artifacts) -> None:
    assert artifacts.names(RUN) == []
    artifacts.save_bytes(RUN, "note", b"x")
    for name in ("best.keras", "predictions/0001"):
        assert not artifacts.exists(RUN, name)
        with pytest.raises(ArtifactMissingError, match=RUN):
            artifacts.load_bytes(RUN, name)
        with pytest.raises(ArtifactMissingError), artifacts.fetch_file(RUN, name):
            pass


def test_another_content_is_another_version(artifacts: Artifacts) -> None:
    with pytest.raises(ArtifactMissingError):
        artifacts.version(RUN, "answers")
    artifacts.save_bytes(RUN, "answers", b"first")
    before = artifacts.version(RUN, "answers")
    assert artifacts.version(RUN, "answers") == before
    artifacts.save_bytes(RUN, "answers", b"other")  # of the same length
    assert artifacts.version(RUN, "answers") != before


def test_delete_removes_one_run_only(artifacts: Artifacts) -> None:
    for run in (RUN, RUN + "2", "zz"):
        artifacts.save_bytes(run, "predictions/0001", b"x")
    artifacts.delete(RUN)
    artifacts.delete(RUN)
    assert artifacts.names(RUN) == []
    assert artifacts.names(RUN + "2") == ["predictions/0001"]
    assert artifacts.names("zz") == ["predictions/0001"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../other/best.keras",
        "a/../../b",
        "/etc/passwd",
        "a//b",
        "a/",
        ".hidden",
        "a\\b",
        "~x",
        "a\0",
        "C:x",
        "가",
    ],
)
def test_names_stay_inside(name: str, artifacts: Artifacts) -> None:
    for ask in (artifacts.load_bytes, artifacts.exists, artifacts.load_array):
        with pytest.raises(ValueError, match="not a name"):
            ask(RUN, name)
    with pytest.raises(ValueError, match="not a name"):
        artifacts.save_bytes(RUN, name, b"")


@pytest.mark.parametrize("run", ["", ".", "..", "a/b", "../x", "a\0", "-x", "x" * 33, "가"])
def test_runs_stay_inside(run: str, artifacts: Artifacts) -> None:
    for ask in (artifacts.names, artifacts.delete):
        with pytest.raises(ValueError, match="not a run id"):
            ask(run)
    with pytest.raises(ValueError, match="not a run id"):
        artifacts.save_bytes(run, "note", b"")


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    artifacts = Artifacts(str(tmp_path / "files"))
    artifacts.save_bytes(RUN, "best.keras", b"old")
    with pytest.raises(StorageError):
        artifacts.put_file(RUN, "best.keras", tmp_path / "missing.keras")
    assert artifacts.load_bytes(RUN, "best.keras") == b"old"
    assert artifacts.names(RUN) == ["best.keras"]
    assert len(list((tmp_path / "files" / RUN).iterdir())) == 1


def write_half_of_it(artifacts: Artifacts, fault: Exception) -> None:
    with artifacts.write_file(RUN, "checkpoint.npz") as file:
        file.write(b"three")
        raise fault


def test_what_is_written_piece_by_piece_is_there_whole_or_not_at_all(artifacts: Artifacts) -> None:
    with artifacts.write_file(RUN, "checkpoint.npz") as file:
        file.write(b"one ")
        file.write(b"two")
        assert artifacts.names(RUN) == []
    assert artifacts.load_bytes(RUN, "checkpoint.npz") == b"one two"
    for fault in (KeyError("what nobody expected"), OSError(28, "No space left on device")):
        with pytest.raises((KeyError, StorageError)):
            write_half_of_it(artifacts, fault)
    assert artifacts.load_bytes(RUN, "checkpoint.npz") == b"one two"
    assert artifacts.names(RUN) == ["checkpoint.npz"]
    artifacts.remove(RUN, "checkpoint.npz")
    artifacts.remove(RUN, "checkpoint.npz")
    assert artifacts.names(RUN) == []


def test_pickles_are_refused(artifacts: Artifacts) -> None:
    with pytest.raises(ValueError, match="pickle"):
        artifacts.save_array(RUN, "objects", np.array([{}], dtype=object))
    assert not artifacts.exists(RUN, "objects")
    import io

    pickled = io.BytesIO()
    np.save(pickled, np.array([{}], dtype=object), allow_pickle=True)
    for content in (pickled.getvalue(), b"", b"\x93NUMPY", b"nothing of the kind"):
        artifacts.save_bytes(RUN, "objects", content)
        with pytest.raises(StorageError) as caught:
            artifacts.load_array(RUN, "objects")
        assert caught.value.code == "artifact_damaged"


ARRAYS = (
    np.arange(12, dtype=np.float32).reshape(3, 4),
    np.array(["dense/kernel", "dense/bias"]),
    np.zeros(3, dtype=[("epoch", "i4"), ("counts", "i8", (2,))]),
)


@given(
    st.sampled_from(ARRAYS),
    st.lists(
        st.tuples(
            st.integers(0, 160),  # most in the header
            st.integers(0, 200),  # so many bytes are replaced
            st.text("(){}[],:'0123456789ifOVUS|<> -*", max_size=3).map(str.encode) | st.binary(max_size=3),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_a_spoiled_array_is_damaged_or_an_array_and_nothing_else(
    array: np.ndarray, spoiling: list[tuple[int, int, bytes]]
) -> None:
    content = bytearray(to_npy(array))
    for place, length, instead in spoiling:
        content[place : place + length] = instead
    artifacts = Artifacts("memory://spoiled")
    artifacts.save_bytes(RUN, "array", bytes(content))
    said = ""
    try:
        artifacts.load_array(RUN, "array")
    except StorageError as error:
        said = str(error)
    assert said in ("", MESSAGES["artifact_damaged"].format(run=RUN, name="array"))


DAMAGED = {
    "nothing": lambda whole: b"",
    "zeros": lambda whole: bytes(len(whole)),
    "cut short": lambda whole: whole[: len(whole) // 2],
    "without its end": lambda whole: whole[:-1],
    "garbage": lambda whole: b"nothing of the kind" * 40,
    "one byte changed": lambda whole: whole[:300] + b"?" + whole[301:],
    "another archive": lambda whole: b"PK\5\6" + bytes(18),
    "pickled": lambda whole: pickle.dumps({"weights": [1, 2, 3]}),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_model_is_refused_in_the_words_of_this_program(damage: str, artifacts: Artifacts) -> None:
    whole = model_file()
    artifacts.save_bytes(RUN, "last.keras", whole)
    with artifacts.fetch_model(RUN, "last.keras") as path:
        assert path.read_bytes() == whole
    artifacts.save_bytes(RUN, "last.keras", DAMAGED[damage](whole))
    with pytest.raises(StorageError) as caught, artifacts.fetch_model(RUN, "last.keras"):
        pytest.fail("it was given out")
    assert str(caught.value) == MESSAGES["artifact_damaged"].format(run=RUN, name="last.keras")


def test_a_model_that_is_whole_but_none_is_damaged_too(artifacts: Artifacts) -> None:
    artifacts.save_bytes(RUN, "last.keras", model_file())
    for fault in (
        OSError("unable to open file: bad object header"),
        ValueError("shapes"),
        KeyError("layers"),
    ):
        with (
            pytest.raises(StorageError, match="Train the run anew"),
            artifacts.fetch_model(RUN, "last.keras"),
        ):
            raise fault
    with pytest.raises(ArtifactMissingError), artifacts.fetch_model(RUN, "best.keras"):
        pass


def test_a_folder_that_cannot_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    artifacts = Artifacts(str(tmp_path / "file"))
    with pytest.raises(StorageError) as caught:
        artifacts.save_bytes(RUN, "note", b"x")
    assert caught.value.code == "artifacts_unavailable"
    with pytest.raises(StorageError, match="TURNING_POINT_ARTIFACTS"):
        Artifacts("nosuchprotocol://bucket/folder")


@pytest.mark.skipif(os.name != "posix", reason="needs file modes")
def test_files_are_readable_as_the_user_wants(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        Artifacts(str(tmp_path / "files")).save_bytes(RUN, "note", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "files" / RUN / "note").stat().st_mode & 0o777 == 0o644


@pytest.mark.slow
def test_an_object_store_that_is_away_or_has_no_such_bucket_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with s3_server("kept"):
        with pytest.raises(StorageError, match="s3://nowhere/files"):
            Artifacts("s3://nowhere/files").save_bytes(RUN, "note", b"x")
        away = Artifacts("s3://kept/files")
        away.save_bytes(RUN, "note", b"x")
    # The server is gone now.
    for ask in (
        lambda: away.load_bytes(RUN, "note"),
        lambda: away.save_bytes(RUN, "note", b"y"),
        lambda: away.exists(RUN, "note"),
    ):
        with pytest.raises(StorageError, match="s3://kept/files"):
            ask()
