"""A network on IMDB from the command line against the plain Keras way: time and peak memory of whole processes.

    python benchmarks/text_training.py --datasets FOLDER [--epochs 20] [--pairs 3]

"Plain" is the way of the course: the reviews as lists, a dense float64 row of 10,000 places for each by a loop in
Python, the first 10,000 kept back, one call of `fit` with all epochs, `evaluate`. "Ours" is
`python -m core train imdb-multi-hot --json` with an empty home folder: it checks and copies the data, prepares,
trains, keeps predictions, weights and curves, and evaluates. Both start a process of their own in turn; loading
TensorFlow counts for both. Seconds are those of the clock from start to end of the process, memory is the largest
that was resident (as the operating system counted it).

Goal: at most 0.4 of the time and under a fifth of the memory, with the same accuracies.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PRESET = "imdb-multi-hot"
NUM_WORDS, KEPT_BACK, BATCH = 10_000, 10_000, 512
MOST_TIME, MOST_MEMORY, MOST_MEGABYTES = 0.4, 0.2, 1_600


@dataclass(frozen=True)
class Outcome:
    """What one process took, and what its network reached.

    Attributes:
        seconds: From its start to its end.
        megabytes: The most that was resident.
        val_accuracy: The highest validation accuracy of all epochs.
        test_accuracy: After the last epoch.
    """

    seconds: float
    megabytes: float
    val_accuracy: float
    test_accuracy: float


def main() -> int:
    """Run what the command line asks for; 1 if a goal is missed."""
    options = _parser().parse_args()
    folder = options.datasets or os.environ.get("TURNING_POINT_DATASETS")
    if not folder:
        print("Name the folder with imdb.npz: --datasets FOLDER", file=sys.stderr)
        return 2
    folder = Path(folder).absolute()
    if options.plain:
        print(json.dumps(plain(folder, options.epochs)))
        return 0
    pairs = []
    for number in range(options.pairs):
        ways = (_plain_process, _own_process)
        first, second = ways if number % 2 == 0 else ways[::-1]
        results = {way: way(folder, options.epochs) for way in (first, second)}
        pair = (results[_plain_process], results[_own_process])
        pairs.append(pair)
        print(f"pair {number + 1}: " + "; ".join(map(_words, ("plain", "ours"), pair)), flush=True)
    return 0 if _judge(pairs) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--datasets", metavar="FOLDER", help="where imdb.npz is")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--plain", action="store_true", help=argparse.SUPPRESS)
    return parser


def _words(way: str, outcome: Outcome) -> str:
    return (
        f"{way} {outcome.seconds:.1f} s, {outcome.megabytes:,.0f} MB, "
        f"best validation accuracy {outcome.val_accuracy:.4f}, test {outcome.test_accuracy:.4f}"
    )


def _judge(pairs: list[tuple[Outcome, Outcome]]) -> bool:
    time_ratio = statistics.median(ours.seconds / other.seconds for other, ours in pairs)
    memory_ratio = statistics.median(ours.megabytes / other.megabytes for other, ours in pairs)
    most = max(ours.megabytes for _, ours in pairs)
    print(f"median ratio of time {time_ratio:.3f} (goal {MOST_TIME})")
    print(f"median ratio of memory {memory_ratio:.3f} (goal {MOST_MEMORY})")
    print(f"most memory of ours {most:,.0f} MB (goal {MOST_MEGABYTES:,})")
    return time_ratio <= MOST_TIME and memory_ratio < MOST_MEMORY and most < MOST_MEGABYTES


def _plain_process(folder: Path, epochs: int) -> Outcome:
    command = [__file__, "--plain", "--datasets", str(folder), "--epochs", str(epochs)]
    seconds, megabytes, result = _measured(command, folder)
    return Outcome(seconds, megabytes, max(result["val_accuracy"]), result["test_accuracy"])


def _own_process(folder: Path, epochs: int) -> Outcome:
    command = ["-m", "core", "train", PRESET, "--epochs", str(epochs), "--json"]
    seconds, megabytes, result = _measured(command, folder)
    return Outcome(seconds, megabytes, max(result["history"]["val_accuracy"]), result["test"]["accuracy"])


def _measured(arguments: list[str], folder: Path) -> tuple[float, float, dict[str, Any]]:
    """Run Python with these arguments: seconds, megabytes, and the JSON of its last line."""
    with tempfile.TemporaryDirectory(prefix="turning-point-benchmark-") as home:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TURNING_POINT_HOME": home,
            "TURNING_POINT_DATASETS": str(folder),
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "-1",
        }
        output = Path(home) / "output"
        flags = os.O_WRONLY | os.O_CREAT
        files = [(os.POSIX_SPAWN_OPEN, 1, str(output), flags, 0o600)]
        began = time.perf_counter()
        child = os.posix_spawn(sys.executable, [sys.executable, *arguments], environment, file_actions=files)
        # Of this very process: the counter for all children would keep the largest of those before.
        _, status, usage = os.wait4(child, 0)
        seconds = time.perf_counter() - began
        if status:
            raise SystemExit(f"{' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
        result: dict[str, Any] = json.loads(output.read_text(encoding="utf-8").splitlines()[-1])
    return seconds, usage.ru_maxrss / 1_000, result


def plain(folder: Path, epochs: int) -> dict[str, Any]:
    """Train the network of the course as the course does."""
    import keras
    import numpy as np

    with np.load(folder / "imdb.npz") as data:
        (x_train, y_train), (x_test, y_test) = (
            (_lists(data[f"{part}_tokens"], data[f"{part}_offsets"]), data[f"y_{part}"])
            for part in ("train", "test")
        )

    def vectorized(reviews: list[list[int]]) -> Any:
        rows = np.zeros((len(reviews), NUM_WORDS))
        for row, review in enumerate(reviews):
            rows[row, review] = 1.0
        return rows

    x_train, x_test = vectorized(x_train), vectorized(x_test)
    y_train, y_test = y_train.astype("float32"), y_test.astype("float32")
    model = keras.Sequential(
        [
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    history = model.fit(
        x_train[KEPT_BACK:],
        y_train[KEPT_BACK:],
        epochs=epochs,
        batch_size=BATCH,
        validation_data=(x_train[:KEPT_BACK], y_train[:KEPT_BACK]),
        verbose=0,
    ).history
    _, accuracy = model.evaluate(x_test, y_test, verbose=0)
    return {"val_accuracy": history["val_accuracy"], "test_accuracy": accuracy}


def _lists(ranks: Any, offsets: Any) -> list[list[int]]:
    """What `keras.datasets.imdb.load_data(num_words=10_000)` hands out."""
    import numpy as np

    numbers = np.where(ranks + 3 < NUM_WORDS, ranks + 3, 2)
    return [[1, *numbers[a:b].tolist()] for a, b in itertools.pairwise(offsets)]


if __name__ == "__main__":
    sys.exit(main())
