"""What the command line says of time, and of a network that learned nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core import presets
from core.__main__ import main
from core.command_line.output import local
from core.settings import Settings
from core.storage import open_store

DEEP = ",".join(["dense:16:sigmoid"] * 6 + ["dense:10:softmax"])


@pytest.fixture
def seoul(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer in Korea."""
    monkeypatch.setenv("TZ", "Asia/Seoul")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_time_is_local_and_names_its_zone(seoul: None) -> None:
    assert local(datetime(2026, 11, 21, 20, 5, tzinfo=UTC)) == "2026-11-22 05:05+09:00"


def test_the_list_of_runs_has_local_times(
    seoul: None, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(settings)
    run = store.get(store.add(presets.load(presets.FIRST), owner="cli"))
    store.close()
    assert main(["runs"]) == 0
    line = capsys.readouterr().out
    assert local(run.created) in line
    assert "+09:00" in line
    assert "0 epochs" in line


def test_a_network_that_answers_one_class_always_has_learned_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["train", presets.FIRST, "--epochs", "8", "--set", f"layers={DEEP}", "--json"]
    assert main([*words, "--set", "optimizer=sgd:3:0.9", "--set", "loss=mse"]) == 0
    said = capsys.readouterr()
    assert "learned nothing" in said.err
    assert "Try a smaller learning rate." in said.err
    assert "relu" in said.err
    told = json.loads(said.out.strip().splitlines()[-1])["turning_point"]
    assert (told["epoch"], told["confirmed"], told["learned"]) == (None, False, False)


def test_one_epoch_is_one_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", presets.FIRST, "--epochs", "1"]) == 0
    assert "The only epoch was trained." in capsys.readouterr().err
    assert main(["runs"]) == 0
    assert "1 epoch " in capsys.readouterr().out
