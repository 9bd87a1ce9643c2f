"""The files in a folder that together hold a data set: found by their names, read and checked.

Images come as a NumPy archive, or as the four IDX files of MNIST's makers. Texts come as an archive of word ranks and a
list of the words; the archive is either flat, with the arrays of `ARRAYS["text"]` in the order of `load_data()`, or the
one that Keras downloads (`keras_archive`). Which one it is, the content says.

Nothing here unpickles, and nothing is read into memory before its header has the size it should have.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from core.catalog import ARRAYS, DATASETS, DatasetInfo, RemoteFile
from core.datasets import keras_archive
from core.datasets.archives import (
    UNREADABLE,
    Arrays,
    Incomplete,
    array_of,
    digest,
    expected_shape,
    header,
    is_file,
    needed,
    unreadable,
    verify,
)
from core.datasets.dataset import Vocabulary
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
#: A list of words with more bytes than this is something else.
_MOST_BYTES = 2**24


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

    @classmethod
    def found_in(cls, folder: Path, known: DatasetInfo) -> tuple[Self, ...]:
        """What a folder has of an image set, by file names; a missing folder has nothing."""
        found = []
        archive = folder / f"{known.name}.npz"
        if is_file(archive):
            found.append(cls(dict.fromkeys(ARRAYS["image"], archive)))
        for inner in known.idx_folders:
            files = _idx_files(folder / inner, known)
            if len(files) == len(_IDX_NAMES):
                found.append(cls(files))
        return tuple(found)

    @staticmethod
    def incomplete(folder: Path, known: DatasetInfo) -> Incomplete | None:
        """The IDX files in a folder if some are missing; None if all are there or none."""
        for inner in known.idx_folders:
            files = _idx_files(folder / inner, known)
            if 0 < len(files) < len(_IDX_NAMES):
                there = tuple(path.name for path in files.values())
                missing = tuple(names[0] for array, names in _IDX_NAMES.items() if array not in files)
                return Incomplete(folder / inner, there, missing)
        return None


@dataclass(frozen=True)
class TextFiles:
    """The two files of a text set: its texts and labels, and the rank of each word as JSON."""

    archive: Path
    words: Path

    @property
    def path(self) -> Path:
        """The archive."""
        return self.archive

    def read(self, known: DatasetInfo) -> Arrays:
        """All arrays, with the published shapes and content; a `DataDamagedError` names the file that is otherwise."""
        arrays: Arrays = {}
        for path, read in ((self.words, _vocabulary), (self.archive, _texts)):
            try:
                arrays |= read(path, known)
            except UNREADABLE as error:
                raise unreadable(error, path, known) from error
        return arrays

    @classmethod
    def found_in(cls, folder: Path, known: DatasetInfo) -> tuple[Self, ...]:
        """What a folder has of a text set, by file names: both files or nothing."""
        found = cls._named(folder, known)
        return (found,) if is_file(found.archive) and is_file(found.words) else ()

    @classmethod
    def incomplete(cls, folder: Path, known: DatasetInfo) -> Incomplete | None:
        """What a folder has of a text set if one of its two files is missing; None if both are there or none."""
        found = cls._named(folder, known)
        there = tuple(path.name for path in (found.archive, found.words) if is_file(path))
        missing = tuple(path.name for path in (found.archive, found.words) if path.name not in there)
        return Incomplete(folder, there, missing) if there and missing else None

    @classmethod
    def _named(cls, folder: Path, known: DatasetInfo) -> Self:
        return cls(folder / f"{known.name}.npz", folder / f"{known.name}_word_index.json")


Container = ImageFiles | TextFiles


def containers(folder: Path, known: DatasetInfo) -> Sequence[Container]:
    """What a folder has of a data set, by file names; a missing folder has nothing."""
    return (TextFiles if known.kind == "text" else ImageFiles).found_in(folder, known)


def incomplete(folder: Path, known: DatasetInfo) -> Incomplete | None:
    """The files of a data set in a folder if some of them are missing; None if all are there or none."""
    return (TextFiles if known.kind == "text" else ImageFiles).incomplete(folder, known)


# Images


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


# Texts


def _texts(path: Path, known: DatasetInfo) -> Arrays:
    """All arrays but the vocabulary."""
    remote = _remote(".npz", known)
    content = keras_archive.published(path, remote) if remote else None
    if content is not None:
        return keras_archive.arrays_of(content, path, known)
    _refuse_pickles(path, known)
    arrays: Arrays = {}
    for part in ("train", "test"):
        offsets, tokens = f"{part}_offsets", f"{part}_tokens"
        for name in (offsets, f"y_{part}", tokens):
            # Where the last text ends is how many words there are: known once the offsets are checked.
            expected = (int(arrays[offsets][-1]),) if name == tokens else expected_shape(name, known)
            arrays[name] = array_of(path, name, known, expected)
            verify(arrays[name], name, path, known)
    return arrays


def _refuse_pickles(path: Path, known: DatasetInfo) -> None:
    """Say of an archive like Keras' own why it was not opened, rather than that other arrays are missing."""
    with zipfile.ZipFile(path) as archive:
        for member in archive.namelist():
            if member.endswith(".npy"):
                with archive.open(member) as stream:
                    _, kind = header(stream)
                if kind.hasobject:
                    array = member.removesuffix(".npy")
                    raise DataDamagedError("data_pickled", name=str(path), dataset=known.name, array=array)


def _vocabulary(path: Path, known: DatasetInfo) -> Arrays:
    with path.open("rb") as stream:
        content = stream.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise ValueError("too long for a list of words")
    words = _words(json.loads(content))
    for rank, word in known.spelled.items():
        if rank <= len(words):
            words[rank - 1] = word
    vocabulary: NDArray[np.uint8] = Vocabulary(tuple(words)).to_bytes()
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    remote = _remote(".json", known)
    if remote is None or md5 != remote.md5:
        verify(vocabulary, "vocabulary", path, known)
    return {"vocabulary": vocabulary}


def _words(ranks: Any) -> list[str]:
    """The words by rank, of a table of ranks by word."""
    if not isinstance(ranks, dict):
        raise TypeError("no table of words")
    words = sorted(ranks, key=lambda word: int(ranks[word]))
    if [ranks[word] for word in words] != list(range(1, len(words) + 1)):
        raise ValueError("the ranks are not 1, 2, 3, ...")
    return words


def _remote(ending: str, known: DatasetInfo) -> RemoteFile | None:
    return next((remote for remote in known.downloads if remote.name.endswith(ending)), None)
