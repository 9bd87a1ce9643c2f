"""The commands that the README shows: the command line reads each of them, and the quick ones run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from core.__main__ import _parser, main
from core.command_line.experiments import chosen
from core.command_line.studying import _plan

README = Path(__file__).parents[2] / "README.md"
COMMANDS = [
    shlex.split(command, comments=True)
    for command in re.findall(r"(?:^|`)python -m core ([^`\n]+)", README.read_text("utf-8"), re.MULTILINE)
]
QUICK = [words for words in COMMANDS if words in (["presets"], ["runs"], ["data"])]


def test_there_are_some() -> None:
    assert {words[0] for words in COMMANDS} == {
        "compare",
        "data",
        "export",
        "presets",
        "runs",
        "study",
        "train",
    }
    assert len(QUICK) == 3


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_of_the_readme_can_be_read(words: list[str]) -> None:
    options = _parser().parse_args(words)
    if words[0] == "study":
        assert _plan(options).members
    elif words[0] == "train" and options.resume is None:
        assert options.names
        assert all(chosen(options, name=name).epochs > 0 for name in options.names)


@pytest.mark.parametrize("words", QUICK, ids=" ".join)
def test_a_quick_command_of_the_readme_runs(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TURNING_POINT_HOME", str(tmp_path))
    assert main(words) == 0
