"""The samples of own data sets: out of the archive that is kept of each, compared with the digests of its record."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.catalog import DatasetInfo
from core.datasets.archives import UNREADABLE, Arrays, digest, expected_type, header, unreadable
from core.datasets.data_files import DataFiles
from core.errors import DataDamagedError, DataMissingError
from core.settings import Settings


def is_kept(known: DatasetInfo, settings: Settings) -> bool:
    """Whether there is an archive of an own set; a `StorageError` if its place does not answer."""
    return DataFiles(settings.artifacts).exists(known.name)


def read(known: DatasetInfo, settings: Settings) -> Arrays:
    """The arrays of an own set.

    Raises:
        DataMissingError: If they were removed ("own_data_gone").
        DataDamagedError: If they are not those that were added.
        StorageError: If their place does not answer.
    """
    with DataFiles(settings.artifacts).fetch(known.name) as path:
        if path is None:
            raise gone(known)
        return read_archive(path, known)


def keep_labels(known: DatasetInfo, files: DataFiles) -> None:
    """Keep the classes of the test samples of a set that is about to be removed; not those of a damaged archive."""
    with files.fetch(known.name) as path, suppress(DataDamagedError):
        if path is not None:
            with zipfile.ZipFile(path) as archive:
                files.keep_labels(known.name, _array(archive, "y_test", path, known).tobytes())


def kept_labels(known: DatasetInfo, settings: Settings) -> NDArray[np.uint8] | None:
    """What was kept of a set that is gone; None if nothing was, or not that."""
    content = DataFiles(settings.artifacts).labels(known.name)
    found = None if content is None else np.frombuffer(content, dtype=np.uint8)
    return None if found is None or digest(found) != known.digests["y_test"] else found


def read_archive(path: Path, known: DatasetInfo) -> Arrays:
    """The arrays of an own set in an archive as `write_archive` makes it; `DataDamagedError` as in `read`."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: _array(archive, name, path, known) for name in known.arrays}
    except UNREADABLE as error:
        raise unreadable(error, path, known) from error


def write_archive(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write the archive that is kept of a set."""
    with path.open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **arrays)


def gone(known: DatasetInfo) -> DataMissingError:
    """What to say of an own set whose samples were removed."""
    return DataMissingError("own_data_gone", dataset=known.name, title=known.title)


def _array(archive: zipfile.ZipFile, name: str, path: Path, known: DatasetInfo) -> NDArray[Any]:
    details = {"name": str(path), "dataset": known.name, "array": name}
    with archive.open(f"{name}.npy") as stream:
        _, kind = header(stream)
    if kind.hasobject or str(kind) != expected_type(name):
        raise DataDamagedError("data_wrong_content", **details)
    with archive.open(f"{name}.npy") as stream:
        found = np.ascontiguousarray(npy.read_array(stream, allow_pickle=False))
    if digest(found) != known.digests[name]:
        raise DataDamagedError("data_wrong_content", **details)
    return found
