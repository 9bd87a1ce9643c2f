"""The program's own copy of a data set: one .npy file an array, opened as shared read-only memory maps.

A copy is written only from arrays that were checked, in a folder of its own that gets its name when it is
complete; so a reader finds all of it or nothing. A manifest keeps the size, time and digest of each file. When
size and time are as they were, the files are not read again to be checked; when only the time differs (a folder
copied to another computer), the content is compared once with the digest. A copy of older generated texts, with other
digests than the catalog's, counts as damaged.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.catalog import DatasetInfo
from core.datasets.archives import Arrays, digest, expected_type
from core.errors import DataDamagedError, DataError, StorageError
from core.file_lock import file_lock, take
from core.settings import Settings

_MANIFEST = "manifest.json"
_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True)
class _Kept:
    """What the manifest says of an array's file: bytes, time of the last change in nanoseconds, SHA-256."""

    size: int
    changed: int
    digest: str


def folder(known: DatasetInfo, settings: Settings) -> Path:
    """Where the copy of a data set is, or would be."""
    return settings.home / "datasets" / known.name


def is_there(known: DatasetInfo, settings: Settings) -> bool:
    """Whether there is a copy whose files have the right sizes; looks at no content."""
    place = folder(known, settings)
    manifest = _manifest(place, known)
    return bool(manifest) and all(_size(place / _file(name)) == manifest[name].size for name in known.arrays)


def read(known: DatasetInfo, settings: Settings) -> Arrays | None:
    """The copy as memory maps that cannot be written; None if there is none.

    A `DataDamagedError` if there is one, but not as it was written.
    """
    place = folder(known, settings)
    if not place.is_dir():
        return None
    manifest = _manifest(place, known)
    arrays, moved = {}, False
    for name in known.arrays:
        path, kept = place / _file(name), manifest.get(name)
        if kept is None or _size(path) != kept.size:
            raise _damaged(path, known)
        array = _open(path, name, known)
        if path.stat().st_mtime_ns != kept.changed:
            moved = True
            if digest(array) != kept.digest:
                raise _damaged(path, known)
        arrays[name] = array
    if moved:
        with contextlib.suppress(OSError):  # a read-only copy is compared each time, and works
            _write_manifest(place, known, {name: kept.digest for name, kept in manifest.items()})
    return arrays


def write(arrays: Arrays, known: DatasetInfo, settings: Settings) -> Arrays:
    """Keep checked arrays as the copy, in place of any other, and `read` it; to be called with the `lock`.

    A `DataError` if there is no room ("data_no_space"), a `StorageError` if the folder cannot be written.
    """
    place = folder(known, settings)
    with workspace(known, settings) as desk:
        fresh = desk / "fresh"
        fresh.mkdir()
        for name, array in arrays.items():
            with (fresh / _file(name)).open("wb") as stream:
                np.save(stream, array, allow_pickle=False)
                stream.flush()
                os.fsync(stream.fileno())
        _write_manifest(fresh, known, {name: digest(array) for name, array in arrays.items()})
        if place.exists():
            place.rename(desk / "old")
        fresh.rename(place)
    copy = read(known, settings)
    if copy is None:
        raise _damaged(place, known)
    return copy


def forget(known: DatasetInfo, settings: Settings) -> None:
    """Remove the copy; who has it open keeps it until then. Nothing happens if there is none."""
    place = folder(known, settings)
    if place.exists():
        with lock(known, settings), workspace(known, settings) as desk:
            place.rename(desk / "old")


@contextlib.contextmanager
def lock(known: DatasetInfo, settings: Settings) -> Iterator[None]:
    """Wait until no other process or thread is writing this data set, and keep them waiting.

    A `StorageError` if the home folder cannot be written, or its file system knows no locks ("home_no_locks").
    """
    place = folder(known, settings)
    settings.make_home()
    with _writing(known, settings):
        place.parent.mkdir(exist_ok=True)
        held = file_lock(place.parent / f".{known.name}.lock")
        take(held, settings.home, wait=True)
    try:
        # What a process left that was killed here: nobody else can be using it now.
        for left in place.parent.glob(f".{known.name}-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        held.release()


@contextlib.contextmanager
def workspace(known: DatasetInfo, settings: Settings) -> Iterator[Path]:
    """A folder beside the copy for half-made things, gone afterwards; to be used with the `lock`.

    It raises what `write` raises.
    """
    with _writing(known, settings):
        desk = Path(tempfile.mkdtemp(prefix=f".{known.name}-", dir=folder(known, settings).parent))
        try:
            yield desk
        finally:
            shutil.rmtree(desk, ignore_errors=True)


@contextlib.contextmanager
def _writing(known: DatasetInfo, settings: Settings) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        place, reason = str(settings.home), error.strerror or str(error)
        if error.errno in _FULL:
            raise DataError("data_no_space", dataset=known.name, folder=place, reason=reason) from error
        raise StorageError("home_unusable", folder=place, reason=reason) from error


def _file(array: str) -> str:
    return f"{array}.npy"


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _open(path: Path, name: str, known: DatasetInfo) -> NDArray[Any]:
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, EOFError, ValueError) as error:
        raise _damaged(path, known) from error
    if array.dtype != expected_type(name):
        raise _damaged(path, known)
    return array


def _write_manifest(place: Path, known: DatasetInfo, digests: Mapping[str, str]) -> None:
    manifest = {}
    for name, found in digests.items():
        file = (place / _file(name)).stat()
        manifest[name] = [file.st_size, file.st_mtime_ns, found]
    fresh = place / f"{_MANIFEST}.{os.getpid()}"
    fresh.write_text(json.dumps(manifest), encoding="utf-8")
    fresh.replace(place / _MANIFEST)


def _manifest(place: Path, known: DatasetInfo) -> dict[str, _Kept]:
    """What is written of each array's file; empty if there is no manifest of these contents."""
    try:
        stored = json.loads((place / _MANIFEST).read_text(encoding="utf-8"))
        kept = {name: _kept(*stored[name]) for name in known.arrays}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    # What is published by others was checked when it was written, and does not change.
    outdated = known.generated and any(known.digests[name] != each.digest for name, each in kept.items())
    return {} if outdated else kept


def _kept(size: Any, changed: Any, found: Any) -> _Kept:
    return _Kept(int(size), int(changed), str(found))


def _damaged(path: Path, known: DatasetInfo) -> DataDamagedError:
    return DataDamagedError("data_copy_damaged", name=str(path), dataset=known.name)
