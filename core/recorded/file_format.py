"""The file of a recorded run: a zip archive of figures, without a text or picture of the data.

- `run.json`: the run itself, see `to_record`
- `NAME.npy`: an artifact of this name (`core.training.artifact_names`), rounded to `STEP` where it holds
  probabilities: the answers to the first validation samples after each epoch, those to the test samples, where these
  samples stand and what they are, how the weights were distributed, and of image sets the first layer's weights

The networks themselves are not in it.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, astuple
from datetime import datetime
from typing import Any

from core.errors import StorageError
from core.experiment import Experiment
from core.run import Epoch, Evaluation, Reason, Run, RunState, Timing

LAYOUT = 1
#: What probabilities are rounded to: as fine as the float16 in which a run keeps its answers tells high ones apart.
STEP = 1 / 2048
RECORD = "run.json"
_ARRAY = ".npy"
#: What of a run's environment says how it was made; where and by which process it was made is left out.
ENVIRONMENT = (
    "python", "keras", "tensorflow", "numpy", "machine", "processors", "threads", "onednn", "path",
    "validation_counts",
)  # fmt: skip
#: Files come out equal byte by byte whenever they are made.
_MOMENT = (2020, 1, 1, 0, 0, 0)


def to_record(run: Run) -> dict[str, Any]:
    """A finished run as JSON knows it."""
    if run.started is None or run.ended is None or run.evaluation is None or run.timing is None:
        raise ValueError(f"run {run.id} is not finished")
    return {
        "layout": LAYOUT,
        "preset": run.preset,
        "experiment": run.experiment.to_dict(),
        "state": run.state.value,
        "reason": {"code": run.reason.code, "details": run.reason.details},
        "created": run.created.isoformat(timespec="seconds"),
        "started": run.started.isoformat(timespec="seconds"),
        "ended": run.ended.isoformat(timespec="seconds"),
        "epochs": [astuple(epoch) for epoch in run.epochs],
        "evaluation": asdict(run.evaluation),
        "timing": asdict(run.timing),
        "best_epoch": run.best_epoch,
        "environment": {name: run.environment[name] for name in ENVIRONMENT if name in run.environment},
    }


def from_record(plain: Mapping[str, Any], *, run: str, owner: str) -> Run:
    """The run of a record, under this id and owner."""
    judged = plain["evaluation"]
    return Run(
        id=run,
        experiment=Experiment.from_dict(plain["experiment"]),
        state=RunState(plain["state"]),
        reason=Reason(plain["reason"]["code"], dict(plain["reason"]["details"])),
        title="",
        preset=plain["preset"],
        owner=owner,
        continues="",
        created=datetime.fromisoformat(plain["created"]),
        started=datetime.fromisoformat(plain["started"]),
        ended=datetime.fromisoformat(plain["ended"]),
        epochs=tuple(Epoch(*values) for values in plain["epochs"]),
        evaluation=Evaluation(judged["loss"], judged["accuracy"], tuple(map(tuple, judged["matrix"]))),
        timing=Timing(**plain["timing"]),
        best_epoch=plain["best_epoch"],
        environment=dict(plain["environment"]),
    )


def packed(run: Run, arrays: Mapping[str, bytes]) -> bytes:
    """The file of a run; its arrays in NumPy's npy format by the names of the artifacts."""
    buffer = io.BytesIO()
    record = json.dumps(to_record(run), separators=(",", ":"), allow_nan=False).encode()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in [
            (RECORD, record),
            *((f"{name}{_ARRAY}", arrays[name]) for name in sorted(arrays)),
        ]:
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_LZMA)
    return buffer.getvalue()


class RecordFile:
    """The file of a recorded run, to be read; `StorageError` if it is damaged."""

    def __init__(self, name: str, content: bytes) -> None:
        self._name = name
        self._content = content

    @contextmanager
    def _open(self) -> Iterator[zipfile.ZipFile]:
        try:
            with zipfile.ZipFile(io.BytesIO(self._content)) as archive:
                yield archive
        except (zipfile.BadZipFile, EOFError, ValueError) as error:
            raise StorageError("recorded_damaged", name=self._name) from error

    def record(self) -> dict[str, Any]:
        """The run as `to_record` has it."""
        with self._open() as archive:
            plain: dict[str, Any] = json.loads(archive.read(RECORD))
        return plain

    def names(self) -> list[str]:
        """The artifacts in it, sorted."""
        with self._open() as archive:
            return sorted(name.removesuffix(_ARRAY) for name in archive.namelist() if name.endswith(_ARRAY))

    def read(self, name: str) -> bytes:
        """An artifact; `FileNotFoundError` if there is none of this name."""
        with self._open() as archive:
            try:
                return archive.read(f"{name}{_ARRAY}")
            except KeyError as error:
                raise FileNotFoundError(name) from error
