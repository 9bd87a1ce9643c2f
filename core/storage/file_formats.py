"""Arrays and archives, read without trusting a byte of them.

NumPy's own reader answers a damaged file with many kinds of errors, some of which recommend to read it unsafely;
it takes memory for whatever size the file claims to have. A zip archive, such as Keras' files, may have come cut short.
"""

from __future__ import annotations

import io
import math
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

#: What comes of reading a damaged header, which is a Python expression, beside ValueError.
_OF_EXPRESSIONS = (
    SyntaxError,
    tokenize.TokenError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
)


def to_npy(array: np.ndarray[Any, Any]) -> bytes:
    """An array with its shape and dtype.

    Raises:
        ValueError: If it holds Python objects, which only pickle could write.
    """
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asanyarray(array), allow_pickle=False)
    return buffer.getvalue()


def from_npy(content: bytes) -> np.ndarray[Any, Any]:
    """The array that `to_npy` has written.

    Raises:
        ValueError: If this is anything else: cut short, longer, with Python objects, or no array at all.
    """
    stream = io.BytesIO(content)
    try:
        major, _ = np.lib.format.read_magic(stream)
        header = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
        shape, _, dtype = header(stream)
    except _OF_EXPRESSIONS as error:
        raise ValueError("the header is damaged") from error
    if dtype.hasobject:
        raise ValueError("it holds Python objects")
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != len(content) - stream.tell():
        raise ValueError("its length does not fit its shape")
    stream.seek(0)
    array: np.ndarray[Any, Any] = np.lib.format.read_array(stream, allow_pickle=False)
    return array


#: What Python's zipfile raises, depending on where in an archive the damage is.
DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    KeyError,
    IndexError,
    ValueError,
    RuntimeError,
    OverflowError,
)


def check_archive(path: Path, members: Collection[str]) -> None:
    """Read an archive through, and compare each member with its checksum.

    Args:
        members: What must be in it.

    Raises:
        ValueError: If it is no archive, is cut short or changed, or lacks one of the members.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
            missing = set(members) - set(archive.namelist())
    except DAMAGES as error:
        raise ValueError("the archive is damaged") from error
    if damaged is not None or missing:
        raise ValueError(f"the archive is damaged or lacks a part: {damaged or sorted(missing)}")
