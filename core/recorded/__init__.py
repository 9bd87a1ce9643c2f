"""Recorded runs: presets trained on the real data, shipped as their figures, and opened like any other run.

`recorded-PRESET` is the id of one. It is in no database: `Store` and `Artifacts` answer for it out of the files beside
this module, which never change. What they hold is told in `core.recorded.file_format`; `python -m tools.recorded_runs`
makes them, and `bands.toml` says within which bounds a run that is trained anew must end.
"""

from __future__ import annotations

import io
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from core.errors import RunError, UnknownRunError
from core.recorded.file_format import RecordFile, from_record
from core.run import Run, RunSummary, summarised

PREFIX = "recorded-"
OWNER = "recorded"
"""Whose recorded runs are: nobody's, so nobody can change one."""
TEST_LABELS = "test_labels"
"""The artifact with the classes of the test samples; other runs have none, since they had the data."""

#: The presets, in the order in which a course meets them.
NAMES = (
    "mnist-first-network",
    "mnist-three-layers",
    "fashion-single-layer",
    "fashion-shallow",
    "fashion-deep",
    "imdb-multi-hot",
    "imdb-four-epochs",
    "reuters-multi-hot",
    "reuters-nine-epochs",
    "reuters-bottleneck",
)


def id_of(preset: str) -> str | None:
    """The id of the recorded run of a preset; None if there is none."""
    return f"{PREFIX}{preset}" if preset in NAMES else None


def is_recorded(run: str) -> bool:
    """Whether this is the id of a recorded run that there is."""
    return run.startswith(PREFIX) and run.removeprefix(PREFIX) in NAMES


def get(run: str) -> Run:
    """The recorded run of this id; `UnknownRunError` if there is none."""
    if not is_recorded(run):
        raise UnknownRunError("unknown_run", received=run)
    return _run(run)


def summary(run: str) -> RunSummary:
    """The recorded run of this id as a line of a list."""
    return summarised(get(run))


def summaries(dataset: str | None = None) -> list[RunSummary]:
    """All recorded runs, or those on one data set, in the order of a course."""
    found = [summary(f"{PREFIX}{name}") for name in NAMES]
    return [one for one in found if dataset in (None, one.experiment.dataset)]


def file(run: str) -> RecordFile:
    """The file of the recorded run of this id."""
    return _file(run.removeprefix(PREFIX))


def provenance(run: Run) -> str:
    """When a recorded run was trained and with what, in English; "" for any other run."""
    if not is_recorded(run.id):
        return ""
    known = run.environment
    return (
        f"This run was recorded on {run.created:%Y-%m-%d} with Keras {known['keras']}, TensorFlow "
        f"{known['tensorflow']} and Python {known['python']}, and comes with the program."
    )


def test_labels(dataset: str) -> NDArray[np.uint8] | None:
    """The classes of the test samples of a data set, uint8 (samples,); None if no recorded run is on it."""
    for one in summaries(dataset):
        found: NDArray[np.uint8] = np.load(io.BytesIO(file(one.id).read(TEST_LABELS)), allow_pickle=False)
        return found
    return None


def refuse_change(run: str) -> None:
    """Raise a RunError if this run is a recorded one, which nobody can change."""
    if is_recorded(run):
        raise RunError("recorded_run", run=run)


@lru_cache(maxsize=len(NAMES))
def _run(run: str) -> Run:
    return from_record(file(run).record(), run=run, owner=OWNER)


@lru_cache(maxsize=len(NAMES))
def _file(name: str) -> RecordFile:
    return RecordFile(name, resources.files(__name__).joinpath("runs", f"{name}.zip").read_bytes())
