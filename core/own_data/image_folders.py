"""Pictures in one folder a class, of any size and colour."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from core.own_data import image_sets
from core.own_data.built import Built
from core.own_data.choices import Choices
from core.own_data.class_folders import ClassFolders, class_folders
from core.own_data.entries import Entries, Entry, UnreadableError
from core.own_data.image_sets import Decoded, Rows
from core.own_data.picture_kinds import HEIC, READ
from core.own_data.pictures import decode
from core.own_data.understood import Finding, Form, Understood

#: By what a sample that cannot be decoded is found, from the reason.
_CODES = {"damaged": "unreadable", "too_large": "too_large", "empty": "empty", "heic": "heic"}


def understand(entries: Entries) -> Understood:
    """Say what pictures there are."""
    return image_sets.understood(_Folders(entries), entries)


def build(entries: Entries, choices: Choices) -> Built:
    """Make a data set of pictures."""
    return image_sets.built(_Folders(entries), entries, choices)


def is_picture(entry: Entry) -> bool:
    """Whether a file says that it is a picture of a kind that is read, or one of a telephone, of which more is said."""
    return entry.suffix in READ or entry.suffix in HEIC


class _Folders:
    """Pictures sorted by folders."""

    form: Form = "image_folders"

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._sorted: ClassFolders = class_folders(entries, is_picture)
        number = {label: place for place, label in enumerate(self._sorted.classes)}
        samples = self._sorted.samples
        self.labels: NDArray[np.int64] = np.array([number[one.label] for one in samples], dtype=np.int64)
        self.for_test = np.array([one.test for one in samples]) if self._sorted.given_split else None
        self.classes = self._sorted.classes
        self.findings: tuple[Finding, ...] = (*entries.findings, *self._sorted.findings)

    def place(self, row: int) -> str:
        """The path of a picture."""
        return self._sorted.samples[row].entry.path

    def pictures(self, rows: Rows) -> Iterator[Decoded]:
        """Decode them one by one."""
        for row in rows.tolist():
            own = np.array([row])
            try:
                yield self._picture(own, self._sorted.samples[row].entry)
            except UnreadableError as error:
                yield Decoded(own, None, trouble=_CODES[error.reason])

    def _picture(self, row: Rows, entry: Entry) -> Decoded:
        content = self._entries.read(entry)
        if not content:
            raise UnreadableError("empty")
        found = decode(content, self._entries.limits)
        notes = {"transparent": found.transparent, "turned": found.turned, "moving": found.moving}
        said = tuple(code for code, is_so in notes.items() if is_so)
        return Decoded(row, found.pixels[None], found.size, notes=said)
