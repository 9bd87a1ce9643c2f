"""Damaged, hostile and odd files, made by a program: what somebody may bring along by mistake or on purpose.

Each is made with what must become of it: a certain refusal, or a set of certain classes with certain findings. Where
bytes are cut off or changed at random, either may be: then no more is wanted than that it is one of the two. Here are
archives, pictures and folders; `hostile_pictures` has pictures of the rarer kinds,
`hostile_numbers` and `hostile_texts` have what comes as numbers and texts.
"""

from __future__ import annotations

import io
import itertools
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from core.own_data.limits import LIMITS, Limits

Files = dict[str, bytes]


@dataclass(frozen=True)
class Case:
    """What is handed in, and what must become of it.

    Attributes:
        make: Writes it into an empty folder, and says what of it is handed in.
        refused: The codes of errors of which one must come; () if none may.
        classes: The names of the classes that must be found; () if they are not compared.
        findings: The codes of findings that must be there, with how many samples they are about; None for not there.
        either: Whether it may be refused or not, in any way that is ours.
    """

    name: str
    make: Callable[[Path], Path]
    refused: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    findings: Mapping[str, int | None] = field(default_factory=dict)
    either: bool = False
    limits: Limits = LIMITS


# What is good


def noise(seed: int, shape: tuple[int, ...] = (9, 9)) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def picture(seed: int = 0, shape: tuple[int, ...] = (9, 9), kind: str = "PNG", **how: object) -> bytes:
    written = io.BytesIO()
    Image.fromarray(noise(seed, shape)).save(written, kind, **how)
    return written.getvalue()


def good(classes: tuple[str, ...] = ("cats", "dogs"), each: int = 8) -> Files:
    """Files of a set that is as it should be."""
    numbers = itertools.count()
    return {f"{name}/{place}.png": picture(next(numbers)) for place in range(each) for name in classes}


def sentences(count: int = 24) -> list[tuple[str, str]]:
    """Texts and labels that are as they should be."""
    good_words, bad_words = ("좋은", "최고", "감동"), ("나쁜", "최악", "지루한")
    made = []
    for place in range(count):
        words = good_words if place % 2 else bad_words
        made.append(
            (f"{words[place % 3]} 영화 {place} 정말 {words[(place + 1) % 3]}", "good" if place % 2 else "bad")
        )
    return made


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return written.getvalue()


def raw_zip(members: list[tuple[bytes, bytes]], flags: int = 0, **changed: object) -> bytes:
    """An archive made byte by byte: names as bytes, and headers that may say what is not so."""
    body, directory = b"", b""
    for name, content in members:
        crc, size = zlib.crc32(content), len(content)
        said = int(changed.get("size", size))  # type: ignore[call-overload]
        method = int(changed.get("method", 0))  # type: ignore[call-overload]
        extra = changed["extra"](name) if "extra" in changed else b""  # type: ignore[operator]
        common = struct.pack("<HHHHHLLLHH", 20, flags, method, 0, 33, crc, size, said, len(name), len(extra))
        at = int(changed.get("offset", len(body)))  # type: ignore[call-overload]
        body += b"PK\x03\x04" + common + name + extra + content
        tail = struct.pack("<HHHLL", 0, 0, 0, int(changed.get("attributes", 0)), at)  # type: ignore[call-overload]
        directory += b"PK\x01\x02" + struct.pack("<H", 0x314) + common + tail + name + extra
    count = len(members)
    end = struct.pack("<HHHHLLH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def table_of(
    rows: int = 20, side: int = 4, label: Callable[[int], str] = lambda row: str(row % 2)
) -> list[str]:
    """Lines of a table of pixels, the label first."""
    return [",".join([label(row), *map(str, noise(row, (side * side,)).tolist())]) for row in range(rows)]


def arrays(**changed: np.ndarray | None) -> dict[str, np.ndarray]:
    made: dict[str, np.ndarray | None] = {
        "x_train": noise(1, (20, 6, 6)),
        "y_train": np.arange(20) % 2,
        **changed,
    }
    return {name: array for name, array in made.items() if array is not None}


def npz(made: Mapping[str, np.ndarray]) -> bytes:
    written = io.BytesIO()
    np.savez(written, allow_pickle=True, **made)
    return written.getvalue()


# How it is handed in


def file(name: str, content: bytes | Callable[[], bytes]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content())
        return path

    return make


def folder_of(files: Mapping[str, bytes] | Callable[[], Files]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        inner = folder / "given"
        inner.mkdir()
        for name, content in (files if isinstance(files, Mapping) else files()).items():
            path = inner / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return inner

    return make


def set_as_zip(files: Callable[[], Files], method: int = zipfile.ZIP_STORED) -> Callable[[Path], Path]:
    return file("set.zip", lambda: zipped(files(), method))


def cuts(name: str, content: bytes, count: int, suffix: str) -> Iterator[Case]:
    """A file of which only the beginning came."""
    for step in range(count):
        kept = content[: 1 + step * (len(content) - 2) // count]
        yield Case(f"{name} cut at {len(kept)}", file(f"set{suffix}", kept), either=True)


def flipped(content: bytes, seed: int, bits: int = 12) -> bytes:
    chance, changed = np.random.default_rng(seed), bytearray(content)
    for place in chance.integers(0, len(content), bits).tolist():
        changed[place] ^= 1 << int(chance.integers(8))
    return bytes(changed)


def flips(name: str, content: bytes, count: int, suffix: str) -> Iterator[Case]:
    """A file with a few bits changed."""
    for seed in range(count):
        yield Case(
            f"{name} with bits changed {seed}", file(f"set{suffix}", flipped(content, seed)), either=True
        )


# ZIP archives


def zip_paths() -> Iterator[Case]:
    inside = {"cats": b"cats/", "dogs": b"dogs/"}
    tricks = (
        *(
            b"../evil.png",
            b"cats/../../evil.png",
            b"/etc/evil.png",
            b"C:/evil.png",
            b"C:\\evil.png",
            b"..\\evil.png",
        ),
        *(b"\\\\server\\share\\evil.png", b"//server/evil.png", b"cats/..", b"..", b"cats\\..\\..\\evil.png"),
        *(b"c:evil.png", b"./../evil.png", b"cats/./../evil.png", b"\\evil.png"),
    )
    members = [(name.encode(), content) for name, content in good().items()]
    for trick in tricks:
        made = raw_zip([*members, (trick, picture())])
        yield Case(f"path {trick!r}", file("set.zip", made), refused=("own_zip_path",))
    for prefix in (b"./", b"set/", b"a/b/", b".//", b"set\\", b"set/./"):
        made = raw_zip([(prefix + name, content) for name, content in members])
        yield Case(f"paths below {prefix!r}", file("set.zip", made), classes=tuple(inside))
    doubled = raw_zip([(name.replace(b"/", b"//"), content) for name, content in members])
    yield Case("paths with two slashes", file("set.zip", doubled), classes=tuple(inside))
    turned = raw_zip([(name.replace(b"/", b"\\"), content) for name, content in members])
    yield Case("paths of Windows", file("set.zip", turned), classes=tuple(inside))
    deep = raw_zip([*members, (b"a/" * 30 + b"1.png", picture())])
    yield Case("a path of 30 folders", file("set.zip", deep), refused=("own_too_deep",))
    endless = raw_zip([*members, (b"a/" * 30_000 + b"1.png", picture())])
    yield Case("a path of 30,000 folders", file("set.zip", endless), refused=("own_too_deep",))


def zip_names() -> Iterator[Case]:
    korean = ("강아지", "고양이")

    def members(names: tuple[bytes, ...]) -> list[tuple[bytes, bytes]]:
        return [(name + b"/%d.png" % place, picture(place)) for place in range(8) for name in names]

    for encoding, flags in (("cp949", 0), ("utf-8", 0), ("utf-8", 0x800), ("euc-kr", 0)):
        made = raw_zip(members(tuple(name.encode(encoding) for name in korean)), flags)
        yield Case(f"Korean names in {encoding}, flags {flags}", file("set.zip", made), classes=korean)
    apart = tuple(unicodedata.normalize("NFD", name).encode() for name in korean)
    yield Case("Korean names of macOS", file("set.zip", raw_zip(members(apart), 0x800)), classes=korean)

    def beside(name: bytes) -> bytes:
        said = "고양이" if name.startswith(b"c") else "강아지"
        written = (said + "/" + name.decode().partition("/")[2]).encode()
        return struct.pack("<HHBL", 0x7075, 5 + len(written), 1, zlib.crc32(name)) + written

    made = raw_zip(members((b"cats", b"dogs")), extra=beside)
    yield Case("names beside the names", file("set.zip", made), classes=korean)
    wrong = raw_zip(members((b"cats", b"dogs")), extra=lambda name: b"\x75\x70\x03\x00\x01ab")
    yield Case("damaged names beside the names", file("set.zip", wrong), classes=("cats", "dogs"))
    odd = {
        "emoji": "🐱",
        "direction signs": "ca\u202ets",
        "a byte 0": "ca\0ts",
        "control signs": "c\x1b[31mats",
        "blanks around": "  cats  ",
        "Markdown": "**cats** `x`",
        "HTML": "<b>cats<b>",
        "a formula": "=1+2",
        "200 letters": "c" * 200,
        "a quote": '"cats"',
        "a percent sign": "%s%n{0}",
        "dots": "cats...",
    }
    for what, name in odd.items():
        made = raw_zip(members((name.encode(), b"zebras")), 0x800)
        yield Case(f"a class with {what}", file("set.zip", made), either=True)
    latin = raw_zip(members((b"\x81\x20\xff", b"zebras")))
    yield Case("a class in no known code page", file("set.zip", latin), either=True)
    blank = raw_zip([*members((b"cats", b"dogs")), (b" /1.png", picture())])
    yield Case("a class called by a blank", file("set.zip", blank), findings={"no_class": 1})
    nothing = raw_zip([*members((b"cats", b"dogs")), (b"", picture())])
    yield Case("a file without a name", file("set.zip", nothing), classes=("cats", "dogs"))


def zip_structure() -> Iterator[Case]:
    members = [(name.encode(), content) for name, content in good().items()]
    link = raw_zip([(b"cats/link.png", b"/etc/passwd")], attributes=0o120777 << 16)
    both = io.BytesIO(zipped(good()))
    with zipfile.ZipFile(both, "a") as archive:
        info = zipfile.ZipInfo("cats/link.png")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    yield Case("a link among pictures", file("set.zip", both.getvalue()), findings={"links": 1})
    yield Case("nothing but a link", file("set.zip", link), refused=("own_nothing",))
    yield Case("locked", file("set.zip", raw_zip(members, 1)), refused=("own_zip_encrypted",))
    for method in (1, 6, 9, 12, 14, 93, 95, 98, 99):
        made = raw_zip(members, method=method)
        yield Case(f"packed by method {method}", file("set.zip", made), refused=("own_zip_method",))
    lzma = zipped(good(), zipfile.ZIP_LZMA)
    yield Case("packed by LZMA", file("set.zip", lzma), refused=("own_zip_method",))
    same = [*members, (b"cats/0.png", b"another")]
    yield Case("two files of one path", file("set.zip", raw_zip(same)), findings={"same_path": 1})
    yield Case("empty archive", file("set.zip", zipped({})), refused=("own_nothing",))
    only_folders = raw_zip([(b"cats/", b""), (b"dogs/", b"")])
    yield Case("only folders", file("set.zip", only_folders), refused=("own_nothing",))
    junk = {"__MACOSX/cats/._1.png": b"x", "cats/.DS_Store": b"x", "dogs/Thumbs.db": b"x"}
    yield Case("only what systems leave behind", file("set.zip", zipped(junk)), refused=("own_nothing",))
    mixed = zipped({**good(), **junk})
    yield Case("what systems leave behind", file("set.zip", mixed), findings={"ignored_files": 3})
    yield Case("a comment", file("set.zip", zipped(good()) + b""), classes=("cats", "dogs"))
    behind = zipped(good()) + b"more" * 50
    yield Case("something behind the end", file("set.zip", behind), either=True)
    before = b"MZ" + b"\0" * 500 + zipped(good())
    yield Case("a program that unpacks itself", file("set.zip", before), either=True)
    for kind, magic in (
        ("7z", b"7z\xbc\xaf\x27\x1c"),
        ("rar", b"Rar!\x1a\x07\x00"),
        ("gz", b"\x1f\x8b\x08"),
        ("bz2", b"BZh9"),
        ("xz", b"\xfd7zXZ\x00"),
        ("egg", b"EGGA"),
        ("alz", b"ALZ\x01"),
        ("tar", b"\0" * 257 + b"ustar"),
    ):
        content = magic + b"\0" * 300
        yield Case(f"an archive of kind {kind}", file(f"set.{kind}", content), refused=("own_other_archive",))
        yield Case(f"{kind} called zip", file("set.zip", content), refused=("own_other_archive",))
    inner = zipped(good())
    for depth in range(1, 6):
        inner = zipped({f"level {depth}.zip": inner})
        yield Case(f"archives {depth} deep", file("set.zip", inner), refused=("own_only_archive",))
    two = folder_of({"train.zip": zipped(good()), "test.zip": zipped(good())})
    yield Case("two archives", two, refused=("own_only_archive",))
    yield Case("an archive alone in a folder", folder_of({"a.zip": zipped(good())}), classes=("cats", "dogs"))
    word = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    sheet = zipped(
        {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"<x/>"}
    )
    yield Case("a Word document", file("set.docx", word), refused=("own_no_samples", "own_only_document"))
    yield Case("a spreadsheet", file("set.xlsx", sheet), refused=("own_no_samples", "own_only_sheet"))


def zip_bombs() -> Iterator[Case]:
    members = [(name.encode(), content) for name, content in good().items()]
    yield Case(
        "sizes of 2 GB each",
        file("set.zip", raw_zip(members, size=2**31)),
        refused=("own_unpacked_too_large",),
    )
    yield Case(
        "sizes of 4 GB each",
        file("set.zip", raw_zip(members, size=2**32 - 2)),
        refused=("own_unpacked_too_large",),
    )
    smaller = raw_zip(members, size=50)
    yield Case("sizes that are too small", file("set.zip", smaller), refused=("own_none_readable",))
    yield Case(
        "files on top of each other",
        file("set.zip", raw_zip(members, offset=0)),
        refused=("own_zip_overlap",),
    )
    flat = {**good(), "cats/bomb.png": b"\0" * 60_000_000}
    yield Case("60 MB of zeros", set_as_zip(lambda: flat, zipfile.ZIP_DEFLATED), findings={"too_large": 1})
    tight = replace(LIMITS, unpacked=1_000_000)
    zeros = {f"cats/{place}.png": b"\0" * 200_000 for place in range(20)}
    yield Case(
        "4 MB of zeros in 20 files",
        set_as_zip(lambda: zeros, zipfile.ZIP_DEFLATED),
        refused=("own_unpacked_too_large",),
        limits=tight,
    )
    count = 300_000
    directory = (b"PK\x01\x02" + b"\0" * 24 + struct.pack("<H", 1) + b"\0" * 16 + b"a") * count
    end = struct.pack("<HHHHLLH", 0, 0, count & 0xFFFF, count & 0xFFFF, len(directory), 0, 0)
    many = directory + b"PK\x05\x06" + end
    yield Case(
        "300,000 files without content",
        file("set.zip", b"PK\x03\x04" + many),
        refused=("own_files_too_many", "own_zip_damaged"),
    )
    few = replace(LIMITS, files=10)
    yield Case("more files than are looked at", set_as_zip(good), refused=("own_files_too_many",), limits=few)
    yield Case(
        "more files than are looked at, in a folder",
        folder_of(good),
        refused=("own_files_too_many",),
        limits=few,
    )
    small = replace(LIMITS, packed=500)
    yield Case(
        "a larger file than is looked at", set_as_zip(good), refused=("own_packed_too_large",), limits=small
    )
    counted = replace(LIMITS, samples=10)
    yield Case(
        "more samples than are read", set_as_zip(good), refused=("own_samples_too_many",), limits=counted
    )
    lines = "\n".join(table_of(30)).encode()
    yield Case(
        "more lines than are read", file("a.csv", lines), refused=("own_samples_too_many",), limits=counted
    )
    yield Case(
        "more images than are read",
        file("a.npz", npz(arrays())),
        refused=("own_samples_too_many",),
        limits=counted,
    )


def damaged_zips() -> Iterator[Case]:
    content = zipped(good(), zipfile.ZIP_DEFLATED)
    yield from cuts("an archive", content, 25, ".zip")
    yield from flips("an archive", content, 40, ".zip")
    for seed in range(8):
        yield Case(f"noise called zip {seed}", file("set.zip", noise(seed, (400,)).tobytes()), either=True)
        yield Case(
            f"noise behind the mark of an archive {seed}",
            file("set.zip", b"PK\x03\x04" + noise(seed, (400,)).tobytes()),
            refused=("own_zip_damaged",),
        )


# Pictures


def with_one(name: str, content: bytes | Callable[[], bytes]) -> Callable[[Path], Path]:
    return set_as_zip(
        lambda: {**good(), f"cats/{name}": content if isinstance(content, bytes) else content()}
    )


def png_chunks(*chunks: tuple[bytes, bytes]) -> bytes:
    made = b"\x89PNG\r\n\x1a\n"
    for kind, content in chunks:
        made += (
            struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))
        )
    return made


def png_of(
    width: int, height: int, depth: int = 8, kind: int = 0, content: bytes = b"", *more: tuple[bytes, bytes]
) -> bytes:
    header = struct.pack(">LLBBBBB", width & 0xFFFFFFFF, height & 0xFFFFFFFF, depth, kind, 0, 0, 0)
    return png_chunks((b"IHDR", header), *more, (b"IDAT", content), (b"IEND", b""))


def saved(image: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    written = io.BytesIO()
    image.save(written, kind, **how)
    return written.getvalue()


def pictures() -> Iterator[Case]:
    lost = {
        "TIFF": picture(kind="TIFF"),
        "PPM": picture(kind="PPM"),
        "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "SVG with entities": b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>',
        "HTML": b"<html><script>alert(1)</script></html>",
        "PDF": b"%PDF-1.7\n1 0 obj",
        "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file",
        "text": "고양이".encode(),
        "archive": zipped({"a": b"b"}),
        "pickle": b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.",
        "program": b"\x7fELF" + b"\0" * 60,
        "mark of PNG alone": b"\x89PNG\r\n\x1a\n",
        "mark of JPEG alone": b"\xff\xd8\xff\xe0",
        "PNG without pixels": png_of(9, 9),
        "PNG of no width": png_of(0, 9, content=zlib.compress(b"\0")),
        "PNG of no height": png_of(9, 0, content=zlib.compress(b"\0")),
        "PNG of a kind there is not": png_of(9, 9, 8, 5, zlib.compress(b"\0" * 90)),
        "PNG of a depth there is not": png_of(9, 9, 3, 0, zlib.compress(b"\0" * 90)),
        "PNG with a palette it lacks": png_of(9, 9, 8, 3, zlib.compress(b"\0" * 10)),
        "PNG with wrong packing": png_of(9, 9, content=b"not packed at all"),
        "PNG with a text too long": png_of(
            9, 9, 8, 0, zlib.compress(b"\0" * 90), (b"zTXt", b"a\0\0" + zlib.compress(b"a" * 70_000_000, 1))
        ),
        "PNG with a damaged checksum": picture()[:-20] + b"\0" * 8 + picture()[-12:],
    }
    for what, content in lost.items():
        yield Case(
            f"{what} called png",
            with_one("odd.png", content),
            findings={"unreadable": 1},
            either=what
            in ("PNG with a text too long", "PNG with a palette it lacks", "PNG with a damaged checksum"),
        )
    yield Case("an empty picture", with_one("odd.png", b""), findings={"empty": 1})
    for width, height in (
        (60_000, 60_000),
        (2**31 - 1, 1),
        (2**16, 2**16),
        (50_000_001, 1),
        (1, 50_000_001),
        (2**30, 2**30),
    ):
        bomb = png_of(width, height, content=zlib.compress(b"\0" * 100))
        yield Case(f"PNG of {width} x {height}", with_one("odd.png", bomb), findings={"too_large": 1})
    negative = png_of(-1, -1, content=zlib.compress(b"\0" * 100))
    yield Case("PNG of negative size", with_one("odd.png", negative), either=True)
    jpeg = bytearray(picture(kind="JPEG"))
    place = jpeg.index(b"\xff\xc0") + 5
    jpeg[place : place + 4] = b"\xff\xff\xff\xff"
    yield Case("JPEG of 65,535 x 65,535", with_one("odd.jpg", bytes(jpeg)), findings={"too_large": 1})
    full = Image.fromarray(noise(1, (40, 50, 3)))
    alpha = full.convert("RGBA")
    alpha.putalpha(Image.fromarray(noise(2, (40, 50))))
    palette = full.convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    deep = Image.fromarray(np.random.default_rng(1).integers(0, 65_536, (40, 50)).astype(np.uint16))
    fine: dict[str, tuple[str, bytes]] = {
        "colours": ("png", saved(full)),
        "JPEG": ("jpg", saved(full, "JPEG")),
        "progressive JPEG": ("jpeg", saved(full, "JPEG", progressive=True)),
        "grey JPEG": ("JPG", saved(full.convert("L"), "JPEG")),
        "JPEG in CMYK": ("jpg", saved(full.convert("CMYK"), "JPEG")),
        "palette": ("png", saved(palette)),
        "palette of two": ("png", saved(full.convert("P", palette=Image.Palette.ADAPTIVE, colors=2), bits=1)),
        "one bit": ("png", saved(full.convert("1"))),
        "16 bits": ("png", saved(deep)),
        "one pixel": ("png", picture(1, (1, 1))),
        "one row": ("png", picture(1, (1, 5_000))),
        "one column": ("png", picture(1, (5_000, 1))),
        "many pixels": ("png", saved(Image.new("L", (3_000, 2_000), 77))),
        "many colours": ("png", saved(Image.new("RGB", (3_000, 2_000), (1, 2, 3)))),
        "many one-bit pixels": ("png", saved(Image.new("1", (9_000, 5_000)))),
        "16 bits and many": ("png", saved(Image.new("I;16", (1_500, 1_500), 1_000))),
        "several pictures": ("png", saved(full, save_all=True, append_images=[full, full])),
        "interlaced": ("png", saved(full, interlace=True)),
        "a colour profile that is none": ("jpg", saved(full, "JPEG", icc_profile=b"x" * 70_000)),
        "an orientation that is none": ("jpg", saved(full, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff")),
        "a note": ("jpg", saved(full, "JPEG", comment=b"<script>" * 50)),
        "something behind its end": ("png", saved(full) + zipped(good())),
    }
    for what, (suffix, content) in fine.items():
        yield Case(f"a picture with {what}", with_one(f"odd.{suffix}", content), classes=("cats", "dogs"))
    for what, image, how in (
        ("an opacity for each pixel", alpha, {}),
        ("grey values and opacity", alpha.convert("LA"), {}),
        ("a transparent colour", full, {"transparency": tuple(noise(1, (40, 50, 3))[3, 3].tolist())}),
        ("a transparent colour of its palette", palette, {"transparency": 0}),
    ):
        yield Case(
            f"a picture with {what}", with_one("odd.png", saved(image, **how)), findings={"transparent": 1}
        )
    for orientation in range(2, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        turned = with_one("odd.jpg", saved(full, "JPEG", exif=exif))
        yield Case(f"a picture taken in orientation {orientation}", turned, findings={"turned": 1})
    upside = Image.Exif()
    upside[0x0112] = 77
    yield Case(
        "a picture in an orientation there is not",
        with_one("odd.jpg", saved(full, "JPEG", exif=upside)),
        classes=("cats", "dogs"),
    )


def damaged_pictures() -> Iterator[Case]:
    colours = picture(5, (40, 40, 3))
    for kind, suffix in (("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp"), ("BMP", "bmp")):
        content = picture(5, (40, 40, 3), kind)
        for step in range(15):
            kept = content[: 1 + step * (len(content) - 40) // 15]
            yield Case(
                f"{kind} cut at {len(kept)}", with_one(f"odd.{suffix}", kept), findings={"unreadable": 1}
            )
        for seed in range(20):
            yield Case(
                f"{kind} with bits changed {seed}",
                with_one(f"odd.{suffix}", flipped(content, seed)),
                classes=("cats", "dogs"),
            )
    for seed in range(5):
        yield Case(
            f"noise called png {seed}",
            with_one("odd.png", noise(seed, (500,)).tobytes()),
            findings={"unreadable": 1},
        )
    yield Case(
        "all pictures cut",
        set_as_zip(lambda: {name: content[:40] for name, content in good().items()}),
        refused=("own_none_readable",),
    )
    one_lost = {
        name: content[:40] if name.startswith("cats") else content for name, content in good().items()
    }
    yield Case("all pictures of a class cut", set_as_zip(lambda: one_lost), refused=("own_one_class",))
    yield Case("one picture", file("cat.png", colours), refused=("own_no_classes",))


def folders() -> Iterator[Case]:
    def classes(count: int, each: int = 2) -> Files:
        return {
            f"class {number:03d}/{place}.png": picture(number * 9 + place)
            for number in range(count)
            for place in range(each)
        }

    yield Case("a folder", folder_of(good), classes=("cats", "dogs"))
    yield Case("an empty folder", folder_of({}), refused=("own_nothing",))
    yield Case("nothing there", lambda folder: folder / "missing", refused=("own_not_readable",))
    yield Case("a path with a byte 0", lambda folder: folder / "a\0b", refused=("own_not_readable",))
    yield Case("an empty file", file("set.zip", b""), refused=("own_nothing",))
    yield Case("one class", set_as_zip(lambda: classes(1, 20)), refused=("own_one_class", "own_no_classes"))
    yield Case("100 classes", set_as_zip(lambda: classes(100)), findings={"small_class": 100})
    yield Case("101 classes", set_as_zip(lambda: classes(101)), refused=("own_many_classes",))
    yield Case("one sample", set_as_zip(lambda: classes(1, 1)), refused=("own_no_classes", "own_one_class"))
    yield Case("two samples", set_as_zip(lambda: classes(2, 1)), refused=("own_too_few",))
    yield Case("ten samples", set_as_zip(lambda: classes(2, 5)), refused=("own_too_few",))
    yield Case(
        "pictures in no folder",
        set_as_zip(lambda: {f"{place}.png": picture(place) for place in range(20)}),
        refused=("own_no_classes",),
    )
    yield Case(
        "some pictures in no folder",
        set_as_zip(lambda: {**good(), "a.png": picture(), "b.png": picture()}),
        findings={"no_class": 2},
    )
    yield Case(
        "folders in folders of classes",
        set_as_zip(lambda: {name.replace("/", "/of mine/"): one for name, one in good().items()}),
        classes=("cats", "dogs"),
    )
    yield Case(
        "a folder around all",
        set_as_zip(lambda: {f"my set/{name}": one for name, one in good().items()}),
        classes=("cats", "dogs"),
    )
    split = {f"{part}/{name}": one for part in ("Train", "test") for name, one in good().items()}
    yield Case(
        "the same pictures in both parts",
        set_as_zip(lambda: split),
        classes=("cats", "dogs"),
        findings={"duplicates_between_parts": 16},
    )
    three = {
        f"{part}/{name}": picture(place)
        for part, place in (("train", 1), ("val", 2), ("test", 3))
        for name in good()
    }
    yield Case("a part for validation", set_as_zip(lambda: three), findings={"validation_joined": 16})
    others = {
        **{f"train/{name}": one for name, one in good().items()},
        **{f"test/{name}": one for name, one in good(("cats", "hens")).items()},
    }
    yield Case("other classes in the test set", set_as_zip(lambda: others), classes=("cats", "dogs", "hens"))
    korean = {f"{part}/{name}": one for part in ("훈련", "시험") for name, one in good(("0", "1")).items()}
    yield Case("parts in Korean", set_as_zip(lambda: korean), classes=("0", "1"))
    numbers = good(("10", "9", "-1"))
    yield Case("classes of numbers", set_as_zip(lambda: numbers), classes=("-1", "9", "10"))
    yield Case("classes that end in numbers", set_as_zip(lambda: good(("c10", "c9"))), classes=("c9", "c10"))
    alike = good(("cats", "Cats"))
    yield Case("classes of one name in small and capital letters", set_as_zip(lambda: alike), either=True)
    yield Case(
        "equal pictures",
        set_as_zip(lambda: dict.fromkeys(good(), picture())),
        findings={"duplicates": 15, "contradictions": 8},
    )
    uneven = {**good(each=2), **{f"dogs/more{place}.png": picture(90 + place) for place in range(20)}}
    yield Case("a class much larger than another", set_as_zip(lambda: uneven), findings={"imbalance": 2})
    notes = {**good(), "README.md": b"x", "cats/labels.csv": b"a,b", "cats/x.tif": picture(kind="TIFF")}
    yield Case("other files among pictures", set_as_zip(lambda: notes), findings={"no_samples": 3})
    for suffix, code in (
        ("tiff", "other_picture"),
        ("svg", "other_picture"),
        ("avif", "other_picture"),
        ("heic", "heic"),
    ):
        renamed = {name.replace("png", suffix): b"x" for name in good()}
        yield Case(
            f"only {suffix} files", set_as_zip(lambda renamed=renamed: renamed), refused=(f"own_only_{code}",)
        )
    for suffix, code in (
        ("pdf", "document"),
        ("hwp", "document"),
        ("xlsx", "sheet"),
        ("exe", ""),
        ("py", ""),
        ("json", ""),
    ):
        renamed = {name.replace("png", suffix): b"x" for name in good()}
        wanted = f"own_only_{code}" if code else "own_no_samples"
        yield Case(f"only {suffix} files", set_as_zip(lambda renamed=renamed: renamed), refused=(wanted,))

    def with_links(folder: Path) -> Path:
        inner = folder_of(good)(folder)
        (inner / "cats" / "link.png").symlink_to("/etc/passwd")
        (inner / "cats" / "loop").symlink_to(inner)
        (inner / "hens").symlink_to(inner / "dogs")
        return inner

    yield Case("links in a folder", with_links, classes=("cats", "dogs"), findings={"links": 3})
    deep = {**good(), "a/" * 12 + "1.png": picture()}
    yield Case("folders 12 deep", folder_of(deep), refused=("own_too_deep",))


def heavy() -> Iterator[Case]:
    """What is as large as it may be, or larger once it is unpacked: for a process that is watched."""
    from tests.own_data.hostile_pictures import bmp_of
    from tests.own_data.hostile_texts import lines_of

    side = 7_000
    chance = Image.effect_noise((side // 10, side // 10), 90).resize((side, side))
    colours = Image.merge("RGB", (chance, chance.transpose(Image.Transpose.ROTATE_90), chance))
    alpha = colours.convert("RGBA")
    alpha.putalpha(chance)
    small = chance.resize((4_000, 4_000))
    largest: dict[str, Callable[[], bytes]] = {
        "grey.png": lambda: saved(chance, compress_level=1),
        "colours.png": lambda: saved(colours, compress_level=1),
        "opacity.png": lambda: saved(alpha, compress_level=1),
        "palette.png": lambda: saved(chance.convert("P"), transparency=3, compress_level=1),
        "deep.png": lambda: saved(
            Image.fromarray(np.asarray(chance).astype(np.uint16) * 257), compress_level=1
        ),
        "colours.jpg": lambda: saved(colours, "JPEG", quality=30),
        "progressive.jpg": lambda: saved(colours, "JPEG", quality=30, progressive=True),
        "cmyk.jpg": lambda: saved(colours.convert("CMYK"), "JPEG", quality=30, progressive=True),
        "colours.gif": lambda: saved(colours, "GIF"),
        "moving.gif": lambda: saved(small, "GIF", save_all=True, append_images=[ImageOps.invert(small)]),
        "colours.webp": lambda: saved(colours, "WEBP", quality=10, method=0),
        "opacity.webp": lambda: saved(alpha, "WEBP", quality=10, method=0),
        "packed.bmp": lambda: bmp_of(side, side, 8, 1, (b"\xfa\x55" * (side // 250) + b"\0\0") * side),
        "colours.bmp": lambda: saved(colours.resize((4_000, 4_000)), "BMP"),
    }
    for name, make in largest.items():
        yield Case(f"49 million pixels, {name}", with_one(name, make), either=True)
    zeros = dict.fromkeys((f"cats/{place}.png" for place in range(28)), b"\0" * 49_000_000)
    yield Case(
        "1.4 GB of zeros called pictures", set_as_zip(lambda: zeros, zipfile.ZIP_DEFLATED), either=True
    )
    written = dict.fromkeys(
        (f"{name}/{place}.txt" for place in range(14) for name in ("cats", "dogs")), b"a b c " * 8_000_000
    )
    yield Case("1.3 GB of texts", set_as_zip(lambda: written, zipfile.ZIP_DEFLATED), either=True)
    line = b"x" * 400_000_000
    yield Case(
        "a line of 400 MB",
        set_as_zip(lambda: {"a.csv": b"text,label\n" + line}, zipfile.ZIP_DEFLATED),
        either=True,
    )
    plain = "\n".join(lines_of()[1:]).encode() + b"\n"
    yield Case(
        "a table of 300 MB of texts",
        set_as_zip(lambda: {"a.csv": b"text,label\n" + plain * 250_000}, zipfile.ZIP_DEFLATED),
        either=True,
    )

    def floats() -> bytes:
        made = io.BytesIO()
        images = np.zeros((60_000, 28, 28), dtype=np.float64)
        images[::3, 3] = 0.5
        np.savez_compressed(made, x_train=images, y_train=np.arange(60_000) % 10)
        return made.getvalue()

    yield Case("an archive of 375 MB of floats", file("a.npz", floats), either=True)


FAMILIES = (
    *(zip_paths, zip_names, zip_structure, zip_bombs, damaged_zips),
    *(pictures, damaged_pictures, folders),
)
