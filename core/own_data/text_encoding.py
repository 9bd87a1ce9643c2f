"""In which encoding a text file is: by its mark at the beginning, by where its zeros stand, or by what reads it."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

#: What is tried, as Python names them and in this order; CP949 is what Korean Windows writes.
ENCODINGS = ("utf-8", "cp949")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PIECE = 2**20
#: In UTF-16 the upper halves of blanks, digits and separators are 0: at least this share of every second byte.
_ZEROS = 0.02
#: The share of lines that may be damaged in a file that still is in an encoding.
_DAMAGED = 0.1


def encoding_of(content: bytes) -> str | None:
    """The encoding of a file, as Python names it; None if it is in none of those that are known.

    "utf-8-sig" and "utf-16" take the mark at the beginning away; without one it is "utf-16-le" or "utf-16-be".
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    for name in ("utf-16-le", "utf-16-be"):
        if _is_utf_16(content, name):
            return name
    for name in ENCODINGS:
        if _reads(content, name):
            return name
    lines = content.splitlines() or [b""]
    damaged = {name: sum(not _reads(line, name) for line in lines) for name in ENCODINGS}
    best = min(ENCODINGS, key=lambda name: damaged[name])
    return best if damaged[best] <= max(1, _DAMAGED * len(lines)) and len(lines) > 1 else None


def decoded(content: bytes, encoding: str) -> str:
    """The text of a file; bytes that mean nothing in its encoding become lone surrogates (`is_damaged`)."""
    if encoding.startswith(("utf-16", "utf-32")):
        return content.decode(encoding, "replace")
    return content.decode(encoding, "surrogateescape")


def is_damaged(text: str) -> bool:
    """Whether a part of what `decoded` gave holds bytes that mean nothing."""
    return not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text)


def _is_utf_16(content: bytes, name: str) -> bool:
    if len(content) % 2 or not content:
        return False
    upper = content[1::2] if name == "utf-16-le" else content[::2]
    lower = content[::2] if name == "utf-16-le" else content[1::2]
    zeros = upper.count(0)
    if zeros < _ZEROS * len(upper) or lower.count(0) > 0.1 * zeros:
        return False
    if not _reads(content, name):
        return False
    text = content[:_PIECE].decode(name, "ignore")
    return "\n" in text or "\r" in text or zeros > len(upper) // 2


def _reads(content: bytes, name: str) -> bool:
    """Whether all of it means something in an encoding."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for piece in _pieces(content):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _pieces(content: bytes) -> Iterator[bytes]:
    return (content[start : start + _PIECE] for start in range(0, len(content), _PIECE))
