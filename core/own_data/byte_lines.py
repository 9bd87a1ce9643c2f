"""The lines of a table as bytes, however they end and whichever Unicode they are in."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from core.errors import DataError
from core.own_data.entries import Entries, Entry, UnreadableError

_PIECE = 2**20
#: A line of the most columns that are read, with a number of 20 digits in each, is shorter.
_LONGEST = 2**19
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_ENCODINGS = ("utf-8", "cp949", "latin-1")


def lines_of(entries: Entries, entry: Entry) -> Iterator[tuple[int, bytes]]:
    r"""The lines of a file with their numbers, from 1, without their ends and without those that are blank.

    They end in "\n", "\r\n" or "\r", also mixed; UTF-16 is turned into UTF-8.

    Raises:
        DataError: If the file is damaged ("own_only_damaged"), or a line has no end ("own_line_long").
    """
    number = 0
    try:
        for block in _whole_lines(entries, entry):
            for line in block.split(b"\n"):
                number += 1
                if len(line) > _LONGEST:
                    raise DataError("own_line_long", name=entry.path, line=number)
                if line.strip():
                    yield number, line
    except UnreadableError as error:
        raise DataError("own_only_damaged", received=entry.path) from error


def decoded(field: bytes) -> str:
    """What a field says: in UTF-8, else as Korean Windows writes, else byte by byte."""
    for encoding in _ENCODINGS:
        try:
            return field.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def _whole_lines(entries: Entries, entry: Entry) -> Iterator[bytes]:
    r"""The content in pieces that end where a line ends, each line end being "\n" and the last one left out."""
    rest = b""
    for piece in _pieces(entries, entry):
        joined = rest + piece
        # A "\r" at the very end may be the first half of a "\r\n".
        held = b"\r" if joined.endswith(b"\r") else b""
        joined = joined[: len(joined) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        whole, end, rest = joined.rpartition(b"\n")
        rest += held
        if end:
            yield whole
        elif len(rest) > 2 * _PIECE:
            raise DataError("own_line_long", name=entry.path, line=1)
    if rest.strip():
        yield rest.removesuffix(b"\r")


def _pieces(entries: Entries, entry: Entry) -> Iterator[bytes]:
    """The content as UTF-8, or in whatever is not UTF-16, without a mark at its beginning."""
    with entries.open(entry) as stream:
        first = stream.read(_PIECE)
        encoding = next((name for mark, name in _UTF16.items() if first.startswith(mark)), "")
        if not encoding:
            yield first.removeprefix(codecs.BOM_UTF8)
            yield from iter(lambda: stream.read(_PIECE), b"")
            return
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        piece = first[2:]
        while piece:
            yield decoder.decode(piece).encode("utf-8", "replace")
            piece = stream.read(_PIECE)
