"""`python -m tools.recorded_runs [PRESET ...] [--home FOLDER]`: train presets and write the files of recorded runs.

Each preset is put into a queue and carried out as any other run, one after the other and each in a process of its own,
in a home of its own. The data are those of TURNING_POINT_DATASETS, or of the usual folder. With `--home` the runs stay
there, and one that is finished there is not trained again.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import presets, recorded
from core.datasets import open_dataset
from core.jobs import queue
from core.models.first_layer import first_layer
from core.recorded.file_format import packed
from core.run import Run, RunState
from core.settings import PREFIX, Settings
from core.storage import Store, open_store
from core.storage.file_formats import to_npy
from core.training import artifact_names
from tools.recorded_runs.rounding import rounded

FOLDER = Path(recorded.__file__).parent / "runs"
_PROBABILITIES = re.compile(rf"{artifact_names.TEST_PROBABILITIES}|predictions/\d+")
_FIGURES = re.compile(
    rf"{artifact_names.PREDICTED_ROWS}|{artifact_names.PREDICTED_LABELS}|{artifact_names.WEIGHT_NAMES}"
    rf"|{artifact_names.WEIGHT_BLOCKS}\d+"
)


def trained(preset: str, settings: Settings, store: Store) -> Run:
    """The run of a preset: one that is finished in this home, or else a new one."""
    from core.training.execute import execute

    experiment = presets.load(preset)
    known = store.finished([experiment])[0]
    if known is not None:
        return store.get(known)
    name = queue.submit(store, experiment, owner=recorded.OWNER, preset=preset)
    if store.claim("tools.recorded_runs") != name:
        raise SystemExit(f"another run waits in {settings.home}")
    execute(name, settings, store=store, artifacts=store.artifacts)
    run = store.get(name)
    if run.state is not RunState.FINISHED:
        raise SystemExit(f"{preset}: {run.reason}")
    return run


def to_file(run: Run, settings: Settings, store: Store) -> bytes:
    """What of a run and its artifacts is shipped."""
    arrays: dict[str, NDArray[Any]] = {}
    for name in store.artifacts.names(run.id):
        if _PROBABILITIES.fullmatch(name):
            arrays[name] = rounded(store.artifacts.load_array(run.id, name))
        elif _FIGURES.fullmatch(name):
            arrays[name] = store.artifacts.load_array(run.id, name)
    if run.experiment.facts.kind == "image":
        arrays[artifact_names.FIRST_WEIGHTS] = _first_weights(run, store).astype(np.float16)
    labels = open_dataset(run.experiment.dataset, settings, fetch=False).y_test
    arrays[artifact_names.TEST_LABELS] = np.asarray(labels, dtype=np.uint8)
    return packed(run, {name: to_npy(array) for name, array in arrays.items()})


def _first_weights(run: Run, store: Store) -> NDArray[np.float32]:
    """The weights of the first layer of the network that was evaluated."""
    import keras

    with store.artifacts.fetch_model(run.id, artifact_names.evaluated_checkpoint(run)[0]) as path:
        model = keras.models.load_model(path)
    weights: NDArray[np.float32] = model.layers[first_layer(run.experiment).place].get_weights()[0]
    return weights


def _make(preset: str, home: str) -> None:
    kept = {name: value for name, value in os.environ.items() if name == f"{PREFIX}DATASETS"}
    settings = Settings.from_environment({**kept, f"{PREFIX}HOME": home})
    with closing(open_store(settings)) as store:
        run = trained(preset, settings, store)
        content = to_file(run, settings, store)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{preset}.zip").write_bytes(content)
    judged = run.evaluation.accuracy if run.evaluation else float("nan")
    print(f"{preset}: {len(content):,} bytes, test accuracy {judged:.4f}", flush=True)


def main() -> None:
    """Make the files that are asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m tools.recorded_runs", description=__doc__)
    parser.add_argument("presets", nargs="*", metavar="PRESET", help="all of them where none is named")
    parser.add_argument("--home", help="where runs stay that are trained for it")
    options = parser.parse_args()
    unknown = sorted({*options.presets} - {*recorded.NAMES})
    if unknown:
        parser.error(f"{', '.join(unknown)}: there are {', '.join(recorded.NAMES)}")
    processes = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="turning-point-") as passing:
        for preset in options.presets or recorded.NAMES:
            # Of its own, so that the memory and the first weights of a run do not depend on the one before it.
            process = processes.Process(target=_make, args=(preset, options.home or passing))
            process.start()
            process.join()
            if process.exitcode:
                raise SystemExit(process.exitcode)
