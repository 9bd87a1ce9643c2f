"""A small file by which a computer finds out whether it sees the files that another one writes."""

from __future__ import annotations

import re
from contextlib import suppress

from core.file_root import UNFINISHED, FileRoot

#: No run can be called so.
_FOLDER = f"{UNFINISHED}probes"
_NAME = re.compile(r"[0-9a-z-]{1,64}")


class ProbeFiles(FileRoot):
    """Probes below the root of the artifacts: `<root>/~probes/<name>`.

    Names are lower case letters, digits and "-". Every method raises a StorageError where the folder or object store
    does not answer.
    """

    def leave(self, name: str, content: bytes) -> None:
        """Write one, or write it anew."""
        with self._writing(self._place(name), durably=False) as path:
            path.write_bytes(content)

    def read(self, name: str) -> bytes | None:
        """What was left; None if nothing was, as far as it is seen from here."""
        with self._answering(), suppress(FileNotFoundError):
            return bytes(self._filesystem.cat_file(self._place(name)))
        return None

    def remove(self, name: str) -> None:
        """Take it away; nothing happens if it is not there."""
        with self._answering(), suppress(FileNotFoundError):
            self._filesystem.rm_file(self._place(name))

    def _place(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name of a probe: {name!r}")
        return f"{self._root}/{_FOLDER}/{name}"
