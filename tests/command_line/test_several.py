"""Several trainings in one call: each is begun whatever became of those before, and the status says of all of them."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from core import presets
from core.__main__ import main
from core.command_line import own_process, training
from core.errors import StorageError
from core.experiment.toml import to_toml
from core.run import Reason, RunState
from core.settings import Settings
from core.storage import Store, open_store
from tests.command_line.dying import die

SMALL = ["--set", "layers=dense:16:relu,dense:10:softmax", "--epochs", "3"]
NAMES = ("digits-first-network", "digits-wrong-labels", "digits-first-network")

TIMES = ("run", "seconds", "peak_mb")
"""What differs between two runs of one experiment."""


@pytest.fixture
def store(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store of the home that commands of this test use."""
    monkeypatch.setenv("TURNING_POINT_HOME", str(settings.home))
    return open_store(settings)


def ended_by(does: Callable[[int, str, Store], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have runs end as `does` says, by their number and id, instead of by a training."""
    begun: list[str] = []

    def train_apart(_train: object, run: str, _settings: Settings, store: Store) -> None:
        begun.append(run)
        does(len(begun), run, store)

    monkeypatch.setattr(own_process, "prepare", lambda: None)
    monkeypatch.setattr(own_process, "train_apart", train_apart)


def test_one_that_fails_does_not_stop_the_others(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def end(number: int, run: str, store: Store) -> None:
        if number == 2:
            store.finish(run, RunState.FAILED, Reason("out_of_memory"))
            raise StorageError("artifacts_unavailable", folder="/there", reason="gone")
        store.finish(run, RunState.FINISHED, Reason("all_epochs", {"epochs": 3}))

    ended_by(end, monkeypatch)
    assert main(["train", *NAMES, *SMALL, "--json"]) == 1
    out, err = capsys.readouterr()
    runs = list(reversed(store.summaries()))
    assert [run.preset for run in runs] == list(NAMES)
    assert [run.state for run in runs] == [RunState.FINISHED, RunState.FAILED, RunState.FINISHED]
    assert [json.loads(line)["run"] for line in out.splitlines()] == [runs[0].id, runs[2].id]
    assert all(run.experiment.epochs == 3 and len(run.experiment.layers) == 2 for run in runs)
    said = [line for line in err.splitlines() if "/3  " in line]
    assert said == [
        f"{number}/3  training {name}: 3 epochs on digits" for number, name in enumerate(NAMES, start=1)
    ]
    assert "/there" in err


def test_ctrl_c_stops_the_one_under_way_and_begins_no_other(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def end(number: int, run: str, store: Store) -> None:
        assert number == 1
        signal.raise_signal(signal.SIGINT)
        store.finish(run, RunState.STOPPED, Reason("stopped_by_user", {"epoch": 0}))

    ended_by(end, monkeypatch)
    assert main(["train", *NAMES, *SMALL]) == 1
    assert "2 trainings not begun" in capsys.readouterr().err
    assert store.count() == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([presets.FIRST, "nosuch"], "Nothing is trained, because of nosuch:\nThere is no preset"),
        ([*NAMES, "--title", "Mine"], "A title is for one run, but 3 trainings are named."),
        (
            [presets.FIRST, "mini-reviews", "--set", "encoding.num_words=500"],
            f"Nothing is trained, because of {presets.FIRST}:\nencoding is flat",
        ),
        ([*NAMES, "--resume", "RUN"], "but name was given too"),
    ],
)
def test_what_cannot_be_is_said_before_any_is_trained(
    words: list[str], says: str, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", *words]) == 2
    assert says in capsys.readouterr().err
    assert store.count() == 0


@pytest.mark.slow
def test_each_learns_as_it_does_alone(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.toml"
    file.write_text(to_toml(presets.load("mini-reviews").with_changes(epochs=2)), encoding="utf-8")
    names = (presets.FIRST, str(file), presets.FIRST)
    assert main(["train", *names, "--epochs", "3", "--json"]) == 0
    together = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {**together[0], **dict.fromkeys(TIMES)} == {**together[2], **dict.fromkeys(TIMES)}
    for name, one in zip(names[:2], together, strict=False):
        assert main(["train", name, "--epochs", "3", "--json"]) == 0
        alone = json.loads(capsys.readouterr().out.splitlines()[-1])
        for what in ("experiment", "state", "reason", "history", "turning_point", "test"):
            assert one[what] == alone[what], what
    pids = [store.get(str(one["run"])).environment["pid"] for one in together]
    assert len(set(pids)) == 3


@pytest.mark.slow
def test_one_whose_process_dies_costs_itself_only(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "_train_apart", die)
    assert main(["train", *NAMES[:2], *SMALL]) == 1
    assert [run.state for run in store.summaries()] == [RunState.FAILED, RunState.FAILED]
    assert {store.get(run.id).reason.code for run in store.summaries()} == {"worker_died"}
