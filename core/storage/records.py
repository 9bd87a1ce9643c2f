"""From records to rows and back, and the pieces that several statements have."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from math import isfinite
from operator import itemgetter
from typing import Any, TypeGuard

from sqlalchemy import ColumnElement, Connection, Row, bindparam, select

from core.comparison import ComparisonPrediction
from core.errors import UnknownRunError
from core.experiment import Experiment
from core.plain_text import folded
from core.run import (
    Epoch,
    Evaluation,
    Opening,
    Prediction,
    Progress,
    Reason,
    Run,
    RunState,
    RunSummary,
    Timing,
    is_run_id,
)
from core.storage.tables import EpochRow, RunRow

UNDER_WAY = (RunState.RUNNING, RunState.STOPPING)
"""In the order in which they follow one another."""

EPOCH = tuple(getattr(EpochRow, field.name) for field in fields(Epoch))
"""The columns of an epoch."""
SUMMARY = tuple(getattr(RunRow, field.name) for field in fields(RunSummary) if field.name != "position")
"""The columns of a line of the run list; a place in the queue is worked out."""

# Every browser with a live curve asks twice a second, and to put such a statement together takes longer than to
# carry it out: each is made once.
RUNS = select(RunRow).where(RunRow.id.in_(bindparam("runs", expanding=True)))
"""The whole rows of the runs that are put in as `runs`."""
_EPOCHS = (
    select(EpochRow.run, *EPOCH)
    .where(EpochRow.run.in_(bindparam("runs", expanding=True)), EpochRow.number > bindparam("after"))
    .order_by(EpochRow.run, EpochRow.number)
)


def now() -> datetime:
    """The time of whoever asks, in UTC."""
    return datetime.now(UTC)


def storable(words: str) -> str:
    """The text without what databases cannot keep: NUL and unpaired surrogates."""
    return words.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def searched(*words: str) -> str:
    """What the list's text filter looks through; a separator that nobody types keeps the fields apart."""
    return "\x1f".join(map(folded, words))


def finite(value: float | None) -> TypeGuard[float]:
    """Whether there is a value that can be the best."""
    return value is not None and isfinite(value)


def sought(identity: str) -> str:
    """The id to look for; none has the empty one that stands for what cannot be an id.

    That is not sent, as PostgreSQL has errors of its own for some of it.
    """
    return identity if is_run_id(identity) else ""


def is_run(run: str) -> ColumnElement[bool]:
    """The row of this run."""
    return RunRow.id == sought(run)


def state_of(connection: Connection, run: str) -> RunState:
    """The state of a run.

    Raises:
        UnknownRunError: If there is none of this id.
    """
    state = connection.execute(select(RunRow.state).where(is_run(run))).scalar()
    if state is None:
        raise UnknownRunError("unknown_run", received=run)
    return state


def epoch_values(run: int, epoch: Epoch) -> dict[str, Any]:
    """The row of an epoch of the run of this number."""
    return {**asdict(epoch), "run": run, "number": int(epoch.number)}


def epochs_of(connection: Connection, runs: Sequence[int], after: int = 0) -> dict[int, tuple[Epoch, ...]]:
    """The epochs after this one, by the number of their run, in order."""
    rows = groupby(connection.execute(_EPOCHS, {"runs": list(runs), "after": after}), key=itemgetter(0))
    return {run: tuple(Epoch(*row[1:]) for row in group) for run, group in rows}


def run_of(row: Row[Any], epochs: tuple[Epoch, ...], position: int | None) -> Run:
    """The run of a row of its table."""
    return Run(
        id=row.id,
        experiment=experiment_of(row.experiment),
        state=row.state,
        reason=Reason(row.reason_code, row.reason_details),
        title=row.title,
        preset=row.preset,
        owner=row.owner,
        continues=row.continues,
        created=row.created,
        started=row.started,
        ended=row.ended,
        epochs=epochs,
        progress=None if row.progress is None else Progress(**row.progress),
        evaluation=None if row.evaluation is None else _evaluation(row.evaluation),
        timing=None if row.timing is None else Timing(**row.timing),
        best_epoch=row.best_epoch,
        environment=row.environment,
        position=position,
        heartbeat=row.heartbeat,
        progressed=row.progressed,
        lesson=row.lesson,
        covered=row.covered,
        prediction=_prediction(row.prediction),
        revealed=row.revealed,
        sealed=row.sealed,
        opening=_opening(row.opening),
        notes=row.notes or {},
        classroom=row.classroom,
        follows=row.follows,
        expected=row.expected,
    )


def summary_of(row: Row[Any]) -> RunSummary:
    """The line of a row of `SUMMARY`."""
    read = {"experiment": experiment_of(row.experiment), "opening": _opening(row.opening)}
    return RunSummary(**{**row._mapping, **read})


def plain_record(record: Prediction | Opening | ComparisonPrediction | None) -> dict[str, Any] | None:
    """A record as JSON knows it, from which it is read back."""
    return None if record is None else {**asdict(record), "when": record.when.astimezone(UTC).isoformat()}


def _prediction(plain: Mapping[str, Any] | None) -> Prediction | None:
    if plain is None:
        return None
    sketch = tuple((float(epoch), float(loss)) for epoch, loss in plain["sketch"])
    return Prediction(plain["epoch"], sketch, datetime.fromisoformat(plain["when"]), plain["epochs_seen"])


def comparison_prediction_of(plain: Mapping[str, Any] | None) -> ComparisonPrediction | None:
    """What was kept of a comparison."""
    if plain is None:
        return None
    when = datetime.fromisoformat(plain["when"])
    return ComparisonPrediction(plain["winner"], plain["shown"], when, tuple(plain["sealed"]))


def _opening(plain: Mapping[str, Any] | None) -> Opening | None:
    if plain is None:
        return None
    return Opening(plain["looks"], plain["epoch"], datetime.fromisoformat(plain["when"]))


def _evaluation(plain: Mapping[str, Any]) -> Evaluation:
    return Evaluation(plain["loss"], plain["accuracy"], tuple(map(tuple, plain["matrix"])))


@lru_cache(maxsize=4096)
def experiment_of(plain: str) -> Experiment:
    """Read an experiment; a list of runs holds the same few again and again, and checking takes its time."""
    return Experiment.from_dict(json.loads(plain))
