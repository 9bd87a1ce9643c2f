"""The directory of a ZIP archive, checked before anything in it is unpacked.

Names are read as whoever packed the archive wrote them: UTF-8 where the archive says so or they are that, else in the
code page of Korean Windows (CP949), else in that of DOS, which is what the format says.
"""

from __future__ import annotations

import mmap
import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path

from core.errors import DataError

_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNICODE_PATH = 0x7075
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCAL_HEADER = 30
_DRIVE = re.compile("[A-Za-z]:")

_END, _ENTRY, _END64 = b"PK\x05\x06", b"PK\x01\x02", b"PK\x06\x06"
_END_SIZE, _ENTRY_SIZE, _LOCATOR_SIZE = 22, 46, 20
_LONGEST_COMMENT = 2**16

#: Archives of other kinds, by their first bytes.
_OTHERS = {
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "RAR",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"EGGA": "EGG",
    b"ALZ\x01": "ALZ",
}
_TAR = slice(257, 262)


def other_archive(head: bytes) -> str:
    """Which kind of archive a file is that is no ZIP archive, by its first 264 bytes; "" if none."""
    for magic, kind in _OTHERS.items():
        if head.startswith(magic):
            return kind
    return "tar" if head[_TAR] == b"ustar" else ""


def check_size(path: Path, most: int) -> None:
    """Refuse an archive that lists more than `most` files, before a reader keeps a record of each.

    Raises:
        DataError: "own_files_too_many".
    """
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        end = content.rfind(_END, max(0, len(content) - _END_SIZE - _LONGEST_COMMENT))
        if end < 0 or end + _END_SIZE > len(content):
            return
        size: int = struct.unpack_from("<L", content, end + 12)[0]
        last = end
        if content.rfind(_END64, max(0, end - _LOCATOR_SIZE - _LONGEST_COMMENT), end) >= 0:
            last = content.rfind(_END64, max(0, end - _LOCATOR_SIZE - _LONGEST_COMMENT), end)
            if last + 56 <= len(content):
                size = struct.unpack_from("<Q", content, last + 40)[0]
        place, count = max(0, last - size), 0
        while content[place : place + 4] == _ENTRY and place + _ENTRY_SIZE <= last:
            name, extra, comment = struct.unpack_from("<HHH", content, place + 28)
            place += _ENTRY_SIZE + name + extra + comment
            count += 1
            if count > most:
                raise DataError("own_files_too_many", received=f"> {most}", limit=most)


def listed(
    archive: zipfile.ZipFile, name: str
) -> tuple[list[tuple[str, zipfile.ZipInfo]], dict[str, list[str]]]:
    """The files of an archive with their paths, and the links in it, which are passed over.

    Raises:
        DataError: If a path leads out of it ("own_zip_path"), files overlap ("own_zip_overlap"), or it is packed in a
            way that is not read here ("own_zip_encrypted", "own_zip_method").
    """
    found: list[tuple[str, zipfile.ZipInfo]] = []
    links: list[str] = []
    _check_overlaps(archive, name)
    for member in archive.infolist():
        path = path_of(member)
        if path is None:
            continue
        if stat.S_ISLNK(member.external_attr >> 16):
            links.append(path)
            continue
        if member.flag_bits & _ENCRYPTED:
            raise DataError("own_zip_encrypted", name=name)
        if member.compress_type not in _METHODS:
            raise DataError("own_zip_method", name=name, received=path)
        found.append((path, member))
    return found, {"links": links}


def path_of(member: zipfile.ZipInfo) -> str | None:
    """The path of a file in an archive with "/" between its parts; None for a folder.

    Raises:
        DataError: If it leads out of the archive ("own_zip_path").
    """
    name = _decoded(member).replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts or any(_DRIVE.match(part) for part in parts[:1]):
        raise DataError("own_zip_path", received=name)
    return None if not parts or name.endswith("/") else "/".join(parts)


def _decoded(member: zipfile.ZipInfo) -> str:
    name = member.orig_filename
    if member.flag_bits & _UTF8:
        return name
    # What the flag does not declare was decoded as DOS has it, which loses nothing.
    raw = name.encode("cp437")
    said = _unicode_path(member.extra, raw)
    if said is not None:
        return said
    for encoding in ("utf-8", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in UTF-8 that some programs put beside the one in a code page, if it belongs to that."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(field) > 5 and field[0] == 1:
            if struct.unpack_from("<L", field, 1)[0] != zlib.crc32(raw):
                return None
            try:
                return field[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None


def _check_overlaps(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse an archive whose files share bytes: unpacked they would be many times as large as they are."""
    end = 0
    for member in sorted(archive.infolist(), key=lambda one: one.header_offset):
        if member.header_offset < end:
            raise DataError("own_zip_overlap", name=name)
        end = member.header_offset + _LOCAL_HEADER + len(member.orig_filename) + member.compress_size
