"""Hostile and odd texts, in tables and folders; see `hostile`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.own_data.hostile import (
    Case,
    Files,
    cuts,
    file,
    flips,
    folder_of,
    noise,
    sentences,
    set_as_zip,
    zipped,
)

TWO = ("bad", "good")


def lines_of(separator: str = ",", header: str = "text,label") -> list[str]:
    return [header.replace(",", separator), *(f"{text}{separator}{label}" for text, label in sentences())]


def texts() -> Iterator[Case]:
    def case(
        what: str, content: list[str] | bytes, *refused: str, name: str = "set.csv", **found: object
    ) -> Case:
        made = content if isinstance(content, bytes) else "\n".join(content).encode()
        return Case(f"a table of texts {what}", file(name, made), refused, **found)  # type: ignore[arg-type]

    plain = lines_of()
    whole = "\n".join(plain)
    yield case("as it should be", plain, classes=TWO)
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp949"):
        yield case(f"in {encoding}", whole.encode(encoding), classes=TWO)
    for encoding in ("utf-16-le", "utf-16-be", "utf-32", "euc-kr", "johab", "utf-7", "iso2022_kr"):
        yield case(f"in {encoding}, which nothing says", whole.encode(encoding), either=True)
    for separator in "\t;|":
        yield case(
            f"divided by {separator!r}",
            lines_of(separator),
            classes=TWO,
            name="set.tsv" if separator == "\t" else "set.csv",
        )
    for end in ("\r\n", "\r"):
        yield case(f"with lines that end in {end!r}", end.join(plain).encode(), classes=TWO)
    mixed = "".join(line + ("\n", "\r\n")[place % 2] for place, line in enumerate(plain))
    yield case("with lines that end in several ways", mixed.encode(), classes=TWO)
    quoted = ["text,label", *(f'"{text}, ""so""","{label}"' for text, label in sentences())]
    yield case("with quotes", quoted, classes=TWO)
    over_lines = ["text,label", *(f'"{text}\nand more",{label}' for text, label in sentences())]
    yield case("with texts over several lines", over_lines, classes=TWO)
    naver = [
        "id\tdocument\tlabel",
        *(f"{place}\t{text}\t{int(label == 'good')}" for place, (text, label) in enumerate(sentences())),
    ]
    yield case("as Naver has it", naver, classes=("0", "1"), name="ratings.txt")
    yield case("with a line too short", [*plain, "only a text"], classes=TWO)
    yield case("with a line too long", [*plain, "a,b,c,d"], classes=TWO)
    for what, text in (
        ("a quote that is never closed", '"영화'),
        ("quotes inside", 'a "b" c'),
        ("nothing", ""),
        ("blanks", "   "),
        ("a byte 0", "영\0화"),
        ("control signs", "\x1b[31m영화\x07"),
        ("direction signs", "\u202e영화"),
        ("signs that nobody sees", "\u200b\u3164"),
        ("a formula", "=cmd|' /C calc'!A0"),
        ("HTML", "<script>alert(1)</script>"),
        ("Markdown", "**영화** [x](javascript:alert(1))"),
        ("braces", "{0.__class__} %s%n"),
        ("emoji", "👍🏽👨‍👩‍👧 좋아요 😀"),
        ("marks on marks", "e" + "\u0301" * 3000),
        ("10,000 words", "영화 " * 10_000),
        ("one word of 90,000 letters", "가" * 90_000),
        ("200,000 letters", "가나다 " * 50_000),
    ):
        yield case(f"with a text of {what}", [*plain, f"{text},good"], classes=TWO)
    for what, label in (
        ("blanks", "  "),
        ("nothing", ""),
        ("a byte 0", "\0"),
        ("direction signs", "\u202e"),
        ("200 letters", "x" * 200),
        ("Markdown", "**x**"),
        ("a quote", '"'),
    ):
        yield case(
            f"with a label of {what}", [*plain, f"좋은 영화,{label}", f"나쁜 영화,{label}"], either=True
        )
    spaced = ["text,label", *(f"{text}, {label} " for text, label in sentences())]
    yield case("with blanks around labels", spaced, classes=TWO)
    yield case(
        "with one class",
        ["text,label", *(f"{text},good" for text, _ in sentences())],
        "own_one_class",
        either=True,
    )
    yield case(
        "with 101 classes",
        ["text,label", *(f"좋은 영화 {row},class {row % 101}" for row in range(303))],
        "own_many_classes",
        either=True,
    )
    yield case(
        "with another label each line",
        ["text,label", *(f"좋은 영화 {row},l{row}" for row in range(200))],
        either=True,
    )
    yield case("with one line", plain[:2], either=True)
    yield case("with a header only", plain[:1], either=True)
    yield case("with no header", plain[1:], either=True)
    yield case("with one column", [text for text, _ in sentences()], either=True)
    yield case(
        "with 20,000 columns",
        [",".join(f"c{n}" for n in range(20_000)), ",".join(["x"] * 20_000)],
        either=True,
    )
    yield case(
        "with 500 columns of words",
        [",".join(f"c{n}" for n in range(500))] + [",".join(["x y"] * 500)] * 20,
        either=True,
    )
    yield case(
        "with two columns of one name",
        ["text,text,label", *(f"{text},{text},{label}" for text, label in sentences())],
        either=True,
    )
    yield case("of nothing but line ends", b"\n\r\n\r" * 500, either=True)
    yield case("of nothing but separators", b",,,,\n" * 500, either=True)
    yield case("of nothing but quotes", b'"' * 5_001, either=True)
    yield case("of nothing but byte 0", b"\0" * 5_000, either=True)
    yield case("with a line of 5 MB", whole.encode() + b"\n" + b"x" * 5_000_000 + b",good", either=True)
    for what, content in (
        ("HTML", b"<html><body><table><tr><td>a</td></tr></table></body></html>"),
        ("JSON", b'[{"text": "a", "label": 1}]'),
        ("XML", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
        ("RTF", b"{\\rtf1 a}"),
        ("a program", b"\x7fELF\x02\x01\x01" + b"\0" * 500),
        ("PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj"),
        ("an old Word document", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500),
        ("a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
        ("a pickle", b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R."),
        ("one letter", b"a"),
    ):
        yield case(f"that is {what}", content, either=True)
    damaged = bytearray(whole.encode())
    damaged[200:203] = b"\xff\xfe\xfd"
    yield case("with bytes of no encoding", bytes(damaged), either=True)
    twice = [*plain, *plain[1:]]
    yield case("with each text twice", twice, classes=TWO)
    parts = {
        "ratings_train.txt": "\n".join(naver).encode(),
        "ratings_test.txt": "\n".join(naver[:9]).encode(),
    }
    yield Case("tables of texts of both parts", folder_of(parts), classes=("0", "1"))
    yield Case("tables of texts in an archive", file("a.zip", zipped(parts)), classes=("0", "1"))


def damaged_texts() -> Iterator[Case]:
    content = "\n".join(lines_of()).encode()
    yield from cuts("a table of texts", content, 12, ".csv")
    yield from flips("a table of texts", content, 20, ".csv")
    yield from flips("a table of texts in UTF-16", "\n".join(lines_of("\t")).encode("utf-16"), 10, ".tsv")
    for seed in range(6):
        yield Case(f"noise called txt {seed}", file("set.txt", noise(seed, (5_000,)).tobytes()), either=True)


def text_folders() -> Iterator[Case]:
    def good() -> Files:
        return {f"{label}/{place}.txt": text.encode() for place, (text, label) in enumerate(sentences())}

    yield Case("folders of texts", set_as_zip(good), classes=TWO)
    yield Case("folders of texts, unpacked", folder_of(good), classes=TWO)
    for encoding in ("cp949", "utf-16", "utf-8-sig"):
        made = {name: text.decode().encode(encoding) for name, text in good().items()}
        yield Case(f"folders of texts in {encoding}", set_as_zip(lambda made=made: made), classes=TWO)
    kinds = ("utf-8", "cp949", "utf-16")
    several = {
        name: text.decode().encode(kinds[place % 3]) for place, (name, text) in enumerate(good().items())
    }
    yield Case("folders of texts in several encodings", set_as_zip(lambda: several), classes=TWO)
    split = {f"{part}/{name}": text for part in ("train", "test") for name, text in good().items()}
    yield Case("folders of texts in two parts", set_as_zip(lambda: split), classes=TWO)
    for what, content in (
        ("nothing", b""),
        ("blanks", b" \n \t "),
        ("noise", noise(1, (3_000,)).tobytes()),
        ("byte 0", b"\0" * 100),
        ("a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
        ("200,000 letters", "가나다 ".encode() * 50_000),
        ("broken UTF-8", "좋은 영화".encode()[:-1]),
    ):
        yield Case(
            f"folders of texts, one of {what}",
            set_as_zip(lambda content=content: {**good(), "good/odd.txt": content}),
            classes=TWO,
        )
    one = {name: text for name, text in good().items() if name.startswith("good")}
    yield Case(
        "texts of one class",
        set_as_zip(lambda: one),
        refused=("own_one_class", "own_no_classes", "own_no_samples"),
        either=True,
    )
    many = {f"class {row % 101}/{row}.txt": b"text and more" for row in range(303)}
    yield Case("texts of 101 classes", set_as_zip(lambda: many), refused=("own_many_classes",))
    yield Case("texts of which all are empty", set_as_zip(lambda: dict.fromkeys(good(), b"")), either=True)
    yield Case(
        "texts and pictures",
        set_as_zip(lambda: {**good(), "good/a.png": b"x", "bad/b.png": b"x"}),
        classes=TWO,
    )
    imdb = {
        **split,
        "README": b"x",
        "imdb.vocab": b"the\nand",
        "train/unsup/0_0.txt": b"text",
        "train/urls_pos.txt": b"http://",
    }
    yield Case(
        "folders as those of IMDB",
        set_as_zip(lambda: {f"aclImdb/{name}": text for name, text in imdb.items()}),
        either=True,
    )


FAMILIES: tuple[Callable[[], Iterator[Case]], ...] = (texts, damaged_texts, text_folders)
