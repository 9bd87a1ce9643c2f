"""How long a training step on multi-hot texts takes: ours, with TensorFlow's product, and in plain `fit` on dense rows.

    python benchmarks/sparse_step.py --datasets FOLDER [--preset NAME ...] [--rounds 5]

All three are measured in turn in one process, once with one thread and once with all processors. "With TensorFlow's
product" is our loop with `tf.sparse.sparse_dense_matmul` in the first layer; both must give the same losses to the last
bit. "Plain" is an epoch of `fit` on the same rows written out as float32, without validation.

Goal: with either number of threads a step takes at most a quarter of the plain one's time, and the losses are the same.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PRESETS = ("reuters-multi-hot", "imdb-multi-hot")
MOST = 0.25


@dataclass(frozen=True)
class StepCost:
    """What a step of one preset costs: milliseconds, medians over the rounds."""

    preset: str
    threads: int  # 0: as many as there are processors
    ours: float
    with_tensorflows_product: float
    plain: float
    same_losses: bool  # of the two sparse ways, to the last bit

    @property
    def ratio(self) -> float:
        """Our step against the plain one."""
        return self.ours / self.plain


def measure(preset: str, folder: Path, threads: int = 0, rounds: int = 5) -> StepCost:
    """Measure in a process of its own."""
    from core.processors import ONE_THREAD

    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TURNING_POINT_DATASETS": str(folder),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "1",
        "CUDA_VISIBLE_DEVICES": "-1",
        **(ONE_THREAD if threads == 1 else {}),
    }
    command = [sys.executable, __file__, "--one", str(threads), "--preset", preset, "--rounds", str(rounds)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return StepCost(**json.loads(done.stdout.splitlines()[-1]))


def _here(preset: str, threads: int, rounds: int) -> StepCost:
    import keras
    import tensorflow as tf

    from core import presets
    from core.datasets import open_dataset, prepare
    from core.models.build import build, make
    from core.settings import Settings
    from core.training.steps import TrainingSteps
    from core.training.train import order_of

    experiment = presets.load(preset)
    prepared = prepare(experiment, open_dataset(experiment.dataset, Settings.from_environment()))
    ours, other = build(experiment), build(experiment)
    _multiply_by_tensorflow(tf, other.layers[0])
    plain = keras.Sequential(
        [keras.Input(experiment.input_shape), *(make(row.call) for row in experiment.summary.rows)]
    )
    plain.compile(make(experiment.optimizer.call()), experiment.loss, metrics=["accuracy"])
    x, y = prepared.x_train, prepared.y_train
    dense = x.toarray()
    loops = [TrainingSteps(model, x, y, experiment.batch_size) for model in (ours, other)]
    times: list[list[float]] = [[], [], []]
    losses: list[list[float]] = [[], []]
    for epoch in range(rounds + 1):  # the first prepares
        for way, loop in enumerate(loops):
            loop.begin_epoch(order_of(experiment.seed, epoch, len(y)))
            began = time.perf_counter()
            losses[way].append(loop.run(0, loop.batches).loss)
            times[way].append((time.perf_counter() - began) / loop.batches)
        began = time.perf_counter()
        plain.fit(dense, y, batch_size=experiment.batch_size, verbose=0)
        times[2].append((time.perf_counter() - began) / loops[0].batches)
    medians = [1_000 * statistics.median(each[1:]) for each in times]
    return StepCost(preset, threads, *medians, same_losses=losses[0] == losses[1])


def _multiply_by_tensorflow(tf: Any, layer: Any) -> None:
    def call(inputs: Any, training: bool | None = None) -> Any:
        return layer.activation(tf.sparse.sparse_dense_matmul(inputs, layer.kernel.value) + layer.bias)

    layer.call = call


def main() -> int:
    """Run what the command line asks for; 1 if the goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--datasets", metavar="FOLDER", help="where reuters.npz and imdb.npz are")
    parser.add_argument("--preset", nargs="+", default=list(PRESETS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(asdict(_here(options.preset[0], options.one, options.rounds))))
        return 0
    folder = options.datasets or os.environ.get("TURNING_POINT_DATASETS")
    if not folder:
        print("Name the folder with reuters.npz and imdb.npz: --datasets FOLDER", file=sys.stderr)
        return 2
    met = True
    for preset in options.preset:
        for threads in (1, 0):
            cost = measure(preset, Path(folder).absolute(), threads, options.rounds)
            print(
                f"{preset}, {'one thread' if threads else 'all processors'}: ours {cost.ours:.2f} ms, with "
                f"TensorFlow's product {cost.with_tensorflows_product:.2f} ms, plain {cost.plain:.2f} ms; "
                f"ratio {cost.ratio:.3f} (goal {MOST}); losses {'equal' if cost.same_losses else 'differ'}",
                flush=True,
            )
            met = met and cost.ratio <= MOST and cost.same_losses
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
