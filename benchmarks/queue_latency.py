"""What the queue costs: from submitting a run to its first epoch, from asking it to stop to its end.

    python benchmarks/queue_latency.py [--rounds 10] [--students 30]

Starts an engine with one worker on a temporary home and trains `digits-first-network` on it; then one with as many
workers as there are by themselves, on which so many students press at once, with equal and with different experiments.
Prints seconds. Goal: of 30 on two processors 95 in a hundred see their first epoch within 25 s, and all are over within
60 s.
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


def class_at_once(students: int, *, different: bool) -> dict[str, float]:
    """Have so many submit a run each at one moment; seconds until first epochs could be read and all were over."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings.from_environment({"TURNING_POINT_HOME": home})
        store = open_store(settings)
        engine = start_engine(settings)
        try:
            wait(lambda: engine_status(settings).state == "ready")
            experiments = [
                presets.load(presets.FIRST).with_changes(seed=number if different else 1)
                for number in range(students)
            ]
            begun = time.perf_counter()
            waiting = {
                queue.submit(store, experiment, owner=f"student{number}")
                for number, experiment in enumerate(experiments)
            }
            runs, firsts = sorted(waiting), []
            while waiting:
                time.sleep(10 * LOOK)
                seen = {run.id for run in store.get_many(sorted(waiting)) if run.epochs}
                firsts += [time.perf_counter() - begun] * len(seen)
                waiting -= seen
            wait(lambda: all(run.state.is_over for run in store.get_many(runs)))
            seconds = time.perf_counter() - begun
        finally:
            engine.stop()
            store.close()
    return {
        "students": students,
        "workers": settings.workers,
        "first_p95": sorted(firsts)[int(0.95 * (students - 1))],
        "seconds": seconds,
    }


def show(name: str, seconds: list[float]) -> None:
    """Print the median and the extremes."""
    print(f"{name:<44} median {statistics.median(seconds):5.2f}   {min(seconds):5.2f} to {max(seconds):5.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--students", type=int, default=30)
    options = parser.parse_args()
    rounds = options.rounds
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
                store.request_stop(run)
                stop.append(wait(lambda run=run: store.get(run).state.is_over))
                next_begins.append(wait(lambda run=waiting: store.get(run).state is not RunState.QUEUED))
                store.request_stop(waiting)
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
    for different in (False, True):
        found = class_at_once(options.students, different=different)
        print(
            f"{found['students']:.0f} at once, {'different' if different else 'equal'} experiments, "
            f"{found['workers']:.0f} workers: first epoch p95 {found['first_p95']:.1f} s (goal 25), "
            f"all over after {found['seconds']:.1f} s (goal 60)"
        )


if __name__ == "__main__":
    main()
