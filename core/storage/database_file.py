"""Whether a SQLite database is still the file that was opened."""

from __future__ import annotations

from pathlib import Path

from core.errors import StorageError


class DatabaseFile:
    """The file of a database, as it was when this was made.

    Connections that are open go on reading and writing a file that was deleted or replaced, without a word: what
    they write is lost, and programs that open it later see something else.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.remember()

    def remember(self) -> None:
        """Take the file that is there now for the right one."""
        self._known = self._now()

    def is_another(self) -> bool:
        """Whether another file stands in its place.

        Raises:
            StorageError: If there is none any more ("home_deleted").
        """
        return self._known is not None and self._now() not in (self._known, None)

    def _now(self) -> tuple[int, int] | None:
        """Which file is there; None where the system does not tell."""
        try:
            found = self.path.stat()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise StorageError("home_deleted", folder=str(self.path.parent)) from error
        except OSError:
            return None  # whoever opens it says what is wrong
        return found.st_dev, found.st_ino
