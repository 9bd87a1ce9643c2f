"""The files in a folder that together hold a data set, whatever its kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from core.catalog import DatasetInfo
from core.datasets import image_files as images
from core.datasets import text_files
from core.datasets.archives import Arrays, Incomplete


class Container(Protocol):
    """Files that together hold a data set."""

    @property
    def path(self) -> Path:
        """The file that a person would name: the archive, or the folder of several like files."""

    def read(self, known: DatasetInfo) -> Arrays:
        """All arrays, with the published shapes and content.

        Raises:
            DataDamagedError: If a file is unreadable or holds anything else; its message names the file.
        """


def containers(folder: Path, known: DatasetInfo) -> Sequence[Container]:
    """What a folder has of a data set, by file names; a missing folder has nothing."""
    if known.kind == "text":
        return text_files.containers(folder, known)
    return images.containers(folder, known)


def incomplete(folder: Path, known: DatasetInfo) -> Incomplete | None:
    """The files of a data set in a folder if some of them are missing; None if all are there or none."""
    if known.kind == "text":
        return text_files.incomplete(folder, known)
    return images.incomplete(folder, known)
