"""A folder or an object store in which files are kept whole."""

from __future__ import annotations

import errno
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from core.errors import ArtifactMissingError, StorageError
from core.free_space import FULL, disk_full

#: A file under this name is still being written; nothing that is kept can be called so, since names begin otherwise.
UNFINISHED = "~"


#: What drivers of object stores raise if the store does not answer, where that is no OSError.
_FAILURES = (
    ("botocore.exceptions", "BotoCoreError"),
    ("aiohttp", "ClientError"),
    ("azure.core.exceptions", "AzureError"),
)


class FileRoot:
    """A folder or an object store in which files are kept whole: local ones are written beside their place and moved.

    Args:
        root: A folder, or an fsspec URL ("s3://bucket/folder", with its package installed).
    """

    def __init__(self, root: str) -> None:
        self.root = root
        try:
            # A path may hold what has a meaning in fsspec's addresses, as "::" and "?".
            filesystem, path = (
                fsspec.url_to_fs(root)
                if _is_address(root)
                else (LocalFileSystem(), str(Path(root).absolute()))
            )
        except (ImportError, ValueError, OSError) as error:
            raise StorageError("artifacts_unavailable", folder=root, reason=str(error)) from error
        self._filesystem: Any = filesystem
        self._root: str = path.rstrip("/")
        self._local = isinstance(filesystem, LocalFileSystem)
        self._seen = False
        found = (getattr(sys.modules.get(module), name, None) for module, name in _FAILURES)
        self._failures = (OSError, *(one for one in found if one is not None and not self._local))

    @property
    def folder(self) -> Path | None:
        """The root as a folder of this computer; None if it is elsewhere."""
        return Path(self._root) if self._local else None

    @contextmanager
    def _writing(self, path: str, *, durably: bool = True) -> Iterator[Path]:
        """A local path to write to; the file is kept at the end, and nothing if the block fails."""
        with self._answering():
            if self._local:
                self._expect_root()
                with _beside(Path(path), durably=durably) as unfinished:
                    yield unfinished
            else:
                with tempfile.TemporaryDirectory(prefix="turning-point-") as folder:
                    yield Path(folder) / "file"
                    self._filesystem.put_file(str(Path(folder) / "file"), path)

    def _expect_root(self) -> None:
        """Have the local root there, but not made anew: it would stand in the way of whoever brings it back.

        Raises:
            StorageError: If it was there and is no longer ("home_deleted").
        """
        root = Path(self._root)
        if self._seen and not root.is_dir():
            raise StorageError("home_deleted", folder=self._root)
        root.mkdir(parents=True, exist_ok=True)
        self._seen = True

    @contextmanager
    def _answering(self, run: str = "", name: str = "") -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            if name:
                raise ArtifactMissingError("artifact_missing", run=run, name=name) from error
            raise StorageError("artifacts_unavailable", folder=self.root, reason=str(error)) from error
        except self._failures as error:
            if self._local and getattr(error, "errno", None) in FULL:
                raise disk_full(Path(self._root)) from error
            reason = getattr(error, "strerror", None) or str(error)
            raise StorageError("artifacts_unavailable", folder=self.root, reason=reason) from error

    def _is_file(self, path: str) -> bool:
        """Whether there is a file; unlike fsspec's own answer never no because the store is away."""
        if self._local:
            return Path(path).is_file()
        try:
            return bool(self._filesystem.info(path)["type"] == "file")
        except FileNotFoundError:
            return False


def _is_address(root: str) -> bool:
    """Whether this is an address for fsspec and no path of this computer."""
    return "://" in root and not Path(root).is_absolute()


@contextmanager
def _beside(path: Path, *, durably: bool = False) -> Iterator[Path]:
    """A path to write to that becomes `path` at the end, or vanishes if the block fails.

    Args:
        durably: Whether the content must be on the disk by then, so that it outlives a computer that dies.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(UNFINISHED + secrets.token_hex(8))
    try:
        yield unfinished
        if durably:
            _to_disk(unfinished)
        unfinished.replace(path)
        if durably:
            _to_disk(path.parent)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _to_disk(path: Path) -> None:
    """Have the system write a file, or the names in a folder, to the disk now, where it can."""
    if os.name != "posix" and path.is_dir():
        return  # Windows opens no folders
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network folders know no such thing
            raise
    finally:
        os.close(descriptor)
