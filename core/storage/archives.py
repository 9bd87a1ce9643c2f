"""Zip archives, such as Keras' files: whether one came to us whole."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path

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
