"""The bounds that are stated beside the recorded runs: the runs lie within, and so does whoever trains them anew."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

import pytest

from core import presets, recorded
from core.analysis.turning_point import turning_point_of
from core.jobs import queue
from core.run import Run, RunState
from core.settings import Settings
from core.storage import open_store

BANDS: dict[str, dict[str, list[float]]] = tomllib.loads(
    (resources.files(recorded) / "bands.toml").read_text("utf-8")
)

#: They train longest, and on data that others are trained on too.
LONG = ("fashion-deep", "fashion-shallow", "mnist-three-layers")


def reached(run: Run) -> dict[str, float | None]:
    turn = turning_point_of(run)
    assert run.evaluation is not None
    return {
        "test_accuracy": run.evaluation.accuracy,
        "lowest_val_loss": turn.loss.value if turn.loss.epoch else None,
        "last_val_loss": run.epochs[-1].val_loss,
        "turning_point": turn.epoch,
    }


def outside(run: Run, preset: str) -> dict[str, float | None]:
    """What of a run is not within its bounds."""
    found = reached(run)
    return {
        name: found[name]
        for name, (low, high) in BANDS[preset].items()
        if not low <= (found[name] or float("nan")) <= high
    }


def test_there_are_bounds_for_each_run_and_for_all_that_it_has() -> None:
    assert list(BANDS) == list(recorded.NAMES)
    for name, bands in BANDS.items():
        validated = presets.load(name).validation_size > 0
        assert ({"lowest_val_loss", "last_val_loss"} <= bands.keys()) == validated
        assert "test_accuracy" in bands


@pytest.mark.parametrize("name", recorded.NAMES)
def test_the_recorded_run_lies_within(name: str) -> None:
    assert outside(recorded.get(f"recorded-{name}"), name) == {}


def test_one_outside_would_be_found() -> None:
    assert outside(recorded.get("recorded-reuters-multi-hot"), "imdb-multi-hot").keys() >= {"test_accuracy"}


@pytest.fixture
def real_settings(real_datasets: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TURNING_POINT_DATASETS", str(real_datasets))
    return Settings.from_environment()


@pytest.mark.slow
@pytest.mark.real_data
@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=pytest.mark.thorough if one in LONG else ()) for one in recorded.NAMES]
)
def test_a_run_trained_anew_lies_within(name: str, real_settings: Settings) -> None:
    from core.training.execute import execute

    store = open_store(real_settings)
    run = queue.submit(store, presets.load(name), owner="me", preset=name)
    assert store.claim("test") == run
    execute(run, real_settings, store=store, artifacts=store.artifacts)
    found = store.get(run)
    store.close()
    assert found.state is RunState.FINISHED
    assert outside(found, name) == {}
