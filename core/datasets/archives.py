"""NumPy archives (.npz), read array by array: never unpickled, and never before the header fits.

Whatever is read here is compared with what is published, so a file can be wrong in any way and still does no
more than raise a `DataDamagedError`.
"""

from __future__ import annotations

import hashlib
import pickle
import tokenize
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.catalog import ARRAYS, DATASETS, DatasetInfo
from core.errors import DataDamagedError

Arrays = dict[str, NDArray[Any]]

#: What a damaged archive, gzip stream, array header or word list makes its reader raise.
UNREADABLE = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,  # encrypted, or packed in a way that `zipfile` does not know; also nested too deeply
    SyntaxError,
    TypeError,
    LookupError,
    OverflowError,
    pickle.UnpicklingError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class Incomplete:
    """Files that belong together, but are not all there: their folder, and the names of those there and missing."""

    folder: Path
    there: tuple[str, ...]
    missing: tuple[str, ...]


_TYPES = {"tokens": "int32", "offsets": "int64"}


def unreadable(error: Exception, path: Path, known: DatasetInfo) -> DataDamagedError:
    """What to say of a file that made its reader raise one of `UNREADABLE`."""
    if isinstance(error, PermissionError):
        reason = error.strerror or str(error)
        return DataDamagedError("data_not_readable", name=str(path), dataset=known.name, reason=reason)
    return DataDamagedError("data_damaged", name=str(path), dataset=known.name)


def is_file(path: Path) -> bool:
    """Whether there is a file; not if nobody may look, as in a folder of somebody else."""
    try:
        return path.is_file()
    except OSError:
        return False


def digest(array: NDArray[Any]) -> str:
    """SHA-256 of an array's raw bytes, in hexadecimal."""
    return hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()


def expected_type(array: str) -> str:
    """The type of one of the arrays of a data set: int32 tokens, int64 offsets, uint8 for all others."""
    return _TYPES.get(array.rpartition("_")[2], "uint8")


def expected_shape(array: str, known: DatasetInfo) -> tuple[int, ...]:
    """The shape of one of the arrays of a data set; a `KeyError` for texts, of which only the data tell."""
    train, test = known.train_size, known.test_size
    return {
        "x_train": (train, *known.shape),
        "y_train": (train,),
        "x_test": (test, *known.shape),
        "y_test": (test,),
        "train_offsets": (train + 1,),
        "test_offsets": (test + 1,),
    }[array]


def needed(
    path: Path, array: str, known: DatasetInfo, expected: tuple[int, ...], shape: tuple[int, ...], kind: str
) -> None:
    """Refuse ("data_wrong_shape") an array that has not the expected shape and the type it should have."""
    if shape == expected and kind == expected_type(array):
        return
    raise DataDamagedError(
        "data_wrong_shape",
        name=str(path),
        dataset=known.name,
        array=array,
        received=f"{shape} {kind}",
        expected=f"{expected} {expected_type(array)}",
    )


def array_of(path: Path, array: str, known: DatasetInfo, expected: tuple[int, ...]) -> NDArray[Any]:
    """One array out of an archive, if its header is as expected.

    A `DataDamagedError` if it is missing, holds Python objects, or has another shape or type; one of `UNREADABLE` if
    the archive is damaged.
    """
    with zipfile.ZipFile(path) as archive:
        member = f"{array}.npy"
        if member not in archive.namelist():
            kept = (name for name in ARRAYS[known.kind] if name != "vocabulary")  # a file of its own
            details = {"array": array, "known": ", ".join(kept)}
            raise DataDamagedError("data_array_missing", name=str(path), dataset=known.name, **details)
        with archive.open(member) as stream:
            shape, kind = header(stream)
        if kind.hasobject:
            raise DataDamagedError("data_pickled", name=str(path), dataset=known.name, array=array)
        needed(path, array, known, expected, shape, str(kind))
        with archive.open(member) as stream:
            found = npy.read_array(stream, allow_pickle=False)
            stream.read(1)  # at the end of the member its checksum is compared
    return np.ascontiguousarray(found)


def header(stream: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Shape and type of an array, from the beginning of its file; the stream then stands at its content."""
    version = npy.read_magic(stream)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, kind = read(stream)
    return shape, kind


def verify(array: NDArray[Any], name: str, path: Path, known: DatasetInfo) -> None:
    """Refuse an array of another data set ("data_other_set") or with another content than is published."""
    found = digest(array)
    if found == known.digests[name]:
        return
    details = {"name": str(path), "dataset": known.name, "array": name}
    for other in DATASETS.values():
        if other.digests.get(name) == found:
            raise DataDamagedError("data_other_set", **details, received=other.name)
    raise DataDamagedError("data_wrong_content", **details)
