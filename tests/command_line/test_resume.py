"""A training of the command line that is killed goes on with one command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from core import presets
from core.__main__ import main
from core.run import Reason, RunState
from core.settings import Settings
from core.storage import Artifacts, open_store
from core.training import artifact_names

ROOT = Path(__file__).parent.parent.parent
WORDS = [presets.FIRST, "--epochs", "60", "--set", "layers=dense:16:relu,dropout:0.3,dense:10:softmax"]
WORDS += ["--set", "reduce_lr=on:val_accuracy:0.5:4"]
#: The command line, whose training stands still in the middle of its epochs, however late it is killed.
STANDING = """
import threading
from core.__main__ import main
from core.training import execute as executing

class Standing(executing.PredictionRecorder):
    def on_epoch_end(self, epoch, predicted):
        super().on_epoch_end(epoch, predicted)
        if epoch.number == 30:
            threading.Event().wait()

executing.PredictionRecorder = Standing
main()
"""


def printed(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], str]:
    """What a training that finishes prints: the line of JSON, and the words."""
    assert main([*words, "--json"]) == 0
    out, err = capsys.readouterr()
    result: dict[str, Any] = json.loads(out.splitlines()[-1])
    return result, err


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kills a process")
def test_a_killed_training_goes_on_as_if_nothing_had_happened(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    store, artifacts = open_store(settings), Artifacts(settings.artifacts)
    environment = {**os.environ, "TURNING_POINT_HOME": str(settings.home)}
    training = subprocess.Popen(
        [sys.executable, "-c", STANDING, "train", *WORDS],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    runs: list[str] = []
    while not (runs and artifacts.exists(runs[0], artifact_names.CHECKPOINT)):
        assert training.poll() is None, "it ended before it could be killed"
        time.sleep(0.05)
        runs = [run.id for run in store.summaries()]
    training.send_signal(signal.SIGKILL)
    training.wait()
    killed = store.get(runs[0])
    assert killed.state is RunState.RUNNING
    assert len(killed.epochs) <= 30

    resumed, said = printed(["train", "--resume", killed.id], capsys)

    assert f"going on with run {killed.id} after epoch" in said
    whole, _ = printed(["train", *WORDS], capsys)
    for what in ("experiment", "state", "reason", "history", "turning_point", "test"):
        assert resumed[what] == whole[what], what
    dead = store.get(killed.id)
    assert (dead.state, dead.reason.code) == (RunState.INTERRUPTED, "worker_died")
    assert store.get(resumed["run"]).continues == killed.id
    assert artifacts.names(resumed["run"]) == artifacts.names(whole["run"])
    store.close()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["train"], "Name what to train"),
        (["train", "--resume", "nosuchrun2"], "no run 'nosuchrun2'"),
        (["train", "--resume", "RUN"], "was not broken off"),
        (["train", "--resume", "RUN", "--epochs", "5"], "keeps its experiment, but epochs was given too"),
        (["train", presets.FIRST, "--resume", "RUN"], "but name was given too"),
    ],
)
def test_what_cannot_be_gone_on_with_is_said(
    words: list[str], says: str, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(settings)
    run = store.add(presets.load(presets.FIRST), owner="cli")
    store.request_stop(run)
    assert main([run if word == "RUN" else word for word in words]) == 2
    assert says in capsys.readouterr().err
    assert store.count() == 1
    store.close()


def test_a_damaged_checkpoint_is_said_in_words(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(settings)
    run = store.add(presets.load(presets.FIRST), owner="cli", worker="test")
    Artifacts(settings.artifacts).save_bytes(run, artifact_names.CHECKPOINT, b"PK and no more")
    store.finish(run, RunState.INTERRUPTED, Reason("server_ended", {"state": "running"}))
    assert main(["train", "--resume", run]) == 2
    said = capsys.readouterr().err
    assert f"The file checkpoint.npz of run {run} is damaged" in said
    assert "zip" not in said.lower()
    assert store.count() == 1
    store.close()
