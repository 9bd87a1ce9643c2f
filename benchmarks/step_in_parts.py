"""How long a step with convolutions or an LSTM takes: as it is, without parts, and as Keras has it.

    python benchmarks/step_in_parts.py [--rounds 3] [--steps 60]

On random samples of the shapes of the presets, our loop over the batches each time, every way in processes of its own,
in turn. "In one piece" is without parts of a batch side by side, with the threads that gain most then. "Keras' own
steps" leaves its loop over the steps of a text in place as well. Medians over the rounds.

Goal: with parts a step takes at most 0.9 of the time of one without, and at most 0.7 of that with Keras' own steps.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRESETS = ("mnist-convnet", "imdb-lstm")
WAYS = ("ours", "in one piece", "Keras' own steps")
MOST = {"in one piece": 0.9, "Keras' own steps": 0.7}


def measure(preset: str, way: str, steps: int) -> float:
    """Milliseconds a step, measured in a process of its own."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }
    command = [sys.executable, __file__, "--one", preset, way, "--steps", str(steps)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout.splitlines()[-1]))


def _here(preset: str, way: str, steps: int) -> float:
    import numpy as np

    from core import presets
    from core.models.build import build
    from core.models.execution import Threads, threads
    from core.processors import processors
    from core.training.environment import use_threads
    from core.training.steps import TrainingSteps

    experiment = presets.load(preset)
    given = threads(experiment, processors())
    if way != "ours":
        given = Threads(1, 1) if experiment.facts.kind == "text" else Threads(given.beside, given.beside)
    use_threads(given)
    model = build(experiment)
    if way != "ours":
        del model.call
    if way == "Keras' own steps":
        for layer in model.layers:
            vars(layer).pop("inner_loop", None)
    generator = np.random.default_rng(0)
    shape = (steps * experiment.batch_size, *experiment.input_shape)
    if experiment.facts.kind == "text":
        # As common words are.
        x = np.minimum(generator.zipf(1.3, shape), experiment.layers[0].vocabulary - 1).astype(np.int32)
    else:
        x = generator.random(shape, np.float32)
    y = generator.integers(0, 2, len(x))
    loop = TrainingSteps(
        model,
        x,
        y.astype(np.float32)[:, None] if experiment.summary.output_shape == (1,) else y,
        experiment.batch_size,
    )
    loop.begin_epoch(np.arange(len(x)))
    loop.run(0, 2)
    began = time.perf_counter()
    loop.run(2, loop.batches)
    return 1_000 * (time.perf_counter() - began) / (loop.batches - 2)


def main() -> int:
    """Run what the command line asks for; 1 if the goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(_here(*options.one, options.steps)))
        return 0
    met = True
    for preset in PRESETS:
        ways = WAYS if preset == "imdb-lstm" else WAYS[:2]
        times: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(options.rounds):
            for way in ways:
                times[way].append(measure(preset, way, options.steps))
        medians = {way: statistics.median(each) for way, each in times.items()}
        for way, cost in medians.items():
            ratio = medians["ours"] / cost
            goal = f", ours {ratio:.2f} of it (goal {MOST[way]})" if way in MOST else ""
            print(f"{preset}, {way}: {cost:.2f} ms{goal}", flush=True)
            met = met and (way not in MOST or ratio <= MOST[way])
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
