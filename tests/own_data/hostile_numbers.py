"""Hostile and odd NumPy archives and tables of pixels; see `hostile`."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.lib import format as npy

from tests.own_data.hostile import Case, arrays, cuts, file, flips, folder_of, noise, npz, table_of, zipped

TWO = ("0", "1")


class Evil:
    """Opens a door when it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return (open, ("/tmp/evil-was-here", "w"))


def npy_of(header: bytes, content: bytes = b"", version: tuple[int, int] = (1, 0)) -> bytes:
    """An array with a header that may say anything."""
    size = struct.pack("<H" if version == (1, 0) else "<L", len(header))
    return b"\x93NUMPY" + bytes(version) + size + header + content


def with_member(name: str, content: bytes) -> bytes:
    """A good archive of which one array is something else."""
    made = io.BytesIO(npz({key: array for key, array in arrays().items() if key != name}))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.npy", content)
    return made.getvalue()


def archives() -> Iterator[Case]:
    def case(what: str, made: Mapping[str, np.ndarray] | bytes, *refused: str, **found: object) -> Case:
        content = made if isinstance(made, bytes) else npz(made)
        return Case(f"an archive with {what}", file("set.npz", content), refused, **found)  # type: ignore[arg-type]

    yield case("what it should have", arrays(), classes=TWO)
    objects = np.array([Evil()] * 20, dtype=object)
    yield case("objects as images", arrays(x_train=objects), "own_archive_pickled")
    yield case("objects as labels", arrays(y_train=objects), "own_archive_pickled")
    yield case("objects in fields", arrays(x_train=np.zeros(20, dtype=[("a", "O")])), "own_archive_pickled")
    yield case("fields", arrays(x_train=np.zeros((20, 3, 3), dtype=[("a", "u1")])), "own_archive_type")
    for kind in ("c8", "M8[s]", "m8[s]", "S3", "U3", "V4", "g"):
        images = np.zeros((20, 3, 3), dtype=kind)
        yield case(f"images of type {kind}", arrays(x_train=images), "own_archive_type")
    for kind in ("c8", "M8[s]", "S3", "V4"):
        yield case(f"labels of type {kind}", arrays(y_train=np.zeros(20, dtype=kind)), "own_archive_labels")
    for kind in ("u2", ">i4", "i8", "f2", "f4", ">f8", "?", "i1"):
        images = (noise(1, (20, 5, 5)) % 2).astype(kind)
        yield case(
            f"images of type {kind} of 0 and 1",
            arrays(x_train=images),
            classes=TWO,
            findings={"scaled_from_one": 1},
        )
    deep = noise(1, (20, 5, 5)).astype(np.uint16) * 257
    yield case("16 bits", arrays(x_train=deep), classes=TWO, findings={"scaled_from_range": 1})
    yield case(
        "decimal places", arrays(x_train=noise(1, (20, 5, 5)) * 0.9), classes=TWO, findings={"rounded": 1}
    )
    yield case("negative values", arrays(x_train=np.full((20, 5, 5), -9)), "own_pixel_values")
    yield case("huge values", arrays(x_train=np.full((20, 5, 5), 1e30)), "own_pixel_values")
    unknown = noise(1, (20, 5, 5)).astype(np.float32)
    unknown[3, 0, 0], unknown[5, 1, 1] = np.nan, np.inf
    yield case("NaN and infinity", arrays(x_train=unknown), classes=TWO, findings={"nan": 2})
    yield case("nothing but NaN", arrays(x_train=np.full((20, 5, 5), np.nan)), "own_none_readable")
    shapes = {(): "own_archive_no_images", (20,): "own_archive_no_images", (20, 7): "own_archive_no_images"}
    shapes |= {(20, 5, 5, 4): "own_archive_no_images", (20, 5, 5, 3, 1): "own_archive_no_images"}
    shapes |= {
        (20, 0, 5): "own_archive_no_images",
        (0, 5, 5): "own_archive_counts",
        (19, 5, 5): "own_archive_counts",
    }
    for shape, code in shapes.items():
        yield case(f"images of shape {shape}", arrays(x_train=np.zeros(shape, dtype=np.uint8)), code)
    for shape in (
        (20, 25),
        (20, 75),
        (20, 5, 9),
        (20, 5, 5, 1),
        (20, 5, 5, 3),
        (20, 1, 5, 5),
        (20, 3, 7, 7),
        (20, 1, 1),
    ):
        yield case(f"images of odd shape {shape}", arrays(x_train=noise(2, shape)), classes=TWO)
    yield case("columns first", arrays(x_train=np.asfortranarray(noise(2, (20, 6, 7)))), classes=TWO)
    good_labels = np.arange(20) % 2
    for what, labels, names in (
        ("negative", good_labels - 5, ("-5", "-4")),
        ("huge", good_labels * (2**62), ("0", str(2**62))),
        ("of type float", good_labels * 1.0, TWO),
        ("true and false", good_labels == 1, TWO),
        ("in a column", good_labels[:, None], TWO),
        ("of words", np.where(good_labels == 1, "고양이", "강아지"), ("강아지", "고양이")),
        ("far apart", np.where(good_labels == 1, 77, 5), ("5", "77")),
    ):
        yield case(f"labels {what}", arrays(y_train=labels), classes=names)
    for what, labels, code in (
        ("with decimal places", good_labels + 0.5, "own_archive_labels"),
        ("of NaN", np.full(20, np.nan), "own_archive_labels"),
        ("one-hot", np.eye(2)[good_labels], "own_archive_labels"),
        ("too few", good_labels[:9], "own_archive_counts"),
        ("too many", np.arange(21) % 2, "own_archive_counts"),
        ("of one class", good_labels * 0, "own_one_class"),
    ):
        yield case(f"labels {what}", arrays(y_train=labels), code)
    many = {"x_train": noise(1, (303, 4, 4)), "y_train": np.arange(303) % 101}
    yield case("101 classes", many, "own_many_classes")
    yield case("one sample", {"x_train": noise(1, (1, 4, 4)), "y_train": np.zeros(1)}, "own_one_class")
    yield case("ten samples", {"x_train": noise(1, (10, 4, 4)), "y_train": np.arange(10) % 2}, "own_too_few")
    test = {"x_test": noise(9, (8, 6, 6)), "y_test": np.arange(8) % 2}
    yield case("both parts", arrays(**test), classes=TWO)
    yield case("a part without labels", arrays(x_test=test["x_test"]), "own_archive_missing")
    yield case("a part without images", arrays(y_test=test["y_test"]), "own_archive_missing")
    yield case("a test set only", test, "own_archive_missing")
    yield case("no labels", arrays(y_train=None), "own_archive_missing")
    yield case("parts of two sizes", arrays(**{**test, "x_test": noise(1, (8, 5, 5))}), "own_archive_shapes")
    yield case(
        "capital letters", {"X_Train": arrays()["x_train"], "Y_TRAIN": arrays()["y_train"]}, classes=TWO
    )
    yield case("another array", arrays(notes=np.arange(3)), classes=TWO, findings={"no_samples": 1})
    yield case("arrays of other names", {"a": arrays()["x_train"]}, "own_archive_missing")
    yield case("no array", {}, "own_nothing")
    plain = arrays()["x_train"].tobytes()
    huge = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000, 28, 28), }"
    yield case("a header of terabytes", with_member("x_train", npy_of(huge, plain)), "own_archive_damaged")
    for what, header in (
        ("of a negative shape", b"{'descr': '|u1', 'fortran_order': False, 'shape': (-20, -6, 6), }"),
        ("of a shape of words", b"{'descr': '|u1', 'fortran_order': False, 'shape': ('a', 6), }"),
        (
            "that would run",
            b"{'descr': __import__('os').system('id'), 'fortran_order': False, 'shape': (1,), }",
        ),
        ("of a type there is not", b"{'descr': 'zz', 'fortran_order': False, 'shape': (20, 6, 6), }"),
        ("without a shape", b"{'descr': '|u1', 'fortran_order': False}"),
        ("of brackets", b"(" * 3000),
        ("of nothing", b""),
        ("of byte 0", b"\0" * 100),
        ("too long", b" " * 60_000),
        (
            "of a shape of huge numbers",
            b"{'descr': '|u1', 'fortran_order': False, 'shape': (" + b"9" * 5000 + b",), }",
        ),
    ):
        yield case(f"a header {what}", with_member("x_train", npy_of(header, plain)), "own_archive_damaged")
    yield case(
        "a header of 60 MB",
        with_member("x_train", npy_of(b" " * 60_000_000, b"", (2, 0))),
        "own_archive_damaged",
    )
    yield case("a header that ends", with_member("x_train", npy_of(b" " * 90)[:50]), "own_archive_damaged")
    yield case(
        "a version there is not",
        with_member("x_train", npy_of(b" " * 90, plain, (9, 9))),
        "own_archive_damaged",
    )
    yield case("text as an array", with_member("x_train", b"1,2,3"), "own_archive_damaged")
    yield case("an empty array file", with_member("x_train", b""), "own_archive_damaged")
    for version in ((2, 0), (3, 0)):
        written = io.BytesIO()
        npy.write_array(written, arrays()["x_train"], version)
        yield case(f"format {version}", with_member("x_train", written.getvalue()), classes=TWO)
    alone = io.BytesIO()
    np.save(alone, arrays()["x_train"])
    yield Case("an array alone", file("x_train.npy", alone.getvalue()), ("own_archive_missing",))
    yield Case(
        "an archive in an archive", file("a.zip", zipped({"a.npz": npz(arrays())})), ("own_only_archive",)
    )
    yield Case("an archive in a folder", folder_of({"a.npz": npz(arrays())}), classes=TWO)


def damaged_archives() -> Iterator[Case]:
    yield from cuts("an archive of arrays", npz(arrays()), 15, ".npz")
    yield from flips("an archive of arrays", npz(arrays()), 25, ".npz")


def tables() -> Iterator[Case]:
    def case(what: str, lines: list[str] | bytes, *refused: str, **found: object) -> Case:
        content = lines if isinstance(lines, bytes) else "\n".join(lines).encode()
        return Case(f"a table {what}", file("set.csv", content), refused, **found)  # type: ignore[arg-type]

    plain = table_of()
    header = "label," + ",".join(f"pixel{place}" for place in range(16))
    whole = "\n".join(plain)
    yield case("as it should be", plain, classes=TWO)
    yield case("with a header", [header, *plain], classes=TWO)
    yield case("with a header of numbers", ["label," + ",".join(map(str, range(16))), *plain], classes=TWO)
    for end in ("\n", "\r\n", "\r"):
        yield case(f"with lines that end in {end!r}", end.join(plain).encode(), classes=TWO)
    mixed = "".join(line + ("\n", "\r\n", "\r")[place % 3] for place, line in enumerate(plain))
    yield case("with lines that end in all ways", mixed.encode(), classes=TWO)
    yield case("with blank lines", ("\n\n \n" + "\n\n".join(plain) + "\n\n\n").encode(), classes=TWO)
    for separator in ";\t":
        made = "\n".join([header, *plain]).replace(",", separator).encode()
        yield case(f"divided by {separator!r}", made, classes=TWO)
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
        yield case(f"in {encoding}", mark + "\n".join([header, *plain]).encode(encoding), classes=TWO)
    yield case(
        "with quotes",
        "\n".join([header, *plain]).replace(",", '","').replace("\n", '"\n"').join('""').encode(),
        classes=TWO,
    )
    opened = [plain[0].replace(",", ',"', 1), *plain[1:]]
    yield case("with a quote that is never closed", opened, classes=TWO)
    named = table_of(label=lambda row: ("고양이", "강아지")[row % 2])
    korean = ("강아지", "고양이")
    yield case("with labels in words", [header, *named], classes=korean)
    yield case("with labels in words and no header", named, classes=korean)
    yield case("with labels in CP949", "\n".join([header, *named]).encode("cp949"), classes=korean)
    behind = [",".join([*line.split(",")[1:], line.split(",")[0]]) for line in [header, *plain]]
    yield case("with the label behind", behind, classes=TWO)
    counted = [f"{place},{line}" for place, line in enumerate(plain)]
    yield case("with an index", ["," + header, *counted], classes=TWO)
    yield case("with an id", ["id," + header, *counted], classes=TWO)
    for what, label, names in (
        ("with blanks around", lambda row: f"  {row % 2} ", TWO),
        ("with decimal points", lambda row: f"{row % 2}.0", TWO),
        ("of one blank", lambda row: " " if row == 3 else str(row % 2), TWO),
        ("missing", lambda row: "" if row == 3 else str(row % 2), TWO),
    ):
        lost = {"no_label": 1} if what in ("of one blank", "missing") else {}
        yield case(f"with labels {what}", [header, *table_of(label=label)], classes=names, findings=lost)
    for what, sign in (
        ("control signs", "\x1b[2J"),
        ("direction signs", "\u202e"),
        ("a byte 0", "\0"),
        ("Markdown", "**x**"),
        ("HTML", "<script>"),
        ("a formula", "=cmd()"),
        ("200 letters", "x" * 200),
        ("braces", "{0.__class__}"),
    ):
        lines = table_of(label=lambda row, sign=sign: f"{sign}{row % 2}")
        yield case(f"with labels with {what}", [header, *lines], either=True)

    def changed(row: int, place: int, value: str) -> list[str]:
        fields = plain[row].split(",")
        fields[place] = value
        return [header, *plain[:row], ",".join(fields), *plain[row + 1 :]]

    for value in ("nan", "NaN", "inf", "-inf", "", " "):
        yield case(f"with a pixel {value!r}", changed(3, 5, value), classes=TWO, findings={"nan": 1})
    for value in ("x", "0x10", "1 2", "1_0", "--1", "１x", "1e", '"'):
        yield case(
            f"with a pixel {value!r}",
            changed(3, 5, value),
            classes=TWO,
            either=value in ('"', "1_0"),
            findings={} if value in ('"', "1_0") else {"bad_lines": 1},
        )
    yield case("with a pixel of 1e2", changed(3, 5, "1e2"), classes=TWO)
    yield case("with a byte 0 among the pixels", changed(3, 5, "\0"), classes=TWO, findings={"bad_lines": 1})
    for value in ("-1", "256.5", "70000", "1e300", "9" * 30, "9" * 400):
        yield case(
            f"with a pixel {value[:9]}, {len(value)} signs",
            changed(3, 5, value),
            "own_pixel_values",
            either=len(value) > 300,
        )
    ragged = [header, *plain[:4], plain[4].rpartition(",")[0], plain[5] + ",7", *plain[6:]]
    yield case("with a line too short and one too long", ragged, classes=TWO, findings={"bad_lines": 2})
    yield case("with a line of text", [header, *plain, "that is all"], classes=TWO, findings={"bad_lines": 1})
    yield case(
        "with 15 pixels and a label, which may be 16 pixels",
        [",".join(line.split(",")[:-1]) for line in plain],
        "own_no_pixel_labels",
    )
    yield case("with 14 pixels", [",".join(line.split(",")[:-2]) for line in plain], "own_pixels_no_square")
    yield case(
        "with 48 pixels",
        [
            ",".join(["0", *map(str, noise(row, (48,)).tolist())])
            if row % 2
            else ",".join(["1", *map(str, noise(row, (48,)).tolist())])
            for row in range(20)
        ],
        classes=TWO,
    )
    wide = ",".join(["1"] * 100_000)
    yield case("with 100,000 columns", [wide, wide], "own_columns_too_many")
    yield case(
        "with 100,000 columns and a header",
        [",".join(f"p{n}" for n in range(50_000)), ",".join("1" * 50_000)],
        "own_columns_too_many",
    )
    yield case(
        "with a line without end",
        b"1,2,3,4,5,6,7,8,9,10," * 200_000,
        "own_line_long",
        "own_columns_too_many",
        either=True,
    )
    yield case("with one class", table_of(label=lambda row: "7"), "own_one_class")
    yield case("with 101 classes", table_of(303, label=lambda row: str(row % 101)), "own_many_classes")
    yield case("with one line", plain[:1], "own_one_class")
    yield case("with ten lines", plain[:10], "own_too_few")
    yield case("with a header only", [header], either=True)
    yield case(
        "of values from 0 to 1",
        [",".join([line[0], *(f"{int(one) / 255:.6f}" for one in line.split(",")[1:])]) for line in plain],
        classes=TWO,
        findings={"scaled_from_one": 1},
    )
    yield case(
        "of values from 0 to 16",
        [
            ",".join([line[0], *(str(int(one) // 15) for one in line.split(",")[1:])])
            for line in [*plain, ",".join(["0", *["255"] * 16])]
        ],
        either=True,
    )
    unlabelled = "\n".join([header.partition(",")[2], *(line.partition(",")[2] for line in plain)]).encode()
    yield case("without labels", unlabelled, "own_no_pixel_labels")
    kaggle = {
        "train.csv": "\n".join([header, *plain]).encode(),
        "test.csv": unlabelled,
        "sample_submission.csv": b"ImageId,Label\n1,0\n2,0\n",
    }
    yield Case(
        "tables of Kaggle",
        file("a.zip", zipped(kaggle)),
        classes=TWO,
        findings={"no_labels_in_file": 1, "no_samples": 1},
    )
    both = {"mnist_train.csv": whole.encode(), "mnist_test.csv": "\n".join(table_of(9)).encode()}
    yield Case("tables of both parts", folder_of(both), classes=TWO)
    differ = {"a_train.csv": whole.encode(), "a_test.csv": "\n".join(table_of(9, 5)).encode()}
    yield Case("tables of two sizes", folder_of(differ), ("own_tables_differ",))


def damaged_tables() -> Iterator[Case]:
    content = "\n".join(table_of()).encode()
    yield from cuts("a table of pixels", content, 12, ".csv")
    yield from flips("a table of pixels", content, 20, ".csv")
    for seed in range(6):
        yield Case(f"noise called csv {seed}", file("set.csv", noise(seed, (5_000,)).tobytes()), either=True)


FAMILIES: tuple[Callable[[], Iterator[Case]], ...] = (archives, damaged_archives, tables, damaged_tables)
