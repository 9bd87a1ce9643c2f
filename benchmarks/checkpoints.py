"""What checkpoints cost: the same training with and without them, and the time they take of it.

    python benchmarks/checkpoints.py --datasets FOLDER [--pairs 5] [--preset NAME ...]

Both ways run in turn, each in a process of its own, with the same seed in each pair; predictions and the distribution
of the weights are kept either way, as a run does. Two figures are printed. The share is measured inside the run with
checkpoints: the time that the training thread spends on them and the processor time of the thread that writes them,
as a part of the seconds of the training; a busy computer disturbs it little. The ratio compares the seconds of both
ways, and is as noisy as the computer.

Goal: a share below 2 %, and both ways with the same history.
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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, ClassVar

ROOT = Path(__file__).resolve().parent.parent
PRESETS = ("mnist-three-layers", "digits-first-network", "imdb-multi-hot")
WAYS = ("without", "with")
RUN = "benchmark1"


def main() -> int:
    """Run what the command line asks for; 1 if a goal is missed."""
    options = _parser().parse_args()
    if options.one:
        print(json.dumps(measure(options.one, options.preset[0], options.seed)))
        return 0
    folder = options.datasets or os.environ.get("TURNING_POINT_DATASETS")
    if not folder:
        print("Name the folder with mnist.npz and imdb.npz: --datasets FOLDER", file=sys.stderr)
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
        met = [compare(preset, options.pairs, environment) for preset in options.preset]
    return 0 if all(met) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--datasets", metavar="FOLDER", help="where mnist.npz and imdb.npz are")
    parser.add_argument("--preset", nargs="+", default=list(PRESETS))
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=777, help=argparse.SUPPRESS)
    parser.add_argument("--one", choices=WAYS, help=argparse.SUPPRESS)
    return parser


def compare(preset: str, pairs: int, environment: dict[str, str]) -> bool:
    """Measure pairs of one preset and print them; whether the goals are met."""
    print(f"\n{preset}, {pairs} pairs", flush=True)
    results: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    for pair in range(pairs):
        for way in WAYS if pair % 2 == 0 else WAYS[::-1]:
            results[way].append(_in_own_process(way, preset, 777 + pair, environment))
        off, on = (results[way][-1] for way in WAYS)
        print(
            f"  pair {pair + 1}: without {off['seconds']:6.2f} s, with {on['seconds']:6.2f} s, "
            f"ratio {on['seconds'] / off['seconds']:.3f}; {on['written']} written, "
            f"{on['megabytes']:.2f} MB each, share {on['share']:.2%}",
            flush=True,
        )
    ratios = [b["seconds"] / a["seconds"] for a, b in zip(*(results[way] for way in WAYS), strict=True)]
    same = all(a["history"] == b["history"] for a, b in zip(*(results[way] for way in WAYS), strict=True))
    share = statistics.median(result["share"] for result in results["with"])
    print(
        f"  median share {share:.2%} (goal 2 %), median ratio {statistics.median(ratios):.3f}, "
        f"{'the same' if same else 'DIFFERENT'} histories"
    )
    return share < 0.02 and same


def _in_own_process(way: str, preset: str, seed: int, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", way, "--preset", preset, "--seed", str(seed)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def measure(way: str, preset: str, seed: int) -> dict[str, Any]:
    """Train once in this process."""
    from core import presets
    from core.datasets import open_dataset, prepare
    from core.models.build import build
    from core.settings import Settings
    from core.storage import Artifacts
    from core.training.checkpoint import CheckpointManager
    from core.training.train import train

    experiment = presets.load(preset).with_changes(seed=seed)
    prepared = prepare(experiment, open_dataset(experiment.dataset, Settings.from_environment()))
    with tempfile.TemporaryDirectory(prefix="turning-point-artifacts-") as folder:
        artifacts = counting(folder)
        recorder = _Keeping(Artifacts(folder))
        began = time.perf_counter()
        model = build(experiment)
        if way == "without":
            trained, spent = train(experiment, prepared, model, recorder, lambda: False), 0.0
        else:
            with CheckpointManager(RUN, artifacts, experiment.epochs) as keeper:
                timed = _Timed(keeper)
                trained = train(
                    experiment,
                    prepared,
                    model,
                    recorder,
                    lambda: False,
                    None,
                    timed,  # type: ignore[arg-type]
                )
            spent = timed.seconds + artifacts.seconds
        seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "share": spent / seconds,
        "written": len(artifacts.sizes),
        "megabytes": statistics.mean(artifacts.sizes) / 1e6 if artifacts.sizes else 0.0,
        "history": [(epoch.loss, epoch.accuracy, epoch.val_loss) for epoch in trained.epochs],
    }


def counting(folder: str) -> Any:
    """Files in a folder, and what it costs to write those that are written piece by piece, as checkpoints are."""
    from core.storage import Artifacts

    class Counting(Artifacts):
        seconds = 0.0
        sizes: ClassVar[list[int]] = []

        @contextmanager
        def write_file(self, run: str, name: str) -> Iterator[IO[bytes]]:
            began = time.thread_time()
            with super().write_file(run, name) as file:
                yield file
                self.sizes.append(file.tell())
            self.seconds += time.thread_time() - began

    return Counting(folder)


class _Timed:
    """A keeper of checkpoints, and how long the training thread is held up by it."""

    def __init__(self, keeper: Any) -> None:
        self._keeper = keeper
        self.seconds = 0.0

    @property
    def minute_passed(self) -> bool:
        return bool(self._keeper.minute_passed)

    def offer(self, checkpoint: Any) -> None:
        began = time.perf_counter()
        self._keeper.offer(checkpoint)
        self.seconds += time.perf_counter() - began

    def save(self, checkpoint: Any) -> None:
        began = time.perf_counter()
        self._keeper.save(checkpoint)
        self.seconds += time.perf_counter() - began


class _Keeping:
    """Keeps predictions and the distribution of the weights, as a run does."""

    def __init__(self, artifacts: Any) -> None:
        from core.training.weight_histograms import WeightRecorder

        self._artifacts = artifacts
        self._weights = WeightRecorder(RUN, artifacts)

    def on_progress(self, progress: Any) -> None:
        """Not needed here."""

    def on_epoch_end(self, epoch: Any, predictions: Any) -> None:
        """Write them."""
        from core.training.artifact_names import predictions as name

        if predictions is not None:
            self._artifacts.save_array(RUN, name(epoch.number), predictions.astype("float16"))

    def on_weights(self, epoch: int, weights: Any) -> None:
        """Count and write them."""
        self._weights.on_weights(epoch, weights)


if __name__ == "__main__":
    sys.exit(main())
