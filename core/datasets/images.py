"""Files with image sets: NumPy archives and the IDX files of MNIST, found in a folder, read and checked.

Nothing here unpickles, and nothing is read into memory before its header has the size it should have.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import os
import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.datasets.catalog import CatalogEntry, catalog
from core.datasets.dataset import ARRAYS
from core.errors import DataDamagedError

Arrays = dict[str, NDArray[np.uint8]]

#: What a damaged archive, gzip stream or array header makes the readers raise.
_UNREADABLE = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,  # encrypted, or packed in a way that `zipfile` does not know
    SyntaxError,
    TypeError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
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
class Container:
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
        _verify(arrays, self.files, known)
        return arrays


def containers(folder: Path, known: CatalogEntry) -> tuple[Container, ...]:
    """What a folder has of an image set, by file names; a missing folder has nothing."""
    found = []
    archive = folder / f"{known.name}.npz"
    if archive.is_file():
        found.append(Container(dict.fromkeys(ARRAYS["image"], archive)))
    for inner in _IDX_FOLDERS.get(known.name, ()):
        files = idx_files(folder / inner)
        if files is not None and not _belongs_to_another(files["y_train"], known):
            found.append(Container(files))
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


def digest(array: NDArray[np.uint8]) -> str:
    """SHA-256 of an array's raw bytes, in hexadecimal."""
    return hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()


def expected_shape(array: str, known: CatalogEntry) -> tuple[int, ...]:
    """The shape of one of the four arrays of a data set."""
    facts = known.facts
    size = facts.train_size if array.endswith("train") else facts.test_size
    return (size, *facts.shape) if array.startswith("x") else (size,)


def _array(path: Path, name: str, known: CatalogEntry) -> NDArray[np.uint8]:
    try:
        if path.suffix == ".npz":
            return _from_archive(path, name, known)
        return _from_idx(path, name, known)
    except _UNREADABLE as error:
        raise DataDamagedError("data_damaged", name=str(path), dataset=known.name) from error


def _from_archive(path: Path, name: str, known: CatalogEntry) -> NDArray[np.uint8]:
    with zipfile.ZipFile(path) as archive:
        member = f"{name}.npy"
        if member not in archive.namelist():
            details = {"array": name, "known": ", ".join(ARRAYS["image"])}
            raise DataDamagedError("data_array_missing", name=str(path), dataset=known.name, **details)
        with archive.open(member) as stream:
            shape, kind = _header(stream)
        if kind.hasobject:
            raise DataDamagedError("data_pickled", name=str(path), dataset=known.name, array=name)
        _need(path, name, known, shape, str(kind))
        with archive.open(member) as stream:
            array = npy.read_array(stream, allow_pickle=False)
            stream.read(1)  # at the end of the member its checksum is compared
    return np.ascontiguousarray(array, dtype=np.uint8)


def _header(stream: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[np.generic]]:
    version = npy.read_magic(stream)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, kind = read(stream)
    return shape, kind


def _from_idx(path: Path, name: str, known: CatalogEntry) -> NDArray[np.uint8]:
    with _open_idx(path) as stream:
        zero, kind, rank = int.from_bytes(_exactly(stream, 2)), *_exactly(stream, 2)
        if zero != 0 or kind != _IDX_UINT8:
            raise ValueError("not an IDX file of bytes")
        shape = tuple(int.from_bytes(_exactly(stream, 4)) for _ in range(rank))
        _need(path, name, known, shape, "uint8")
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


def _need(path: Path, name: str, known: CatalogEntry, shape: tuple[int, ...], kind: str) -> None:
    expected = expected_shape(name, known)
    if shape != expected or kind != "uint8":
        raise DataDamagedError(
            "data_wrong_shape",
            name=str(path),
            dataset=known.name,
            array=name,
            received=f"{shape} {kind}",
            expected=f"{expected} uint8",
        )


def _verify(arrays: Arrays, files: Mapping[str, Path], known: CatalogEntry) -> None:
    for name, array in arrays.items():
        found = digest(array)
        if found == known.digests[name]:
            continue
        details = {"name": str(files[name]), "dataset": known.name, "array": name}
        for other in catalog():
            if other.digests.get(name) == found:
                raise DataDamagedError("data_other_set", **details, received=other.name)
        raise DataDamagedError("data_wrong_content", **details)


def _belongs_to_another(labels: Path, known: CatalogEntry) -> bool:
    """Whether a file of training labels is that of another data set; cheap, since labels are small."""
    try:
        found = digest(_from_idx(labels, "y_train", known))
    except (*_UNREADABLE, DataDamagedError):
        return False
    return any(found == other.digests["y_train"] for other in catalog() if other.name != known.name)
