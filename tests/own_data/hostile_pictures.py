"""Damaged, hostile and odd pictures in GIF, WebP and BMP, and photos as telephones take them; see `hostile`."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

from tests.own_data.hostile import Case, file, good, noise, picture, saved, set_as_zip, with_one


def heic(brand: bytes = b"heic", *more: bytes) -> bytes:
    """The beginning of a photo as telephones take them."""
    brands = b"".join((brand, b"\0" * 4, *more))
    return (
        struct.pack(">L", 8 + len(brands)) + b"ftyp" + brands + b"\0\0\0\x0cmeta" + noise(1, (300,)).tobytes()
    )


def moving(kind: str, frames: int = 3, side: int = 9, **how: object) -> bytes:
    """A picture that moves."""
    images = [Image.fromarray(noise(place, (side, side, 3))) for place in range(min(frames, 50))]
    images = [images[place % len(images)] for place in range(frames)]
    return saved(images[0], kind, save_all=True, append_images=images[1:], **how)


def webp_of(width: int, height: int, chunk: bytes = b"VP8X", content: bytes = b"") -> bytes:
    """A WebP file that says it has so many pixels."""
    if chunk == b"VP8X":
        flags = 2 << 24  # it moves
        head = (
            struct.pack(">L", flags) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        )
    elif chunk == b"VP8L":
        head = b"\x2f" + struct.pack("<L", (width - 1) | (height - 1) << 14)
    else:
        head = b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)
    head += content
    body = b"WEBP" + chunk + struct.pack("<L", len(head)) + head + b"\0" * (len(head) % 2)
    return b"RIFF" + struct.pack("<L", len(body)) + body


def gif_of(width: int, height: int, frame: tuple[int, int] | None = None, data: bytes = b"") -> bytes:
    """A GIF file that says it has so many pixels, and its first image so many."""
    inner = frame or (width, height)
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return (
        screen + b"," + struct.pack("<HHHHB", 0, 0, *inner, 0) + b"\x02" + (data or b"\x02\x44\x01\0") + b";"
    )


def bmp_of(width: int, height: int, bits: int = 24, packing: int = 0, content: bytes = b"") -> bytes:
    """A bitmap that says it has so many pixels."""
    header = struct.pack("<LllHHLLllLL", 40, width, height, 1, bits, packing, len(content), 0, 0, 0, 0)
    return b"BM" + struct.pack("<LHHL", 54 + len(content), 0, 0, 54) + header + content


def other_kinds() -> Iterator[Case]:
    """GIF, WebP and BMP, and what telephones write."""
    full = Image.fromarray(noise(1, (40, 50, 3)))
    alpha = full.convert("RGBA")
    alpha.putalpha(Image.fromarray(noise(2, (40, 50))))
    palette = full.convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    one, cut = moving("GIF", 3), picture(kind="GIF")
    fine: dict[str, tuple[str, bytes]] = {
        "colours in GIF": ("gif", saved(full, "GIF")),
        "grey values in GIF": ("gif", picture(kind="GIF")),
        "one bit in GIF": ("gif", saved(full.convert("1"), "GIF")),
        "interlaced GIF": ("gif", saved(full, "GIF", interlace=True)),
        "GIF without its end": ("gif", cut[:-1]),
        "GIF with a long comment": ("gif", saved(full, "GIF", comment=b"<script>" * 5_000)),
        "GIF called png": ("png", saved(full, "GIF")),
        "lossless WebP": ("webp", saved(full, "WEBP", lossless=True)),
        "lossy WebP": ("WEBP", saved(full, "WEBP")),
        "grey values in WebP": ("webp", saved(full.convert("L"), "WEBP")),
        "WebP called jpg": ("jpg", saved(full, "WEBP")),
        "colours in BMP": ("bmp", saved(full, "BMP")),
        "grey values in BMP": ("bmp", picture(kind="BMP")),
        "a palette in BMP": ("bmp", saved(palette, "BMP")),
        "one bit in BMP": ("bmp", saved(full.convert("1"), "BMP")),
        "BMP from top to bottom": ("bmp", bmp_of(4, -4, content=bytes(48))),
        "several JPEG pictures in one, as telephones write": (
            "jpg",
            saved(full, "MPO", save_all=True, append_images=[full]),
        ),
    }
    for what, (suffix, content) in fine.items():
        yield Case(f"a picture with {what}", with_one(f"odd.{suffix}", content), findings={"moving": None})
    for what, (suffix, content) in {
        "GIF": ("gif", one),
        "GIF whose second image is cut": ("gif", moving("GIF", 2)[:-30]),
        "GIF of 5,000 images": ("gif", moving("GIF", 5_000)),
        "WebP": ("webp", moving("WEBP", 3)),
        "WebP of 2,000 images": ("webp", moving("WEBP", 2_000, lossless=True, method=0)),
        "PNG": ("png", moving("PNG", 3)),
    }.items():
        yield Case(f"a moving {what}", with_one(f"odd.{suffix}", content), findings={"moving": 1})
    for what, suffix, content in (
        ("a transparent colour in GIF", "gif", saved(palette, "GIF", transparency=0)),
        ("an opacity in WebP", "webp", saved(alpha, "WEBP")),
    ):
        yield Case(f"a picture with {what}", with_one(f"odd.{suffix}", content), findings={"transparent": 1})
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = with_one("odd.webp", saved(full, "WEBP", exif=exif))
    yield Case("a WebP picture taken on its side", turned, findings={"turned": 1})
    packed = zlib.compress(b"\0" * 100)
    for what, content in {
        "GIF of 65,535 x 65,535": gif_of(65_535, 65_535),
        "GIF whose image is larger than itself": gif_of(9, 9, (65_535, 65_535)),
        "GIF of 8,000 x 8,000": gif_of(8_000, 8_000),
        "WebP of 16,777,216 x 200": webp_of(2**24, 200),
        "WebP of 16,384 x 16,384": webp_of(2**14, 2**14, b"VP8L", packed),
        "WebP of 16,383 x 16,383": webp_of(2**14 - 1, 2**14 - 1, b"VP8 ", packed),
        "WebP that moves of 8,000 x 8,000": webp_of(8_000, 8_000),
        "BMP of 2,147,483,647 x 1": bmp_of(2**31 - 1, 1),
        "BMP of 60,000 x 60,000": bmp_of(60_000, 60_000),
        "BMP of 60,000 x -60,000": bmp_of(60_000, -60_000),
        "BMP of 60,000 x 60,000, packed": bmp_of(60_000, 60_000, 8, 1, b"\xff\0" * 50),
    }.items():
        yield Case(
            f"a {what}", with_one(f"odd.{what.split()[0].lower()}", content), findings={"too_large": 1}
        )
    for what, content in {
        "GIF without pixels": gif_of(9, 9, data=b"\0"),
        "GIF of no width": gif_of(0, 9),
        "GIF alone by its mark": b"GIF89a",
        "GIF of 7,000 x 7,000 with nothing in it": gif_of(7_000, 7_000),
        "WebP alone by its mark": b"RIFF\x04\0\0\0WEBP",
        "WebP without pixels": webp_of(9, 9),
        "WebP of noise": webp_of(9, 9, b"VP8L", noise(1, (100,)).tobytes()),
        "BMP without pixels": bmp_of(9, 9),
        "BMP of 7,000 x 7,000 with nothing in it": bmp_of(7_000, 7_000),
        "BMP of no width": bmp_of(0, 9),
        "BMP of 3 bits": bmp_of(9, 9, 3, content=bytes(90)),
        "BMP in JPEG": bmp_of(9, 9, 0, 4, picture(kind="JPEG")),
    }.items():
        yield Case(
            f"a {what}", with_one(f"odd.{what.split()[0].lower()}", content), findings={"unreadable": 1}
        )
    for brand in (b"heic", b"heix", b"mif1"):
        yield Case(f"a photo of brand {brand!r}", with_one("odd.heic", heic(brand)), findings={"heic": 1})
    yield Case("a HEIC photo called jpg", with_one("odd.jpg", heic()), findings={"heic": 1})
    photos = {name.replace("png", "jpg"): heic() for name in good(each=15)}
    yield Case("nothing but HEIC photos called jpg", set_as_zip(lambda: photos), refused=("own_only_heic",))
    half = {name: heic() if name.startswith("cats") else one for name, one in good(each=15).items()}
    yield Case("a class of HEIC photos", set_as_zip(lambda: half), refused=("own_only_heic",))
    few = {f"cats/{place}.heic": heic() for place in range(3)}
    yield Case("a few HEIC photos", set_as_zip(lambda: few), refused=("own_only_heic",))
    yield Case("one AVIF picture", file("cat.avif", heic(b"avif")), refused=("own_only_other_picture",))
    for suffix, kind in (("gif", "GIF"), ("webp", "WEBP"), ("bmp", "BMP")):
        whole = {
            name.replace("png", suffix): saved(Image.open(io.BytesIO(one)), kind)
            for name, one in good().items()
        }
        yield Case(
            f"a set of {suffix} files", set_as_zip(lambda whole=whole: whole), classes=("cats", "dogs")
        )
    table = b"BMI,label\n" + b"".join(b"a text of %d words,%d\n" % (row, row % 2) for row in range(24))
    yield Case("a table that begins as a bitmap does", file("a.csv", table), classes=("0", "1"))


FAMILIES = (other_kinds,)
