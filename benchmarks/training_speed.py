"""How long trainings take: one plain `fit` of Keras against `core.training.train`, and the cost of what it keeps.

    python benchmarks/training_speed.py --datasets FOLDER [--epochs 30] [--pairs 3] [--preset NAME ...]

Both ways run in turn, each in a process of its own, with the real data; ours with another seed in each pair.
"Plain" is the way of the course: one call of `fit` with all epochs, its own shuffling (without a seed) and
the validation data. Seconds are those of the training alone, tracing and compiling included, without loading
TensorFlow or data; multi-hot texts are written out for `fit` before. On a busy computer compare the processor
time too, which others disturb less.

Goal: at most 0.4 of the time (multi-hot texts: 0.25), with the same accuracies within the spread of seeds;
predictions for a sample of the validation data after each epoch cost less than 5 %, the distribution of the
weights less than 3 %.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PRESETS = ("mnist-three-layers", "fashion-deep")
WAYS = ("plain", "ours")


def main() -> int:
    """Run what the command line asks for; 1 if a goal is missed."""
    options = _parser().parse_args()
    if options.one:
        print(json.dumps(measure(options.one, options.preset[0], options.epochs, options.seed)))
        return 0
    folder = options.datasets or os.environ.get("TURNING_POINT_DATASETS")
    if not folder:
        print("Name the folder with mnist.npz and fashion_mnist.npz: --datasets FOLDER", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="turning-point-benchmark-") as home:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TURNING_POINT_HOME": home,
            "TURNING_POINT_DATASETS": str(Path(folder).absolute()),
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "-1",
        }
        met = [compare(preset, options.epochs, options.pairs, environment) for preset in options.preset]
    return 0 if all(met) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--datasets", metavar="FOLDER", help="where mnist.npz and fashion_mnist.npz are")
    parser.add_argument("--preset", nargs="+", default=list(PRESETS))
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=777, help=argparse.SUPPRESS)
    parser.add_argument("--one", choices=WAYS, help=argparse.SUPPRESS)
    return parser


def compare(preset: str, epochs: int, pairs: int, environment: dict[str, str]) -> bool:
    """Measure pairs of one preset and print them; whether the goals are met."""
    print(f"\n{preset}, {epochs} epochs, {pairs} pairs")
    results: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    for pair in range(pairs):
        for way in WAYS if pair % 2 == 0 else WAYS[::-1]:
            results[way].append(_in_own_process(way, preset, epochs, 777 + pair, environment))
        plain, ours = (results[way][-1] for way in WAYS)
        print(
            f"  pair {pair + 1}: plain {plain['seconds']:6.2f} s, ours {ours['seconds']:6.2f} s, "
            f"ratio {ours['seconds'] / plain['seconds']:.3f} "
            f"(processor time of the whole process {plain['processor']:.1f} and {ours['processor']:.1f} s); "
            f"test accuracy {plain['test_accuracy']:.4f} and {ours['test_accuracy']:.4f}; "
            f"predictions {ours['predictions']:.2%}, weights {ours['weights']:.2%}"
        )
    ratios = [b["seconds"] / a["seconds"] for a, b in zip(*(results[way] for way in WAYS), strict=True)]
    ratio, most = statistics.median(ratios), 0.25 if preset.endswith("-multi-hot") else 0.4
    kept, weights = (
        statistics.median(result[what] for result in results["ours"]) for what in ("predictions", "weights")
    )
    for name in ("val_accuracy", "test_accuracy"):
        ranges = [_range([result[name] for result in results[way]]) for way in WAYS]
        print(f"  {name.replace('_', ' ')} over the pairs: plain {ranges[0]}, ours {ranges[1]}")
    print(
        f"  median ratio {ratio:.3f} (goal {most}), predictions {kept:.2%} (goal 5 %), "
        f"weights {weights:.2%} (goal 3 %)"
    )
    return ratio <= most and kept < 0.05 and weights < 0.03


def _range(values: list[float]) -> str:
    return f"{min(values):.4f} to {max(values):.4f}"


def _in_own_process(
    way: str, preset: str, epochs: int, seed: int, environment: dict[str, str]
) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", way, "--preset", preset]
    command += ["--epochs", str(epochs), "--seed", str(seed)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def measure(way: str, preset: str, epochs: int, seed: int) -> dict[str, float]:
    """Train once in this process."""
    from core import presets
    from core.datasets import open_dataset, prepare
    from core.settings import Settings

    experiment = presets.load(preset).with_changes(epochs=epochs, seed=seed)
    prepared = prepare(experiment, open_dataset(experiment.dataset, Settings.from_environment()))
    result = (_plain if way == "plain" else _ours)(experiment, prepared)
    return {**result, "processor": time.process_time()}


def _plain(experiment: Any, prepared: Any) -> dict[str, float]:
    import keras

    from core.models.build import make

    # Multi-hot texts written out, as in the course; as float32, which is the kindest to `fit`.
    x_train, x_val, x_test = (
        x.toarray() if hasattr(x, "toarray") else x
        for x in (prepared.x_train, prepared.x_val, prepared.x_test)
    )
    # No keras.utils.set_random_seed, as in the course: with it `fit` would shuffle the same way before each
    # epoch (TensorFlow starts the seeded operation anew with each iterator), and end a percent worse.
    began = time.perf_counter()
    model = keras.Sequential(
        [keras.Input(experiment.input_shape), *(make(row.call) for row in experiment.summary.rows)]
    )
    model.compile(make(experiment.optimizer.call()), experiment.loss, metrics=["accuracy"])
    history = model.fit(
        x_train,
        prepared.y_train,
        epochs=experiment.epochs,
        batch_size=experiment.batch_size,
        validation_data=(x_val, prepared.y_val),
        verbose=0,
    ).history
    seconds = time.perf_counter() - began
    _, accuracy = model.evaluate(x_test, prepared.y_test, verbose=0)
    return {"seconds": seconds, "val_accuracy": history["val_accuracy"][-1], "test_accuracy": accuracy}


def _ours(experiment: Any, prepared: Any) -> dict[str, float]:
    from core.models.build import build
    from core.storage import Artifacts
    from core.training.train import train

    with tempfile.TemporaryDirectory(prefix="turning-point-artifacts-") as folder:
        recorder = _Keeping(Artifacts(folder))
        began = time.perf_counter()
        model = build(experiment)
        trained = train(experiment, prepared, model, recorder, lambda: False)
        seconds = time.perf_counter() - began
    _, accuracy = model.evaluate(prepared.x_test, prepared.y_test, verbose=0)
    return {
        "seconds": seconds,
        "val_accuracy": trained.epochs[-1].val_accuracy or 0.0,
        "test_accuracy": accuracy,
        "predictions": recorder.seconds / seconds,
        "weights": recorder.weight_seconds / seconds,
    }


class _Keeping:
    """Keeps predictions and the distribution of the weights as a run does, and measures how long that takes.

    Predictions are by-products of the validation, so keeping them costs rounding and writing, nothing more.
    """

    def __init__(self, artifacts: Any) -> None:
        from core.training.weight_histograms import WeightRecorder

        self.seconds = self.weight_seconds = 0.0
        self._artifacts = artifacts
        self._weights = WeightRecorder("benchmark1", artifacts)

    def on_progress(self, progress: Any) -> None:
        """Not needed here."""

    def on_epoch_end(self, epoch: Any, predictions: Any) -> None:
        """Write them."""
        from core.training.artifact_names import predictions as name

        began = time.perf_counter()
        if predictions is not None:
            self._artifacts.save_array("benchmark1", name(epoch.number), predictions.astype("float16"))
        self.seconds += time.perf_counter() - began

    def on_weights(self, epoch: int, weights: Any) -> None:
        """Count and write them."""
        began = time.perf_counter()
        self._weights.on_weights(epoch, weights)
        self.weight_seconds += time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
