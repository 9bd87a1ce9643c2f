"""Runs that share one training: the leader is trained, its followers get all that is recorded of it.

Who presses what others have trained a moment ago follows, too, and is over at once; who has it already trains it anew.

A follower is a run of its own, with its owner, title, cover, seal, prediction and notes. What comes from the training
is written to the rows of leader and followers in one transaction, so that whoever reads a run need not know that it is
shared; only files are kept once, under the leader's id (`Runs.training_of`). The contract is that of `Store`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, or_, select, update

from core.run import Reason, RunState, is_run_id
from core.storage.records import UNDER_WAY, is_run, now, sought
from core.storage.tables import EpochRow, RunRow

_LEADER = select(RunRow.follows).where(RunRow.id == bindparam("run"))  # made once, for it is asked very often
#: What a run takes over that joins a training under way.
_RECORDED = (
    RunRow.progress,
    RunRow.evaluation,
    RunRow.environment,
    RunRow.epochs_done,
    RunRow.best_val_loss,
    RunRow.best_val_accuracy,
    RunRow.test_accuracy,
    RunRow.heartbeat,
    RunRow.progressed,
)
#: And of one that is over.
_ENDED = (
    RunRow.state,
    RunRow.reason_code,
    RunRow.reason_details,
    RunRow.timing,
    RunRow.fit_seconds,
    RunRow.best_epoch,
)
#: Seconds for which a finished training serves for equal experiments of others: those of one class in one lesson.
MOMENT = 600.0
_EPOCH = tuple(column for column in EpochRow.__table__.columns if column.name != "run")
#: Ends that say nothing about the experiment: another training of it may well end otherwise.
_ACCIDENTS = frozenset({"stopped_by_user", "removed_from_queue", "worker_died", "database_lost", "disk_full"})


def is_leader() -> ColumnElement[bool]:
    """The runs that have a training of their own."""
    return RunRow.follows == ""


def is_follower_of(leader: str) -> ColumnElement[bool]:
    """The runs that follow this one; what cannot be an id is not sent, as of `sought`."""
    return RunRow.follows == (leader if is_run_id(leader) else "-")


def rows_of(connection: Connection, leader: str) -> list[int]:
    """The numbers of the rows to which the training of a run is written, held to the end of the transaction.

    The leader's row is held first, by a statement of its own: whoever joins holds it too, and is seen by the second.
    """
    own = connection.execute(select(RunRow.number).where(is_run(leader)).with_for_update()).scalars().all()
    followers = is_follower_of(leader)
    others = select(RunRow.number).where(followers).order_by(RunRow.number).with_for_update()
    return [*own, *connection.execute(others).scalars()]


def training_of(connection: Connection, run: str) -> str:
    """The run under whose id the files of a run are."""
    return connection.execute(_LEADER, {"run": sought(run)}).scalar() or run


def is_needed(connection: Connection, training: str) -> bool:
    """Whether there are runs to which the files of this training belong."""
    needing = select(RunRow.number).where(or_(is_run(training), is_follower_of(training))).limit(1)
    return connection.execute(needing).scalar() is not None


def leader_for(connection: Connection, run: str, digest: str) -> tuple[str, RunState] | None:
    """The run whose training a new one can share, held to the end of the transaction, and its state."""
    if connection.dialect.name == "postgresql":
        # Of two that come at once the second sees the first; on SQLite whoever writes is alone.
        connection.execute(select(func.pg_advisory_xact_lock(int(digest[:15], 16))))
    wanted = (
        select(RunRow.id, RunRow.state)
        .where(
            RunRow.digest == digest,
            is_leader(),
            RunRow.continues == "",
            RunRow.state.in_((RunState.QUEUED, RunState.RUNNING)),
            RunRow.id != run,
        )
        .order_by(RunRow.number)
        .limit(1)
        .with_for_update()
    )
    row = connection.execute(wanted).one_or_none()
    return None if row is None else (row.id, row.state)


def trained_before(connection: Connection, run: str, digest: str, owner: str) -> str | None:
    """The run of somebody else that has just finished an equal experiment, held to the end of the transaction.

    None for an owner who has such a run already: whoever asks once more wants it trained.
    """
    own = (
        select(RunRow.number).where(RunRow.digest == digest, RunRow.owner == owner, RunRow.id != run).limit(1)
    )
    if connection.execute(own).scalar() is not None:
        return None
    wanted = (
        select(RunRow.id)
        .where(
            RunRow.digest == digest,
            is_leader(),
            RunRow.continues == "",
            RunRow.state == RunState.FINISHED,
            RunRow.ended > now() - timedelta(seconds=MOMENT),
        )
        .order_by(RunRow.number.desc())
        .limit(1)
        .with_for_update()
    )
    found: str | None = connection.execute(wanted).scalar()
    return found


def follow(connection: Connection, run: str, leader: str) -> None:
    """Have a waiting run, and those that follow it, follow another one that waits."""
    these = or_(is_run(run), RunRow.follows == run)
    connection.execute(update(RunRow).where(these).values(follows=leader))


def join(connection: Connection, run: str, leader: str) -> None:
    """Have a new run follow one that is under way or finished, with all that is recorded of it so far."""
    own = connection.execute(select(RunRow.number).where(is_run(run))).scalar_one()
    found = connection.execute(select(RunRow.number, *_RECORDED, *_ENDED).where(is_run(leader))).one()
    over, moment = found.state.is_over, now()
    columns = (*_RECORDED, *_ENDED) if over else _RECORDED
    values: dict[str, Any] = {column.key: found._mapping[column.key] for column in columns}
    if over:
        values |= {"ended": moment, "expected": 0.0}  # nobody waits for it: it counts for no turn
    else:
        values |= {"state": RunState.RUNNING, "reason_code": "training", "reason_details": {}}
    joins = update(RunRow).where(RunRow.number == own)
    connection.execute(joins.values(follows=leader, started=moment, address=None, **values))
    epochs = connection.execute(select(*_EPOCH).where(EpochRow.run == found.number)).mappings().all()
    if epochs:
        connection.execute(insert(EpochRow), [{**epoch, "run": own} for epoch in epochs])


def leave(connection: Connection, run: str) -> bool:
    """End a follower that its owner has asked to stop; False if it follows nobody or is over.

    Neither network nor files are its own: they are those of a training that goes on.
    """
    is_follower = (is_run(run), ~is_leader())
    values: dict[str, Any] = {"state": RunState.STOPPED, "ended": now(), "address": None, "progress": None}
    waiting = update(RunRow).where(*is_follower, RunRow.state == RunState.QUEUED)
    removed = waiting.values(follows="", reason_code="removed_from_queue", reason_details={}, **values)
    if connection.execute(removed).rowcount:
        return True
    learning = select(RunRow.epochs_done).where(*is_follower, RunRow.state.in_(UNDER_WAY)).with_for_update()
    done = connection.execute(learning).scalar()
    if done is None:
        return False
    reason = {"reason_code": "left_shared", "reason_details": {"epoch": done}}
    connection.execute(update(RunRow).where(is_run(run)).values(follows="", **reason, **values))
    return True


def ask_to_stop(connection: Connection, run: str) -> bool:
    """Have a run end, as `Queue.request_stop` says; False if it was asked to before, is over or unknown."""
    if leave(connection, run):
        return True
    removed = {
        "state": RunState.STOPPED,
        "reason_code": "removed_from_queue",
        "ended": now(),
        "address": None,
    }
    asked = {"state": RunState.STOPPING, "reason_code": "stop_requested", "address": None}
    for state, values in ((RunState.QUEUED, removed), (RunState.RUNNING, asked)):
        these = update(RunRow).where(is_run(run), RunRow.state == state)
        if connection.execute(these.values(reason_details={}, **values)).rowcount:
            if state is RunState.QUEUED:
                hand_on(connection, run)
            return True
    return False


def is_accident(reason: Reason, state: RunState, *, continues: bool) -> bool:
    """Whether a run ended so that those who share its training shall not.

    Args:
        continues: Whether it went on from another one, whose files may be why it failed.
    """
    if state is RunState.FINISHED:
        return False
    return (
        state is RunState.INTERRUPTED or reason.code in _ACCIDENTS or (continues and reason.code == "error")
    )


def hand_on(connection: Connection, leader: str, *, anew: bool = False) -> bool:
    """Have the first follower of a run that is over trained in its place, followed by the others; False without any.

    It waits again, with the epochs it has, and goes on from what was kept of the leader: the one way in which a state
    moves back.

    Args:
        anew: Whether it begins from the start instead.
    """
    followers = (
        select(RunRow.id, RunRow.state)
        .where(RunRow.follows == leader)
        .order_by(RunRow.number)
        .with_for_update()
    )
    found = connection.execute(followers).all()
    heirs = [row.id for row in found if not row.state.is_over]
    if not heirs:
        return False
    begun = any(row.state in UNDER_WAY for row in found)
    waits: dict[str, Any] = {"state": RunState.QUEUED, "reason_code": "waiting", "reason_details": {}}
    waits |= {"progress": None, "started": None, "heartbeat": None, "progressed": None, "environment": {}}
    waits |= {"evaluation": None, "test_accuracy": None}
    values = waits if begun else {}
    these = update(RunRow).where(RunRow.id.in_(heirs))
    connection.execute(these.values(follows=heirs[0], **values))
    continues = leader
    if not begun:
        continues = connection.execute(select(RunRow.continues).where(is_run(leader))).scalar_one()
    if anew:
        continues = ""
    connection.execute(update(RunRow).where(is_run(heirs[0])).values(follows="", continues=continues))
    return True
