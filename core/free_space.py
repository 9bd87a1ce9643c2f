"""Room on the disks that the program writes to."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from core.errors import DiskFullError, StorageError

#: What a system answers when there is no room, or no more for this user.
FULL = frozenset((errno.ENOSPC, errno.EDQUOT))

#: A disk with fewer free bytes counts as full: SQLite's log alone may grow by half of them before it is written back.
MARGIN = 8_000_000


def free_bytes(folder: Path) -> int | None:
    """The free bytes of the disk with a folder, or with the first of its parents that is there; None if unknown."""
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return None
    return None


def disk_full(folder: Path) -> DiskFullError:
    """What is raised when a write into this folder has met a full disk."""
    free = free_bytes(folder) or 0
    return DiskFullError("disk_full", folder=str(folder), free=megabytes(free), needed=megabytes(MARGIN))


def tightest(folders: Iterable[Path]) -> tuple[Path, int] | None:
    """Of these folders the one on the disk with the fewest free bytes, and how many; None if that is unknown."""
    known = [(folder, free) for folder in folders if (free := free_bytes(folder)) is not None]
    return min(known, key=lambda found: found[1], default=None)


def full(folders: Iterable[Path]) -> DiskFullError | None:
    """What is wrong if one of these folders is on a disk that counts as full; None if none is."""
    found = tightest(folders)
    return disk_full(found[0]) if found is not None and found[1] < MARGIN else None


def trouble(folders: Sequence[Path]) -> StorageError | None:
    """What keeps the program from writing into one of these folders, found without writing; None if nothing does."""
    for folder in folders:
        if not folder.is_dir():
            return StorageError("home_deleted", folder=str(folder))
    return full(folders)


def said(error: OSError, folder: Path) -> StorageError:
    """An error of the system that was met in a folder, as a sentence."""
    if error.errno in FULL:
        return disk_full(folder)
    if not folder.is_dir():
        return StorageError("home_deleted", folder=str(folder))
    return StorageError("home_unusable", folder=str(folder), reason=error.strerror or str(error))


def megabytes(count: int) -> str:
    """A number of bytes as so many MB, in digits that mean something."""
    return f"{count / 1e6:.0f}" if count >= 9_950_000 else f"{count / 1e6:.1f}"
