"""The command line while the database is away, and when whoever had a run has gone."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from typing import Any

import pytest

from core import presets
from core.__main__ import main
from core.command_line import studying, training
from core.errors import StorageError
from core.experiment import Experiment
from core.run import Epoch, Reason, RunState
from core.settings import Settings
from core.storage import Store, heartbeat, open_store
from core.study import Plan
from core.training import execute as executing
from tests.storage.conftest import postgresql  # noqa: F401
from tests.storage.outages import Away, impatient, new_away  # noqa: F401

KINDS = ("sqlite locked", "postgresql cut off")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("kind", KINDS)
def test_train_goes_on_while_the_database_is_away(
    kind: str,
    new_away: Callable[[str], Away],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    away = new_away(kind)
    monkeypatch.setenv("TURNING_POINT_DATABASE", away.url)

    class Telling(executing.PredictionRecorder):
        def on_epoch_end(self, epoch: Epoch, predicted: Any) -> None:
            {2: away.begin, 6: away.end}.get(epoch.number, lambda: None)()
            super().on_epoch_end(epoch, predicted)

    monkeypatch.setattr(executing, "PredictionRecorder", Telling)
    small = ["--set", "layers=dense:16:relu,dense:10:softmax", "--epochs", "8"]

    assert main(["train", presets.FIRST, *small]) == 0

    said = capsys.readouterr().err.splitlines()
    assert [line.split()[1] for line in said if line.startswith("epoch")] == [f"{n}/8" for n in range(1, 9)]
    assert any(line.startswith("finished") for line in said)


@pytest.fixture
def experiment() -> Experiment:
    return presets.load(presets.FIRST)


@pytest.fixture
def store(settings: Settings) -> Any:
    store = open_store(settings)
    yield store
    store.close()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("kind", KINDS)
def test_a_wish_to_stop_is_not_lost_while_the_database_is_away(
    kind: str,
    new_away: Callable[[str], Away],  # noqa: F811
    settings: Settings,
    experiment: Experiment,
    capsys: pytest.CaptureFixture[str],
) -> None:
    away = new_away(kind)
    store = Store(away.url, open_store(settings).artifacts)
    run = store.add(experiment, owner="cli", worker="test")
    watcher = training._Watcher(store, run, 5)
    away.begin()
    watcher.ask_to_stop()
    watcher.start()
    said = threading.Event()
    while not said.wait(0.05):
        if "does not answer" in capsys.readouterr().err:
            said.set()
    away.end()
    while store.get(run).state is not RunState.STOPPING:
        pass
    watcher.end()
    store.close()


def test_a_study_does_not_wait_for_an_engine_that_has_gone(
    store: Store,
    settings: Settings,
    experiment: Experiment,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(heartbeat, "SILENCE", 0.4)
    monkeypatch.setattr(studying, "_LOOK", 0.1)
    study = store.get_study(store.add_study(Plan(experiment, (), (1,)), owner="cli"))
    (run,) = study.runs
    assert store.start(run, "elsewhere:/home:tcp://10.0.0.9:4000")  # an engine has it, and dies

    studying._wait(store, run, studying._Stop(store, study.runs))

    assert "no sign of life" in capsys.readouterr().err
    found = store.get(run)
    assert (found.state, found.reason.code) == (RunState.INTERRUPTED, "no_sign_of_life")
    assert str(found.reason)


def test_a_study_waits_for_an_engine_that_lives(
    store: Store, experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "SILENCE", 0.4)
    monkeypatch.setattr(studying, "_LOOK", 0.1)
    study = store.get_study(store.add_study(Plan(experiment, (), (1,)), owner="cli"))
    (run,) = study.runs
    assert store.start(run, "elsewhere:/home:tcp://10.0.0.9:4000")
    looks = 0
    get = store.get

    def living(one: str) -> Any:
        nonlocal looks
        looks += 1
        if looks == 20:  # five times as long as it may be silent
            store.finish(one, RunState.STOPPED, Reason("stopped_by_user", {"epoch": 0}))
        store.beat(one)
        return get(one)

    monkeypatch.setattr(store, "get", living)
    studying._wait(store, run, studying._Stop(store, study.runs))
    assert get(run).state is RunState.STOPPED


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("kind", KINDS)
def test_a_study_is_stopped_once_the_database_is_back(
    kind: str,
    new_away: Callable[[str], Away],  # noqa: F811
    settings: Settings,
    experiment: Experiment,
) -> None:
    away = new_away(kind)
    store = Store(away.url, open_store(settings).artifacts)
    runs = store.get_study(store.add_study(Plan(experiment, (), (1, 2)), owner="cli")).runs
    stop = studying._Stop(store, runs)
    away.begin()
    stop.wish()
    stop.ask()
    away.end()
    stop.ask()
    while not stop._asked:
        stop.ask()
    assert {run.state for run in store.get_many(runs)} == {RunState.STOPPED}
    store.close()


def test_a_home_that_is_deleted_under_a_training_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Deleting(executing.PredictionRecorder):
        def on_epoch_end(self, epoch: Epoch, predicted: Any) -> None:
            if epoch.number == 2:
                shutil.rmtree(settings.home)
            super().on_epoch_end(epoch, predicted)

    monkeypatch.setattr(executing, "PredictionRecorder", Deleting)
    small = ["--set", "layers=dense:16:relu,dense:10:softmax", "--epochs", "500"]

    assert main(["train", presets.FIRST, *small]) == 2

    said = capsys.readouterr().err.splitlines()
    assert said[-1] == str(StorageError("home_deleted", folder=str(settings.home)))
    assert not any("sqlite" in line.casefold() or "no such table" in line for line in said)
