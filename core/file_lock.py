"""Locks on files, which the operating system takes back when their holder dies."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import StorageError

#: What file systems answer that know no locks; network drives without a lock service do.
_NO_LOCKS = frozenset((errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL))


def file_lock(path: Path, on_acquired: Callable[[int], None] | None = None) -> FileLock:
    """A lock that any thread may give back; its file stays, and where there are no locks nothing takes their place.

    Args:
        on_acquired: Called with the descriptor of the locked file.
    """
    return FileLock(
        path, thread_local=False, fallback_to_soft=False, preserve_lock_file=True, on_acquired=on_acquired
    )


def take(lock: FileLock, folder: Path, *, wait: bool = False) -> bool:
    """Take a lock below this folder; False if somebody else has it.

    Raises:
        StorageError: If the file system knows no locks ("home_no_locks").
        OSError: If the folder is not there, or does not answer.
    """
    folder.stat()  # else it would be made anew, and stand in the way of whoever brings it back
    try:
        lock.acquire(blocking=wait)
    except Timeout:
        return False
    except OSError as error:
        if error.errno in _NO_LOCKS:
            raise StorageError("home_no_locks", folder=str(folder)) from error
        raise
    return True
