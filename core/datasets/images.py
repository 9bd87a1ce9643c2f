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

from core.datasets.archives import UNREADABLE, Arrays, array_of, digest, expected_shape, needed, verify
from core.datasets.catalog import CatalogEntry, catalog
from core.datasets.dataset import ARRAYS
from core.errors import DataDamagedError

_IDX_NAMES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
#: Folders in which people keep the IDX files, whose names do not tell the two image sets apart.
_IDX_FOLDERS = {"mnist": ("mnist", "."), "fashion_mnist": ("fashion-mnist", "fashion_mnist", ".")}
_GZIP_MAGIC = b"\x1f\x8b"
_IDX_UINT8 = 0x08


@dataclass(frozen=True)
class ImageFiles:
    """Files that together hold a data set: one archive for all arrays, or one IDX file each.

    Attributes:
        files: The file of each array.
    """

    files: Mapping[str, Path]

    @property
    def path(self) -> Path:
        """The archive, or the folder of the IDX files."""
        paths = set(self.files.values())
        return paths.pop() if len(paths) == 1 else paths.pop().parent

    def read(self, known: CatalogEntry) -> Arrays:
        """All arrays, with the published shapes and content.

        Raises:
            DataDamagedError: If a file is unreadable or holds anything else; its message names the file.
        """
        arrays = {name: _array(self.files[name], name, known) for name in ARRAYS["image"]}
        for name, array in arrays.items():
            verify(array, name, self.files[name], known)
        return arrays


def containers(folder: Path, known: CatalogEntry) -> tuple[ImageFiles, ...]:
    """What a folder has of an image set, by file names; a missing folder has nothing."""
    found = []
    archive = folder / f"{known.name}.npz"
    if archive.is_file():
        found.append(ImageFiles(dict.fromkeys(ARRAYS["image"], archive)))
    for inner in _IDX_FOLDERS.get(known.name, ()):
        files = idx_files(folder / inner)
        if files is not None and not _belongs_to_another(files["y_train"], known):
            found.append(ImageFiles(files))
    return tuple(found)


def idx_files(folder: Path) -> dict[str, Path] | None:
    """The four IDX files in a folder, compressed or not; None unless all are there."""
    files = {}
    for array, stem in _IDX_NAMES.items():
        for name in (f"{stem}.gz", stem):
            if (folder / name).is_file():
                files[array] = folder / name
                break
        else:
            return None
    return files


def _array(path: Path, name: str, known: CatalogEntry) -> NDArray[np.uint8]:
    try:
        if path.suffix == ".npz":
            return array_of(path, name, known, expected_shape(name, known))
        return _from_idx(path, name, known)
    except UNREADABLE as error:
        raise DataDamagedError("data_damaged", name=str(path), dataset=known.name) from error


def _from_idx(path: Path, name: str, known: CatalogEntry) -> NDArray[np.uint8]:
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


def _belongs_to_another(labels: Path, known: CatalogEntry) -> bool:
    """Whether a file of training labels is that of another data set; cheap, since labels are small."""
    try:
        found = digest(_from_idx(labels, "y_train", known))
    except (*UNREADABLE, DataDamagedError):
        return False
    return any(found == other.digests.get("y_train") for other in catalog() if other.name != known.name)
