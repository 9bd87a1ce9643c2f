"""What the queue costs: from submitting a run to its first epoch, from asking it to stop to its end.

    python benchmarks/queue_latency.py [--rounds 10]

Starts an engine with one worker on a temporary home and trains `digits-first-network` on it. Prints seconds.
The end of an epoch is taken when it can be read from storage, so whatever a page needs comes on top.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable

from core import presets
from core.jobs import queue
from core.jobs.supervisor import engine_status, start_engine
from core.run import RunState
from core.settings import Settings
from core.storage import Store, open_store

LOOK = 0.005


def wait(condition: Callable[[], object]) -> float:
    """Seconds until the condition holds."""
    begun = time.perf_counter()
    while not condition():
        time.sleep(LOOK)
    return time.perf_counter() - begun


def first_epoch(store: Store, epochs: int) -> tuple[str, float]:
    """Submit a run; its id, and the seconds until its first epoch could be read."""
    experiment = presets.load(presets.FIRST).with_changes(epochs=epochs)
    begun = time.perf_counter()
    run = queue.submit(store, experiment, owner="benchmark")
    wait(lambda: store.epochs_since(run, 0))
    return run, time.perf_counter() - begun


def show(name: str, seconds: list[float]) -> None:
    """Print the median and the extremes."""
    print(f"{name:<44} median {statistics.median(seconds):5.2f}   {min(seconds):5.2f} to {max(seconds):5.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        settings = Settings.from_environment({"TURNING_POINT_HOME": home, "TURNING_POINT_WORKERS": "1"})
        store = open_store(settings)
        engine = start_engine(settings)
        try:
            begun = time.perf_counter()
            run, _ = first_epoch(store, 3)
            show("engine started to first epoch (cold)", [time.perf_counter() - begun])
            wait(lambda: store.get(run).state.is_over)
            warm, stop, next_begins = [], [], []
            for _ in range(rounds):
                time.sleep(2)  # the worker has been recycled and waits
                run, seconds = first_epoch(store, 1000)
                warm.append(seconds)
                waiting = queue.submit(store, presets.load(presets.FIRST), owner="benchmark")
                queue.stop(store, run)
                stop.append(wait(lambda run=run: store.get(run).state.is_over))
                next_begins.append(wait(lambda run=waiting: store.get(run).state is not RunState.QUEUED))
                queue.stop(store, waiting)
                wait(lambda run=waiting: store.get(run).state.is_over)
            show("submit to first epoch (warm)", warm)
            show("stop to end, its network judged and kept", stop)
            show("end to the next run's begin (recycling)", next_begins)
            begun = time.perf_counter()
        finally:
            engine.stop()
        wait(lambda: engine_status(settings).state == "absent")
        show("stopping the engine", [time.perf_counter() - begun])
        store.close()


if __name__ == "__main__":
    main()
