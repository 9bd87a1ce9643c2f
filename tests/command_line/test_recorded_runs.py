"""Recorded runs on the command line, on a computer without a data folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.__main__ import main
from core.recorded import NAMES

FIRST, SECOND = "recorded-imdb-multi-hot", "recorded-imdb-four-epochs"


def test_they_are_listed_apart_from_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["runs", "--recorded"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [f"recorded-{name}" for name in NAMES]


def test_two_are_compared_sample_by_sample(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", FIRST, SECOND, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [side["run"] for side in found["runs"]] == [FIRST, SECOND]
    right = [side["test_accuracy"]["share"] * 25_000 for side in found["runs"]]
    verdict = found["mcnemar"]
    assert verdict["only_first"] - verdict["only_second"] == pytest.approx(right[0] - right[1])


@pytest.mark.parametrize("form", ["script", "notebook", "html", "csv"])
def test_one_is_written_to_a_file(form: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    assert main(["export", FIRST, "--as", form, "-o", str(file)]) == 0
    text = file.read_text("utf-8")
    assert len(text) > 500
    assert ("recorded on 2026-11-28 with Keras" in text) == (form in ("notebook", "html"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export", FIRST, "--as", "model"], "not its network"),
        (["export", "recorded-unknown", "--as", "csv"], "There is no run"),
        (["export", "recorded-../../x", "--as", "csv"], "There is no run"),
    ],
)
def test_what_cannot_be_had_is_said(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    assert main([*words, "-o", str(file)]) == 2
    assert said in capsys.readouterr().err
    assert not file.exists()
