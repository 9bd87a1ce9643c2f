"""How long a question about a review takes on a warm worker while a training runs.

    python benchmarks/word_effects.py --datasets FOLDER [--questions 40]

Starts an engine with one worker for trainings on a temporary home, and trains `imdb-multi-hot` and an LSTM on
sequences of 200 words, each for a moment: how well they learn does not matter here. Then a long training runs, and
each network is asked about a test review of 500 words: its probability and the effect of every word. Prints seconds
from question to answer as a page would wait for them, and those of the effects of all words over the whole test set.

Goal: under 0.5 s.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from core import presets
from core.datasets import TextDataset, open_dataset
from core.errors import JobError
from core.experiment import Experiment
from core.inference.kinds.texts import SampleRequest
from core.inference.kinds.words import WordsRequest
from core.jobs import queue
from core.jobs.inference_client import ask
from core.jobs.supervisor import start_engine
from core.run import RunState
from core.settings import Settings
from core.storage import Store, open_store

GOAL = 0.5
WORDS = 500
SEQUENCE = {"kind": "padded", "num_words": 10_000, "length": 200}
LSTM = [
    {"kind": "embedding", "vocabulary": 10_000, "dimensions": 32},
    {"kind": "lstm", "units": 32},
    {"kind": "dense", "units": 1, "activation": "sigmoid"},
]


def experiments() -> dict[str, Experiment]:
    """The networks that are asked, by name."""
    multi_hot = presets.load("imdb-multi-hot").with_changes(epochs=2)
    sequences = multi_hot.with_changes(
        encoding=SEQUENCE, layers=LSTM, split={"kind": "none"}, train_limit=2_000, epochs=1, batch_size=128
    )
    return {"imdb-multi-hot": multi_hot, "LSTM on 200 words": sequences}


def finished(store: Store, experiment: Experiment) -> str:
    """Train it; the run."""
    run = queue.submit(store, experiment, owner="benchmark")
    while not (seen := store.get(run)).state.is_over:
        time.sleep(0.1)
    if seen.state is not RunState.FINISHED:
        raise RuntimeError(str(seen.reason))
    return run


def busy(store: Store) -> str:
    """A training that does not end by itself, once it learns."""
    run = queue.submit(store, experiments()["LSTM on 200 words"].with_changes(epochs=1000), owner="benchmark")
    while not store.epochs_since(run, 0):
        time.sleep(0.1)
    return run


def warm(settings: Settings, question: SampleRequest) -> None:
    """Ask until there is an answer, and a few times more."""
    for _ in range(3):
        while True:
            try:
                ask(settings, question, 60)
                break
            except JobError:
                time.sleep(0.5)


def measure(settings: Settings, store: Store, questions: int) -> bool:
    """Ask and print; whether the goal is met."""
    networks = {name: finished(store, experiment) for name, experiment in experiments().items()}
    dataset = open_dataset("imdb", settings)
    assert isinstance(dataset, TextDataset)
    row = int(np.abs(dataset.x_test.lengths - WORDS).argmin())
    busy(store)
    met = True
    for name, run in networks.items():
        question = SampleRequest(run, row)
        warm(settings, question)
        seconds = []
        for _ in range(questions):
            begun = time.perf_counter()
            answer = ask(settings, question)
            seconds.append(time.perf_counter() - begun)
        met &= max(seconds) < GOAL
        print(
            f"{name:<20} {len(answer.words)} words, {len(answer.effects)} variants   "
            f"median {statistics.median(seconds):.3f} s   slowest {max(seconds):.3f} s"
        )
    begun = time.perf_counter()
    while ask(settings, WordsRequest(networks["imdb-multi-hot"])).done < 1:
        pass
    print(f"all words over the test set of {len(dataset.x_test):,}: {time.perf_counter() - begun:.1f} s")
    return met


def main() -> int:
    """Run what the command line asks for; 1 if the goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--datasets", metavar="FOLDER", help="where imdb.npz and imdb_word_index.json are")
    parser.add_argument("--questions", type=int, default=40)
    options = parser.parse_args()
    folder = options.datasets or os.environ.get("TURNING_POINT_DATASETS")
    if not folder:
        print("Name the folder with imdb.npz: --datasets FOLDER", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="turning-point-benchmark-") as home:
        names = {"HOME": home, "DATASETS": str(Path(folder).absolute()), "WORKERS": "1"}
        settings = Settings.from_environment(
            {f"TURNING_POINT_{name}": value for name, value in names.items()}
        )
        store = open_store(settings)
        engine = start_engine(settings)
        try:
            met = measure(settings, store, options.questions)
            for process in psutil.Process(engine.pid).children(recursive=True):
                if process.nice() == 0 and process.net_connections("inet"):
                    print(f"memory of the process that answers: {process.memory_info().rss / 1e6:.0f} MB")
        finally:
            engine.stop()
            store.close()
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
