"""Commands tell every terminal what it can show, and nothing that drives it, whatever a run or a file is called."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core import presets
from core.__main__ import main
from core.experiment.toml import to_toml
from core.run import RunState
from core.settings import Settings
from core.storage import open_store

ROOT = Path(__file__).parent.parent.parent
SMALL = ["--set", "layers=dense:4:relu,dense:10:softmax", "--epochs", "1"]
TITLE = "한글 제목 – “café” 🎓"
DRIVING = "\x1b]0;owned\x07\x1b[2J\u202e\x9b"
ENCODINGS = ("ascii", "cp949", "cp1252", "latin-1", "utf-8")
Told = tuple[int, str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one run that was trained under a Korean title, and one that waits."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TURNING_POINT_HOME", str(home))
        patch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
        assert main(["train", presets.FIRST, *SMALL, "--title", TITLE + DRIVING]) == 0
    return home


@pytest.fixture
def told(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Told]:
    """Runs a command on a terminal of an encoding; its status and all that it wrote."""

    def run(encoding: str, *words: str) -> Told:
        wrote = io.BytesIO()
        with monkeypatch.context() as patch:
            patch.setenv("TURNING_POINT_HOME", str(home))
            for name in ("stdout", "stderr"):
                patch.setattr(sys, name, io.TextIOWrapper(wrote, encoding=encoding, write_through=True))
            try:
                status = main(list(words))
            except SystemExit as end:
                status = int(str(end.code))
            for name in ("stdout", "stderr"):
                getattr(sys, name).detach()
        return status, wrote.getvalue().decode(encoding)

    return run


def run_of(home: Path) -> str:
    store = open_store(Settings.from_environment({"TURNING_POINT_HOME": str(home)}))
    try:
        return store.summaries(states=[RunState.FINISHED])[0].id
    finally:
        store.close()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_command_speaks_to_every_terminal(
    encoding: str, told: Callable[..., Told], home: Path, tmp_path: Path
) -> None:
    run = run_of(home)
    listed = told(encoding, "runs")
    assert listed[0] == 0
    assert TITLE.encode(encoding, "backslashreplace").decode(encoding) in listed[1]
    for words in (
        ["presets"],
        ["data"],
        ["compare", run, run],
        ["compare", run, run, "--json"],
        ["study", presets.FIRST, *SMALL, "--title", TITLE],
        ["export", run, "--as", "csv", "-o", str(tmp_path / "한글 – 🎓.csv")],
        ["export", run, "--as", "html", "-o", str(tmp_path / "한글 – 🎓.html")],
    ):
        status, text = told(encoding, *words)
        assert (status, "Error" in text) == (0, False), text
    assert TITLE in (tmp_path / "한글 – 🎓.html").read_text("utf-8")


def test_training_speaks_to_a_terminal_that_knows_ascii_only(
    told: Callable[..., Told], tmp_path: Path
) -> None:
    file = tmp_path / "실험 – 🎓.toml"
    file.write_text(to_toml(presets.load(presets.FIRST).with_changes(epochs=1)), encoding="utf-8")
    status, text = told("ascii", "train", str(file), "--title", TITLE, "--json")
    assert status == 0, text
    assert "test accuracy" in text


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "words",
    [
        ["train", f"{DRIVING}한글"],
        ["train", f"{DRIVING}한글.toml"],
        ["train", presets.FIRST, "--set", f"{DRIVING}한글=1"],
        ["train", presets.FIRST, "--set", f"epochs={DRIVING}한글"],
        ["train", presets.FIRST, "--set", f"optimizer={DRIVING}한글"],
        ["train", presets.FIRST, "--set", DRIVING],
        ["study", presets.FIRST, "--vary", f"{DRIVING}한글=1,2"],
        ["study", presets.FIRST, "--seeds", f"{DRIVING}한글"],
        ["study", presets.FIRST, "--folds", f"{DRIVING}한글"],
        ["data", "fetch", f"{DRIVING}한글"],
        ["compare", DRIVING, f"{DRIVING}한글"],
        ["export", DRIVING, "--as", "csv", "-o", "x"],
        ["export", DRIVING, "--as", DRIVING, "-o", "x"],
        ["runs", f"--{DRIVING}한글"],
        [f"{DRIVING}한글"],
    ],
    ids=lambda words: " ".join(words[:3]).encode("ascii", "replace").decode(),
)
def test_what_is_repeated_drives_no_terminal(
    encoding: str, words: list[str], told: Callable[..., Told]
) -> None:
    status, text = told(encoding, *words)
    assert status == 2
    assert not set(text) & set(DRIVING) - set("]0;owned[2J"), text
    assert "Traceback" not in text
    assert text.strip()


def test_titles_drive_no_terminal(told: Callable[..., Told], home: Path) -> None:
    _, text = told("utf-8", "runs")
    assert not set(text) & {"\x1b", "\x07", "\u202e", "\x9b"}


@pytest.mark.parametrize("encoding", ["ascii", "cp949", "cp1252"])
def test_a_process_of_its_own_obeys_the_encoding_of_the_environment(encoding: str, home: Path) -> None:
    environment = {**os.environ, "TURNING_POINT_HOME": str(home), "PYTHONIOENCODING": encoding}
    words = [sys.executable, "-m", "core", "runs"]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, check=True)
    assert TITLE.encode(encoding, "backslashreplace") in done.stdout
    assert done.stderr == b""
