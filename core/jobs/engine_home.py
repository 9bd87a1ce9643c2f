"""What the engine of a home folder keeps there: its lock, the name of its runs, its log; and its scratch folder."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import shutil
import socket
import tempfile
from pathlib import Path
from typing import IO, Literal

from core.file_lock import file_lock, take

_log = logging.getLogger(__name__)

_LOCK, _NAMED, _LOG_NAME = "engine.lock", "engine.name", "engine.log"
_WRITTEN = re.compile(r"[0-9a-f]{16}")
_MOST_LOG_BYTES = 1_000_000

#: The exit code of an engine that found another one at work on its home folder.
TAKEN = 3


class HomeLock:
    """The right to be the engine of a home folder, which must be there.

    The operating system takes it back when its holder dies. `acquire` and `is_taken` raise a StorageError if the
    file system knows no locks ("home_no_locks"), and an OSError if the folder cannot be used.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._path = home / _LOCK
        self._lock = file_lock(self._path, self._remember)
        self._held: os.stat_result | None = None  # which file is locked

    def _remember(self, descriptor: int) -> None:
        self._held = os.fstat(descriptor)

    def acquire(self) -> bool:
        """Take the lock without waiting; False if someone else has it."""
        return take(self._lock, self._home)

    def release(self) -> None:
        """Give the lock back; nothing happens if it is not held."""
        self._lock.release(force=True)
        self._held = None

    def is_taken(self) -> bool:
        """Whether someone else has the lock."""
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


def home_name(home: Path) -> str:
    """A name that stays with a home folder, ending in ":"; to be asked for by the folder's one engine only.

    By it an engine tells the runs that earlier engines of the same folder have left from those of other folders that
    share a database. The folder's number on its disk is part of the name, so that a copy has another one.
    """
    path = home / _NAMED
    try:
        written = path.read_text(encoding="ascii", errors="replace").strip() if path.exists() else ""
        if not _WRITTEN.fullmatch(written):
            written = secrets.token_hex(8)
            path.write_text(written, encoding="ascii")
        return f"{written}.{home.stat().st_ino}:"
    except OSError as error:
        # What is claimed under this one is found again by its silence.
        _log.warning("The home folder could not be given a name: %s", error)
        return f"{socket.gethostname()}:{home}:"


class LogFile:
    """`engine.log` in the home folder, with one older part beside it as `engine.log.1`."""

    def __init__(self, home: Path) -> None:
        self._path = home / _LOG_NAME

    def open(self) -> IO[bytes]:
        """The file to append to, as output of an engine: also the last words of a crash go there."""
        return open(self._path, "ab", opener=lambda path, flags: os.open(path, flags, 0o600))

    def trim(self) -> None:
        """Move a full log aside.

        It is copied and emptied, not renamed: worker processes hold it open, and append wherever its end is. Where
        there is no room for a copy there will be none; the room that the log takes is given back all the same.
        """
        if not self._path.exists() or self._path.stat().st_size <= _MOST_LOG_BYTES:
            return
        older = self._path.with_name(f"{_LOG_NAME}.1")
        try:
            shutil.copyfile(self._path, older)
        except OSError:
            older.unlink(missing_ok=True)
        os.truncate(self._path, 0)


def write_log() -> None:
    """Write the engine's own messages, and Dask's warnings, to the process's error output."""
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )
    logging.getLogger("core").setLevel(logging.INFO)
    logging.getLogger("distributed").setLevel(logging.WARNING)  # which has set itself to INFO when imported


def scratch_folder(home: Path) -> Path:
    """An empty folder of this user's among the temporary files, the same for each engine of a home.

    What an engine that was killed has left in it is removed. It does not lie in the home, which Dask's processes
    would make anew if it went.
    """
    user = os.getuid() if hasattr(os, "getuid") else 0
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"turning-point-{user}-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:  # somebody else's
        return Path(tempfile.mkdtemp(prefix="turning-point-"))
    return folder
