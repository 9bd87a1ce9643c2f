"""Runs: what is recorded of them, read, and changed once they are over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, TypedDict, Unpack

from sqlalchemy import ColumnElement, Connection, Select, case, delete, func, insert, or_, select, update

from core import recorded
from core.errors import RunError, StorageError, UnknownRunError
from core.plain_text import as_title, folded
from core.run import (
    ACTIVE,
    FINAL,
    Epoch,
    Evaluation,
    Progress,
    Reason,
    Run,
    RunState,
    RunSummary,
    Timing,
    best_validation,
    is_run_id,
)
from core.storage import sharing
from core.storage.database import Database
from core.storage.queue import positions
from core.storage.records import (
    EPOCH,
    RUNS,
    SUMMARY,
    UNDER_WAY,
    epoch_values,
    epochs_of,
    finite,
    is_run,
    now,
    run_of,
    searched,
    sought,
    state_of,
    storable,
    summary_of,
)
from core.storage.tables import EpochRow, RunRow, StudyRunRow

_log = logging.getLogger(__name__)


class RunFilter(TypedDict, total=False):
    """Which runs are listed: those that fit all that is given and not None."""

    owner: str | None
    states: Collection[RunState] | None  # in one of these states
    dataset: str | None
    preset: str | None  # begun from this preset
    #: whose title, preset, data set or id contains it, ignoring case and how letters are composed; `%` and `_`
    #: mean themselves
    text: str
    address: str | None  # that wait and were asked for from this address
    lesson: str | None  # begun in this step of a lesson, as "LESSON.STEP"
    classroom: str | None  # begun by whoever sat in this class then


class Runs(Database):
    """Runs as whoever trains them and whoever looks at them see them; see `Store` for what holds of all methods."""

    # Recording (by the one worker that has the run)

    def beat(self, run: str) -> None:
        """Renew the heartbeat and nothing else; does nothing if the run is gone or over."""
        self._record(run, heartbeat=now())

    def record_progress(self, run: str, progress: Progress) -> None:
        """Overwrite the progress and renew the heartbeat; does nothing if the run is gone or over."""
        moment = now()
        self._record(run, progress=asdict(progress), heartbeat=moment, progressed=moment)

    def _record(self, run: str, **values: Any) -> None:
        with self._writing() as connection:
            these = RunRow.number.in_(sharing.rows_of(connection, run))
            connection.execute(update(RunRow).where(these, RunRow.state.in_(ACTIVE)).values(**values))

    def record_epoch(self, run: str, epoch: Epoch) -> None:
        """Append an epoch and renew the heartbeat; does nothing if the run is gone or over.

        Raises:
            ValueError: If the epochs before it are missing.
        """
        moment = now()
        values: dict[str, Any] = {"epochs_done": int(epoch.number), "heartbeat": moment, "progressed": moment}
        if finite(epoch.val_loss):
            values["best_val_loss"] = _better(RunRow.best_val_loss, epoch.val_loss, lower=True)
        if finite(epoch.val_accuracy):
            values["best_val_accuracy"] = _better(RunRow.best_val_accuracy, epoch.val_accuracy, lower=False)
        with self._writing() as connection:
            # The run's row is taken first and only by the epoch that comes next, so of two callers one waits
            # for the other and then finds the epoch recorded. One that took over a shared training has more epochs.
            these = RunRow.number.in_(sharing.rows_of(connection, run))
            numbers = connection.execute(
                update(RunRow)
                .where(these, RunRow.state.in_(ACTIVE), RunRow.epochs_done == int(epoch.number) - 1)
                .values(**values)
                .returning(RunRow.number)
            ).scalars()
            rows = [epoch_values(number, epoch) for number in numbers]
            if rows:
                connection.execute(insert(EpochRow), rows)
                return
            done = connection.execute(
                select(RunRow.epochs_done).where(is_run(run), RunRow.state.in_(ACTIVE))
            ).scalar()
        if done is not None and epoch.number > done + 1:
            raise ValueError(f"epoch {epoch.number} of run {run} cannot follow epoch {done}")

    def record_environment(self, run: str, environment: Mapping[str, Any]) -> None:
        """Merge into what the result may depend on: versions, threads, process id."""
        with self._writing() as connection:
            rows = sharing.rows_of(connection, run)
            known = connection.execute(select(RunRow.environment).where(is_run(run))).scalar() or {}
            _changed(connection, run, rows, environment={**known, **environment})

    def record_evaluation(self, run: str, evaluation: Evaluation) -> None:
        """Keep the test result."""
        with self._writing() as connection:
            rows = sharing.rows_of(connection, run)
            _changed(connection, run, rows, evaluation=asdict(evaluation), test_accuracy=evaluation.accuracy)

    def finish(
        self,
        run: str,
        state: RunState,
        reason: Reason,
        *,
        timing: Timing | None = None,
        best_epoch: int | None = None,
        learned: int | None = None,
    ) -> bool:
        """Move an active run to a final state; False (and no change) if it was over already or is gone.

        Those who share its training end with it, unless the end was an accident: then one of them waits to be trained
        in its place.

        Args:
            learned: How many epochs the networks have learned that are kept. What was recorded beyond them, before the
                training went on from an older checkpoint, is forgotten: no network is left that had learned it.

        Raises:
            ValueError: If the state is not a final one.
        """
        if state not in FINAL:
            raise ValueError(f"not a final state: {state}")
        values: dict[str, Any] = {
            "state": state,
            "reason_code": reason.code,
            "reason_details": reason.details,
            "progress": None,
            "ended": now(),
            "address": None,
        }
        if timing is not None:
            values |= {"timing": asdict(timing), "fit_seconds": timing.fit}
        if best_epoch is not None:
            values["best_epoch"] = int(best_epoch)
        with self._writing() as connection:
            rows = sharing.rows_of(connection, run)
            own = update(RunRow).where(is_run(run), RunRow.state.in_(ACTIVE))
            continues = connection.execute(own.values(**values).returning(RunRow.continues)).scalar()
            if continues is None:
                return False
            if learned is not None:
                _forget_after(connection, rows, learned)
            if sharing.is_accident(reason, state, continues=continues != ""):
                sharing.hand_on(connection, run, anew=reason.code == "error")
            else:
                others = update(RunRow).where(RunRow.number.in_(rows), RunRow.state.in_(ACTIVE))
                connection.execute(others.values(**values))
            return True

    def interrupt_stale(
        self,
        reason: Reason | Callable[[str], Reason],
        *,
        older_than: float | None = None,
        workers: str = "",
    ) -> list[str]:
        """Move running and stopping runs to interrupted and return their ids; those who follow them are trained on.

        Args:
            reason: Why, or what gives it by the name of the run's worker; `details["state"]` is filled with the
                state the run had.
            older_than: Only those whose last heartbeat is more seconds ago; None for all.
            workers: Only those taken by a worker whose name begins with this.
        """
        moment = now()
        conditions = [sharing.is_leader()]
        if older_than is not None:
            conditions.append(RunRow.heartbeat < moment - timedelta(seconds=older_than))
        if workers:
            conditions.append(RunRow.worker.startswith(workers, autoescape=True))
        found: list[str] = []
        with self._writing() as connection:
            # In the order in which states follow one another: a stop that is asked for in between is found.
            for state in UNDER_WAY:
                these = [RunRow.state == state, *conditions]
                workers_of = connection.execute(select(RunRow.worker).where(*these).distinct())
                for worker in workers_of.scalars().all():
                    why = reason if isinstance(reason, Reason) else reason(worker or "")
                    interrupted = (
                        update(RunRow)
                        .where(*these, RunRow.worker.is_not_distinct_from(worker))
                        .values(
                            state=RunState.INTERRUPTED,
                            reason_code=why.code,
                            reason_details={**why.details, "state": state.value},
                            progress=None,
                            ended=moment,
                        )
                        .returning(RunRow.id)
                    )
                    found.extend(connection.execute(interrupted).scalars())
            for run in found:
                sharing.hand_on(connection, run)
        return found

    def get(self, run: str) -> Run:
        """The whole run; of a store that is to be shown (`DisclosedStore`) without what is covered or sealed."""
        found = self.get_many((run,))
        if not found:
            raise UnknownRunError("unknown_run", received=run)
        return found[0]

    def undisclosed(self, run: str) -> Run:
        """The whole run of any store, with what is covered: for whoever trains, never for whoever shows."""
        found = self._whole((run,))
        if not found:
            raise UnknownRunError("unknown_run", received=run)
        return found[0]

    def get_many(self, runs: Sequence[str]) -> list[Run]:
        """The whole runs of those ids that there are, each once, in the order of the ids, as one moment had them.

        There are three queries at most, however many runs; none for recorded ones.
        """
        return self._whole(runs)

    def _whole(self, runs: Sequence[str]) -> list[Run]:
        known = {run: recorded.get(run) for run in runs if recorded.is_recorded(run)}
        stored = self._stored([run for run in dict.fromkeys(runs) if is_run_id(run) and run not in known])
        return [found for run in dict.fromkeys(runs) if (found := known.get(run) or stored.get(run))]

    def _stored(self, wanted: Sequence[str]) -> dict[str, Run]:
        """The runs of those ids that the database has."""
        if not wanted:
            return {}
        with self._reading() as connection:
            rows = {row.id: row for row in connection.execute(RUNS, {"runs": list(wanted)})}
            epochs = epochs_of(connection, [row.number for row in rows.values()])
            waiting = [row.id for row in rows.values() if row.state is RunState.QUEUED]
            places = positions(connection, waiting) if waiting else {}
        return {run: run_of(row, epochs.get(row.number, ()), places.get(run)) for run, row in rows.items()}

    def training_of(self, run: str) -> str:
        """The run under whose id the files of a run are: the leader of one that follows, there still or not."""
        with self._reading() as connection:
            return sharing.training_of(connection, run)

    def epochs_since(self, run: str, number: int) -> tuple[Epoch, ...]:
        """The epochs after `number`, in order."""
        if recorded.is_recorded(run):
            return recorded.get(run).epochs[number:]
        with self._reading() as connection:
            row = connection.execute(select(RunRow.number).where(is_run(run))).scalar()
            if row is None:
                raise UnknownRunError("unknown_run", received=run)
            return epochs_of(connection, [row], after=number).get(row, ())

    def summaries(
        self, *, limit: int = 200, offset: int = 0, **chosen: Unpack[RunFilter]
    ) -> list[RunSummary]:
        """The runs that fit all that is given but the first `offset`, newest first."""
        wanted = select(*SUMMARY).where(*_conditions(chosen)).order_by(RunRow.number.desc())
        with self._reading() as connection:
            return _lines(connection, wanted.limit(limit).offset(offset))

    def newest_runs(self, classroom: str) -> list[RunSummary]:
        """Of everybody with runs in a class the newest one and, if that is another, the newest finished one."""
        here = RunRow.classroom == storable(classroom)
        finished = RunRow.state == RunState.FINISHED
        newest = [
            select(func.max(RunRow.number)).where(here, *more).group_by(RunRow.owner)
            for more in ((), (finished,))
        ]
        wanted = select(*SUMMARY).where(or_(*(RunRow.number.in_(one) for one in newest)))
        with self._reading() as connection:
            return _lines(connection, wanted.order_by(RunRow.number))

    def recent_epochs(self, runs: Collection[str], most: int) -> dict[str, tuple[Epoch, ...]]:
        """The last epochs, at most so many, of each of those runs that is there and not covered, in order."""
        wanted = (
            select(RunRow.id, *EPOCH)
            .join(EpochRow, EpochRow.run == RunRow.number)
            .where(
                RunRow.id.in_([run for run in runs if is_run_id(run)]),
                EpochRow.number > RunRow.epochs_done - most,
                or_(RunRow.covered.is_(False), RunRow.revealed.is_not(None)),
            )
            .order_by(EpochRow.run, EpochRow.number)
        )
        with self._reading() as connection:
            rows = groupby(connection.execute(wanted), key=itemgetter(0))
            return {run: tuple(Epoch(*row[1:]) for row in group) for run, group in rows}

    def count(self, **chosen: Unpack[RunFilter]) -> int:
        """How many runs `summaries` would give with these filters and no limit."""
        wanted = select(func.count()).select_from(RunRow).where(*_conditions(chosen))
        with self._reading() as connection:
            return connection.execute(wanted).scalar_one()

    # Changing what is over or only shown

    def rename(self, run: str, title: str) -> None:
        """Give a run another title, as one plain line of at most 200 characters.

        Raises:
            RunError: If it is a recorded one ("recorded_run").
        """
        recorded.refuse_change(run)
        title = as_title(title)
        with self._writing() as connection:
            row = connection.execute(select(RunRow.preset, RunRow.dataset).where(is_run(run))).one_or_none()
            if row is None:
                raise UnknownRunError("unknown_run", received=run)
            connection.execute(
                update(RunRow)
                .where(is_run(run))
                .values(title=title, searched=searched(title, row.preset, row.dataset, run))
            )

    def expendable(self, keep: int, *, resting: float) -> list[str]:
        """The ids of the runs to delete so that `keep` are left, those to go first in front.

        Runs without a title of their own that belong to no study go first, the others after them, each time the
        oldest first. A run stays as long as it is not over, ended less than `resting` seconds ago, or has a run
        that waits or learns and continues it.
        """
        needed = select(RunRow.continues).where(RunRow.state.in_(ACTIVE), RunRow.continues != "")
        studied = select(StudyRunRow.run).where(StudyRunRow.run == RunRow.id).exists()
        dear = case((or_(RunRow.title != "", studied), 1), else_=0)
        with self._reading() as connection:
            more = connection.execute(select(func.count()).select_from(RunRow)).scalar_one() - keep
            if more <= 0:
                return []
            wanted = (
                select(RunRow.id)
                .where(
                    RunRow.state.in_(FINAL),
                    RunRow.ended < now() - timedelta(seconds=resting),
                    RunRow.id.not_in(needed),
                )
                .order_by(dear, RunRow.number)
                .limit(more)
            )
            return list(connection.execute(wanted).scalars())

    def delete(self, run: str) -> None:
        """Remove a run that is over, with its epochs, and its artifacts unless other runs share them.

        Raises:
            RunError: If it is not over ("run_not_over"), a run that is not over goes on from it ("run_needed"), or it
                is a recorded one ("recorded_run").
        """
        recorded.refuse_change(run)
        with self._writing() as connection:
            needing = select(RunRow.id).where(
                RunRow.continues == sought(run),
                RunRow.continues != "",
                RunRow.state.in_(ACTIVE),
            )
            by = connection.execute(needing.order_by(RunRow.number).limit(1)).scalar()
            if by is not None:
                raise RunError("run_needed", run=run, by=by)
            training = sharing.training_of(connection, run)
            sharing.rows_of(connection, training)  # of two that are deleted at once the second is the last
            removed = delete(RunRow).where(
                is_run(run), RunRow.state.in_(FINAL)
            )  # epochs follow by foreign key
            if not connection.execute(removed).rowcount:
                state = state_of(connection, run)
                raise RunError("run_not_over", run=run, state=state.value)
            if sharing.is_needed(connection, training):
                return
        try:
            self.artifacts.delete(training)
        except StorageError:
            # The run is gone, which is what was asked; files that nothing names any more do no harm.
            _log.warning("The files of the deleted run %s could not be removed.", run, exc_info=True)


def _lines(connection: Connection, wanted: Select[Any]) -> list[RunSummary]:
    """The lines of a selection of `SUMMARY`, those that wait with their places."""
    lines = [summary_of(row) for row in connection.execute(wanted)]
    waiting = [line.id for line in lines if line.state is RunState.QUEUED]
    places = positions(connection, waiting) if waiting else {}
    return [replace(line, position=places[line.id]) if line.id in places else line for line in lines]


def _changed(connection: Connection, run: str, rows: Sequence[int], **values: Any) -> None:
    if not connection.execute(update(RunRow).where(RunRow.number.in_(rows)).values(**values)).rowcount:
        raise UnknownRunError("unknown_run", received=run)


def _forget_after(connection: Connection, rows: Sequence[int], learned: int) -> None:
    """Remove what is recorded of later epochs from these rows, a leader's and those of its followers."""
    later = delete(EpochRow).where(EpochRow.run.in_(rows), EpochRow.number > learned)
    if not connection.execute(later).rowcount:
        return
    loss, accuracy = best_validation(epochs_of(connection, rows[:1]).get(rows[0], ()))
    these = update(RunRow).where(RunRow.number.in_(rows))
    connection.execute(these.values(epochs_done=learned, best_val_loss=loss, best_val_accuracy=accuracy))


def _conditions(chosen: RunFilter) -> list[ColumnElement[bool]]:
    equal = {
        RunRow.owner: chosen.get("owner"),
        RunRow.dataset: chosen.get("dataset"),
        RunRow.preset: chosen.get("preset"),
        RunRow.address: chosen.get("address"),
        RunRow.lesson: chosen.get("lesson"),
        RunRow.classroom: chosen.get("classroom"),
    }
    conditions = [column == storable(value) for column, value in equal.items() if value is not None]
    if (states := chosen.get("states")) is not None:
        conditions.append(RunRow.state.in_(states))
    if text := chosen.get("text"):
        conditions.append(RunRow.searched.contains(folded(text), autoescape=True))
    return conditions


def _better(column: Any, value: float, *, lower: bool) -> ColumnElement[float]:
    beaten = column > value if lower else column < value
    return case((or_(column.is_(None), beaten), value), else_=column)
