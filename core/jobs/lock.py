"""One engine a home folder: a lock that the operating system takes back when its holder dies."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

_NAME = "engine.lock"

#: The exit code of an engine that found another one at work on its home folder.
TAKEN = 3


class HomeLock:
    """The right to be the engine of a home folder.

    Args:
        home: The folder; it must be there.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / _NAME
        self._file: IO[bytes] | None = None

    def acquire(self) -> bool:
        """Take the lock without waiting; False if someone else has it."""
        file = self._path.open("ab")
        if _lock(file):
            self._file = file
            return True
        file.close()
        return False

    def release(self) -> None:
        """Give the lock back; nothing happens if it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def is_taken(self) -> bool:
        """Whether someone else has the lock."""
        if self._file is not None:
            return False
        if self.acquire():
            self.release()
            return False
        return True


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
