"""A small disk of its own that a test fills and clears."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class FullDisk:
    """A disk with a folder on it.

    Args:
        folder: Where it is mounted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filling = folder / "filling"

    def fill(self, leave: int = 0) -> None:
        """Write until nothing goes on it any more, or until so many bytes are left."""
        with self._filling.open("ab", buffering=0) as file:
            block = b"x" * 65_536
            while len(block) > 256:
                try:
                    file.write(block)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    block = block[: len(block) // 2]
        if leave:
            size = self._filling.stat().st_size
            with self._filling.open("r+b") as file:
                file.truncate(max(0, size - leave))

    def clear(self) -> None:
        """Make room again."""
        self._filling.unlink(missing_ok=True)


@contextmanager
def mounted(folder: Path, megabytes: int) -> Iterator[FullDisk]:
    """A disk in memory; skips the test where nothing may be mounted."""
    folder.mkdir()
    if sys.platform != "linux":
        pytest.skip("a small disk is made on Linux only")
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    try:
        made = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if made.returncode:
        pytest.skip(f"nothing can be mounted here: {made.stderr.strip()}")
    try:
        yield FullDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
