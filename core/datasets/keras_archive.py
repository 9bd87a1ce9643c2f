"""The archives of text sets as `keras.datasets` downloads them: lists of word ranks, pickled and not yet shuffled.

A pickle can run code when it is loaded. So one is loaded only if the SHA-256 of the whole file is the one that
Keras publishes, and it is loaded from the very bytes that were hashed: what happens to the file meanwhile does
not matter. The digest alone would do; an unpickler that builds nothing but NumPy arrays stands behind it, for the
day on which someone adds a wrong digest to the catalog. (`numpy.load(allow_pickle=True)` would build anything.)
"""

from __future__ import annotations

import hashlib
import io
import pickle
import zipfile
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.catalog import DatasetInfo, RemoteFile
from core.datasets.archives import Arrays, header, needed
from core.datasets.dataset import offsets_of
from core.errors import DataDamagedError

#: `load_data()` shuffles with this seed unless told otherwise.
_SEED = 113
#: `keras.datasets.reuters.load_data()` tests with this share, the last of the shuffled newswires.
_TEST_SHARE = 0.2
_RECONSTRUCT = np.empty(0).__reduce__()[0]
_BUILDERS = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("numpy.core.multiarray", "_reconstruct"): _RECONSTRUCT,  # as NumPy 1 wrote it
    ("numpy._core.multiarray", "_reconstruct"): _RECONSTRUCT,
}


def published(path: Path, remote: RemoteFile) -> bytes | None:
    """The content of a file if it is, byte for byte, what its publisher names; else None."""
    with path.open("rb") as stream:
        content = stream.read(remote.size + 1)
    return content if hashlib.sha256(content).hexdigest() == remote.sha256 else None


def arrays_of(content: bytes, path: Path, known: DatasetInfo) -> Arrays:
    """The texts and labels of a `published` archive, as `load_data()` orders them: all arrays but the vocabulary.

    The tokens are plain ranks, before `load_data()` adds 3. A `DataDamagedError` if sizes or numbers are not those of
    the data set; one of `UNREADABLE` if the archive cannot be read.
    """
    shuffle = np.random.RandomState(_SEED)
    made: Arrays = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "x.npy" in archive.namelist():  # all texts in one array; shuffled, then cut
            texts, labels = _member(archive, "x"), _member(archive, "y")
            order = _shuffled(len(texts), shuffle)
            cut = int(len(texts) * (1 - _TEST_SHARE))
            made |= _part("train", texts, labels, order[:cut])
            made |= _part("test", texts, labels, order[cut:])
        else:
            for part in ("train", "test"):  # one generator goes on from the first to the second
                texts, labels = _member(archive, f"x_{part}"), _member(archive, f"y_{part}")
                made |= _part(part, texts, labels, _shuffled(len(texts), shuffle))
    _check(made, path, known)
    return made


def _shuffled(count: int, shuffle: np.random.RandomState) -> NDArray[np.int64]:
    order = np.arange(count)
    shuffle.shuffle(order)
    return order


def _part(part: str, texts: NDArray[Any], labels: NDArray[Any], order: NDArray[np.int64]) -> Arrays:
    offsets = offsets_of([len(texts[row]) for row in order])
    words = chain.from_iterable(texts[row] for row in order)
    return {
        f"{part}_tokens": np.fromiter(words, dtype=np.int32, count=int(offsets[-1])),
        f"{part}_offsets": offsets,
        f"y_{part}": labels[order].astype(np.uint8),
    }


def _member(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    with archive.open(f"{name}.npy") as stream:
        shape, kind = header(stream)
        if kind.hasobject:
            return _Arrays(stream).load_array(shape)
    with archive.open(f"{name}.npy") as stream:
        plain: NDArray[Any] = npy.read_array(stream, allow_pickle=False)
    return plain


class _Arrays(pickle.Unpickler):
    """Builds arrays, lists and numbers, and nothing else."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(stream)

    def find_class(self, module: str, name: str) -> Any:
        """What a pickle may call."""
        if (module, name) not in _BUILDERS:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of an array")
        return _BUILDERS[module, name]

    def load_array(self, shape: tuple[int, ...]) -> NDArray[Any]:
        """The one array of the stream."""
        loaded = self.load()
        if not isinstance(loaded, np.ndarray) or loaded.shape != shape:
            raise ValueError(f"no array of shape {shape}")
        return loaded


def _check(made: Arrays, path: Path, known: DatasetInfo) -> None:
    for part, size in (("train", known.train_size), ("test", known.test_size)):
        labels, tokens = made[f"y_{part}"], made[f"{part}_tokens"]
        needed(path, f"y_{part}", known, (size,), labels.shape, str(labels.dtype))
        if labels.max() >= known.classes or tokens.min() < 1 or tokens.max() > known.words:
            raise DataDamagedError(
                "data_wrong_content", name=str(path), dataset=known.name, array=f"x_{part}"
            )
