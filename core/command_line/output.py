"""Where commands write: words for people to stderr, files where they were asked for."""

from __future__ import annotations

import sys
from pathlib import Path

from core.errors import StorageError


def say(text: str) -> None:
    """Tell whoever sits before the terminal; results go to stdout."""
    print(text, file=sys.stderr, flush=True)


def write(name: str, content: bytes) -> None:
    """Write a file.

    Raises:
        StorageError: If it cannot be written ("file_unwritable").
    """
    try:
        Path(name).write_bytes(content)
    except OSError as error:
        raise StorageError("file_unwritable", name=name, reason=error.strerror or str(error)) from error
