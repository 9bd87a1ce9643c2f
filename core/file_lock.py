"""Locks on open files, which the operating system takes back when their holder dies."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import IO

from core.errors import StorageError

#: What file systems answer that know no locks; network drives without a lock service do.
_NO_LOCKS = frozenset((errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL))


def take(file: IO[bytes], folder: Path, *, wait: bool = False) -> bool:
    """Lock a file; False if somebody else has it. The lock goes when the file is closed.

    Args:
        folder: What is spoken of where there are no locks.
        wait: Whether to wait until it is free.

    Raises:
        StorageError: If the file system knows no locks ("home_no_locks").
        OSError: If it does not answer.
    """
    try:
        return _take(file, wait=wait)
    except OSError as error:
        if error.errno in _NO_LOCKS:
            raise StorageError("home_no_locks", folder=str(folder)) from error
        raise


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes], *, wait: bool) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: IO[bytes], *, wait: bool) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True
