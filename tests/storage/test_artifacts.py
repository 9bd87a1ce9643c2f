"""Files of runs: whole or not there, and never outside their folder."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.errors import ArtifactMissingError, StorageError
from core.storage import Artifacts

RUN = "abcdefgh23"


@pytest.fixture(params=["folder", "object store"])
def artifacts(request: pytest.FixtureRequest, tmp_path: Path) -> Artifacts:
    """A local folder, and fsspec's file system in memory in the place of an object store."""
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
