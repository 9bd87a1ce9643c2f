"""Experiment files as editors, systems and people leave them: read, or refused in a sentence."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from core import presets
from core.__main__ import main
from core.errors import PresetError, TurningPointError
from core.experiment.toml import to_toml
from core.presets import load, load_named_or_file
from tests.rights import as_somebody_else

ROOT = Path(__file__).parent.parent.parent
TEXT = "# 숫자 인식 실험\n" + to_toml(load(presets.PLAIN))


def put(path: Path, content: bytes | str) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


@pytest.mark.parametrize("ending", [".toml", ".TOML", ".Toml"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_a_file_is_read_whatever_its_editor_put_into_it(
    ending: str, mark: str, line: str, tmp_path: Path
) -> None:
    name = put(tmp_path / f"실험{ending}", mark + TEXT.replace("\n", line))
    assert load_named_or_file(name) == load(presets.PLAIN)


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (TEXT.encode("cp949"), "file_other_encoding", "looks like CP949"),
        (TEXT.encode("utf-16"), "file_other_encoding", "looks like UTF-16"),
        (TEXT.encode("utf-16-be"), "file_other_encoding", "looks like UTF-16"),
        (TEXT.encode("utf-16-le"), "file_other_encoding", "looks like UTF-16"),
        (TEXT.encode("utf-32"), "file_other_encoding", "looks like UTF-32"),
        ("# café\n".encode("latin-1"), "file_not_utf8", "line 1"),
        (b"epochs = 1\n\x80\x81\xff", "file_not_utf8", "line 2"),
        (b"\x89PNG\r\n\x1a\n" + bytes(3), "file_not_utf8", "is not UTF-8"),
        (b"epochs = \x00", "unreadable_toml", "not readable as TOML"),
        ("layers = " + "[" * 495 + "]" * 495, "toml_too_deep", "Check its brackets"),
        ("layers = " + "[" * 11 + "]" * 11, "toml_too_deep", "Check its brackets"),
        ("layers = " + "{a=" * 495 + "1" + "}" * 495, "toml_too_deep", "Check its brackets"),
        ("[" + ".".join("a" * 5_000) + "]", "toml_too_deep", "Check its brackets"),
        ("layers = " + "[" * 100_000, "toml_too_deep", "Check its brackets"),
        ("epochs = " + "9" * 4_301, "toml_number_too_long", "Shorten it"),
        ("epochs = " + "9" * 101, "toml_number_too_long", "Shorten it"),
        ("epochs = [0x" + "f" * 5_000 + "]", "toml_number_too_long", "Shorten it"),
        ("seed = -" + "9" * 99_999, "toml_number_too_long", "Shorten it"),
        ("#" * 1_000_001, "file_too_large", "larger than 1000000 bytes"),
        ("dataset", "unreadable_toml", "not readable as TOML"),
    ],
    ids=lambda value: str(value)[:24] if isinstance(value, str) else None,
)
def test_a_file_that_is_none_is_refused_in_words(
    content: bytes | str, code: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = put(tmp_path / "own.toml", content)
    with pytest.raises(PresetError) as caught:
        load_named_or_file(name)
    assert caught.value.code == code
    assert main(["train", name]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert name in said
    assert len(said) < len(name) + 200


@pytest.mark.parametrize(
    "line",
    [
        "epochs = " + "9" * 100,
        "epochs = inf",
        "optimizer = {kind = 'sgd', learning_rate = 1e999}",
        "optimizer = {kind = 'sgd', learning_rate = nan}",
        "epochs = 1979-05-27T07:32:00",
        "layers = {}",
        "layers = [[], [1]]",
        "'\\u0000' = 1",
        "'epochs\\u202e' = 1",
        "split = {kind = '" + "x" * 9_000 + "'}",
    ],
    ids=lambda line: line[:24],
)
def test_a_value_that_no_setting_has_is_refused_in_words(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = put(
        tmp_path / "own.toml", f"{line}\ndataset = 'digits'\nlayers = [{{kind = 'dense', units = 10}}]\n"
    )
    if line.startswith("layers"):
        put(tmp_path / "own.toml", f"{line}\ndataset = 'digits'\n")
    assert main(["train", name]) == 2
    said = capsys.readouterr().err
    assert said.strip()
    assert "Traceback" not in said
    assert len(said) < 2_000


def test_a_folder_is_called_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.toml").mkdir()
    assert main(["train", str(tmp_path / "x.toml")]) == 2
    assert "is a folder" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["missing.toml", "MISSING.TOML", "file/inside.toml", "x" * 300 + ".toml"])
def test_a_file_that_is_not_there_is_named(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path / "file", "")
    assert main(["train", str(tmp_path / name)]) == 2
    assert name in capsys.readouterr().err


def test_a_refusal_does_not_wait_for_keras() -> None:
    code = (
        "import sys; from core.__main__ import main; main(['train', 'x.toml']); print('keras' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("False\n", "There is no file x.toml. Check the name.\n")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/full", "/dev/null", "/dev/tty"])
def test_no_device_is_opened(device: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    link = tmp_path / "own.toml"
    link.symlink_to(device)
    assert main(["train", str(link)]) == 2
    assert "device or a pipe" in capsys.readouterr().err


def test_nobody_waits_for_a_pipe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "own.toml")
    assert main(["train", str(tmp_path / "own.toml")]) == 2
    assert "device or a pipe" in capsys.readouterr().err


def test_a_link_to_itself_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.toml").symlink_to("own.toml")
    assert main(["train", str(tmp_path / "own.toml")]) == 2
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("shut", ["own.toml", "."])
def test_a_file_that_may_not_be_read_is_said(shut: str, capsys: pytest.CaptureFixture[str]) -> None:
    with as_somebody_else() as folder:
        name = put(folder / "own.toml", TEXT)
        (folder / shut).chmod(0)
        try:
            assert main(["train", name]) == 2
        finally:
            (folder / shut).chmod(0o700)
    assert "own.toml cannot be read: Permission denied" in capsys.readouterr().err


# Anything else


PIECES = [
    *"[]{}=.,\"'#\\\n\r\t \0\x1b\u202e\u2028\ufeff한é😀",
    *(
        '"""',
        "'''",
        "[[layers]]",
        "[layers]",
        "kind = 1",
        "epochs = []",
        "layers = 3",
        "\\ud800",
        "\\U00110000",
    ),
]
VALUES = [
    *(
        "0",
        "1",
        "2",
        "16",
        "10",
        "-1",
        "0.5",
        "1e-9",
        "1e999",
        "-inf",
        "nan",
        "true",
        "[]",
        "[[1]]",
        "{}",
        "{kind = 'dense'}",
    ),
    *(
        "1979-05-27",
        "07:32:00",
        "1979-05-27T07:32:00Z",
        "''",
        "'\\u202e'",
        '"\\u0000"',
        "'none'",
        "'mnist'",
        "'relu'",
    ),
    *(
        "[" * 500 + "]" * 500,
        "{a=" * 200 + "1" + "}" * 200,
        "9" * 4_301,
        "9" * 4_300,
        "0x" + "f" * 4_000,
        "1" * 20,
    ),
]


def mutated(chance: random.Random) -> bytes:
    """A preset's file with one to three values exchanged, or pieces put in or taken out, or bytes changed."""
    text = to_toml(load(chance.choice(presets.NAMES)))
    kind = chance.choice(["values", "values", "pieces", "bytes"])
    for _ in range(chance.randint(1, 3)):
        if kind == "values":
            found = chance.choice(list(re.finditer(r"= (.*)$", text, re.MULTILINE)))
            others = [each[1] for each in re.finditer(r"= (.*)$", text, re.MULTILINE)]
            text = (
                text[: found.start(1)] + chance.choice(chance.choice([VALUES, others])) + text[found.end(1) :]
            )
        elif kind == "pieces":
            place, length = chance.randrange(len(text) + 1), chance.randrange(1, 30)
            piece = chance.choice([*PIECES, *VALUES, text[place : place + length], ""])
            text = text[:place] + piece + text[place + chance.choice([0, length]) :]
    encoding = chance.choice(["utf-8"] * 8 + ["utf-16", "utf-8-sig"])
    content = bytearray(text.encode(encoding))
    for _ in range(chance.randint(1, 4) if kind == "bytes" else 0):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def test_two_thousand_spoilt_files_are_read_or_refused_in_words(tmp_path: Path) -> None:
    chance, answers = random.Random(10), Counter[str]()
    for _ in range(2_000):
        name = put(tmp_path / "own.toml", mutated(chance))
        try:
            said = to_toml(load_named_or_file(name))
            answers["read"] += 1
        except TurningPointError as error:
            said = str(error)
            answers[error.code] += 1
        assert 0 < len(said) < 20_000
    assert answers["read"] > 20, answers
    assert len(answers) > 15, answers
