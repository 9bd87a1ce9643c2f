"""The tables: one row a run, one row an epoch, one row that says which layout this is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.run import RunState
from core.storage.columns import JsonText, Measurement, Moment, StateText

#: The layout below. A change of it raises the number and adds the step that brings older databases to it.
SCHEMA_VERSION = 4

# SQLite numbers rows by itself only in a column declared INTEGER.
_Counter = BigInteger().with_variant(Integer(), "sqlite")


class Table(DeclarativeBase):
    """Base of all tables."""


class SchemaRow(Table):
    """The layout of this database: a single row."""

    __tablename__ = "schema_version"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


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

    state: Mapped[RunState] = mapped_column(StateText)
    reason_code: Mapped[str] = mapped_column(String(64))
    reason_details: Mapped[dict[str, Any]] = mapped_column(JsonText)
    worker: Mapped[str | None] = mapped_column(Text)
    #: Which of the owner's runs this is, in a count that all owners share; see `DatabaseStore.add`.
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

    __table_args__ = (
        Index("runs_by_owner", "owner", "number"),
        Index("runs_by_state", "state", "number"),
        Index("runs_by_turn", "turn"),
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
