"""The way in: what was handed in is understood, and made into a data set, whatever form it has.

Each form is a module with the same two functions, `understand(entries)` and `build(entries, choices)`; here is decided
by the content which one reads it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Protocol

from core.errors import DataError
from core.own_data import image_archive, image_folders, picture_kinds, pixel_table, text_folders, text_table
from core.own_data.built import Built
from core.own_data.choices import Choices
from core.own_data.entries import Entries, Entry, UnreadableError, open_entries
from core.own_data.limits import LIMITS, Limits
from core.own_data.progress import Progress
from core.own_data.understood import Form, Understood

__all__ = ["Built", "build", "understand"]

#: The endings by which many files are told apart; few are looked into.
_KINDS = {
    **dict.fromkeys(picture_kinds.READ, "picture"),
    **dict.fromkeys(picture_kinds.HEIC, "heic"),
    **dict.fromkeys(picture_kinds.OTHER, "other_picture"),
    **dict.fromkeys((".csv", ".tsv", ".tab"), "table"),
    ".txt": "text",
    ".npy": "array",
    **dict.fromkeys((".npz", ".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".egg", ".alz"), "archive"),
    **dict.fromkeys((".xlsx", ".xls", ".ods", ".numbers"), "sheet"),
    **dict.fromkeys((".docx", ".doc", ".hwp", ".hwpx", ".pdf", ".pptx", ".ppt", ".odt"), "document"),
}
#: What to say if there is nothing else.
_REFUSALS = {
    "sheet": "own_only_sheet",
    "document": "own_only_document",
    "archive": "own_only_archive",
    "heic": "own_only_heic",
    "other_picture": "own_only_other_picture",
    "damaged": "own_only_damaged",
}
_FEW = 20
_PICTURES = {"read": "picture", "heic": "heic", "other": "other_picture"}
_MAGIC = {
    b"%PDF": "document",
    b"\xd0\xcf\x11\xe0": "document",
    b"PK\x03\x04": "archive",
}


class _Reader(Protocol):
    """A module that reads one form."""

    def understand(self, entries: Entries) -> Understood: ...

    def build(self, entries: Entries, choices: Choices) -> Built: ...


#: The class's own drawings come from the pad, not from files.
_READERS: dict[Form, _Reader] = {
    "image_archive": image_archive,
    "image_folders": image_folders,
    "pixel_table": pixel_table,
    "text_folders": text_folders,
    "text_table": text_table,
}


def understand(given: Path, limits: Limits = LIMITS, progress: Progress | None = None) -> Understood:
    """Say what was found in a file or folder.

    Raises:
        DataError: If no data set can become of it, whatever is chosen.
    """
    with open_entries(given, limits, progress) as entries:
        return _READERS[form_of(entries)].understand(entries)


def build(given: Path, choices: Choices, limits: Limits = LIMITS, progress: Progress | None = None) -> Built:
    """Make a data set of a file or folder as chosen.

    Raises:
        DataError: If none can become of it.
    """
    with open_entries(given, limits, progress) as entries:
        return _READERS[form_of(entries)].build(entries, choices)


def form_of(entries: Entries) -> Form:
    """In which form samples are in these files.

    Raises:
        DataError: If there are none in a form that is read here.
    """
    kinds = Counter(_kind(entry, entries) for entry in entries.entries)
    if kinds["array"] and not (kinds.keys() - {"array"}):
        return "image_archive"
    if kinds["picture"] and kinds["picture"] >= kinds["text"]:
        return "image_folders"
    deep = sum(len(entry.parts) > 1 and entry.suffix == ".txt" for entry in entries.entries)
    tables = kinds["table"] + kinds["text"] - deep
    if deep > tables:
        return "text_folders"
    if tables:
        return _table_form(entries)
    if kinds["picture"]:
        return "image_folders"
    raise _nothing_of_use(entries, kinds)


def _kind(entry: Entry, entries: Entries) -> str:
    """What a file seems to be: among few by its first bytes, and if they do not tell, by its ending."""
    if len(entries.entries) <= _FEW:
        try:
            head = entries.head(entry)
        except UnreadableError:
            return _KINDS.get(entry.suffix, "damaged")
        picture = picture_kinds.kind_of(head)
        if picture is not None:
            return _PICTURES[picture]
        for magic, kind in _MAGIC.items():
            if head.startswith(magic):
                return _KINDS.get(entry.suffix, kind) if kind in ("archive", "document") else kind
    return _KINDS.get(entry.suffix, "text" if len(entries.entries) == 1 else "other")


def _table_form(entries: Entries) -> Form:
    return "pixel_table" if pixel_table.is_of_pixels(entries) else "text_table"


def _nothing_of_use(entries: Entries, kinds: Counter[str]) -> DataError:
    for kind, code in _REFUSALS.items():
        if kinds[kind]:
            first = next(one for one in entries.entries if _kind(one, entries) == kind)
            return DataError(code, received=first.path)
    return DataError("own_no_samples", received=entries.entries[0].path, files=len(entries.entries))
