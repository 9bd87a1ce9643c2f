"""The store on a database: SQLite by default, PostgreSQL by its URL, the same statements for both."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from math import isfinite
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeGuard

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Subquery,
    case,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    or_,
    select,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from core.errors import (
    DatabaseAwayError,
    DiskFullError,
    RunError,
    StorageError,
    UnknownRunError,
    UnknownStudyError,
)
from core.experiment import Experiment
from core.plain_text import as_title, folded
from core.run import ACTIVE, FINAL, Epoch, Evaluation, Progress, Reason, Run, RunState, RunSummary, Timing
from core.settings import Settings
from core.storage.artifacts import Artifacts
from core.storage.database_file import DatabaseFile
from core.storage.ids import is_run_id, new_run_id
from core.storage.space import disk_full, full
from core.storage.store import Store
from core.storage.tables import SCHEMA_VERSION, EpochRow, RunRow, SchemaRow, StudyRow, StudyRunRow, Table
from core.study import Plan, Study

_log = logging.getLogger(__name__)

_UNDER_WAY = (RunState.RUNNING, RunState.STOPPING)
_LOCK_SECONDS = 10.0
_CONNECT_SECONDS = 10
_WRITES = "turning_point_writes"  # execution option of a transaction that will write
_OLDER = {1, 2, 3}  # layouts to which only tables, columns that may be empty, and indexes must be added
_PREPARING = 7_421_337  # PostgreSQL advisory lock of whoever creates the tables


def open_store(settings: Settings) -> DatabaseStore:
    """The store that the settings name; folders and tables are created where they are missing.

    Raises:
        StorageError: If the home folder, the database or the artifact folder cannot be used.
    """
    settings.make_home()
    return DatabaseStore(settings.database, Artifacts(settings.artifacts))


class DatabaseStore(Store):
    """Keeps runs in a database; see `Store` for what every method promises.

    Owners are kept as they came but for what no database text can hold: NUL characters are left out and
    unpaired surrogates become "?". Titles are kept as one plain line (`core.plain_text.as_title`), and found
    however their letters are composed. Times are kept to the microsecond, numbers bit for bit, infinity and NaN
    included; the best values of `RunSummary` pass over what is not finite.

    A store may be used from any thread. After a fork the child makes connections of its own.

    Args:
        database: SQLAlchemy URL of a SQLite file or a PostgreSQL database.
        artifacts: Where the files of runs are; `delete` removes them there.

    Raises:
        StorageError: If the database cannot be used, or has another layout.
    """

    def __init__(self, database: str, artifacts: Artifacts) -> None:
        url = _checked(database)
        self.name = url.render_as_string(hide_password=True)
        self.artifacts = artifacts
        try:
            self._engine = _engine(url)
        except (ImportError, SQLAlchemyError, OSError) as error:
            raise StorageError("database_unavailable", name=self.name, reason=_first_line(error)) from error
        self._process = os.getpid()
        sqlite = url.drivername.startswith("sqlite")
        self._folder = Path(str(url.database)).absolute().parent if sqlite else None
        self._file: DatabaseFile | None = None
        self._opened = False
        self._prepare()
        self._opened = True
        if url.drivername.startswith("sqlite") and Path(str(url.database)).is_file():
            self._file = DatabaseFile(Path(str(url.database)))

    def _prepare(self) -> None:
        with self._reading() as connection:
            version = _layout(connection)
        if version is None or version in _OLDER:
            with self._writing() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(select(func.pg_advisory_xact_lock(_PREPARING)))
                version = _layout(connection)
                if version is None or version in _OLDER:
                    Table.metadata.create_all(connection)
                    _bring_up_to_date(connection)
                    connection.execute(delete(SchemaRow))
                    connection.execute(insert(SchemaRow).values(version=SCHEMA_VERSION))
                    version = SCHEMA_VERSION
        if version != SCHEMA_VERSION:
            raise StorageError(
                "database_other_version", name=self.name, received=version, needed=SCHEMA_VERSION
            )

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of this computer that it writes to: of the SQLite file, and of the runs' files."""
        own = () if self._folder is None else (self._folder,)
        files = self.artifacts.folder
        return own if files is None else (*own, files)

    # Transactions

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._answering(), self._connected() as connection:
            if connection.dialect.name == "postgresql":
                # All statements of one method see the same moment; on SQLite a transaction does by itself.
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._answering(), self._connected() as connection:
            connection = connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        if self._process != os.getpid():
            # Connections must not be shared with the parent, nor closed under its hands.
            self._engine.dispose(close=False)
            self._process = os.getpid()
        if self._file is not None and self._file.is_another():
            self._adopt(self._file)
        with self._engine.connect() as connection:
            yield connection

    def _adopt(self, file: DatabaseFile) -> None:
        """Go on with the file that stands in the place of the one that was opened, if it holds a database of ours."""
        self._engine.dispose()
        with self._engine.connect() as connection:
            if _layout(connection) != SCHEMA_VERSION:
                raise StorageError("home_deleted", folder=str(file.path.parent))
        file.remember()

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, PoolTimeoutError) as error:
            if self._folder is not None and (no_room := _out_of_space(error, self._folder)) is not None:
                raise DatabaseAwayError(no_room.code, **no_room.details) from error
            kind = DatabaseAwayError if _may_pass(error) else StorageError
            code = "database_away" if self._opened and kind is DatabaseAwayError else "database_unavailable"
            raise kind(code, name=self.name, reason=_first_line(error)) from error

    # Queueing

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
    ) -> str:
        """Queue a run, or begin it at once for `worker`, and return its id.

        Raises:
            ValueError: If they are not numbered 1, 2, 3, ...
        """
        if [epoch.number for epoch in epochs] != list(range(1, len(epochs) + 1)):
            raise ValueError("the epochs taken over do not count from 1")
        with self._writing() as connection:
            return _add(
                connection,
                experiment,
                owner=owner,
                title=title,
                preset=preset,
                continues=continues,
                epochs=epochs,
                begun=_under_way(worker) if worker else _waiting(address),
            )

    def claim(self, worker: str, *, again: bool = False) -> str | None:
        """Move the next queued run to running and return its id; None if nothing waits."""
        if again:
            given = select(RunRow.id).where(
                RunRow.worker == _storable(worker), RunRow.state.in_(_UNDER_WAY), RunRow.environment == {}
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
        """Move this one queued run to running, past the queue; False if it is not queued."""
        with self._writing() as connection:
            if _begin(connection, run, worker):
                return True
            _state(connection, run)
            return False

    def request_stop(self, run: str) -> RunState:
        """Ask a run to end: a queued one becomes stopped at once, a running one stopping; return its state."""
        with self._writing() as connection:
            removed = (
                update(RunRow)
                .where(_is(run), RunRow.state == RunState.QUEUED)
                .values(
                    state=RunState.STOPPED,
                    reason_code="removed_from_queue",
                    reason_details={},
                    ended=_now(),
                    address=None,
                )
            )
            if connection.execute(removed).rowcount:
                return RunState.STOPPED
            asked = (
                update(RunRow)
                .where(_is(run), RunRow.state == RunState.RUNNING)
                .values(state=RunState.STOPPING, reason_code="stop_requested", reason_details={})
            )
            if connection.execute(asked).rowcount:
                return RunState.STOPPING
            return _state(connection, run)

    def stop_requested(self, run: str) -> bool:
        """Whether a running run should end; also True if it was deleted or is over."""
        with self._reading() as connection:
            state = connection.execute(select(RunRow.state).where(_is(run))).scalar()
        return state not in (RunState.QUEUED, RunState.RUNNING)

    # Recording

    def beat(self, run: str) -> None:
        """Renew the heartbeat and nothing else; does nothing if the run is gone or over."""
        self._record(run, heartbeat=_now())

    def record_progress(self, run: str, progress: Progress) -> None:
        """Overwrite the progress and renew the heartbeat; does nothing if the run is gone or over."""
        now = _now()
        self._record(run, progress=asdict(progress), heartbeat=now, progressed=now)

    def _record(self, run: str, **values: Any) -> None:
        with self._writing() as connection:
            connection.execute(update(RunRow).where(_is(run), RunRow.state.in_(ACTIVE)).values(**values))

    def record_epoch(self, run: str, epoch: Epoch) -> None:
        """Append an epoch and renew the heartbeat; does nothing if the run is gone or over.

        Raises:
            ValueError: If the epochs before it are missing.
        """
        now = _now()
        values: dict[str, Any] = {"epochs_done": int(epoch.number), "heartbeat": now, "progressed": now}
        if _finite(epoch.val_loss):
            values["best_val_loss"] = _better(RunRow.best_val_loss, epoch.val_loss, lower=True)
        if _finite(epoch.val_accuracy):
            values["best_val_accuracy"] = _better(RunRow.best_val_accuracy, epoch.val_accuracy, lower=False)
        with self._writing() as connection:
            # The run's row is taken first and only by the epoch that comes next, so of two callers one waits
            # for the other and then finds the epoch recorded.
            number = connection.execute(
                update(RunRow)
                .where(_is(run), RunRow.state.in_(ACTIVE), RunRow.epochs_done == int(epoch.number) - 1)
                .values(**values)
                .returning(RunRow.number)
            ).scalar()
            if number is not None:
                connection.execute(insert(EpochRow).values(_epoch_values(number, epoch)))
                return
            done = connection.execute(
                select(RunRow.epochs_done).where(_is(run), RunRow.state.in_(ACTIVE))
            ).scalar()
        if done is not None and epoch.number > done + 1:
            raise ValueError(f"epoch {epoch.number} of run {run} cannot follow epoch {done}")

    def record_environment(self, run: str, environment: Mapping[str, Any]) -> None:
        """Merge into what the result may depend on: versions, threads, process id."""
        with self._writing() as connection:
            before = connection.execute(select(RunRow.environment).where(_is(run)).with_for_update()).scalar()
            if before is None:
                raise UnknownRunError("unknown_run", received=run)
            connection.execute(update(RunRow).where(_is(run)).values(environment={**before, **environment}))

    def record_evaluation(self, run: str, evaluation: Evaluation) -> None:
        """Keep the test result."""
        with self._writing() as connection:
            kept = (
                update(RunRow)
                .where(_is(run))
                .values(evaluation=asdict(evaluation), test_accuracy=evaluation.accuracy)
            )
            if not connection.execute(kept).rowcount:
                raise UnknownRunError("unknown_run", received=run)

    def finish(
        self,
        run: str,
        state: RunState,
        reason: Reason,
        *,
        timing: Timing | None = None,
        best_epoch: int | None = None,
    ) -> bool:
        """Move an active run to a final state; False (and no change) if it was over already or is gone.

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
            "ended": _now(),
            "address": None,
        }
        if timing is not None:
            values |= {"timing": asdict(timing), "fit_seconds": timing.fit}
        if best_epoch is not None:
            values["best_epoch"] = int(best_epoch)
        with self._writing() as connection:
            ended = update(RunRow).where(_is(run), RunRow.state.in_(ACTIVE)).values(**values)
            return bool(connection.execute(ended).rowcount)

    def interrupt_stale(
        self,
        reason: Reason | Callable[[str], Reason],
        *,
        older_than: float | None = None,
        workers: str = "",
    ) -> list[str]:
        """Move running and stopping runs to interrupted and return their ids."""
        now = _now()
        conditions: list[ColumnElement[bool]] = []
        if older_than is not None:
            conditions.append(RunRow.heartbeat < now - timedelta(seconds=older_than))
        if workers:
            conditions.append(RunRow.worker.startswith(workers, autoescape=True))
        found: list[str] = []
        with self._writing() as connection:
            # In the order in which states follow one another: a stop that is asked for in between is found.
            for state in _UNDER_WAY:
                these = [RunRow.state == state, *conditions]
                for worker in (
                    connection.execute(select(RunRow.worker).where(*these).distinct()).scalars().all()
                ):
                    why = reason if isinstance(reason, Reason) else reason(worker or "")
                    interrupted = (
                        update(RunRow)
                        .where(*these, RunRow.worker.is_not_distinct_from(worker))
                        .values(
                            state=RunState.INTERRUPTED,
                            reason_code=why.code,
                            reason_details={**why.details, "state": state.value},
                            progress=None,
                            ended=now,
                        )
                        .returning(RunRow.id)
                    )
                    found.extend(connection.execute(interrupted).scalars())
        return found

    # Reading

    def get(self, run: str) -> Run:
        """The whole run."""
        found = self.get_many((run,))
        if not found:
            raise UnknownRunError("unknown_run", received=run)
        return found[0]

    def get_many(self, runs: Sequence[str]) -> list[Run]:
        """The whole runs of those ids that there are, each once, in the order of the ids, in three queries at most."""
        wanted = dict.fromkeys(run for run in runs if is_run_id(run))
        if not wanted:
            return []
        with self._reading() as connection:
            rows = {
                row.id: row for row in connection.execute(select(RunRow).where(RunRow.id.in_(list(wanted))))
            }
            epochs = _epochs_of(connection, [row.number for row in rows.values()])
            waiting = [row.id for row in rows.values() if row.state is RunState.QUEUED]
            positions = _positions(connection, waiting) if waiting else {}
        return [
            _run(rows[run], epochs.get(rows[run].number, ()), positions.get(run))
            for run in wanted
            if run in rows
        ]

    def epochs_since(self, run: str, number: int) -> tuple[Epoch, ...]:
        """The epochs after `number`, in order."""
        with self._reading() as connection:
            row = connection.execute(select(RunRow.number).where(_is(run))).scalar()
            if row is None:
                raise UnknownRunError("unknown_run", received=run)
            return _epochs(connection, row, number)

    def summaries(
        self,
        *,
        owner: str | None = None,
        states: Collection[RunState] | None = None,
        dataset: str | None = None,
        preset: str | None = None,
        text: str = "",
        address: str | None = None,
        limit: int = 200,
        offset: int = 0,
    ) -> list[RunSummary]:
        """The runs that fit all that is given, newest first, in one query."""
        conditions = _conditions(
            owner=owner, states=states, dataset=dataset, preset=preset, text=text, address=address
        )
        wanted = (
            select(
                RunRow.id,
                RunRow.experiment,
                RunRow.state,
                RunRow.title,
                RunRow.preset,
                RunRow.owner,
                RunRow.created,
                RunRow.epochs_done,
                RunRow.best_val_loss,
                RunRow.best_val_accuracy,
                RunRow.test_accuracy,
                RunRow.fit_seconds,
            )
            .where(*conditions)
            .order_by(RunRow.number.desc())
            .limit(limit)
            .offset(offset)
        )
        with self._reading() as connection:
            rows = connection.execute(wanted).all()
        return [
            RunSummary(
                id=row.id,
                experiment=_experiment(row.experiment),
                state=row.state,
                title=row.title,
                preset=row.preset,
                owner=row.owner,
                created=row.created,
                epochs_done=row.epochs_done,
                best_val_loss=row.best_val_loss,
                best_val_accuracy=row.best_val_accuracy,
                test_accuracy=row.test_accuracy,
                fit_seconds=row.fit_seconds,
            )
            for row in rows
        ]

    def count(self, **filters: Any) -> int:
        """How many runs `summaries` would give with these filters and no limit."""
        wanted = select(func.count()).select_from(RunRow).where(*_conditions(**filters))
        with self._reading() as connection:
            return connection.execute(wanted).scalar_one()

    def queue(self) -> list[str]:
        """The ids of the waiting runs in the order in which `claim` would give them if nothing else came."""
        line = _line()
        with self._reading() as connection:
            return list(connection.execute(select(line.c.id).order_by(*_in_order(line))).scalars())

    def under_way(self) -> list[str]:
        """The ids of the running and stopping runs, oldest first."""
        wanted = select(RunRow.id).where(RunRow.state.in_(_UNDER_WAY)).order_by(RunRow.number)
        with self._reading() as connection:
            return list(connection.execute(wanted).scalars())

    # Studies

    def add_study(
        self, plan: Plan, *, owner: str, title: str = "", preset: str = "", address: str = ""
    ) -> str:
        """Queue a run for each member of a plan that was not trained before, and return the study's id."""
        members, study, title = plan.members, new_run_id(), as_title(title)
        digests = [member.experiment.digest for member in members]
        with self._writing() as connection:
            found = _finished(connection, digests)
            number = connection.execute(
                insert(StudyRow)
                .values(id=study, owner=_storable(owner), title=title, created=_now(), plan=plan.to_dict())
                .returning(StudyRow.number)
            ).scalar_one()
            rows = []
            for place, (member, digest) in enumerate(zip(members, digests, strict=True)):
                run = found.get(digest) or _add(
                    connection,
                    member.experiment,
                    owner=owner,
                    title=f"{title} ({plan.label(member)})" if title and len(members) > 1 else title,
                    preset=preset,
                    begun=_waiting(address),
                )
                rows.append({"study": number, "place": place, "run": run, "reused": digest in found})
            connection.execute(insert(StudyRunRow), rows)
        return study

    def finished(self, experiments: Sequence[Experiment]) -> list[str | None]:
        """For each experiment the newest run that finished it and was evaluated; None where there is none."""
        digests = [experiment.digest for experiment in experiments]
        with self._reading() as connection:
            found = _finished(connection, digests)
        return [found.get(digest) for digest in digests]

    def get_study(self, study: str) -> Study:
        """The study with the ids of its runs."""
        wanted = select(StudyRow).where(StudyRow.id == (study if is_run_id(study) else ""))
        with self._reading() as connection:
            row = connection.execute(wanted).one_or_none()
            if row is None:
                raise UnknownStudyError("unknown_study", received=study)
            return _studies(connection, [row])[0]

    def studies(self, *, owner: str | None = None, limit: int = 20, offset: int = 0) -> list[Study]:
        """The studies, newest first."""
        wanted = select(StudyRow).order_by(StudyRow.number.desc()).limit(limit).offset(offset)
        if owner is not None:
            wanted = wanted.where(StudyRow.owner == _storable(owner))
        with self._reading() as connection:
            rows = connection.execute(wanted).all()
            return _studies(connection, rows)

    def count_studies(self, *, owner: str | None = None) -> int:
        """How many studies there are."""
        wanted = select(func.count()).select_from(StudyRow)
        if owner is not None:
            wanted = wanted.where(StudyRow.owner == _storable(owner))
        with self._reading() as connection:
            return connection.execute(wanted).scalar_one()

    def delete_study(self, study: str) -> None:
        """Remove a study; its runs stay."""
        removed = delete(StudyRow).where(StudyRow.id == (study if is_run_id(study) else ""))
        with self._writing() as connection:
            if not connection.execute(removed).rowcount:
                raise UnknownStudyError("unknown_study", received=study)

    # Changing what is over or only shown

    def rename(self, run: str, title: str) -> None:
        """Give a run another title, cut at 200 characters."""
        title = as_title(title)
        with self._writing() as connection:
            row = connection.execute(select(RunRow.preset, RunRow.dataset).where(_is(run))).one_or_none()
            if row is None:
                raise UnknownRunError("unknown_run", received=run)
            connection.execute(
                update(RunRow)
                .where(_is(run))
                .values(title=title, searched=_searched(title, row.preset, row.dataset, run))
            )

    def expendable(self, keep: int, *, resting: float) -> list[str]:
        """The ids of the runs to delete so that `keep` are left, those to go first in front."""
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
                    RunRow.ended < _now() - timedelta(seconds=resting),
                    RunRow.id.not_in(needed),
                )
                .order_by(dear, RunRow.number)
                .limit(more)
            )
            return list(connection.execute(wanted).scalars())

    def delete(self, run: str) -> None:
        """Remove a run that is over, with its epochs and artifacts.

        Raises:
            RunError: If it is not over ("run_not_over"), or a run that is not over goes on from it ("run_needed").
        """
        with self._writing() as connection:
            needing = select(RunRow.id).where(
                RunRow.continues == (run if is_run_id(run) else ""),
                RunRow.continues != "",
                RunRow.state.in_(ACTIVE),
            )
            by = connection.execute(needing.order_by(RunRow.number).limit(1)).scalar()
            if by is not None:
                raise RunError("run_needed", run=run, by=by)
            removed = delete(RunRow).where(_is(run), RunRow.state.in_(FINAL))  # epochs follow by foreign key
            if not connection.execute(removed).rowcount:
                state = _state(connection, run)
                raise RunError("run_not_over", run=run, state=state.value)
        try:
            self.artifacts.delete(run)
        except StorageError:
            # The run is gone, which is what was asked; files that nothing names any more do no harm.
            _log.warning("The files of the deleted run %s could not be removed.", run, exc_info=True)

    def close(self) -> None:
        """Give back connections; the store is not used afterwards."""
        self._engine.dispose(close=self._process == os.getpid())


# The engine


def _checked(database: str) -> URL:
    try:
        url = make_url(database)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise StorageError("database_unavailable", name="?", reason=_first_line(error)) from error
    name = url.render_as_string(hide_password=True)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    backend = url.drivername.split("+")[0]
    if backend not in ("sqlite", "postgresql"):
        raise StorageError("database_unavailable", name=name, reason="only SQLite and PostgreSQL are known")
    if backend == "sqlite" and url.database in (None, "", ":memory:"):
        raise StorageError(
            "database_unavailable", name=name, reason="a database in memory cannot be shared with the workers"
        )
    return url


def _engine(url: URL) -> Engine:
    if url.drivername.startswith("postgresql"):
        return _postgresql_engine(url)
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _LOCK_SECONDS})

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own guessing about transactions is switched off; `_begin_transaction` begins them.
        connection.isolation_level = None
        _switch_to_wal(connection)
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin_transaction(connection: Connection) -> None:
        # A transaction that begins by reading and then writes fails at once, without waiting, if another
        # has written meanwhile. So whoever will write says so at the beginning, and waits there.
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "application_name": "turning-point"},
    )
    from core.storage.postgresql import ImpatientConnection  # psycopg is there only where it is needed

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: object, _record: object, arguments: Any, parameters: Any) -> Any:
        return ImpatientConnection.connect(*arguments, **parameters)

    return engine


#: Of SQLite's errors those that may pass by themselves: locked, out of space, or the file does not answer.
_PASSING = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOMEM,
    )
)


def _out_of_space(error: DBAPIError | PoolTimeoutError, folder: Path) -> DiskFullError | None:
    """What is wrong with the disk if SQLite failed for want of room; None if it failed otherwise."""
    if isinstance(error, PoolTimeoutError) or not isinstance(error.orig, sqlite3.Error):
        return None
    code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return disk_full(folder)
    # Its log or its index could not be made or written: it does not always say why.
    return full((folder,)) if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) else None


def _may_pass(error: DBAPIError | PoolTimeoutError) -> bool:
    """Whether the same may go well later: the database does not answer now, but nothing is wrong with the question."""
    if isinstance(error, PoolTimeoutError) or error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _PASSING
    return isinstance(error, OperationalError | InterfaceError)


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging, once a file; SQLite does not wait by itself while others do the same."""
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _layout(connection: Connection) -> int | None:
    """The version of the tables that are there; None if there are none."""
    if not inspect(connection).has_table(SchemaRow.__tablename__):
        return None
    return connection.execute(select(func.max(SchemaRow.version))).scalar()


def _bring_up_to_date(connection: Connection) -> None:
    """Add to the table of runs of an older layout the columns and indexes it does not have."""
    table = RunRow.__table__
    there = {column["name"] for column in inspect(connection).get_columns(RunRow.__tablename__)}
    for column in table.columns:
        if column.name not in there:
            kind = column.type.compile(connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {RunRow.__tablename__} ADD COLUMN {column.name} {kind}")
    for index in Table.metadata.tables[RunRow.__tablename__].indexes:
        index.create(connection, checkfirst=True)
    _clean_titles(connection)


def _clean_titles(connection: Connection) -> None:
    """Titles of older layouts were kept as they came, and searched as they were composed."""
    runs = select(RunRow.id, RunRow.title, RunRow.preset, RunRow.dataset, RunRow.searched)
    for row in connection.execute(runs).all():
        title = as_title(row.title)
        searched = _searched(title, row.preset, row.dataset, row.id)
        if (title, searched) != (row.title, row.searched):
            connection.execute(update(RunRow).where(_is(row.id)).values(title=title, searched=searched))
    for study in connection.execute(select(StudyRow.number, StudyRow.title)).all():
        if as_title(study.title) != study.title:
            renamed = update(StudyRow).where(StudyRow.number == study.number)
            connection.execute(renamed.values(title=as_title(study.title)))


# Pieces of statements


def _is(run: str) -> ColumnElement[bool]:
    # What cannot be an id is not sent: PostgreSQL would refuse some of it with an error of its own.
    return RunRow.id == (run if is_run_id(run) else "")


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
        .where(RunRow.state.in_(_UNDER_WAY))
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


def _positions(connection: Connection, runs: Sequence[str]) -> dict[str, int]:
    line = _line()
    places = select(line.c.id, func.row_number().over(order_by=_in_order(line)).label("place")).subquery()
    wanted = select(places.c.id, places.c.place).where(places.c.id.in_(runs))
    return {row.id: row.place for row in connection.execute(wanted)}


def _add(
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
    run = new_run_id()
    title, preset = as_title(title), _storable(preset)
    losses = [epoch.val_loss for epoch in epochs if _finite(epoch.val_loss)]
    accuracies = [epoch.val_accuracy for epoch in epochs if _finite(epoch.val_accuracy)]
    number = connection.execute(
        insert(RunRow)
        .values(
            id=run,
            owner=_storable(owner),
            title=title,
            preset=preset,
            continues=_storable(continues),
            experiment=json.dumps(experiment.to_dict(), separators=(",", ":")),
            digest=experiment.digest,
            dataset=experiment.dataset,
            searched=_searched(title, preset, experiment.dataset, run),
            turn=_next_turn(connection, _storable(owner)),
            created=_now(),
            **begun,
            environment={},
            epochs_done=len(epochs),
            best_val_loss=min(losses, default=None),
            best_val_accuracy=max(accuracies, default=None),
        )
        .returning(RunRow.number)
    ).scalar_one()
    if epochs:
        connection.execute(insert(EpochRow), [_epoch_values(number, epoch) for epoch in epochs])
    return run


def _finished(connection: Connection, digests: Collection[str]) -> dict[str, str]:
    """The newest finished and evaluated run of each experiment that has one, by the experiment's digest."""
    wanted = (
        select(RunRow.digest, RunRow.id)
        .where(
            RunRow.digest.in_(set(digests)),
            RunRow.state == RunState.FINISHED,
            RunRow.test_accuracy.is_not(None),
        )
        .order_by(RunRow.number)
    )
    return {row.digest: row.id for row in connection.execute(wanted)}


def _studies(connection: Connection, rows: Sequence[Row[Any]]) -> list[Study]:
    """The studies of these rows of their table, with the runs that are still there."""
    wanted = (
        select(StudyRunRow.study, RunRow.id, StudyRunRow.reused)
        .outerjoin(RunRow, RunRow.id == StudyRunRow.run)
        .where(StudyRunRow.study.in_([row.number for row in rows]))
        .order_by(StudyRunRow.study, StudyRunRow.place)
    )
    members = {study: list(group) for study, group in groupby(connection.execute(wanted), key=itemgetter(0))}
    return [
        Study(
            id=row.id,
            title=row.title,
            owner=row.owner,
            created=row.created,
            plan=Plan.from_dict(row.plan),
            runs=tuple(member.id or "" for member in members.get(row.number, ())),
            reused=frozenset(
                member.id for member in members.get(row.number, ()) if member.reused and member.id
            ),
        )
        for row in rows
    ]


def _begin(connection: Connection, run: str, worker: str) -> bool:
    begun = update(RunRow).where(_is(run), RunRow.state == RunState.QUEUED).values(**_under_way(worker))
    return bool(connection.execute(begun).rowcount)


def _waiting(address: str) -> dict[str, Any]:
    return {
        "state": RunState.QUEUED,
        "reason_code": "waiting",
        "reason_details": {},
        "address": _storable(address),
    }


def _under_way(worker: str) -> dict[str, Any]:
    now = _now()
    return {
        "state": RunState.RUNNING,
        "reason_code": "training",
        "reason_details": {},
        "worker": _storable(worker),
        "started": now,
        "heartbeat": now,
        "address": None,
        "progressed": now,
    }


def _state(connection: Connection, run: str) -> RunState:
    state = connection.execute(select(RunRow.state).where(_is(run))).scalar()
    if state is None:
        raise UnknownRunError("unknown_run", received=run)
    return state


def _conditions(
    *,
    owner: str | None = None,
    states: Collection[RunState] | None = None,
    dataset: str | None = None,
    preset: str | None = None,
    text: str = "",
    address: str | None = None,
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if owner is not None:
        conditions.append(RunRow.owner == _storable(owner))
    if states is not None:
        conditions.append(RunRow.state.in_(states))
    if dataset is not None:
        conditions.append(RunRow.dataset == _storable(dataset))
    if preset is not None:
        conditions.append(RunRow.preset == _storable(preset))
    if address is not None:
        conditions.append(RunRow.address == _storable(address))
    if text:
        conditions.append(RunRow.searched.contains(folded(text), autoescape=True))
    return conditions


def _better(column: Any, value: float, *, lower: bool) -> ColumnElement[float]:
    beaten = column > value if lower else column < value
    return case((or_(column.is_(None), beaten), value), else_=column)


# Records to rows and back


def _epoch_values(run: int, epoch: Epoch) -> dict[str, Any]:
    return {**asdict(epoch), "run": run, "number": int(epoch.number)}


_EPOCH = (
    EpochRow.number,
    EpochRow.loss,
    EpochRow.accuracy,
    EpochRow.val_loss,
    EpochRow.val_accuracy,
    EpochRow.learning_rate,
    EpochRow.seconds,
)


def _epochs_of(connection: Connection, runs: Sequence[int]) -> dict[int, tuple[Epoch, ...]]:
    wanted = (
        select(EpochRow.run, *_EPOCH).where(EpochRow.run.in_(runs)).order_by(EpochRow.run, EpochRow.number)
    )
    rows = groupby(connection.execute(wanted), key=itemgetter(0))
    return {run: tuple(Epoch(*row[1:]) for row in group) for run, group in rows}


def _epochs(connection: Connection, run: int, after: int) -> tuple[Epoch, ...]:
    wanted = select(*_EPOCH).where(EpochRow.run == run, EpochRow.number > after).order_by(EpochRow.number)
    return tuple(Epoch(*row) for row in connection.execute(wanted))


def _run(row: Row[Any], epochs: tuple[Epoch, ...], position: int | None) -> Run:
    return Run(
        id=row.id,
        experiment=_experiment(row.experiment),
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
    )


def _evaluation(plain: Mapping[str, Any]) -> Evaluation:
    return Evaluation(plain["loss"], plain["accuracy"], tuple(map(tuple, plain["matrix"])))


@lru_cache(maxsize=4096)
def _experiment(plain: str) -> Experiment:
    """Read an experiment; a list of runs holds the same few again and again, and checking takes its time."""
    return Experiment.from_dict(json.loads(plain))


def _storable(words: str) -> str:
    """The text without what databases cannot keep: NUL and unpaired surrogates."""
    return words.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _searched(*words: str) -> str:
    # A separator that nobody types, so that nothing is found across two fields.
    return "\x1f".join(map(folded, words))


def _finite(value: float | None) -> TypeGuard[float]:
    return value is not None and isfinite(value)


def _now() -> datetime:
    return datetime.now(UTC)


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]
