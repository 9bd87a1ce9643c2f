"""How long the server works for the page of comparisons and for the list of runs, with thousands of runs in storage.

    python benchmarks/compare_page.py [--runs 2000] [--compared 10] [--epochs 100]

Fills an empty home and runs the pages' scripts in this process, as Streamlit does for a browser: from the address to
the last element sent. Prints the median and the slowest of ten calls, and how often the plain way takes as long:
reading all runs with all their epochs into data frames, as a page does that keeps its runs in one table. Goal: 0.5 s.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import pandas as pd
from sqlalchemy import create_engine
from streamlit.testing.v1 import AppTest

from core import presets
from core.experiment import Dense, Flatten
from core.run import Epoch, Evaluation, Reason, RunState, Timing
from core.storage import Store
from dashboard import services

MAIN = str(Path(__file__).parent.parent / "dashboard" / "main.py")
CALLS = 10


def fill(store: Store, runs: int, epochs: int) -> list[str]:
    """Put in runs of forty owners on Fashion-MNIST, each with a network of its own, each past its turning point."""
    chance = random.Random(777)
    plain = presets.load("fashion-shallow").with_changes(epochs=epochs)
    matrix = tuple(tuple(850 if true == taken else 16 for taken in range(10)) for true in range(10))
    found = []
    for number in range(runs):
        layers = [
            Flatten(),
            Dense(units=8 + number, activation="relu"),
            Dense(units=10, activation="softmax"),
        ]
        turn = chance.uniform(0.1, 0.6) * epochs
        recorded = [
            Epoch(
                number=epoch,
                loss=0.9 / epoch**0.6,
                accuracy=1 - 0.5 / epoch**0.6,
                val_loss=0.3 + 0.002 * abs(epoch - turn) + chance.gauss(0, 0.004),
                val_accuracy=0.88 - 0.3 / epoch + chance.gauss(0, 0.002),
                learning_rate=0.001,
                seconds=chance.uniform(0.1, 0.2),
            )
            for epoch in range(1, epochs + 1)
        ]
        run = store.add(
            plain.with_changes(layers=layers, seed=number),
            owner=f"owner {number % 40}",
            title=f"attempt {number}",
            preset="fashion-shallow",
            epochs=recorded,
        )
        store.start(run, "benchmark")
        store.record_evaluation(run, Evaluation(0.4, 0.85, matrix))
        store.finish(
            run, RunState.FINISHED, Reason("all_epochs", {"epochs": epochs}), timing=Timing(1, 15, 1, 400)
        )
        found.append(run)
    return found


def page(name: str, **address: str) -> Callable[[], object]:
    """A call of a page by a browser that comes to it anew."""

    def call() -> AppTest:
        test = AppTest.from_file(MAIN, default_timeout=60)
        test.query_params["lang"] = "en"
        for key, value in address.items():
            test.query_params[key] = value
        test.switch_page(f"pages/{name}.py")
        test.run()
        assert not test.exception, test.exception
        assert not test.error, test.error
        return test

    return call


def seconds(call: Callable[[], object]) -> list[float]:
    """How long each of ten calls takes, after one that imports and reads what stays."""
    call()
    taken = []
    for _ in range(CALLS):
        begun = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begun)
    return taken


def plain_way(database: str) -> Callable[[], object]:
    """All runs and epochs into data frames."""
    engine = create_engine(database)

    def call() -> tuple[pd.DataFrame, pd.DataFrame]:
        with engine.connect() as connection:
            return pd.read_sql("SELECT * FROM runs", connection), pd.read_sql(
                "SELECT * FROM epochs", connection
            )

    return call


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--compared", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TURNING_POINT_HOME"] = folder
        store = services.store()
        runs = fill(store, options.runs, options.epochs)
        some = ",".join(runs[:: max(1, len(runs) // options.compared)][: options.compared])
        print(f"{store.count()} runs of {options.epochs} epochs in storage, {options.compared} compared")
        plain = statistics.median(seconds(plain_way(services.settings().database)))
        print(f"{'all runs into data frames (plain)':<42} median {plain:6.3f} s")
        for name, call in {
            "compare, overlaid": page("compare", runs=some),
            "compare, side by side": page("compare", runs=some, layout="apart"),
            "compare, choosing runs": page("compare"),
            "list of runs": page("run"),
        }.items():
            taken = seconds(call)
            median = statistics.median(taken)
            print(
                f"{name:<42} median {median:6.3f} s   slowest {max(taken):6.3f} s   "
                f"plain way {plain / median:5.1f} times as long"
            )
        services.forget()


if __name__ == "__main__":
    main()
