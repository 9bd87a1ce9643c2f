"""What all tests share: a home of their own, and the real data where it is."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

import core.models  # noqa: F401 - which says how TensorFlow shall be, before a test imports it
from core.processors import processors
from core.settings import Settings
from core.storage import database
from tests.priority import give_way

ROOT = Path(__file__).parent.parent
REAL_FILES = ("mnist.npz", "fashion_mnist.npz", "imdb.npz", "reuters.npz")

# No example is timed. Everybody tries the same ones, so that a command that passes here passes there;
# `--hypothesis-profile explore` draws new ones.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile("same")

# Quiet, and before anything imports TensorFlow.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

#: What a database is opened with outside the tests.
SYNCHRONOUS = database._SYNCHRONOUS

# What takes longest comes last, so that a mistake in the small things shows within seconds.
SLOWEST = ("models", "inference", "training", "command_line", "jobs", "browser")
# Of the slow tests these files take twelve seconds and more, the longest first; begun late, one would run on alone.
LONGEST = (
    "browser/test_accessibility",
    "jobs/test_outages",
    "browser/test_lessons",
    "models/test_code",
    "lessons/test_statements",
    "jobs/test_killed",
    "jobs/test_existing_cluster",
    "jobs/test_small",
    "own_data/test_hostile",
    "browser/test_classroom",
    "browser/test_several_machines",
    "browser/test_take_home",
    "browser/test_server",
    "jobs/test_engine_ends",
    "jobs/test_full_disk",
    "browser/test_drawing_alone",
    "browser/test_configuration",
    "recorded/test_recorded_bands",
    "browser/test_drawing",
    "training/test_equals_keras_fit",
    "training/test_outages",
    "browser/test_training",
    "own_data/test_colours",
    "browser/test_run_page",
    "browser/test_safety",
    "browser/test_lost_connection",
    "browser/test_presets",
    "training/test_translations",
    "training/test_resuming",
    "browser/test_votes",
    "training/test_texts",
    "browser/test_sharing",
    "browser/test_lookback",
    "lessons/test_real_data",
    "browser/test_run_mistakes",
    "command_line/test_claims",
    "browser/test_study",
    "jobs/test_engine",
    "command_line/test_command_line",
    "analysis/test_curve_shapes",
    "browser/test_class_drawings",
    "browser/test_data_page",
    "browser/test_compare_page",
    "command_line/test_resume",
    "browser/test_outages",
    "browser/test_predictions",
    "browser/test_reading_aids",
    "browser/test_text_run",
    "training/test_baseline",
    "browser/test_data_texts",
    "command_line/test_several",
    "jobs/test_engine_on_postgresql",
    "training/test_watched_samples",
    "own_data/test_real_reviews",
    "browser/test_own_data",
    "datasets/test_text_files",
    "training/test_train",
    "browser/test_lab_history",
    "dashboard/test_outages",
)


def pytest_configure(config: pytest.Config) -> None:
    """In the processes that run tests beside each other: give way, and begin to collect each at another place.

    Half of the time that it takes to collect all tests goes into assertions that are written anew, once a file: where
    one process has been, the others find the file compiled.
    """
    worker = getattr(config, "workerinput", None)
    if worker is None:
        return
    give_way()
    gc.disable()  # it would go through all that is imported again and again, a fifth of the time
    if config.args == config.getini("testpaths"):
        places = sorted(str(one) for one in Path(__file__).parent.iterdir() if one.name[0] not in "._")
        first = len(places) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
        config.args = [*places[first:], *places[:first]]


def pytest_collection_finish(session: pytest.Session) -> None:
    """All that was imported stays: the collector, back at work, need not go through it."""
    gc.freeze()
    gc.enable()


def pytest_xdist_auto_num_workers() -> int:
    """One process more than can compute at a time, since many tests wait for a browser or an engine.

    Each takes ten seconds to import and collect everything, and a page that waits longer for its training is drawn
    longer: on two processors a fourth costs more than it brings, also of slow tests.
    """
    return min(4, processors() + 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the tests into the order fast to slow, by folder; within a file they stay as they are.

    The slow ones follow, the longest files first and the rest by name, which mixes those that wait with those that
    compute. What runs on PostgreSQL says so in its name, and gets a mark of that name; what is thorough is slow.
    """

    def place(item: pytest.Item) -> tuple[bool, int, str, str]:
        folder, file = item.path.parent.name, item.path.stem
        if item.get_closest_marker("slow") is None:
            return False, SLOWEST.index(folder) + 1 if folder in SLOWEST else 0, "", str(item.path)
        name = f"{folder}/{file}"
        return True, LONGEST.index(name) if name in LONGEST else len(LONGEST), file, str(item.path)

    for item in items:
        if "postgresql" in item.nodeid:
            item.add_marker("postgresql")
        if item.get_closest_marker("thorough") is not None:
            item.add_marker("slow")
    items.sort(key=place)


@pytest.fixture(scope="session", autouse=True)
def _databases_need_not_survive_a_power_cut() -> Iterator[None]:
    """Waiting for the disk is most of the time that a small SQLite file takes; processes of their own still wait."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_SYNCHRONOUS", "OFF")
        yield


@pytest.fixture(autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the home of whoever runs it, or Keras' own data folder."""
    monkeypatch.setenv("TURNING_POINT_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path_factory.mktemp("keras")))
    for name in ("TURNING_POINT_DATASETS", "TURNING_POINT_DATABASE", "TURNING_POINT_ARTIFACTS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def settings() -> Settings:
    """Settings with an empty home of this test's own."""
    settings = Settings.from_environment()
    settings.make_home()
    return settings


_NAMED = os.environ.get("TURNING_POINT_DATASETS")


@pytest.fixture(scope="session")
def real_datasets() -> Path:
    """The folder with the real data sets; skips where it is not."""
    folder = Path(_NAMED) if _NAMED else ROOT.parent / "shared" / "datasets"
    missing = [name for name in REAL_FILES if not (folder / name).is_file()]
    if missing:
        pytest.skip(
            f"no {' and no '.join(missing)} in the folder of TURNING_POINT_DATASETS or ../shared/datasets"
        )
    return folder
