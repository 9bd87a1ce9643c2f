"""The queue: runs that wait, and who gets which of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, func, insert, or_, select, update

from core.experiment import Experiment
from core.plain_text import as_title
from core.run import Epoch, Prediction, RunState, new_run_id
from core.storage.class_rules import check_rules
from core.storage.classes import seat_of
from core.storage.database import Database
from core.storage.records import (
    UNDER_WAY,
    epoch_values,
    finite,
    is_run,
    now,
    plain_record,
    searched,
    state_of,
    storable,
)
from core.storage.tables import EpochRow, RunRow


class Queue(Database):
    """What happens to runs until they are over; see `Store` for what holds of all methods."""

    def add(
        self,
        experiment: Experiment,
        *,
        owner: str,
        title: str = "",
        preset: str = "",
        continues: str = "",
        epochs: Sequence[Epoch] = (),
        worker: str = "",
        address: str = "",
        lesson: str = "",
        covered: bool = False,
        sealed: bool = False,
        prediction: Prediction | None = None,
        revealed: datetime | None = None,
    ) -> str:
        """Queue a run, or begin it at once, and return its id.

        Args:
            continues: The run that it goes on from.
            epochs: Those it takes over from that run, numbered 1, 2, 3, ...
            worker: If given, the run does not wait but is under way at once, carried out by the caller under
                this name (the command line does); no engine ever gets to see it waiting.
            address: From where it was asked for; kept only while the run waits, to be counted by.
            lesson: In which step of a lesson it is begun, as "LESSON.STEP".
            covered: Whether what validation shows stays covered until its owner has predicted it or has it shown. A
                run without a validation set has nothing to be covered, and is not.
            sealed: Whether the test result stays sealed until its owner opens it.
            prediction: What was predicted of the run that it brings to an end.
            revealed: When that one's cover was lifted.

        Raises:
            ValueError: If the epochs are not numbered so.
            ExperimentError: If the experiment has problems.
            ClassError: If its owner sits in a class whose rules are against it (`core.classroom.permission`).
        """
        if [epoch.number for epoch in epochs] != list(range(1, len(epochs) + 1)):
            raise ValueError("the epochs taken over do not count from 1")
        begun = _under_way(worker) if worker else waiting(address)
        with self._writing() as connection:
            return add_run(
                connection,
                experiment,
                owner=owner,
                title=title,
                preset=preset,
                continues=continues,
                epochs=epochs,
                begun={
                    **begun,
                    "lesson": storable(lesson),
                    "covered": covered and experiment.validation_size > 0,
                    "sealed": sealed,
                    "prediction": plain_record(prediction),
                    "revealed": revealed,
                },
            )

    def claim(self, worker: str, *, again: bool = False) -> str | None:
        """Move the next queued run to running and return its id; None if nothing waits.

        Next is the oldest run of the owner with the fewest runs under way. Among several such owners it is
        the turn of the one who has been given the fewest runs while the others waited, then of the one who
        has waited longest: so owners alternate on a single worker too, however many runs one of them queues.
        Two simultaneous callers never get the same run.

        Args:
            worker: Who takes it; kept with the run.
            again: Whether the same worker has asked before and may not have heard the answer, because the database
                went away just then. A run that it was given and that nobody has begun is then given again.
        """
        if again:
            given = select(RunRow.id).where(
                RunRow.worker == storable(worker), RunRow.state.in_(UNDER_WAY), RunRow.environment == {}
            )
            with self._reading() as connection:
                unheard: str | None = connection.execute(given).scalars().first()
            if unheard is not None:
                return unheard
        line = _line()
        first = select(line.c.id).order_by(*_in_order(line)).limit(1)
        while True:
            with self._writing() as connection:
                run: str | None = connection.execute(first).scalar()
                if run is None:
                    return None
                # On PostgreSQL another claim may have been quicker; then the line looks different now.
                if _begin(connection, run, worker):
                    return run

    def start(self, run: str, worker: str) -> bool:
        """Move this one queued run to running, past the queue (the command line does); False if it is not queued."""
        with self._writing() as connection:
            if _begin(connection, run, worker):
                return True
            state_of(connection, run)
            return False

    def request_stop(self, run: str) -> RunState:
        """Ask a run to end: a queued one becomes stopped at once, a running one stopping; return its state now."""
        removed = {
            "state": RunState.STOPPED,
            "reason_code": "removed_from_queue",
            "ended": now(),
            "address": None,
        }
        asked = {"state": RunState.STOPPING, "reason_code": "stop_requested"}
        with self._writing() as connection:
            for state, values in ((RunState.QUEUED, removed), (RunState.RUNNING, asked)):
                these = update(RunRow).where(is_run(run), RunRow.state == state)
                if connection.execute(these.values(reason_details={}, **values)).rowcount:
                    break
            return state_of(connection, run)

    def stop_requested(self, run: str) -> bool:
        """Whether a running run should end; also True if it was deleted or is over."""
        with self._reading() as connection:
            state = connection.execute(select(RunRow.state).where(is_run(run))).scalar()
        return state not in (RunState.QUEUED, RunState.RUNNING)

    def queue(self) -> list[str]:
        """The ids of the waiting runs in the order in which `claim` would give them if nothing else came."""
        line = _line()
        with self._reading() as connection:
            return list(connection.execute(select(line.c.id).order_by(*_in_order(line))).scalars())

    def under_way(self) -> list[str]:
        """The ids of the running and stopping runs, oldest first."""
        wanted = select(RunRow.id).where(RunRow.state.in_(UNDER_WAY)).order_by(RunRow.number)
        with self._reading() as connection:
            return list(connection.execute(wanted).scalars())


def _next_turn(connection: Connection, owner: str) -> int:
    """The turn of an owner's new run: one after the owner's last, but not before the turn it is now.

    That is start-time fair queueing with runs of one length. Without the second half an owner who comes late
    would first be given as many runs as the others have had.
    """
    given = RunRow.started.is_not(None)
    now = select(func.max(RunRow.turn)).where(given)
    last = select(func.max(RunRow.turn)).where(
        RunRow.owner == owner, or_(given, RunRow.state == RunState.QUEUED)
    )
    turn, own = connection.execute(select(now.scalar_subquery(), last.scalar_subquery())).one()
    return max(turn or 0, 0 if own is None else own + 1)


def _line() -> Subquery:
    """The waiting runs, with how many runs of the same owner are under way or wait before them.

    Sorted by `_in_order` they come out as by claiming one after the other: each claim takes the first run of
    an owner with the fewest runs under way, and gives that owner one more under way.
    """
    busy = (
        select(RunRow.owner, func.count().label("runs"))
        .where(RunRow.state.in_(UNDER_WAY))
        .group_by(RunRow.owner)
        .subquery()
    )
    place = func.row_number().over(partition_by=RunRow.owner, order_by=RunRow.number)
    return (
        select(RunRow.id, RunRow.number, RunRow.turn, (place + func.coalesce(busy.c.runs, 0)).label("before"))
        .outerjoin(busy, busy.c.owner == RunRow.owner)
        .where(RunRow.state == RunState.QUEUED)
        .subquery()
    )


def _in_order(line: Subquery) -> tuple[ColumnElement[Any], ...]:
    return (line.c.before, line.c.turn, line.c.number)


def positions(connection: Connection, runs: Sequence[str]) -> dict[str, int]:
    """The place in the queue, from 1, of each of these runs that wait."""
    line = _line()
    places = select(line.c.id, func.row_number().over(order_by=_in_order(line)).label("place")).subquery()
    wanted = select(places.c.id, places.c.place).where(places.c.id.in_(runs))
    return {row.id: row.place for row in connection.execute(wanted)}


def add_run(
    connection: Connection,
    experiment: Experiment,
    *,
    owner: str,
    title: str,
    preset: str,
    continues: str = "",
    epochs: Sequence[Epoch] = (),
    begun: Mapping[str, Any],
) -> str:
    """Insert a run with its epochs; `begun` are the values of how it begins, such as `waiting` gives."""
    experiment.checked()  # what has problems could not be read back, and with it no list that it is in
    run = new_run_id()
    title, preset = as_title(title), storable(preset)
    losses = [epoch.val_loss for epoch in epochs if finite(epoch.val_loss)]
    accuracies = [epoch.val_accuracy for epoch in epochs if finite(epoch.val_accuracy)]
    seat = seat_of(connection, owner)
    check_rules(connection, seat, (experiment,), lesson=str(begun.get("lesson", "")))
    number = connection.execute(
        insert(RunRow)
        .values(
            id=run,
            owner=storable(owner),
            title=title,
            preset=preset,
            continues=storable(continues),
            experiment=json.dumps(experiment.to_dict(), separators=(",", ":")),
            digest=experiment.digest,
            dataset=experiment.dataset,
            searched=searched(title, preset, experiment.dataset, run),
            turn=_next_turn(connection, storable(owner)),
            created=now(),
            classroom=seat.classroom if seat is not None else "",
            **begun,
            environment={},
            epochs_done=len(epochs),
            best_val_loss=min(losses, default=None),
            best_val_accuracy=max(accuracies, default=None),
        )
        .returning(RunRow.number)
    ).scalar_one()
    if epochs:
        connection.execute(insert(EpochRow), [epoch_values(number, epoch) for epoch in epochs])
    return run


def _begin(connection: Connection, run: str, worker: str) -> bool:
    begun = update(RunRow).where(is_run(run), RunRow.state == RunState.QUEUED).values(**_under_way(worker))
    return bool(connection.execute(begun).rowcount)


def waiting(address: str) -> dict[str, Any]:
    """The values of a run that waits, asked for from this address."""
    return {
        "state": RunState.QUEUED,
        "reason_code": "waiting",
        "reason_details": {},
        "address": storable(address),
    }


def _under_way(worker: str) -> dict[str, Any]:
    moment = now()
    return {
        "state": RunState.RUNNING,
        "reason_code": "training",
        "reason_details": {},
        "worker": storable(worker),
        "started": moment,
        "heartbeat": moment,
        "address": None,
        "progressed": moment,
    }
