"""The engine's log: everything that it and its workers print, in one file of bounded size."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path
from typing import IO

_NAME = "engine.log"
_MOST_BYTES = 1_000_000


class LogFile:
    """`engine.log` in the home folder, with one older part beside it as `engine.log.1`."""

    def __init__(self, home: Path) -> None:
        self._path = home / _NAME

    def open(self) -> IO[bytes]:
        """The file to append to, as output of an engine: also the last words of a crash go there.

        Raises:
            OSError: If it cannot be opened.
        """
        return open(self._path, "ab", opener=lambda path, flags: os.open(path, flags, 0o600))

    def trim(self) -> None:
        """Move a full log aside.

        It is copied and emptied, not renamed: worker processes hold it open, and append wherever its end is. Where
        there is no room for a copy there will be none; the room that the log takes is given back all the same.

        Raises:
            OSError: If the log cannot be emptied.
        """
        if not self._path.exists() or self._path.stat().st_size <= _MOST_BYTES:
            return
        older = self._path.with_name(f"{_NAME}.1")
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
