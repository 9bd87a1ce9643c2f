"""Files with text sets, found in a folder, read and checked: an archive of word ranks and a list of the words.

The archive is either flat, with the arrays of `ARRAYS["text"]` and the texts already in the order of
`load_data()`, or the one that Keras downloads (`keras_archive`). Which one it is, the content says.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.catalog import DatasetInfo, RemoteFile
from core.datasets import keras_archive
from core.datasets.archives import (
    UNREADABLE,
    Arrays,
    Incomplete,
    array_of,
    expected_shape,
    header,
    is_file,
    unreadable,
    verify,
)
from core.datasets.texts import Vocabulary
from core.errors import DataDamagedError

#: A list of words with more bytes than this is something else.
_MOST_BYTES = 2**24


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


def containers(folder: Path, known: DatasetInfo) -> tuple[TextFiles, ...]:
    """What a folder has of a text set, by file names: both files or nothing."""
    found = _files(folder, known)
    return (found,) if is_file(found.archive) and is_file(found.words) else ()


def incomplete(folder: Path, known: DatasetInfo) -> Incomplete | None:
    """What a folder has of a text set if one of its two files is missing; None if both are there or none."""
    found = _files(folder, known)
    there = tuple(path.name for path in (found.archive, found.words) if is_file(path))
    missing = tuple(path.name for path in (found.archive, found.words) if path.name not in there)
    return Incomplete(folder, there, missing) if there and missing else None


def _files(folder: Path, known: DatasetInfo) -> TextFiles:
    return TextFiles(folder / f"{known.name}.npz", folder / f"{known.name}_word_index.json")


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
