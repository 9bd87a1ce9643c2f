"""How long the interval of a difference of macro-F1 takes, beside drawing the samples one by one.

    python benchmarks/macro_f1.py [--resamples 2000]

Draws answers of two networks to as many test samples and classes as the data sets have, works out the paired
bootstrap interval, and prints the seconds, how often the plain way by scikit-learn takes as long (reckoned from fifty
resamples), and the width of the interval beside the deviation of the plain way's resamples. Goal: under 0.3 s.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from core.analysis.macro_f1 import macro_f1_difference

#: Name, test samples, classes, share that the networks get right.
CASES = (
    ("fashion_mnist", 10_000, 10, 0.88),
    ("imdb", 25_000, 2, 0.86),
    ("reuters", 2_246, 46, 0.79),
    ("largest", 25_000, 46, 0.79),
)
PLAIN = 50

Answers = NDArray[np.int64]


def networks(samples: int, classes: int, share: float) -> tuple[Answers, Answers, Answers]:
    """Labels, a few of them frequent, and two answers that are often wrong on the same samples."""
    rng = np.random.default_rng(777)
    frequency = 1 / np.arange(1, classes + 1)
    frequency /= frequency.sum()
    labels = rng.choice(classes, samples, p=frequency)
    hard = rng.random(samples)
    first, second = (
        np.where(
            0.7 * hard + 0.3 * rng.random(samples) < share,
            labels,
            rng.choice(classes, samples, p=frequency),
        )
        for _ in range(2)
    )
    return labels, first, second


def plain(labels: Answers, first: Answers, second: Answers, resamples: int) -> NDArray[np.float64]:
    """The differences of so many resamples by scikit-learn."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(resamples):
        rows = rng.integers(len(labels), size=len(labels))
        one, two = (
            f1_score(labels[rows], answers[rows], average="macro", zero_division=0)
            for answers in (first, second)
        )
        found.append(two - one)
    return np.array(found)


def main() -> None:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--resamples", type=int, default=2_000)
    resamples = parser.parse_args().resamples
    for name, samples, classes, share in CASES:
        answers = networks(samples, classes, share)
        begun = time.perf_counter()
        found = macro_f1_difference(*answers, resamples=resamples)
        seconds = time.perf_counter() - begun
        begun = time.perf_counter()
        differences = plain(*answers, PLAIN)
        slow = (time.perf_counter() - begun) * resamples / PLAIN
        print(
            f"{name:14} {samples:6,} samples, {classes:2} classes: {seconds:.3f} s, the plain way {slow:.1f} s "
            f"({slow / seconds:,.0f} times); half the width {(found.high - found.low) / 2:.5f}, "
            f"by the plain way's deviation {1.96 * differences.std():.5f}"
        )


if __name__ == "__main__":
    main()
