"""How long the server works for the page of comparisons and for the list of runs, with thousands of runs in storage.

    python benchmarks/compare_page.py [--runs 2000] [--compared 10] [--epochs 100]

Fills an empty home and runs the pages' scripts in this process, as Streamlit does for a browser: from the address to
the last element sent. Prints the median and the slowest of ten calls, the processor time of one (what matters where
other programs run too), and how often the plain way takes as long: reading all runs with all their epochs into data
frames, as a page does that keeps its runs in one table. Goal: 0.5 s.

With Fashion-MNIST in the folder of TURNING_POINT_DATASETS the verdicts rest on its 10,000 test samples, without it on
the 297 of the bundled digits.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
import pandas as pd
from sqlalchemy import create_engine
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from core import presets
from core.datasets import availability
from core.experiment import Dense, FlatEncoding
from core.run import Epoch, Evaluation, Reason, RunState, Timing
from core.storage import Store
from core.training import artifact_names
from dashboard.shared import services

MAIN = str(Path(__file__).parent.parent / "dashboard" / "main.py")
CALLS = 10


def fill(store: Store, preset: str, runs: int, epochs: int) -> list[str]:
    """Put in runs of forty owners on the same data, each with a network of its own, each past its turning point."""
    chance = random.Random(777)
    plain = presets.load(preset).with_changes(epochs=epochs)
    matrix = tuple(tuple(850 if true == taken else 16 for taken in range(10)) for true in range(10))
    found = []
    for number in range(runs):
        layers = [
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
            plain.with_changes(encoding=FlatEncoding(), layers=layers, seed=number),
            owner=f"owner {number % 40}",
            title=f"attempt {number}",
            preset=preset,
            epochs=recorded,
        )
        store.start(run, "benchmark")
        store.record_evaluation(run, Evaluation(0.4, 0.85, matrix))
        store.finish(
            run, RunState.FINISHED, Reason("all_epochs", {"epochs": epochs}), timing=Timing(1, 15, 1, 400)
        )
        found.append(run)
    return found


def answer(runs: Sequence[str], dataset: str) -> None:
    """Keep the answers of networks that are right in 85 of 100 test samples."""
    labels = services.dataset(dataset).y_test
    for seed, run in enumerate(runs):
        chance = np.random.default_rng(seed)
        answers = chance.dirichlet(np.ones(10), len(labels)).astype(np.float32)
        right = chance.random(len(labels)) < 0.85
        answers[right, labels[right]] += 1
        answers /= answers.sum(axis=1, keepdims=True)
        services.artifacts().save_array(run, artifact_names.TEST_PROBABILITIES, answers)


def page(name: str, **address: str) -> Callable[[], object]:
    """A call of a page by a browser that comes to it anew."""

    def call() -> AppTest:
        test = AppTest.from_file(MAIN, default_timeout=60)
        test.query_params["lang"] = "en"
        for key, value in address.items():
            test.query_params[key] = value
        test._page_hash = calc_hash(name)
        test.run()
        assert not test.exception, test.exception
        assert not test.error, test.error
        return test

    return call


def seconds(call: Callable[[], object]) -> tuple[list[float], float]:
    """How long each of ten calls takes, after one that imports and reads what stays; processor time of one call."""
    call()
    taken = []
    before = time.process_time()
    for _ in range(CALLS):
        begun = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begun)
    return taken, (time.process_time() - before) / CALLS


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
        there = availability("fashion_mnist", services.settings()).here
        preset = "fashion-shallow" if there else presets.FIRST
        runs = fill(store, preset, options.runs, options.epochs)
        compared = runs[:: max(1, len(runs) // options.compared)][: options.compared]
        answer(compared, presets.load(preset).dataset)
        some = ",".join(compared)
        print(f"{store.count()} runs of {options.epochs} epochs in storage, {options.compared} compared")
        taken, work = seconds(plain_way(services.settings().database))
        plain = statistics.median(taken)
        print(f"{'all runs into data frames (plain)':<34} median {plain:6.3f} s   processor {work:6.3f} s")
        for name, call in {
            "compare, overlaid": page("compare", runs=some),
            "compare, side by side": page("compare", runs=some, layout="apart"),
            "compare, choosing runs": page("compare"),
            "list of runs": page("run"),
        }.items():
            taken, work = seconds(call)
            median = statistics.median(taken)
            print(
                f"{name:<34} median {median:6.3f} s   processor {work:6.3f} s   slowest {max(taken):6.3f} s   "
                f"plain way {plain / median:5.1f} times as long"
            )
        services.forget()


if __name__ == "__main__":
    main()
