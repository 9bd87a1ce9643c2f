"""The samples of own data sets, one NumPy archive each, beside the files of runs: in a folder or an object store."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.catalog import is_own
from core.file_root import FileRoot

_FOLDER = "own-data"


class DataFiles(FileRoot):
    """The archives of own data sets: `<root>/own-data/<name>.npz`, there whole or not at all.

    When one is removed, the classes of its test samples stay, as `<name>.labels`: with them what networks answered is
    still judged.

    Every method raises ValueError for what cannot be the name of an own set, and StorageError where the folder or
    object store does not answer.
    """

    def put(self, name: str, local_path: Path) -> None:
        """Keep a copy of a local file, on the disk itself before this returns."""
        with self._writing(self._place(name)) as path:
            shutil.copyfile(local_path, path)

    def exists(self, name: str) -> bool:
        """Whether there is one."""
        path = self._place(name)
        with self._answering():
            self._filesystem.invalidate_cache(f"{self._root}/{_FOLDER}")
            return self._is_file(path)

    @contextmanager
    def fetch(self, name: str) -> Iterator[Path | None]:
        """A local path of the file, to be read inside the `with` block only; None if there is none."""
        path = self._place(name)
        if not self.exists(name):
            yield None
        elif self._local:
            yield Path(path)
        else:
            with tempfile.TemporaryDirectory(prefix="turning-point-") as folder:
                copy = Path(folder) / "data.npz"
                with self._answering():
                    self._filesystem.get_file(path, str(copy))
                yield copy

    def remove(self, name: str) -> None:
        """Remove it; nothing happens if it is not there."""
        path = self._place(name)
        with self._answering(), suppress(FileNotFoundError):
            self._filesystem.rm_file(path)

    def keep_labels(self, name: str, labels: bytes) -> None:
        """Keep the classes of the test samples, a byte each."""
        with self._writing(self._place(name, "labels")) as path:
            Path(path).write_bytes(labels)

    def labels(self, name: str) -> bytes | None:
        """What `keep_labels` was given; None if nothing was."""
        path = self._place(name, "labels")
        with self._answering(), suppress(FileNotFoundError):
            return bytes(self._filesystem.cat_file(path))
        return None

    def _place(self, name: str, ending: str = "npz") -> str:
        if not is_own(name) or not name.replace("-", "").isalnum():
            raise ValueError(f"not a name of an own data set: {name!r}")
        return f"{self._root}/{_FOLDER}/{name}.{ending}"
