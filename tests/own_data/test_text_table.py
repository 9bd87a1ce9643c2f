"""Texts in tables and folders, however they are written: what is understood, what is left out, what becomes of them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.catalog import WORD_SHIFT
from core.datasets.dataset import RaggedTokens, RawTexts, Vocabulary
from core.errors import DataError
from core.own_data import reading
from core.own_data.choices import Choices
from core.own_data.tokenizers import tokenizer

GOOD, BAD = "정말 재미있는 영화", "지루한 영화였다"


def rows(count: int = 12) -> list[tuple[str, str]]:
    return [(f"{GOOD if row % 2 else BAD} {row}", "01"[row % 2]) for row in range(count)]


def table(separator: str = ",", end: str = "\n", header: str = "text,label", count: int = 12) -> str:
    lines = [header.replace(",", separator)] if header else []
    return end.join([*lines, *(separator.join(row) for row in rows(count))]) + end


def given(folder: Path, content: str | bytes, name: str = "reviews.csv") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path, choices: Choices | None = None) -> str:
    with pytest.raises(DataError) as refused:
        reading.understand(path) if choices is None else reading.build(path, choices)
    return refused.value.code


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be with mark", "cp949", "utf-32"],
)
def test_encodings_are_found_out(tmp_path: Path, encoding: str) -> None:
    text = table()
    content = b"\xfe\xff" + text.encode("utf-16-be") if "mark" in encoding else text.encode(encoding)
    found = reading.understand(given(tmp_path, content))
    assert found.table is not None
    assert found.table.encoding == encoding.removesuffix("-be with mark")
    assert (found.table.text, found.table.label, found.total) == ("text", "label", 12)
    assert found.samples[3].text.startswith(GOOD)
    assert not found.findings


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("header", ["text,label", "글,긍부정", ""])
def test_separators_line_ends_and_headers_are_found_out(
    tmp_path: Path, separator: str, end: str, header: str
) -> None:
    found = reading.understand(given(tmp_path, table(separator, end, header)))
    assert found.table is not None
    assert (found.table.separator, found.total) == (separator, 12)
    assert found.table.columns == tuple(header.split(",") if header else "12")
    assert [(one.name, one.train) for one in found.classes] == [("0", 6), ("1", 6)]


def test_quotes_are_taken_off_where_they_are_quotes(tmp_path: Path) -> None:
    lines = [f'"{text}, 그는 ""최고""라고\n했다",{label}' for text, label in rows()]
    found = reading.understand(given(tmp_path, "text,label\n" + "\n".join(lines)))
    assert found.table is not None
    assert found.table.quoted
    assert found.samples[0].text == f'{BAD} 0, 그는 "최고"라고\n했다'
    lines = [f'"{text}, ""참"" 좋다",{label}' for text, label in rows()]
    found = reading.understand(given(tmp_path, "text,label\n" + "\n".join(lines), "commas.csv"))
    assert found.samples[0].text == f'{BAD} 0, "참" 좋다'
    plain = "".join(f'"{text}\t{label}\n' for text, label in rows())
    found = reading.understand(given(tmp_path, "document\tlabel\n" + plain, "plain.tsv"))
    assert found.table is not None
    assert not found.table.quoted
    assert found.samples[0].text == f'"{BAD} 0'


def test_lines_that_do_not_fit_are_told_and_cost_nothing_else(tmp_path: Path) -> None:
    lines = table().encode().splitlines(keepends=True)
    lines[3:3] = [b"too, many, columns\n", b"\n", b"alone\n", b'"never closed,1\n', b"\xff\xfe broken,1\n"]
    lines[9:9] = ['"따옴표, 쉼표",1\n'.encode(), '"따옴표",0\n'.encode()]
    lines += [b",1\n", b"\xe3\x80\x80 ,0\n", b"no label, \n", b"zero\x00byte,1\n"]
    found = reading.understand(given(tmp_path, b"".join(lines)))
    told = {one.code: (one.count, one.places) for one in found.findings}
    assert told["bad_lines"] == (4, ("line 4", "line 6", "line 7", "line 8"))
    assert told["empty"] == (2, ("line 21", "line 22"))
    assert told["no_label"] == (1, ("line 23",))
    assert told["control_signs"] == (1, ("line 24",))
    assert found.total == 15


def test_columns_are_found_or_chosen(tmp_path: Path) -> None:
    lines = ["id,제목,평,점수,감성"]
    lines += [
        f"{row},제목 {row},{text},{row},{'좋음' if label == '1' else '싫음'}"
        for row, (text, label) in enumerate(rows())
    ]
    path = given(tmp_path, "\n".join(lines))
    found = reading.understand(path)
    assert found.table is not None
    assert (found.table.text, found.table.label) == ("평", "감성")
    made = reading.build(path, Choices(text_column="제목", label_column="감성"))
    assert made.info.class_names == ("싫음", "좋음")
    assert RawTexts(made.arrays["train_texts"], made.arrays["train_text_offsets"])[0].startswith("제목")
    assert refusal(path, Choices(text_column="없음")) == "own_no_column"
    assert refusal(path, Choices(label_column="id")) == "own_no_test"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("\n \n", "own_table_empty"),
        ("one\ntwo\nthree\n", "own_table_one_column"),
        ("text,label\n" + "글,1\n" * 20, "own_one_class"),
        ("text,label\n" + "".join(f"글 {row},반 {row % 101}\n" for row in range(300)), "own_many_classes"),
        ("text,label\n글 하나,1\n글 둘,0\n", "own_too_few"),
        ("text,label\n" + ",1\n,0\n" * 20, "own_no_texts"),
        ("a,b\n" + "".join(f"{row} x,{row} y\n" for row in range(300)), "own_no_label_column"),
        (b"\x81\xff\x00\xfe" * 400, "own_text_encoding"),
        ("text,label\n" + ('"글, 글",1\n' * 3 + '"글,0\n') * 300, "own_table_quotes"),
    ],
)
def test_what_is_no_table_of_texts_is_refused_with_a_sentence(
    tmp_path: Path, content: str | bytes, code: str
) -> None:
    assert refusal(given(tmp_path, content)) == code


def test_train_and_test_files_are_a_given_split(tmp_path: Path) -> None:
    folder = tmp_path / "nsmc"
    for part, first in (("train", 0), ("test", 12)):
        lines = [f"{first + row}\t{text}\t{label}" for row, (text, label) in enumerate(rows())]
        given(folder, "\n".join(["id\tdocument\tlabel", *lines]), f"ratings_{part}.txt")
    given(folder, table("\t"), "ratings.txt")
    given(folder, "about\n", "README.md")
    archive = tmp_path / "nsmc.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(folder.iterdir()):
            packed.write(path, f"nsmc/{path.name}")
    for path in (folder, archive):
        found = reading.understand(path)
        assert found.given_split
        assert [(one.train, one.test) for one in found.classes] == [(6, 6), (6, 6)]
        told = {one.code: one.places for one in found.findings}
        assert told["other_table"] == ("ratings.txt",)
        assert told["no_samples"] == ("README.md",)
        assert told["duplicates_between_parts"][0] == "ratings_test.txt, line 2"
    made = reading.build(folder, Choices(title="평"))
    again = reading.build(archive, Choices(title="다른 이름"))
    assert made.info.name == again.info.name
    assert (made.info.train_size, made.info.test_size) == (12, 12)
    pairs = reading.build(folder, Choices(tokens="char_pairs"))
    assert pairs.info.name != made.info.name
    assert pairs.info.test_set == made.info.test_set


def test_folders_of_text_files_are_read_as_those_of_imdb(tmp_path: Path) -> None:
    for part in ("train", "test"):
        for label in ("pos", "neg"):
            for row in range(8):
                given(
                    tmp_path,
                    f"{part} {label} {row}",
                    f"aclImdb/{part}/{label}/{row}_{7 if label == 'pos' else 2}.txt",
                )
    given(tmp_path, "nothing", "aclImdb/train/unsup/0_0.txt")
    given(tmp_path, "", "aclImdb/test/neg/9_9.txt")
    given(tmp_path, "글".encode("cp949"), "aclImdb/test/neg/10_1.txt")
    found = reading.understand(tmp_path / "aclImdb")
    assert (found.form, found.given_split) == ("text_folders", True)
    assert [(one.name, one.train, one.test) for one in found.classes] == [("neg", 8, 9), ("pos", 8, 8)]
    told = {one.code: one.places for one in found.findings}
    assert told["unsup"] == ("train/unsup/0_0.txt",)
    assert told["empty"] == ("test/neg/9_9.txt",)
    made = reading.build(tmp_path / "aclImdb", Choices())
    assert "글" in RawTexts(made.arrays["test_texts"], made.arrays["test_text_offsets"])[16]
    assert 0 < made.arrays["y_train"][:8].sum() < 8


@pytest.mark.parametrize("tokens", ["words", "char_pairs"])
def test_texts_are_numbered_by_what_the_training_part_has(tmp_path: Path, tokens) -> None:
    path = given(tmp_path, table(count=24))
    made = reading.build(path, Choices(tokens=tokens, test_share=0.3, title="*평*"))
    info, arrays = made.info, made.arrays
    assert set(arrays) == set(info.arrays)
    assert (info.title, info.tokens, info.own) == ("＊평＊", tokens, True)
    vocabulary = Vocabulary.from_bytes(arrays["vocabulary"])
    assert info.max_value == len(vocabulary) + WORD_SHIFT
    counted: dict[str, int] = {}
    for part in ("train", "test"):
        raw = RawTexts(arrays[f"{part}_texts"], arrays[f"{part}_text_offsets"])
        texts = RaggedTokens(arrays[f"{part}_tokens"], arrays[f"{part}_offsets"])
        assert len(raw) == len(texts) == len(arrays[f"y_{part}"])
        for row, ranks in enumerate(texts):
            cut = [piece.token for piece in tokenizer(tokens).cut(raw[row])]
            # What no training text has is the rank after the last one: never kept, whatever num_words is.
            assert ranks.tolist() == [vocabulary.rank(one) or len(vocabulary) + 1 for one in cut]
            for one in cut if part == "train" else ():
                counted[one] = counted.get(one, 0) + 1
    expected = sorted(counted, key=lambda one: -counted[one])  # stable: ties as they came
    assert list(vocabulary.words) == expected


def test_the_effect_of_each_tokenizer_is_shown_beforehand(tmp_path: Path) -> None:
    found = reading.understand(given(tmp_path, table())).texts
    assert found is not None
    assert found.hangul == 1.0
    words, pairs, _ = found.tokens
    assert (words.tokens, words.texts, pairs.tokens) == ("words", 12, "char_pairs")
    assert words.length == np.mean([len(text.split()) for text, _ in rows()])
    # Test texts are every fifth one here: of their words the numbers alone are new.
    assert words.unknown == 2 / 7
    assert pairs.different > words.different
    text = pairs.examples[0]
    assert all(
        text.text[start:end] in token.strip("_")
        for token, (start, end) in zip(text.tokens, text.places, strict=True)
    )
