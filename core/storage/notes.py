"""Notes on runs and on comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core import recorded
from core.errors import UnknownRunError
from core.notes import ComparisonNotes, comparison_key, merged
from core.storage.database import Database
from core.storage.records import is_run, now, storable
from core.storage.tables import ComparisonRow, RunRow

_MOST = 50  # owners whose notes on one comparison are read


class Notes(Database):
    """What was written down of runs and of comparisons; who may write is for the caller to know."""

    def annotate(self, run: str, **changes: str) -> dict[str, str]:
        """Write down `hypothesis`, `saw` or both of a run, and return all its notes; an empty one goes.

        Raises:
            RunError: If a note is too long ("note_too_long"), or the run is a recorded one ("recorded_run").
        """
        recorded.refuse_change(run)
        with self._writing() as connection:
            row = connection.execute(select(RunRow.notes).where(is_run(run)).with_for_update()).one_or_none()
            if row is None:
                raise UnknownRunError("unknown_run", received=run)
            notes = merged(row.notes, changes)
            connection.execute(update(RunRow).where(is_run(run)).values(notes=notes or None))
            return notes

    def annotate_comparison(self, owner: str, runs: Sequence[str], **changes: str) -> dict[str, str]:
        """Write down the same of a comparison of these runs, in whatever order; each owner has notes of their own.

        Raises:
            RunError: If a note is too long ("note_too_long").
        """
        of_it = of_comparison(owner, runs)
        with self._writing() as connection:
            keep_comparison(connection, owner, runs)
            known = connection.execute(select(ComparisonRow.notes).where(of_it).with_for_update()).scalar()
            notes = merged(known, changes)
            connection.execute(update(ComparisonRow).where(of_it).values(notes=notes or None))
            return notes

    def comparison_notes(self, runs: Sequence[str]) -> list[ComparisonNotes]:
        """What anybody wrote down of a comparison of these runs, the first to begin in front."""
        wanted = (
            select(ComparisonRow.owner, ComparisonRow.notes, ComparisonRow.created)
            .where(ComparisonRow.runs == storable(comparison_key(runs)), ComparisonRow.notes.is_not(None))
            .order_by(ComparisonRow.created, ComparisonRow.owner)
            .limit(_MOST)
        )
        with self._reading() as connection:
            return [ComparisonNotes(row.owner, row.notes, row.created) for row in connection.execute(wanted)]


def of_comparison(owner: str, runs: Sequence[str]) -> ColumnElement[bool]:
    """The condition for the row of an owner's comparison."""
    return and_(ComparisonRow.owner == storable(owner), ComparisonRow.runs == storable(comparison_key(runs)))


def keep_comparison(connection: Connection, owner: str, runs: Sequence[str]) -> None:
    """See to it that an owner's comparison has a row, whoever else does so at the same time."""
    insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    values = {"owner": storable(owner), "runs": storable(comparison_key(runs)), "created": now()}
    connection.execute(insert(ComparisonRow).values(**values).on_conflict_do_nothing())
