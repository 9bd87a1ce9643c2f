"""A training whose disk is full: refused before it begins, waiting while that lasts, ended with the true reason."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.__main__ import main
from core.command_line import training as command
from core.errors import DatabaseAwayError, DiskFullError, JobError
from core.experiment import Experiment
from core.free_space import MARGIN, free_bytes, full, trouble
from core.jobs import queue
from core.run import Epoch, Run, RunState
from core.settings import Settings
from core.storage import Artifacts, Store, open_store
from core.study import Factor, Plan
from core.training import execute as executing
from core.training.disk_space import RetryUntilSpace, disk_bytes_needed
from core.training.execute import execute
from core.training.graphs import KeptGraphs
from tests.full_disks import FullDisk, mounted
from tests.training.experiments import experiment_on_texts, experiment_with
from tests.training.histories import numbers


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[FullDisk]:
    with mounted(tmp_path / "disk", 24) as disk:
        yield disk


@pytest.fixture
def settings(disk: FullDisk, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TURNING_POINT_HOME", str(disk.folder / "home"))
    settings = Settings.from_environment()
    settings.make_home()
    return settings


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    store = open_store(settings)
    yield store
    store.close()


Trained = Callable[..., Run]
Tell = Callable[[int], object]


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch) -> Callable[[Tell], None]:
    """Has trainings tell about each epoch before it is recorded."""

    def begin(tell: Tell) -> None:
        class Telling(executing.PredictionRecorder):
            def on_epoch_end(self, epoch: Epoch, predicted: Any) -> None:
                tell(epoch.number)
                super().on_epoch_end(epoch, predicted)

        monkeypatch.setattr(executing, "PredictionRecorder", Telling)

    return begin


@pytest.fixture
def trained(settings: Settings, store: Store, kept: KeptGraphs, telling: Callable[[Tell], None]) -> Trained:
    """Trains an experiment, tells about each epoch before it is recorded, and returns the run as it is then."""

    def go(experiment: Experiment, tell: Tell = lambda _: None, **options: Any) -> Run:
        telling(tell)
        run = store.add(experiment, owner="test", worker="test")
        execute(run, settings, store=store, artifacts=store.artifacts, kept=kept, **options)
        return store.get(run)

    return go


def test_a_training_waits_for_room_and_goes_on(
    trained: Trained, disk: FullDisk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = trained(experiment_with(epochs=5))
    waited: list[DiskFullError] = []

    class Waiting(RetryUntilSpace):
        def __call__(self, error: DiskFullError) -> None:
            self.pause = 0.05
            waited.append(error)
            if len(waited) == 3:
                disk.clear()
            super().__call__(error)

    monkeypatch.setattr(executing, "RetryUntilSpace", Waiting)
    run = trained(experiment_with(epochs=5), lambda epoch: disk.fill() if epoch == 2 else None)

    assert (run.state, run.reason.code) == (RunState.FINISHED, "all_epochs")
    assert len(waited) == 3
    assert numbers(run) == numbers(undisturbed)
    assert run.evaluation == undisturbed.evaluation
    assert store.artifacts.names(run.id) == store.artifacts.names(undisturbed.id)
    assert not list(disk.folder.rglob("~*"))


@pytest.mark.parametrize("leave", [0, pytest.param(100_000, marks=pytest.mark.slow)])
def test_a_training_that_waits_in_vain_ends_with_the_true_reason(
    leave: int, trained: Trained, disk: FullDisk
) -> None:
    # The database is on the same disk: what was reserved lets the end be written all the same.
    run = trained(
        experiment_with(epochs=50),
        lambda epoch: disk.fill(leave) if epoch == 3 else None,
        patience=2.0,
    )
    assert run.state is RunState.INTERRUPTED
    assert run.reason.code == "disk_full"
    assert str(disk.folder) in str(run.reason)
    assert run.reason.details["free"] == "0.0" or leave
    assert [epoch.number for epoch in run.epochs][:2] == [1, 2]
    assert len(run.epochs) < 50


@pytest.mark.slow
def test_a_training_that_is_to_stop_does_not_wait(trained: Trained, disk: FullDisk, store: Store) -> None:
    def tell(epoch: int) -> None:
        if epoch == 2:
            disk.fill(40_000)
            (run,) = store.under_way()
            store.request_stop(run)
            disk.fill()

    run = trained(experiment_with(epochs=50), tell)
    assert run.state.is_over
    assert run.reason.code in ("disk_full", "stopped_by_user")


def test_what_has_no_room_is_not_begun(
    trained: Trained, disk: FullDisk, store: Store, settings: Settings
) -> None:
    disk.fill(MARGIN + 300_000)
    assert full(store.folders) is None  # there is room, but not for this one
    large = experiment_with(layers=[{"kind": "dense", "units": 2000}, *experiment_with().to_dict()["layers"]])
    run = trained(large)
    assert (run.state, run.reason.code) == (RunState.FAILED, "disk_full")
    needed = (disk_bytes_needed(large, settings) + MARGIN) / 1e6
    assert run.reason.details["needed"] == f"{needed:.0f}"
    assert not run.epochs
    for ask in (
        lambda: queue.submit(store, large, owner="ann"),
        lambda: queue.train_to(store, run.id, 5, owner="ann"),
        lambda: queue.submit_study(
            store, Plan(large, (Factor("layers.0.units", (2000, 3000)),), (1,), 0), owner="ann"
        ),
    ):
        with pytest.raises(JobError) as caught:
            ask()
        assert caught.value.code == "disk_full_for_run"
    assert not store.queue()


def test_a_database_without_room_says_so(store: Store, disk: FullDisk) -> None:
    disk.fill()

    def add_many() -> None:
        for _ in range(500):  # there may be room left in its own files
            store.add(experiment_with(), owner="ann", title="x" * 200)

    with pytest.raises(DatabaseAwayError) as caught:
        add_many()
    assert caught.value.code == "disk_full"
    assert "0.0 MB are free" in str(caught.value)
    disk.clear()
    store.add(experiment_with(), owner="ann")


def test_trouble_is_found_without_writing(settings: Settings, disk: FullDisk) -> None:
    assert trouble((settings.home,)) is None
    disk.fill()
    found = trouble((settings.home,))
    assert found is not None
    assert found.code == "disk_full"
    disk.clear()
    gone = disk.folder / "nowhere" / "at all"
    found = trouble((gone,))
    assert found is not None
    assert (found.code, found.details) == ("home_deleted", {"folder": str(gone)})
    assert free_bytes(gone) == free_bytes(disk.folder)


@pytest.mark.parametrize(
    "experiment",
    [
        pytest.param(experiment_with(epochs=3), id="small", marks=pytest.mark.slow),
        pytest.param(
            experiment_with(epochs=60, optimizer={"kind": "sgd", "learning_rate": 0.1}), id="many epochs"
        ),
        pytest.param(
            experiment_with(layers=[{"kind": "dense", "units": 600}, *experiment_with().to_dict()["layers"]]),
            id="large",
            marks=pytest.mark.slow,
        ),
        pytest.param(experiment_on_texts(), id="texts"),
    ],
)
def test_what_a_training_takes_is_foretold(
    experiment: Experiment, trained: Trained, settings: Settings
) -> None:
    before = taken(settings.home)
    foretold = disk_bytes_needed(experiment, settings)
    run = trained(experiment)
    assert run.state is RunState.FINISHED
    written = taken(settings.home) - before
    assert written <= foretold
    assert foretold < 12 * written + 2_000_000


def taken(folder: Path) -> int:
    """The bytes that the files in a home take, without the database's log, for which there is a margin."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if "sqlite3-" not in path.name)


def test_the_command_line_says_so_and_goes_on(
    settings: Settings,
    disk: FullDisk,
    telling: Callable[[Tell], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = threading.Event()
    write = command.say

    def say(text: str) -> None:
        write(text)
        if text.startswith("The disk with"):
            said.set()
            disk.clear()

    monkeypatch.setattr(command, "say", say)
    telling(lambda epoch: disk.fill() if epoch == 2 else None)
    words = ["train", "digits-first-network", "--epochs", "3", "--set", "train_limit=300"]
    assert main(words) == 0
    assert said.is_set()
    assert "finished" in capsys.readouterr().err
    disk.fill()
    assert main(words) == 2
    assert "MB are free" in capsys.readouterr().err


def test_files_elsewhere_need_no_room_here() -> None:
    assert Artifacts("memory://files").folder is None
