"""One engine a home folder: a lock that the operating system takes back when its holder dies."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from core.file_lock import file_lock, take

_NAME = "engine.lock"

#: The exit code of an engine that found another one at work on its home folder.
TAKEN = 3


class HomeLock:
    """The right to be the engine of a home folder.

    Args:
        home: The folder; it must be there.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._path = home / _NAME
        self._lock = file_lock(self._path, self._remember)
        self._held: os.stat_result | None = None  # which file is locked

    def _remember(self, descriptor: int) -> None:
        self._held = os.fstat(descriptor)

    def acquire(self) -> bool:
        """Take the lock without waiting; False if someone else has it.

        Raises:
            StorageError: If the folder's file system knows no locks ("home_no_locks").
            OSError: If the folder is not there or cannot be used.
        """
        return take(self._lock, self._home)

    def release(self) -> None:
        """Give the lock back; nothing happens if it is not held."""
        self._lock.release(force=True)
        self._held = None

    def is_taken(self) -> bool:
        """Whether someone else has the lock.

        Raises:
            StorageError: If the folder's file system knows no locks ("home_no_locks").
            OSError: If the folder is not there or cannot be used.
        """
        if self._held is not None:
            return False
        if self.acquire():
            self.release()
            return False
        return True

    def is_lost(self) -> bool:
        """Whether the lock was acquired, and another folder or file has taken the place of that which was locked."""
        return self._held is not None and self.standing() == "lost"

    def standing(self) -> Literal["held", "away", "lost"]:
        """How a lock that was acquired stands: "away" as long as the folder is; "lost" if another took its place."""
        if self._held is None:
            return "lost"
        try:
            there = self._path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return "lost" if self._home.is_dir() else "away"
        except OSError:
            return "away"
        return "held" if os.path.samestat(there, self._held) else "lost"
