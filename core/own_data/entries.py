"""The files that were handed in, as one list: those of a folder, of a ZIP archive, or the only one.

Nothing is unpacked to the disk. A folder is listed without following a link, an archive by its directory, and both are
measured against the limits before anything in them is read; what is read may not have more bytes than was declared.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from core.errors import DataError
from core.own_data import zip_directory
from core.own_data.limits import LIMITS, Limits
from core.own_data.progress import Progress
from core.own_data.understood import Finding

PLACES = 5
"""So many places a finding names."""

#: What operating systems leave behind in folders and archives.
_JUNK = frozenset(("thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db"))
#: What a damaged member of an archive makes its reader raise; RuntimeError: encrypted, NotImplementedError: packed
#: in another way.
_DAMAGED = (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError)
_HEAD = 64  # bytes by which a file is told
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")


class UnreadableError(Exception):
    """A file that cannot be read as what it should be; `reason` is a short code, as "damaged" or "too_large"."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Entry:
    """A file: its path as "train/cats/1.png", its bytes, and where in its source it is."""

    path: str
    size: int
    place: int

    @property
    def parts(self) -> tuple[str, ...]:
        """Its folders and its name."""
        return tuple(self.path.split("/"))

    @property
    def name(self) -> str:
        """Its name without folders."""
        return self.path.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """The ending of its name in small letters, with the dot; "" without one."""
        stem, dot, ending = self.name.rpartition(".")
        return f".{ending.lower()}" if dot and stem else ""


@dataclass(frozen=True, eq=False)
class Entries:
    """The files that were handed in, those that operating systems left behind taken out.

    Attributes:
        entries: In natural order of their paths, a folder around all of them taken off.
        findings: What was passed over in listing them.
        name: How the file or folder is called that was handed in.
        limits: Those they were measured against.
        progress: Told how far reading is; by default nobody is.
    """

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    name: str
    limits: Limits
    _open: Callable[[int], IO[bytes]]
    progress: Progress = lambda done, total: None

    @contextmanager
    def open(self, entry: Entry) -> Iterator[IO[bytes]]:
        """A file to be read from its beginning to its end inside the `with` block, for tables and other large ones.

        Raises:
            UnreadableError: If it turns out to be damaged, also while it is read.
        """
        try:
            with self._open(entry.place) as stream:
                yield stream
        except _DAMAGED as error:
            raise UnreadableError("damaged") from error

    def read(self, entry: Entry) -> bytes:
        """All of a file that may not be larger than one picture or text; `UnreadableError` otherwise, or if damaged."""
        if entry.size > self.limits.file:
            raise UnreadableError("too_large")
        with self.open(entry) as stream:
            content = stream.read(entry.size + 1)
        if len(content) != entry.size:
            raise UnreadableError("damaged")
        return content

    def head(self, entry: Entry) -> bytes:
        """The first bytes of a file; `UnreadableError` if it is damaged."""
        with self.open(entry) as stream:
            return stream.read(_HEAD)

    def only(self, chosen: Iterable[Entry], *findings: Finding) -> Entries:
        """These files of it, with more findings."""
        return replace(self, entries=tuple(chosen), findings=(*self.findings, *findings))


@contextmanager
def open_entries(given: Path, limits: Limits = LIMITS, progress: Progress | None = None) -> Iterator[Entries]:
    """List what was handed in, to be read inside the `with` block.

    A folder with one file in it stands for that file.

    Raises:
        DataError: If it is not there, is empty, is beyond the limits, or an archive that cannot be read.
    """
    given = _only_file(given)
    told = progress or (lambda done, total: None)
    with ExitStack() as closing:
        try:
            entries = _opened(given, limits, told, closing)
        except OSError as error:
            reason = error.strerror or str(error)
            raise DataError("own_not_readable", name=given.name, reason=reason) from error
        yield entries


def _opened(given: Path, limits: Limits, progress: Progress, closing: ExitStack) -> Entries:
    if given.is_dir():
        listed, passed_over = _listed_folder(given, limits)
        paths = [given / path for path, _ in listed]
        return _entries(given, listed, passed_over, limits, lambda place: _open_file(paths[place]), progress)
    if _is_zip(given, limits):
        archive = closing.enter_context(_archive(given, limits))
        found, passed_over = zip_directory.listed(archive, given.name)
        listed = [(path, member.file_size) for path, member in found]
        members = [member for _, member in found]
        return _entries(
            given, listed, passed_over, limits, lambda place: archive.open(members[place]), progress
        )
    listed = [(given.name, given.stat().st_size)]
    return _entries(given, listed, {}, limits, lambda _: _open_file(given), progress)


def natural(text: str) -> tuple[object, ...]:
    """A key that sorts "img2" before "img10", without regard to small and capital letters.

    Digits are compared as numbers, whatever zeros they begin with.
    """
    parts = re.split(r"([0-9]+)", text.casefold())
    numbers = ((len(one.lstrip("0")), one.lstrip("0")) for one in parts[1::2])
    key: list[object] = []
    for word, number in zip(parts[::2], [*numbers, (0, "")], strict=True):
        key += [word, number]
    return (*key, text)


def finding(code: str, places: Iterable[str], **details: object) -> Finding:
    """A finding about places, of which the first few are named."""
    found = tuple(places)
    return Finding(code, len(found), dict(details), found[:PLACES])


def _entries(
    given: Path,
    listed: list[tuple[str, int]],
    passed_over: dict[str, list[str]],
    limits: Limits,
    opener: Callable[[int], IO[bytes]],
    progress: Progress,
) -> Entries:
    """Check the sizes, take out what nobody means to hand in, and step into a folder around everything."""
    if len(listed) > limits.files:
        raise DataError("own_files_too_many", received=len(listed), limit=limits.files)
    unpacked = sum(size for _, size in listed)
    if unpacked > limits.unpacked:
        raise DataError(
            "own_unpacked_too_large", received=megabytes(unpacked), limit=megabytes(limits.unpacked)
        )
    junk: list[str] = []
    seen: dict[str, Entry] = {}
    for place, (path, size) in enumerate(listed):
        path = unicodedata.normalize("NFC", path)
        parts = path.split("/")
        if len(parts) > limits.depth:
            raise DataError("own_too_deep", received=path, limit=limits.depth - 1)
        if any(part.startswith(".") or part.casefold() in _JUNK for part in parts):
            junk.append(path)
        elif path in seen:
            passed_over.setdefault("same_path", []).append(path)
        else:
            seen[path] = Entry(path, size, place)
    if not seen:
        raise DataError("own_nothing", name=given.name)
    entries = sorted(_without_top(list(seen.values())), key=lambda entry: natural(entry.path))
    if junk:
        passed_over["ignored_files"] = junk
    findings = tuple(finding(code, places) for code, places in passed_over.items() if places)
    return Entries(tuple(entries), findings, given.name, limits, opener, progress)


def _without_top(entries: list[Entry]) -> list[Entry]:
    while len({entry.parts[0] for entry in entries}) == 1 and len(entries[0].parts) > 1:
        entries = [replace(entry, path=entry.path.partition("/")[2]) for entry in entries]
    return entries


def _only_file(given: Path) -> Path:
    """The file in a folder that has no other entry; else what was given."""
    try:
        mode = given.stat().st_mode
        if not stat.S_ISDIR(mode):
            if not stat.S_ISREG(mode):
                raise DataError("own_not_readable", name=given.name, reason="no file and no folder")
            return given
        with os.scandir(given) as inside:
            first, second = next(inside, None), next(inside, None)
            if first is not None and second is None and first.is_file(follow_symlinks=False):
                return Path(first.path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError("own_not_readable", name=given.name, reason=reason) from error
    return given


def _listed_folder(folder: Path, limits: Limits) -> tuple[list[tuple[str, int]], dict[str, list[str]]]:
    """The files below a folder, and the links and other things there that are passed over."""
    found: list[tuple[str, int]] = []
    passed_over: dict[str, list[str]] = {"links": []}
    ahead = [""]
    while ahead:
        inner = ahead.pop()
        if inner.count("/") > limits.depth:
            raise DataError("own_too_deep", received=inner, limit=limits.depth - 1)
        with os.scandir(folder / inner) as inside:
            for one in inside:
                path = f"{inner}{one.name}"
                if one.is_dir(follow_symlinks=False):
                    ahead.append(f"{path}/")
                elif one.is_file(follow_symlinks=False):
                    found.append((path, one.stat(follow_symlinks=False).st_size))
                else:
                    passed_over["links"].append(path)
                if len(found) + len(ahead) > 2 * limits.files:
                    raise DataError(
                        "own_files_too_many", received=len(found) + len(ahead), limit=limits.files
                    )
    return found, passed_over


def _open_file(path: Path) -> IO[bytes]:
    """Open a file, and not what a link put in its place leads to."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    return os.fdopen(descriptor, "rb")


def _is_zip(given: Path, limits: Limits) -> bool:
    """Whether a file is an archive, by its content; one that is too large or of another kind is refused."""
    size = given.stat().st_size
    if size > limits.packed:
        raise DataError("own_packed_too_large", received=megabytes(size), limit=megabytes(limits.packed))
    if not size:
        raise DataError("own_nothing", name=given.name)
    with given.open("rb") as stream:
        head = stream.read(264)
    kind = zip_directory.other_archive(head)
    if kind:
        raise DataError("own_other_archive", name=given.name, received=kind)
    return head.startswith(_ZIP_MAGIC)


def _archive(given: Path, limits: Limits) -> zipfile.ZipFile:
    zip_directory.check_size(given, limits.files)
    try:
        return zipfile.ZipFile(given)
    except (*_DAMAGED, ValueError, LookupError) as error:
        raise DataError("own_zip_damaged", name=given.name) from error


def megabytes(size: int) -> float:
    """Bytes as a sentence says them."""
    return round(size / 1e6, 1)
