"""Notes on runs."""

from __future__ import annotations

from sqlalchemy import select, update

from core import recorded
from core.errors import UnknownRunError
from core.notes import merged
from core.storage.database import Database
from core.storage.records import is_run
from core.storage.tables import RunRow


class Notes(Database):
    """What was written down of runs; who may write is for the caller to know."""

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
