"""Files with image sets: NumPy archives and the IDX files of MNIST, found in a folder, read and checked.

Nothing here unpickles, and nothing is read into memory before its header has the size it should have.
"""

from __future__ import annotations

import gzip
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from core.catalog import DATASETS, DatasetInfo
from core.datasets.archives import (
    UNREADABLE,
    Arrays,
    Incomplete,
    array_of,
    digest,
    expected_shape,
    is_file,
    needed,
    unreadable,
    verify,
)
from core.datasets.dataset import ARRAYS
from core.errors import DataDamagedError

#: As their publisher calls the files; some who unpacked them write a dot for the last hyphen but one.
_IDX_NAMES = {
    "x_train": ("train-images-idx3-ubyte", "train-images.idx3-ubyte"),
    "y_train": ("train-labels-idx1-ubyte", "train-labels.idx1-ubyte"),
    "x_test": ("t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte"),
    "y_test": ("t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte"),
}
_GZIP_MAGIC = b"\x1f\x8b"
_IDX_UINT8 = 0x08


@dataclass(frozen=True)
class ImageFiles:
    """Files that together hold a data set: one archive for all arrays, or one IDX file each."""

    files: Mapping[str, Path]

    @property
    def path(self) -> Path:
        """The archive, or the folder of the IDX files."""
        paths = set(self.files.values())
        return paths.pop() if len(paths) == 1 else paths.pop().parent

    def read(self, known: DatasetInfo) -> Arrays:
        """All arrays, with the published shapes and content; a `DataDamagedError` names the file that is otherwise."""
        arrays = {name: _array(self.files[name], name, known) for name in ARRAYS["image"]}
        for name, array in arrays.items():
            verify(array, name, self.files[name], known)
        return arrays


def containers(folder: Path, known: DatasetInfo) -> tuple[ImageFiles, ...]:
    """What a folder has of an image set, by file names; a missing folder has nothing."""
    found = []
    archive = folder / f"{known.name}.npz"
    if is_file(archive):
        found.append(ImageFiles(dict.fromkeys(ARRAYS["image"], archive)))
    for inner in known.idx_folders:
        files = _idx_files(folder / inner, known)
        if len(files) == len(_IDX_NAMES):
            found.append(ImageFiles(files))
    return tuple(found)


def incomplete(folder: Path, known: DatasetInfo) -> Incomplete | None:
    """The IDX files in a folder if some are missing; None if all are there or none."""
    for inner in known.idx_folders:
        files = _idx_files(folder / inner, known)
        if 0 < len(files) < len(_IDX_NAMES):
            there = tuple(path.name for path in files.values())
            missing = tuple(names[0] for array, names in _IDX_NAMES.items() if array not in files)
            return Incomplete(folder / inner, there, missing)
    return None


def _idx_files(folder: Path, known: DatasetInfo) -> dict[str, Path]:
    """Which of the four IDX files are in a folder, compressed or not; none if they are another data set's."""
    files = {}
    for array, stems in _IDX_NAMES.items():
        names = (f"{stem}{ending}" for stem in stems for ending in (".gz", ""))
        path = next((folder / name for name in names if is_file(folder / name)), None)
        if path is not None:
            files[array] = path
    return {} if "y_train" in files and _belongs_to_another(files["y_train"], known) else files


def _array(path: Path, name: str, known: DatasetInfo) -> NDArray[np.uint8]:
    try:
        if path.suffix == ".npz":
            return array_of(path, name, known, expected_shape(name, known))
        return _from_idx(path, name, known)
    except UNREADABLE as error:
        raise unreadable(error, path, known) from error


def _from_idx(path: Path, name: str, known: DatasetInfo) -> NDArray[np.uint8]:
    with _open_idx(path) as stream:
        zero, kind, rank = int.from_bytes(_exactly(stream, 2)), *_exactly(stream, 2)
        if zero != 0 or kind != _IDX_UINT8:
            raise ValueError("not an IDX file of bytes")
        shape = tuple(int.from_bytes(_exactly(stream, 4)) for _ in range(rank))
        needed(path, name, known, expected_shape(name, known), shape, "uint8")
        content = _exactly(stream, math.prod(shape))
        if stream.read(1):
            raise ValueError("something follows the last value")
    return np.frombuffer(content, dtype=np.uint8).reshape(shape)


def _open_idx(path: Path) -> IO[bytes]:
    """An IDX file, unpacked while reading if it is compressed, whatever its name says."""
    plain = path.open("rb")
    magic = plain.read(len(_GZIP_MAGIC))
    plain.seek(0, os.SEEK_SET)
    if magic != _GZIP_MAGIC:
        return plain
    plain.close()
    return gzip.open(path, "rb")  # type: ignore[return-value]


def _exactly(stream: IO[bytes], count: int) -> bytes:
    content = stream.read(count)
    if len(content) != count:
        raise EOFError(f"{count} bytes wanted, {len(content)} there")
    return content


def _belongs_to_another(labels: Path, known: DatasetInfo) -> bool:
    """Whether a file of training labels is that of another data set; cheap, since labels are small."""
    try:
        found = digest(_from_idx(labels, "y_train", known))
    except (*UNREADABLE, DataDamagedError):
        return False
    return any(
        found == other.digests.get("y_train") for other in DATASETS.values() if other.name != known.name
    )
