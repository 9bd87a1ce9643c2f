"""How many processors a container really gives: by files as the kernel writes them, and what TensorFlow does then."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from core import presets, settings
from core import processors as counting
from core.memory import memory
from core.models.execution import threads
from core.settings import Settings

ROOT = Path(__file__).parent.parent


def groups(folder: Path, own: str, files: Mapping[str, str]) -> tuple[Path, Path]:
    """A place where control groups are mounted, and the file that says in which groups a process is."""
    for name, text in files.items():
        path = folder / "cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "own").write_text(own)
    return folder / "cgroup", folder / "own"


V1 = "12:cpuset:/docker/a\n4:cpu,cpuacct:/docker/a\n1:name=systemd:/docker/a\n"


@pytest.mark.parametrize(
    ("own", "files", "granted"),
    [
        ("0::/\n", {"cpu.max": "200000 100000\n"}, 2.0),
        ("0::/\n", {"cpu.max": "max 100000\n"}, None),
        ("0::/\n", {}, None),
        ("0::/a/b\n", {"a/b/cpu.max": "max 100000\n", "a/cpu.max": "150000 100000\n"}, 1.5),
        ("0::/a/b\n", {"a/b/cpu.max": "50000 100000\n", "a/cpu.max": "400000 100000\n"}, 0.5),
        ("0::/a\n", {"a/cpu.max": "300000 100000\n", "other/cpu.max": "100000 100000\n"}, 3.0),
        ("0::/host/path/that/is/not/seen/here\n", {"cpu.max": "100000 50000\n"}, 2.0),
        ("0::/../../a\n", {"cpu.max": "100000 100000\n", "a/cpu.max": "max 100000\n"}, 1.0),
        (V1, {"cpu/cpu.cfs_quota_us": "250000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 2.5),
        (V1, {"cpu/docker/a/cpu.cfs_quota_us": "-1\n", "cpu/docker/a/cpu.cfs_period_us": "100000\n"}, None),
        (V1, {"cpu/cpu.cfs_quota_us": "250000\n"}, None),
        ("5:cpuset:/\n", {"cpu/cpu.cfs_quota_us": "1\n", "cpu/cpu.cfs_period_us": "1\n"}, None),
        ("0::/\n", {"cpu.max": "100000 0\n"}, None),
        ("0::/\n", {"cpu.max": "a word\n"}, None),
        ("0::/\n", {"cpu.max": ""}, None),
        ("", {"cpu.max": "100000 100000\n"}, None),
        ("nothing of the kind\n", {"cpu.max": "100000 100000\n"}, None),
    ],
)
def test_the_narrowest_quota_counts(
    own: str, files: Mapping[str, str], granted: float | None, tmp_path: Path
) -> None:
    assert counting.quota(*groups(tmp_path, own, files)) == granted


def test_where_there_are_no_groups_there_is_no_quota(tmp_path: Path) -> None:
    assert counting.quota(tmp_path / "none", tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    ("threads", "granted", "found"),
    [(64, None, 64), (64, 2.0, 2), (64, 1.9, 1), (64, 0.1, 1), (2, 8.0, 2), (1, None, 1)],
)
def test_what_may_be_kept_busy(
    threads: int, granted: float | None, found: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "schedulable", lambda: threads)
    monkeypatch.setattr(counting, "quota", lambda: granted)
    assert counting.processors() == found


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="binds a process to one processor")
def test_a_process_that_is_bound_to_one_processor_has_one() -> None:
    one = min(os.sched_getaffinity(0))
    code = f"import os; from core.processors import schedulable; os.sched_setaffinity(0, {{{one}}}); "
    code += "print(schedulable())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


@pytest.mark.parametrize(("granted", "workers", "alone"), [(None, 8, None), (6.0, 6, "6"), (1.5, 1, "1")])
def test_workers_and_threads_fit_the_container(
    granted: float | None, workers: int, alone: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "schedulable", lambda: 16)
    monkeypatch.setattr(counting, "quota", lambda: granted)
    monkeypatch.setattr(settings, "memory", lambda: 64 * 10**9)
    assert Settings.from_environment({}).workers == workers
    environment = {"OMP_NUM_THREADS": "7"}
    counting.fit_threads(environment)
    assert environment.get("TF_NUM_INTRAOP_THREADS") == environment.get("TF_NUM_INTEROP_THREADS") == alone
    assert environment["OMP_NUM_THREADS"] == "7"


@pytest.mark.parametrize(
    ("size", "workers"), [(None, 8), (10**9, 1), (4 * 10**9, 2), (2 * 1024**3, 1), (10**12, 8)]
)
def test_there_are_as_many_workers_as_memory_for_them(
    size: int | None, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "processors", lambda: 32)
    monkeypatch.setattr(settings, "memory", lambda: size)
    assert Settings.from_environment({}).workers == workers


@pytest.mark.parametrize(
    ("preset", "inside", "beside"),
    [
        ("digits-first-network", 1, 1),
        ("imdb-multi-hot", 1, 1),
        ("imdb-embedding", 1, 1),
        ("imdb-lstm", 1, 4),
        ("mnist-three-layers", 4, 4),
        ("mnist-convnet", 1, 4),
    ],
)
def test_only_who_gains_by_more_threads_gets_them(preset: str, inside: int, beside: int) -> None:
    experiment = presets.load(preset)
    given = [threads(experiment, processors) for processors in (1, 2, 64)]
    assert given == [(1, 1), (min(2, inside), min(2, beside)), (inside, beside)]


def test_the_limit_of_a_container_counts_as_its_memory(tmp_path: Path) -> None:
    unlimited, limit, none = tmp_path / "max", tmp_path / "limit", tmp_path / "none"
    unlimited.write_text("max\n")
    limit.write_text("1000000\n")
    assert memory((unlimited, none)) == memory(())
    assert memory((none, limit)) == 1_000_000


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="counts the threads of a process")
def test_tensorflow_makes_no_more_threads_than_there_is_time_for() -> None:
    code = """
from pathlib import Path
from core import processors
processors.quota = lambda: 3.0
processors.schedulable = lambda: 64
import core.models.build, tensorflow as tf
tf.function(tf.linalg.matmul, jit_compile=True)(tf.ones((2, 2)), tf.ones((2, 2)))
from core.training.environment import environment
found = environment()
names = [task.joinpath("comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]
print(found["processors"], found["threads"], names.count("tf_Compute"), names.count("tf_XLAEigen"))
"""
    environment = {name: text for name, text in os.environ.items() if name not in counting.ONE_THREAD}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "3 3 3 3\n"
