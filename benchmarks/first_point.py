"""What a press waits for: seconds from `queue.submit` to the first progress of the training, and where they go.

    python benchmarks/first_point.py --datasets FOLDER [--preset NAME ...] [--beside] [--no-epochs]

An engine serves an empty home. Each preset is pressed twice: the first press is the first in that home, which has no
own copy of the data yet; the second has another seed. With `--beside` another training (`OTHER`) learns meanwhile on a
worker of its own. Parts are told apart by what can be read from storage, so what a page needs comes on top.

Then an epoch as `core.training.train` goes through it (stretches, validation, what is kept of it, checkpoints) is
compared with its limit: one function for a whole epoch, translated as a run's is, with the same batches and nothing
around it, in the same process.

Goals: first press 2 s (beside another training 4 s), second 1.5 s, an epoch 1.5 times its limit.
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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PRESETS = (
    "digits-first-network",
    "imdb-multi-hot",
    "reuters-multi-hot",
    "mnist-first-network",
    "mnist-three-layers",
    "fashion-shallow",
    "fashion-deep",
    "imdb-embedding",
    "mnist-convnet",
    "imdb-lstm",
    "fashion-single-layer",
)
#: What learns meanwhile: long, and on both processors as long as nobody else wants one.
OTHER = "fashion-deep"
FIRST, FIRST_BESIDE, SECOND, EPOCH = 2.0, 4.0, 1.5, 1.5
_LOOK, _REST, _LONGEST = 0.004, 1.5, 120.0
_EPOCHS = 5


@dataclass(frozen=True)
class Press:
    """One press, in seconds; the parts add up to `first_batch`."""

    preset: str
    which: str  # "first" or "second"
    beside: bool
    claimed: float  # until a worker had it
    preparing: float  # until its data were there and the network built
    compiling: float  # until the first batch could begin
    stretch: float  # until the first progress of the training
    first_batch: float
    whole: float | None = None  # until the end of its run, where that was waited for

    @property
    def goal(self) -> float:
        """What it may take at most."""
        if self.beside:
            return FIRST_BESIDE
        return FIRST if self.which == "first" else SECOND


@dataclass(frozen=True)
class EpochCost:
    """An epoch, in seconds, and its limit."""

    preset: str
    ours: float  # with validation and all that is kept
    limit: float  # one translated function over the same batches
    validation: float  # one evaluation of the validation samples, which is part of `ours`

    @property
    def ratio(self) -> float:
        """How many times the limit (validation included on both sides) an epoch takes."""
        return self.ours / (self.limit + self.validation)


def main() -> int:
    """Print the tables; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--datasets", metavar="FOLDER", help="where the published data are")
    parser.add_argument("--preset", nargs="+", default=list(PRESETS))
    parser.add_argument("--beside", action="store_true", help="while another training learns")
    parser.add_argument("--no-presses", action="store_true")
    parser.add_argument("--no-epochs", action="store_true")
    parser.add_argument("--epoch-of", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.epoch_of:
        print(json.dumps(asdict(_epoch_here(options.epoch_of))))
        return 0
    met = True
    if not options.no_presses:
        print(
            f"{'preset':<22} {'press':<7}{'claimed':>8}{'prepare':>8}{'compile':>8}{'stretch':>8}{'all':>7}"
        )
        for one in presses(options.preset, options.datasets, beside=options.beside):
            met &= one.first_batch <= one.goal
            parts = "".join(
                f"{value:>8.2f}" for value in (one.claimed, one.preparing, one.compiling, one.stretch)
            )
            missed = "" if one.first_batch <= one.goal else f"  goal {one.goal:g} s missed"
            print(f"{one.preset:<22} {one.which:<7}{parts}{one.first_batch:>7.2f}{missed}", flush=True)
    if not options.no_epochs:
        print(f"\n{'preset':<22} {'epoch':>7} {'limit':>7} {'validation':>11} {'ratio':>6}")
        for cost in epochs(options.preset, options.datasets):
            met &= cost.ratio <= EPOCH
            figures = f"{cost.ours:>7.3f} {cost.limit:>7.3f} {cost.validation:>11.3f} {cost.ratio:>6.2f}"
            print(f"{cost.preset:<22} {figures}", flush=True)
    return 0 if met else 1


def presses(
    presets: Sequence[str] = PRESETS,
    datasets: str | None = None,
    *,
    beside: bool = False,
    to_the_end: bool = False,
) -> Iterator[Press]:
    """Press each preset twice on an empty home and give what each press took.

    A run is stopped once it has begun to learn, but the second to the end if that is wanted.
    """
    from core import presets as shipped
    from core.jobs import queue
    from core.storage import open_store

    with tempfile.TemporaryDirectory(prefix="turning-point-benchmark-") as home:
        settings = _settings(home, datasets, workers=2 if beside else 1)
        store = open_store(settings)
        with _engine(settings):
            if beside:
                other = shipped.load(OTHER).with_changes(epochs=1000, seed=9)
                busy = queue.submit(store, other, owner="other")
                _wait(lambda: store.epochs_since(busy, 0))
            for preset in presets:
                for which, seed in (("first", 101), ("second", 102)):
                    time.sleep(_REST)  # the worker of the run before has been replaced, and waits
                    yield _press(store, preset, which, seed, beside, to_the_end and which == "second")
        store.close()


def epochs(presets: Sequence[str] = PRESETS, datasets: str | None = None) -> Iterator[EpochCost]:
    """Compare an epoch of each preset with its limit, each in a process of its own."""
    for preset in presets:
        environment = _environment(datasets)
        command = [sys.executable, __file__, "--epoch-of", preset]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        yield EpochCost(**json.loads(done.stdout.splitlines()[-1]))


def _environment(datasets: str | None) -> dict[str, str]:
    folder = datasets or os.environ.get("TURNING_POINT_DATASETS", "")
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TURNING_POINT_DATASETS": str(Path(folder).absolute()) if folder else "",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }


def _settings(home: str, datasets: str | None, *, workers: int) -> Any:
    from core.settings import Settings

    os.environ |= {key: value for key, value in _environment(datasets).items() if value}
    return Settings.from_environment(
        {
            "TURNING_POINT_HOME": home,
            "TURNING_POINT_WORKERS": str(workers),
            "TURNING_POINT_DATASETS": os.environ.get("TURNING_POINT_DATASETS", ""),
        }
    )


@contextmanager
def _engine(settings: Any) -> Iterator[None]:
    from core import presets as shipped
    from core.jobs import queue
    from core.jobs.supervisor import engine_status, start_engine
    from core.storage import open_store

    engine = start_engine(settings)
    try:
        # One short run, so that nobody waits for the start of the engine.
        store = open_store(settings)
        experiment = shipped.load("mini-reviews").with_changes(epochs=1)
        run = queue.submit(store, experiment, owner="benchmark")
        _wait(lambda: store.get(run).state.is_over)
        store.close()
        yield
    finally:
        engine.stop()
        _wait(lambda: engine_status(settings).state == "absent")


def _press(store: Any, preset: str, which: str, seed: int, beside: bool, to_the_end: bool) -> Press:
    from core import presets as shipped
    from core.jobs import queue

    experiment = shipped.load(preset).with_changes(seed=seed)
    moments = {"submitted": time.perf_counter()}
    run = queue.submit(store, experiment, owner="benchmark")

    def trains() -> bool:
        found = store.get(run)
        now = time.perf_counter()
        phase = found.progress.phase if found.progress else ""
        if found.state.value == "queued":
            return False
        moments.setdefault("claimed", now)
        if phase in ("compiling", "training") or found.epochs:
            moments.setdefault("compiling", now)
        if found.state.is_over:
            raise RuntimeError(f"{preset} ended before it had learned anything: {found.reason}")
        begun = phase == "training" or bool(found.epochs)
        if begun:
            moments.setdefault("begun", now)
        return begun and (bool(found.epochs) or found.progress is None or found.progress.batch > 0)

    _wait(trains)
    end = time.perf_counter()
    if not to_the_end:
        store.request_stop(run)
    _wait(lambda: store.get(run).state.is_over)
    over = time.perf_counter() - moments["submitted"] if to_the_end else None
    at = list(moments.values())
    claimed, preparing, compiling = (after - before for before, after in pairwise(at))
    return Press(preset, which, beside, claimed, preparing, compiling, end - at[-1], end - at[0], over)


def _wait(condition: Any) -> None:
    deadline = time.monotonic() + _LONGEST
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(_LOOK)


def _epoch_here(preset: str) -> EpochCost:
    """Measure in this process: epochs as a run has them and alone, in turn."""
    from core import presets as shipped
    from core.datasets import open_dataset, prepare
    from core.models.build import build
    from core.settings import Settings
    from core.storage import Artifacts
    from core.training.checkpoint import CheckpointManager
    from core.training.recorders import PredictionRecorder, Recorders
    from core.training.steps import Evaluator, TrainingSteps
    from core.training.train import order_of, train
    from core.training.weight_histograms import WeightRecorder

    experiment = shipped.load(preset).with_changes(epochs=_EPOCHS, early_stopping=None)
    with tempfile.TemporaryDirectory(prefix="turning-point-benchmark-") as home:
        settings = Settings.from_environment(
            {
                "TURNING_POINT_HOME": home,
                "TURNING_POINT_DATASETS": os.environ.get("TURNING_POINT_DATASETS", ""),
            }
        )
        prepared = prepare(experiment, open_dataset(experiment.dataset, settings))
        artifacts = Artifacts(home)
        recorder = Recorders(
            PredictionRecorder("benchmark1", artifacts), WeightRecorder("benchmark1", artifacts)
        )
        ended: list[float] = []

        def clocked(epoch: int, weights: Any) -> None:
            ended.append(time.perf_counter())

        clock = Recorders()
        clock.on_weights = clocked  # type: ignore[method-assign]
        with CheckpointManager("benchmark1", artifacts, experiment.epochs) as checkpoints:
            train(
                experiment,
                prepared,
                build(experiment),
                Recorders(clock, recorder),
                lambda: False,
                None,
                checkpoints,
            )
    ours = statistics.median(later - sooner for sooner, later in pairwise(ended[1:]))

    model = build(experiment)
    steps = TrainingSteps(model, prepared.x_train, prepared.y_train, experiment.batch_size)
    limits, validations = [], [0.0]
    evaluator = None
    if prepared.x_val is not None and prepared.y_val is not None:
        evaluator, validations = Evaluator(model, prepared.x_val, prepared.y_val), []
    for epoch in range(_EPOCHS):
        order = order_of(experiment.seed, epoch, len(prepared.y_train))
        begun = time.perf_counter()
        steps.begin_epoch(order)
        steps.run(0, steps.batches)
        limits.append(time.perf_counter() - begun)
        if evaluator is not None:
            begun = time.perf_counter()
            evaluator()
            validations.append(time.perf_counter() - begun)
    return EpochCost(preset, ours, statistics.median(limits), statistics.median(validations))


if __name__ == "__main__":
    sys.exit(main())
