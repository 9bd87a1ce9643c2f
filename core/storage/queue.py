"""The queue: runs that wait, and who gets which of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Subquery,
    bindparam,
    case,
    cast,
    func,
    insert,
    or_,
    select,
    update,
)

from core.catalog import is_own
from core.experiment import Experiment
from core.plain_text import as_title
from core.run import ACTIVE, Epoch, Prediction, RunState, best_validation, new_run_id
from core.storage import sharing
from core.storage.class_rules import check_rules
from core.storage.classes import seat_of
from core.storage.database import Database
from core.storage.own_data import check_use
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
from core.storage.waiting import Ahead, left, upto

UNKNOWN = 10.0
"""Seconds that a run is taken to last of which nobody said how long it will."""
MOST_OVERTAKING = 60
"""How many runs that came later may be given before a run whose owner's turn is the same, however long it is."""
LONGEST = 60.0
"""Seconds of a run that count against its owner's next turn: what is longer can be stopped and gone on with."""
#: How the names of workers begin that are programs of the command line.
PROGRAM = "cli"
_TICKS = 10  # a second, in the count of turns


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
        expected: float | None = None,
        share: bool = False,
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
            expected: How many seconds it will take, about; None if nobody knows.
            share: Whether it may follow a run of an equal experiment that waits, learns or has just finished, instead
                of being trained by itself; see `Store`.

        Raises:
            ValueError: If the epochs are not numbered so.
            ExperimentError: If the experiment has problems.
            DataError: If it learns from an own data set that is gone, or that its owner may not use.
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
                expected=expected,
                share=share and not worker,
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
        """Move the next queued run to running and return its id; None if nothing waits. A follower is never given.

        Next is the oldest run of the owner with the fewest runs under way. Among several such owners it is
        the turn of the one whose runs were expected to take the least time in all while the others waited: so owners
        alternate on a single worker too, however many runs one of them queues and however long they are. Where the
        turn is the same, a second that a run is expected to take weighs as much as having come one run later, up to
        `MOST_OVERTAKING`: short runs go first, and a long one waits for so many later ones at most.
        Two simultaneous callers never get the same run.

        Args:
            worker: Who takes it; kept with the run.
            again: Whether the same worker has asked before and may not have heard the answer, because the database
                went away just then. A run that it was given and that nobody has begun is then given again.
        """
        if again:
            given = select(RunRow.id).where(
                RunRow.worker == storable(worker), RunRow.state.in_(UNDER_WAY), RunRow.environment == {}
            )  # a follower has no worker
            with self._reading() as connection:
                unheard: str | None = connection.execute(given).scalars().first()
            if unheard is not None:
                return unheard
        first = _waiting().limit(1)
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
        """Ask a run to end: a queued one becomes stopped at once, a running one stopping; return its state now.

        A follower becomes stopped at once, without a network, and the training goes on for the others. Those who follow
        a run that is stopped are trained without it.
        """
        with self._writing() as connection:
            sharing.ask_to_stop(connection, run)
            return state_of(connection, run)

    def stop_requested(self, run: str) -> bool:
        """Whether a running run should end; also True if it was deleted or is over."""
        with self._reading() as connection:
            state = connection.execute(select(RunRow.state).where(is_run(run))).scalar()
        return state not in (RunState.QUEUED, RunState.RUNNING)

    def queue(self) -> list[str]:
        """The ids of the waiting runs but followers, in the order in which `claim` would give them if none came."""
        with self._reading() as connection:
            return list(connection.execute(_waiting()).scalars())

    def ahead(self, run: str = "") -> Ahead:
        """What a waiting run waits for, or one that would come now and be given last; programs take no worker."""
        with self._reading() as connection:
            moment = now()
            lasting = [
                left(row.expected, row.started, row.progress, moment)
                for row in connection.execute(_learning())
            ]
            leader = sharing.training_of(connection, run)
            before = upto([(row.id, row.expected) for row in connection.execute(_waiting())], leader)
        return Ahead(tuple(lasting), before)

    def under_way(self) -> list[str]:
        """The ids of the running and stopping runs but followers, oldest first."""
        wanted = (
            select(RunRow.id).where(RunRow.state.in_(UNDER_WAY), sharing.is_leader()).order_by(RunRow.number)
        )
        with self._reading() as connection:
            return list(connection.execute(wanted).scalars())

    def not_over(self) -> set[str]:
        """The ids of all runs that wait or are under way, followers among them."""
        with self._reading() as connection:
            return set(connection.execute(select(RunRow.id).where(RunRow.state.in_(ACTIVE))).scalars())


def _next_turn(connection: Connection, owner: str) -> int:
    """The turn of an owner's new run: when the owner's last one ends, but not before the turn it is now.

    That is start-time fair queueing, whose length is the expected time: who trains a minute at a time waits for others
    as long as who trains sixty times a second. Without the second half an owner who comes late would first be given as
    much as the others have had.
    """
    given = RunRow.started.is_not(None)
    # By the index from its end: only what waits stands before the first one given.
    now = select(RunRow.turn).where(given, sharing.is_leader()).order_by(RunRow.turn.desc()).limit(1)
    end = RunRow.turn + cast(_at_most(LONGEST) * _TICKS, Integer)
    last = select(func.max(end)).where(RunRow.owner == owner, or_(given, RunRow.state == RunState.QUEUED))
    turn, own = connection.execute(select(now.scalar_subquery(), last.scalar_subquery())).one()
    return max(turn or 0, own or 0)


def _at_most(most: float) -> ColumnElement[float]:
    """The expected seconds of a run, cut there."""
    seconds = func.coalesce(RunRow.expected, UNKNOWN)
    return case((seconds > most, most), else_=seconds)


# Every student whose run waits asks for its place twice a second, and to put such a statement together takes longer
# than to carry it out: each is made once.


@cache
def _line() -> Subquery:
    """The waiting runs, with how many runs of the same owner are under way or wait before them.

    Sorted by `_in_order` they come out as by claiming one after the other: each claim takes the first run of
    an owner with the fewest runs under way, and gives that owner one more under way. Followers cost nothing and are
    not in it.
    """
    busy = (
        select(RunRow.owner, func.count().label("runs"))
        .where(RunRow.state.in_(UNDER_WAY), sharing.is_leader())
        .group_by(RunRow.owner)
        .subquery()
    )
    place = func.row_number().over(partition_by=RunRow.owner, order_by=RunRow.number)
    return (
        select(
            RunRow.id,
            RunRow.number,
            RunRow.turn,
            RunRow.expected,
            (place + func.coalesce(busy.c.runs, 0)).label("before"),
            (RunRow.number + _at_most(float(MOST_OVERTAKING))).label("late"),
        )
        .outerjoin(busy, busy.c.owner == RunRow.owner)
        .where(RunRow.state == RunState.QUEUED, sharing.is_leader())
        .subquery()
    )


def _in_order(line: Subquery) -> tuple[ColumnElement[Any], ...]:
    return (line.c.before, line.c.turn, line.c.late, line.c.number)


@cache
def _waiting() -> Select[Any]:
    """The ids and expected seconds of what waits, in the order in which it is given."""
    line = _line()
    return select(line.c.id, line.c.expected).order_by(*_in_order(line))


@cache
def _learning() -> Select[Any]:
    """How far those are that workers have."""
    return select(RunRow.expected, RunRow.started, RunRow.progress).where(
        RunRow.state.in_(UNDER_WAY), sharing.is_leader(), ~RunRow.worker.startswith(f"{PROGRAM}:")
    )


@cache
def _places() -> Select[Any]:
    """The places of the runs that are put in as `runs`."""
    line = _line()
    places = select(line.c.id, func.row_number().over(order_by=_in_order(line)).label("place")).subquery()
    trained = case((sharing.is_leader(), RunRow.id), else_=RunRow.follows)
    joined = select(RunRow.id, places.c.place).join(places, places.c.id == trained)
    return joined.where(RunRow.id.in_(bindparam("runs", expanding=True)))


def positions(connection: Connection, runs: Sequence[str]) -> dict[str, int]:
    """The place in the queue, from 1, of each of these runs that wait; a follower has that of its leader."""
    return {row.id: row.place for row in connection.execute(_places(), {"runs": list(runs)})}


def add_run(
    connection: Connection,
    experiment: Experiment,
    *,
    owner: str,
    title: str,
    preset: str,
    continues: str = "",
    epochs: Sequence[Epoch] = (),
    expected: float | None = None,
    share: bool = False,
    begun: Mapping[str, Any],
) -> str:
    """Insert a run with its epochs; `begun` are the values of how it begins, such as `waiting` gives.

    The rest is as of `Queue.add`.
    """
    experiment.checked()  # what has problems could not be read back, and with it no list that it is in
    run = new_run_id()
    title, preset = as_title(title), storable(preset)
    best_loss, best_accuracy = best_validation(epochs)
    seat = seat_of(connection, owner)
    check_use(connection, experiment.dataset, owner)
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
            expected=expected if finite(expected) else None,
            **begun,
            environment={},
            epochs_done=len(epochs),
            best_val_loss=best_loss,
            best_val_accuracy=best_accuracy,
        )
        .returning(RunRow.number)
    ).scalar_one()
    if epochs:
        connection.execute(insert(EpochRow), [epoch_values(number, epoch) for epoch in epochs])
    if share and not continues and not epochs:
        _share(connection, run, experiment, owner)
    return run


def _share(connection: Connection, run: str, experiment: Experiment, owner: str) -> None:
    """Have a new run that waits and an equal one be trained once, by whose turn comes first.

    What was trained before is taken over unless it learned from data of somebody's own: that it is there at once would
    tell what another one has done with them.
    """
    leader = sharing.leader_for(connection, run, experiment.digest)
    if leader is None:
        if not is_own(experiment.dataset):
            before = sharing.trained_before(connection, run, experiment.digest, storable(owner))
            if before is not None:
                sharing.join(connection, run, before)
        return
    other, state = leader
    if state is RunState.RUNNING:
        sharing.join(connection, run, other)
        return
    line = _line()
    nearest = select(line.c.id).where(line.c.id.in_((run, other))).order_by(*_in_order(line)).limit(1)
    if connection.execute(nearest).scalar() == run:
        sharing.follow(connection, other, run)
    else:
        sharing.follow(connection, run, other)


def _begin(connection: Connection, run: str, worker: str) -> bool:
    waits = (RunRow.state == RunState.QUEUED, sharing.is_leader())
    values = _under_way(worker)
    if not connection.execute(update(RunRow).where(is_run(run), *waits).values(**values)).rowcount:
        return False
    followers = update(RunRow).where(RunRow.follows == run, RunRow.state == RunState.QUEUED)
    connection.execute(followers.values({**values, "worker": None}))
    return True


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
