"""Which kinds of pictures there are, told by the endings of files and by their first bytes."""

from __future__ import annotations

from typing import Literal

PictureKind = Literal["read", "heic", "other"]
"""One that is read here; HEIC, as telephones keep photos; or another that is known but not read."""

READ = frozenset((".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".webp", ".bmp"))
HEIC = frozenset((".heic", ".heif", ".hif"))
OTHER = frozenset((".tif", ".tiff", ".svg", ".avif"))

_FIRST_BYTES: dict[bytes, PictureKind] = {
    b"\x89PNG\r\n\x1a\n": "read",
    b"\xff\xd8\xff": "read",
    b"GIF87a": "read",
    b"GIF89a": "read",
    b"II*\0": "other",
    b"MM\0*": "other",
}
#: How long the header of a bitmap is, which stands in it: a text may begin with "BM", too.
_BITMAP_HEADERS = frozenset((12, 40, 52, 56, 64, 108, 124))
_HEIC_BRANDS = frozenset((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"))
_AVIF_BRANDS = frozenset((b"avif", b"avis"))
_WEBP_MARK = b"\x9d\x01\x2a"
_WEBP_SIDE = 0x3FFF


def kind_of(head: bytes) -> PictureKind | None:
    """Which kind of picture a file is by its first 32 bytes; None if it is none."""
    for first, kind in _FIRST_BYTES.items():
        if head.startswith(first):
            return kind
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BITMAP_HEADERS:
        return "read"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "read"
    if head[4:8] == b"ftyp":
        # What was encoded in AV1 may name HEIC's container after its own.
        if {head[8:12], head[16:20]} & _AVIF_BRANDS:
            return "other"
        return "heic" if head[8:12] in _HEIC_BRANDS else None
    return None


def webp_size(head: bytes) -> tuple[int, int] | None:
    """(width, height) of a WebP file by its first 30 bytes; None if it is none, or does not say.

    Its decoder takes memory for all pixels before it tells how many they are.
    """
    if not (head.startswith(b"RIFF") and head[8:12] == b"WEBP") or len(head) < 30:
        return None
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & _WEBP_SIDE), 1 + (bits >> 14 & _WEBP_SIDE)
    if head[12:16] == b"VP8 " and head[23:26] == _WEBP_MARK:
        sides = (int.from_bytes(head[at : at + 2], "little") & _WEBP_SIDE for at in (26, 28))
        width, height = sides
        return width, height
    return None
