"""What the first press shows: how plain the turning point is, over ten seeds, and how long the training takes.

    python benchmarks/first_press.py [--seeds 10]

For each seed: how many times its lowest value validation loss is at the end, how much of the height of the chart that
rise takes (on the axis that pages draw), the epoch with the lowest validation loss, and the seconds from opening the
data to the last epoch, in a process that has trained before. Nothing is looked at but training
and validation.

Goal: at least 1.5 times, a quarter of the height and less than five seconds, for nine of ten seeds.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.experiment import Experiment

ROOT = Path(__file__).resolve().parent.parent
RISE, SHARE, SECONDS, MISSED = 1.5, 0.25, 5.0, 0.1


@dataclass(frozen=True)
class Press:
    """What one training shows."""

    rise: float  # the last validation loss, as a multiple of the lowest
    share: float  # of the height of the chart between the two
    turn: int
    seconds: float
    processor: float  # seconds of it on all processors: what a busy computer disturbs less

    @property
    def is_plain(self) -> bool:
        """Whether it meets the goal."""
        return self.rise >= RISE and self.share >= SHARE and self.seconds < SECONDS


def main() -> int:
    """Print the table; 1 if the goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=10)
    options = parser.parse_args()
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    sys.path.insert(0, str(ROOT))
    from core import presets

    base = presets.load(presets.FIRST)
    print(f"{'seed':>6} {'rise':>6} {'share':>6} {'turn':>5} {'seconds':>8} {'processor':>10}")
    found = []
    with tempfile.TemporaryDirectory(prefix="turning-point-benchmark-") as home:
        press(base.with_changes(epochs=1), home)  # what only the first training of a process pays
        for seed in range(base.seed, base.seed + options.seeds):
            one = press(base.with_changes(seed=seed), home)
            found.append(one)
            figures = (
                f"{one.rise:>6.2f} {one.share:>6.2f} {one.turn:>5} {one.seconds:>8.2f} {one.processor:>10.2f}"
            )
            print(f"{seed:>6} {figures}", flush=True)
    plain = sum(one.is_plain for one in found)
    print(f"{plain} of {len(found)} meet the goal")
    return 0 if plain >= (1 - MISSED) * len(found) else 1


def press(experiment: Experiment, home: str) -> Press:
    """Train it in this process."""
    from core.analysis.loss_axis import loss_axis
    from core.datasets import open_dataset, prepare
    from core.models.build import build
    from core.settings import Settings
    from core.training.recorders import Recorder
    from core.training.train import train

    begun, worked = time.perf_counter(), time.process_time()
    dataset = open_dataset(experiment.dataset, Settings.from_environment({"TURNING_POINT_HOME": home}))
    prepared = prepare(experiment, dataset)
    epochs = train(experiment, prepared, build(experiment), Recorder(), lambda: False).epochs
    seconds, processor = time.perf_counter() - begun, time.process_time() - worked
    losses = [epoch.val_loss for epoch in epochs if epoch.val_loss is not None]
    axis = loss_axis([[epoch.loss for epoch in epochs], losses])
    lowest = min(losses)
    share = (losses[-1] - lowest) / (axis.high - axis.low)
    return Press(losses[-1] / lowest, share, losses.index(lowest) + 1, seconds, processor)


if __name__ == "__main__":
    sys.exit(main())
