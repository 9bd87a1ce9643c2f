"""Large things of a run, as files below one folder or object store: weights and predictions."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

from core import recorded
from core.errors import ArtifactDamagedError, ArtifactMissingError
from core.file_root import UNFINISHED, FileRoot
from core.run import is_run_id
from core.storage.file_formats import DAMAGES, check_archive, from_npy, to_npy

_PART = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]*")
#: What a file of Keras consists of.
_KERAS_PARTS = ("metadata.json", "config.json", "model.weights.h5")


class Artifacts(FileRoot):
    """The files of all runs: `<root>/<run>/<name>`.

    A name is one or more parts of letters, digits, `_`, `.` and `-` joined by `/`, as "predictions/0001".
    Those of a recorded run come with the program (`core.recorded`), wherever the root is, and cannot be written.
    A file is there whole or not at all: local ones are written beside their place and moved there, object
    stores behave so by themselves. Writing a name again replaces the file.

    Every method raises ValueError for what cannot be a run id or a name (so no text from a link ever leads
    out of the root), and StorageError where the folder or object store does not answer.

    Args:
        root: A folder, or an fsspec URL ("s3://bucket/folder", with its package installed).
        training_of: Gives the run under whose id the files of a run are, as `Store.training_of`; without it each run
            has its own.
    """

    def __init__(self, root: str, training_of: Callable[[str], str] | None = None) -> None:
        super().__init__(root)
        self._training_of = training_of

    def share(self, training_of: Callable[[str], str]) -> None:
        """Find the files of runs as this says, from now on."""
        self._training_of = training_of

    # Writing

    def save_array(self, run: str, name: str, array: np.ndarray[Any, Any]) -> None:
        """Keep an array of numbers with its shape and dtype, in NumPy's npy format."""
        self.save_bytes(run, name, to_npy(array))

    def save_bytes(self, run: str, name: str, content: bytes) -> None:
        """Keep bytes."""
        with self._written(run, name) as path:
            path.write_bytes(content)

    def put_file(self, run: str, name: str, local_path: Path) -> None:
        """Keep a copy of a local file, on the disk itself before this returns."""
        with self._written(run, name, durably=True) as path:
            shutil.copyfile(local_path, path)

    @contextmanager
    def write_file(self, run: str, name: str) -> Iterator[IO[bytes]]:
        """A file to write to, which is kept at the end of the `with` block, on the disk itself; not if that fails."""
        with self._written(run, name, durably=True) as path, path.open("wb") as file:
            yield file

    @contextmanager
    def _written(self, run: str, name: str, *, durably: bool = False) -> Iterator[Path]:
        """A local path to write to; the file is kept at the end, and nothing if the block fails."""
        recorded.refuse_change(run)
        with self._writing(self._path(run, name), durably=durably) as path:
            yield path

    # Reading; `ArtifactMissingError` if there is nothing of this name

    def load_array(self, run: str, name: str) -> np.ndarray[Any, Any]:
        """The array kept under this name; `ArtifactDamagedError` if the file is no such thing."""
        content = self.load_bytes(run, name)
        try:
            return from_npy(content)
        except ValueError as error:
            raise ArtifactDamagedError("artifact_damaged", run=run, name=name) from error

    def load_bytes(self, run: str, name: str) -> bytes:
        """The bytes kept under this name."""
        path = self._path(run, name)
        with self._answering(run, name):
            content: bytes = (
                recorded.file(run).read(name)
                if recorded.is_recorded(run)
                else self._filesystem.cat_file(path)
            )
        return content

    @contextmanager
    def fetch_file(self, run: str, name: str) -> Iterator[Path]:
        """A local path of the file, to be read inside the `with` block only."""
        path = self._path(run, name)
        if recorded.is_recorded(run):
            raise ArtifactMissingError("recorded_no_network", run=run)
        if self._local:
            if not Path(path).is_file():
                raise ArtifactMissingError("artifact_missing", run=run, name=name)
            yield Path(path)
            return
        with tempfile.TemporaryDirectory(prefix="turning-point-") as folder:
            copy = Path(folder) / path.rsplit("/", 1)[-1]
            with self._answering(run, name):
                self._filesystem.get_file(path, str(copy))
            yield copy

    @contextmanager
    def fetch_model(self, run: str, name: str) -> Iterator[Path]:
        """A local path of a Keras file that is whole, to be loaded inside the `with` block only.

        `ArtifactDamagedError` if it is not, or Keras does not find in it what it looks for.
        """
        with self.fetch_file(run, name) as path:
            try:
                check_archive(path, _KERAS_PARTS)
                yield path
            except (*DAMAGES, TypeError, AttributeError) as error:
                raise ArtifactDamagedError("artifact_damaged", run=run, name=name) from error

    # What there is

    def exists(self, run: str, name: str) -> bool:
        """Whether there is a file of this name."""
        path = self._path(run, name)
        if recorded.is_recorded(run):
            return name in recorded.file(run).names()
        with self._answering():
            return self._is_file(path)

    def version(self, run: str, name: str) -> str:
        """Other words for another content under the same name, without reading it: for caches.

        Raises:
            ArtifactMissingError: If it was never kept.
        """
        path = self._path(run, name)
        if recorded.is_recorded(run):
            if not self.exists(run, name):
                raise ArtifactMissingError("artifact_missing", run=run, name=name)
            return recorded.PREFIX  # it never changes
        with self._answering(run, name):
            self._filesystem.invalidate_cache(self._folder(run))
            return str(self._filesystem.ukey(path))

    def names(self, run: str) -> list[str]:
        """The names of all files of a run, sorted; empty for a run that kept none."""
        folder = self._folder(run)
        if recorded.is_recorded(run):
            return recorded.file(run).names()
        with self._answering():
            # Some back ends answer from a listing made earlier: other processes write here too.
            self._filesystem.invalidate_cache(folder)
            if not self._filesystem.isdir(folder):
                return []
            found: list[str] = self._filesystem.find(folder)
        names = (path.removeprefix(f"{folder}/") for path in found)
        return sorted(name for name in names if UNFINISHED not in name)

    def remove(self, run: str, name: str) -> None:
        """Remove one file of a run; nothing happens if it is not there."""
        recorded.refuse_change(run)
        path = self._path(run, name)
        with self._answering(), suppress(FileNotFoundError):
            self._filesystem.rm_file(path)

    def delete(self, run: str) -> None:
        """Remove all files of a run; nothing happens if there are none."""
        recorded.refuse_change(run)
        folder = self._folder(run)
        with self._answering():
            self._filesystem.invalidate_cache(folder)
            if self._filesystem.exists(folder):
                self._filesystem.rm(folder, recursive=True)

    # Paths

    def _folder(self, run: str) -> str:
        if not is_run_id(run):
            raise ValueError(f"not a run id: {run!r}")
        shared = self._training_of is not None and not recorded.is_recorded(run)
        return f"{self._root}/{self._training_of(run) if self._training_of and shared else run}"

    def _path(self, run: str, name: str) -> str:
        if not all(map(_PART.fullmatch, name.split("/"))):
            raise ValueError(f"not a name of an artifact: {name!r}")
        return f"{self._folder(run)}/{name}"
