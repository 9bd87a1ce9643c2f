"""How the process of a command ends: with its status, all its output, and nothing left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.experiment import Experiment
from core.models.execution import uses_xla

ROOT = Path(__file__).parent.parent.parent
NAME = "digits-first-network"
#: So many steps that XLA translates them, for which a process has a folder of its own.
SMALL = ("--set", "layers=dense:10:softmax", "--set", "batch_size=4", "--epochs", "1")
DIVERGES = ("--set", "layers=dense:64:relu:l2=1,dense:10:softmax", "--set", "optimizer=sgd:10")


def core(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    temporary = folder / "temporary"
    temporary.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "core", *words],
        cwd=ROOT,
        env={**os.environ, "TURNING_POINT_HOME": str(folder / "home"), "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_training_leaves_nothing_but_its_run(tmp_path: Path) -> None:
    done = core(tmp_path, "train", NAME, *SMALL, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert uses_xla(Experiment.from_dict(result["experiment"]))
    assert done.stderr.splitlines()[-1] == f"run {result['run']}"
    assert not list((tmp_path / "temporary").iterdir())
    assert not list((tmp_path / "home").glob("*.sqlite3-*"))


@pytest.mark.parametrize(
    ("words", "status", "ends"),
    [
        (["presets"], 0, ""),
        (["train", "nosuch"], 2, "imdb-lstm.\n"),
        (["nosuch"], 2, ")\n"),
        (["train", NAME, "--epochs", "none"], 2, "must be a whole number.\n"),
    ],
    ids=["done", "refused", "no-command", "no-number"],
)
def test_a_command_ends_with_its_status(words: list[str], status: int, ends: str, tmp_path: Path) -> None:
    done = core(tmp_path, *words)
    assert done.returncode == status
    assert done.stderr.endswith(ends)
    assert "Traceback" not in done.stderr


def test_a_training_that_fails_ends_with_1(tmp_path: Path) -> None:
    done = core(tmp_path, "train", NAME, *DIVERGES, "--set", "scaling=none", "--set", "batch_size=4")
    assert done.returncode == 1
    assert "failed: The loss was no longer a number" in done.stderr
    assert not list((tmp_path / "temporary").iterdir())
