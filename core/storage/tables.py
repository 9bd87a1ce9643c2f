"""The tables and their columns, which bring a value back exactly as it went in, on SQLite and on PostgreSQL.

A change of a table needs a migration in `migrations/versions`, and its number here.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Double,
    Enum,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    TypeDecorator,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.run import RunState

#: The layout of the tables below: the newest revision in `migrations/versions`.
LAYOUT = "9"


class Moment(TypeDecorator[datetime]):
    """A point in time: aware datetimes in, UTC out (SQLite keeps no time zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What the database keeps: UTC, on SQLite without saying so."""
        if value is None:
            return None
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Measurement(TypeDecorator[float]):
    """A float with all its digits, also where it is not a number; SQLite forgets only the sign of a zero.

    Diverging runs measure infinity and NaN. PostgreSQL keeps both. SQLite would turn NaN into NULL, which
    means "there was nothing to measure", so there NaN is kept as the text 'nan': a REAL column leaves text
    alone that is no number.
    """

    impl = Double
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """Turns what is given into what the database keeps."""
        # Not `process_bind_param`: on SQLite, what that returns still goes through `float`.
        return _float_or_nan_text if dialect.name == "sqlite" else _float

    def process_result_value(self, value: Any, dialect: Dialect) -> float | None:
        """The float as it came."""
        return None if value is None else float(value)


class JsonText(TypeDecorator[Any]):
    """Plain dicts, lists, numbers and strings as JSON in a text column, NaN and infinity included.

    NumPy's numbers become Python's. Anything else raises TypeError (inside SQLAlchemy's StatementError).

    Not the database's own JSON type: that refuses NaN, and may change how numbers are written.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """JSON."""
        return None if value is None else json.dumps(value, separators=(",", ":"), default=_number)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """What the JSON says."""
        return None if value is None else json.loads(value)


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _float_or_nan_text(value: float | None) -> float | str | None:
    number = _float(value)
    return "nan" if number is not None and math.isnan(number) else number


def _number(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"not plain data: {value!r}")


_State = Enum(RunState, native_enum=False, length=16, values_callable=lambda states: list(map(str, states)))
# SQLite numbers rows by itself only in a column declared INTEGER.
_Counter = BigInteger().with_variant(Integer(), "sqlite")


class Table(DeclarativeBase):
    """Base of all tables."""


class VersionRow(Table):
    """The layout of this database, as Alembic writes it down: a single row."""

    __tablename__ = "turning_point_version"

    version_num: Mapped[str] = mapped_column(String(32), primary_key=True)


class RunRow(Table):
    """A run. `number` orders runs as they came, whatever the clocks of several servers say."""

    __tablename__ = "runs"

    number: Mapped[int] = mapped_column(_Counter, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(Text)
    #: From which address it was asked for; kept only while the run waits.
    address: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    preset: Mapped[str] = mapped_column(Text)
    continues: Mapped[str] = mapped_column(String(32))

    experiment: Mapped[str] = mapped_column(Text)  # JSON; read by the store, which remembers what it has read
    digest: Mapped[str] = mapped_column(String(64))
    dataset: Mapped[str] = mapped_column(String(64))
    searched: Mapped[str] = mapped_column(Text)  # what the list's text filter looks through, case folded

    state: Mapped[RunState] = mapped_column(_State)
    reason_code: Mapped[str] = mapped_column(String(64))
    reason_details: Mapped[dict[str, Any]] = mapped_column(JsonText)
    worker: Mapped[str | None] = mapped_column(Text)
    #: Which of the owner's runs this is, in a count that all owners share; see `Queue.add`.
    turn: Mapped[int]

    created: Mapped[datetime] = mapped_column(Moment)
    started: Mapped[datetime | None] = mapped_column(Moment)
    ended: Mapped[datetime | None] = mapped_column(Moment)
    heartbeat: Mapped[datetime | None] = mapped_column(Moment)
    #: When it last came further; the heartbeat goes on where it does not.
    progressed: Mapped[datetime | None] = mapped_column(Moment)

    progress: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    evaluation: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    timing: Mapped[dict[str, float] | None] = mapped_column(JsonText)
    environment: Mapped[dict[str, Any]] = mapped_column(JsonText)
    best_epoch: Mapped[int | None]

    # Follow from the epochs and the records above; kept here so that a list of runs reads this table only.
    epochs_done: Mapped[int] = mapped_column(default=0)
    best_val_loss: Mapped[float | None] = mapped_column(Measurement)
    best_val_accuracy: Mapped[float | None] = mapped_column(Measurement)
    test_accuracy: Mapped[float | None] = mapped_column(Measurement)
    fit_seconds: Mapped[float | None] = mapped_column(Measurement)

    #: In which step of a lesson it was begun, as "LESSON.STEP"; "" elsewhere.
    lesson: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: Whether what validation showed is covered until `revealed`, and what was predicted before.
    covered: Mapped[bool] = mapped_column(default=False, server_default=false())
    prediction: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    revealed: Mapped[datetime | None] = mapped_column(Moment)
    #: Whether the test result is sealed until there is an `opening`, and how it was opened.
    sealed: Mapped[bool] = mapped_column(default=False, server_default=false())
    opening: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    notes: Mapped[dict[str, str] | None] = mapped_column(JsonText)

    #: In which class its owner sat when it was begun; "" in none.
    classroom: Mapped[str] = mapped_column(String(6), default="", server_default="")
    #: The run whose training this one shares; "" if it has its own.
    follows: Mapped[str] = mapped_column(String(32), default="", server_default="")
    #: How many seconds its training was expected to take when it was queued.
    expected: Mapped[float | None] = mapped_column(Measurement)

    __table_args__ = (
        Index("runs_by_owner", "owner", "number"),
        Index("runs_by_classroom", "classroom", "number"),
        Index("runs_by_seat", "classroom", "owner", "state", "number"),
        Index("runs_by_dataset", "dataset", "number"),
        # What is trained or waits is looked for among leaders, again and again.
        Index("runs_by_leader", "follows", "state", "number"),
        Index("runs_by_state", "state", "number"),
        Index("runs_by_turn", "follows", "turn"),
        Index("runs_by_digest", "digest", "number"),
    )


class EpochRow(Table):
    """What was recorded of one epoch."""

    __tablename__ = "epochs"

    run: Mapped[int] = mapped_column(
        _Counter, ForeignKey("runs.number", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    loss: Mapped[float] = mapped_column(Measurement)
    accuracy: Mapped[float] = mapped_column(Measurement)
    val_loss: Mapped[float | None] = mapped_column(Measurement)
    val_accuracy: Mapped[float | None] = mapped_column(Measurement)
    learning_rate: Mapped[float] = mapped_column(Measurement)
    seconds: Mapped[float] = mapped_column(Measurement)


class StudyRow(Table):
    """A study."""

    __tablename__ = "studies"

    number: Mapped[int] = mapped_column(_Counter, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    owner: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(Moment)
    plan: Mapped[dict[str, Any]] = mapped_column(JsonText)


class StudyRunRow(Table):
    """Which run belongs to which member of a study's plan. The run may be deleted before the study is."""

    __tablename__ = "study_runs"

    study: Mapped[int] = mapped_column(
        _Counter, ForeignKey("studies.number", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run: Mapped[str] = mapped_column(String(32))
    reused: Mapped[bool]

    __table_args__ = (Index("studies_by_run", "run"),)


class ComparisonRow(Table):
    """What an owner said and wrote down of a comparison: of these runs, their ids sorted and joined by commas."""

    __tablename__ = "comparisons"

    owner: Mapped[str] = mapped_column(Text, primary_key=True)
    runs: Mapped[str] = mapped_column(Text, primary_key=True)
    created: Mapped[datetime] = mapped_column(Moment)
    prediction: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    notes: Mapped[dict[str, str] | None] = mapped_column(JsonText)


class ClassRow(Table):
    """A class."""

    __tablename__ = "classes"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    opened: Mapped[datetime] = mapped_column(Moment)
    ended: Mapped[datetime | None] = mapped_column(Moment)
    rules: Mapped[dict[str, Any]] = mapped_column(JsonText)
    shown: Mapped[dict[str, Any]] = mapped_column(JsonText)
    version: Mapped[int] = mapped_column(default=0)
    #: How many seats were ever given.
    given: Mapped[int] = mapped_column(default=0)


class TeacherRow(Table):
    """Which browsers teach a class."""

    __tablename__ = "class_teachers"

    classroom: Mapped[str] = mapped_column(
        String(6), ForeignKey("classes.code", ondelete="CASCADE"), primary_key=True
    )
    owner: Mapped[str] = mapped_column(Text, primary_key=True)

    __table_args__ = (Index("classes_by_teacher", "owner"),)


class GrantRow(Table):
    """A browser that may open classes, since it has named the passcode whose `seal` this is."""

    __tablename__ = "teaching_grants"

    owner: Mapped[str] = mapped_column(Text, primary_key=True)
    seal: Mapped[str] = mapped_column(String(64))
    given: Mapped[datetime] = mapped_column(Moment)


class SeatRow(Table):
    """A seat."""

    __tablename__ = "seats"

    classroom: Mapped[str] = mapped_column(
        String(6), ForeignKey("classes.code", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    nickname: Mapped[str] = mapped_column(Text)
    #: What is unique about the nickname.
    folded: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    joined: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        Index("seats_by_name", "classroom", "folded", unique=True),
        Index("seats_by_owner", "owner", "classroom", unique=True),
    )


class BallotRow(Table):
    """What a class is asked: a question about a run, or the few of an exit ticket.

    `revealed` is when its result was shown to the class; without that, nobody but the teacher sees one.
    """

    __tablename__ = "ballots"

    number: Mapped[int] = mapped_column(_Counter, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    classroom: Mapped[str] = mapped_column(String(6), ForeignKey("classes.code", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    state: Mapped[str] = mapped_column(String(16))
    opened: Mapped[datetime] = mapped_column(Moment)
    revealed: Mapped[datetime | None] = mapped_column(Moment)
    ended: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("ballots_by_class", "classroom", "number"),)


class VoteRow(Table):
    """What one seat answered to one of the questions of a ballot, the first or the second time."""

    __tablename__ = "votes"

    ballot: Mapped[int] = mapped_column(
        _Counter, ForeignKey("ballots.number", ondelete="CASCADE"), primary_key=True
    )
    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    choice: Mapped[int]
    moment: Mapped[datetime] = mapped_column(Moment)


class OwnDataRow(Table):
    """An own data set; the record of one whose samples were removed stays for the runs that used it."""

    __tablename__ = "own_data"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    info: Mapped[dict[str, Any]] = mapped_column(JsonText)
    #: How large its file is.
    size: Mapped[int] = mapped_column(BigInteger)
    added: Mapped[datetime] = mapped_column(Moment)
    removed: Mapped[datetime | None] = mapped_column(Moment)


class DataHolderRow(Table):
    """Who brought an own data set along; the first of them may change its words."""

    __tablename__ = "own_data_holders"

    name: Mapped[str] = mapped_column(
        String(40), ForeignKey("own_data.name", ondelete="CASCADE"), primary_key=True
    )
    owner: Mapped[str] = mapped_column(Text, primary_key=True)
    #: Whether everybody may use it.
    shared: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime] = mapped_column(Moment)
    #: How this owner made it of files: `core.own_data.making`.
    made: Mapped[dict[str, Any] | None] = mapped_column(JsonText)

    __table_args__ = (Index("own_data_by_owner", "owner"),)


class CollectionRow(Table):
    """What a class is asked to draw."""

    __tablename__ = "drawing_collections"

    number: Mapped[int] = mapped_column(_Counter, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    classroom: Mapped[str] = mapped_column(String(6), ForeignKey("classes.code", ondelete="CASCADE"))
    content: Mapped[dict[str, Any]] = mapped_column(JsonText)
    opened: Mapped[datetime] = mapped_column(Moment)
    ended: Mapped[datetime | None] = mapped_column(Moment)
    #: The set that was made of it last.
    dataset: Mapped[str] = mapped_column(String(40), default="")

    __table_args__ = (Index("drawing_collections_by_class", "classroom", "number"),)


class DrawingRow(Table):
    """A drawing that a seat sent, one bit a pixel as base64."""

    __tablename__ = "drawings"

    number: Mapped[int] = mapped_column(_Counter, primary_key=True, autoincrement=True)
    collection: Mapped[int] = mapped_column(
        _Counter, ForeignKey("drawing_collections.number", ondelete="CASCADE")
    )
    seat: Mapped[int]
    label: Mapped[int]
    bits: Mapped[str] = mapped_column(Text)
    moment: Mapped[datetime] = mapped_column(Moment)
    removed: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index("drawings_by_seat", "collection", "seat"),)
