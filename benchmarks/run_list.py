"""How long the list of runs takes with thousands of runs in storage.

    python benchmarks/run_list.py [--runs 2000] [--database URL]

Fills an empty database and prints milliseconds: the median and the slowest of ten calls, each with the
experiments still to be read (as after a server's start) and with those already read.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from core import presets
from core.run import Epoch, Evaluation, Reason, RunState, Timing
from core.storage import Artifacts, Store, records

EPOCHS = 30
CALLS = 10


def fill(store: Store, runs: int) -> None:
    """Put in runs of thirty epochs, of forty owners, each with an experiment of its own."""
    chance = random.Random(777)
    epochs = [
        Epoch(n, 1 / n, 1 - 1 / (n + 1), 1 / n + n / 100, 0.9, 0.001, 0.5) for n in range(1, EPOCHS + 1)
    ]
    for number in range(runs):
        preset = chance.choice(presets.NAMES)
        experiment = presets.load(preset).with_changes(seed=number)
        run = store.add(
            experiment,
            owner=f"owner {number % 40}",
            title=f"attempt {number}",
            preset=preset,
            epochs=epochs,
        )
        store.start(run, "benchmark")
        store.record_evaluation(run, Evaluation(0.3, 0.9, tuple((100,) * 10 for _ in range(10))))
        store.finish(
            run, RunState.FINISHED, Reason("all_epochs", {"epochs": EPOCHS}), timing=Timing(1, 2, 3, 400)
        )


def measure(name: str, call: Callable[[], object]) -> None:
    """Print how long a call takes, with experiments unread and read."""
    taken: dict[str, list[float]] = {"first": [], "again": []}
    for _ in range(CALLS):
        records._experiment.cache_clear()
        for seconds in taken.values():
            begun = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - begun)
    words = "   ".join(
        f"{which}: median {1000 * statistics.median(seconds):7.1f} ms, slowest {1000 * max(seconds):7.1f} ms"
        for which, seconds in taken.items()
    )
    print(f"{name:<34} {words}")


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument(
        "--database", help="SQLAlchemy URL of an empty database (default: a temporary SQLite file)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{Path(folder) / 'runs.sqlite3'}"
        store = Store(url, Artifacts(str(Path(folder) / "artifacts")))
        fill(store, options.runs)
        print(f"{store.count()} runs with {EPOCHS} epochs each")
        measure("count()", store.count)
        measure("summaries()", store.summaries)
        measure(f"summaries(limit={options.runs})", lambda: store.summaries(limit=options.runs))
        measure("summaries(text='fashion')", lambda: store.summaries(text="fashion"))
        measure("summaries(owner=...)", lambda: store.summaries(owner="owner 7"))
        store.close()


if __name__ == "__main__":
    main()
