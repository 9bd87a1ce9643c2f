"""Comparisons: notes on them, and which of two runs will win, said before their test results are seen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from importlib import import_module
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from core import recorded
from core.catalog import dataset_info
from core.comparison import ComparisonNotes, ComparisonPrediction, comparison_key
from core.errors import RunError, UnknownRunError, UnknownStudyError
from core.notes import merged
from core.run import Opening
from core.storage.covers import keep_opening, looks_before
from core.storage.database import Database
from core.storage.records import comparison_prediction_of, is_run, now, plain_record, storable
from core.storage.tables import ComparisonRow, RunRow, StudyRow

_MOST = 50  # owners whose notes on one comparison are read
_COLUMNS = (
    RunRow.id,
    RunRow.number,
    RunRow.owner,
    RunRow.dataset,
    RunRow.state,
    RunRow.covered,
    RunRow.revealed,
    RunRow.sealed,
    RunRow.opening,
    RunRow.evaluation,
)


class Comparisons(Database):
    """What each owner keeps of comparisons, of runs in whatever order; see `Store` for what holds of all methods."""

    def annotate_comparison(self, owner: str, runs: Sequence[str], **changes: str) -> dict[str, str]:
        """Write down `hypothesis`, `saw` or both, and return all notes of this owner's; an empty one goes.

        Raises:
            RunError: If a note is too long ("note_too_long").
        """
        of_it = _of(owner, runs)
        with self._writing() as connection:
            _keep(connection, owner, runs)
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

    def annotate_study(self, owner: str, study: str, **changes: str) -> dict[str, str]:
        """Write down the same of a study; each owner has notes of their own, which go with the study.

        Raises:
            UnknownStudyError: If there is none of this id.
            RunError: If a note is too long ("note_too_long").
        """
        with self._reading() as connection:
            if connection.execute(select(StudyRow.id).where(StudyRow.id == storable(study))).scalar() is None:
                raise UnknownStudyError("unknown_study", received=study)
        # A study is the comparison of its runs, whichever they are by now: it goes by its own id.
        return self.annotate_comparison(owner, [study], **changes)

    def study_notes(self, study: str) -> list[ComparisonNotes]:
        """What anybody wrote down of a study, the first to begin in front."""
        return self.comparison_notes([study])

    def predict_winner(
        self, owner: str, runs: Sequence[str], winner: str | None, *, also_of: Collection[str] = ()
    ) -> ComparisonPrediction:
        """Keep which of two runs will be right more often on the test set, and open what is sealed of them, at once.

        Each test result that is opened counts as a look, for the design as it was trained, as `open_test` has it.

        Args:
            owner: Who says so; may open sealed test results of its own runs only.
            runs: Both ids.
            winner: One of them; None for no difference that the test can show.
            also_of: Other owners whose sealed test results it may open, each counted with its own.

        Raises:
            RunError: If there are not two runs ("comparison_pair"), the winner is neither ("comparison_winner"), it was
                said or shown before ("comparison_decided"), the runs are on different data ("comparison_other_data"),
                or one is covered ("run_covered"), without test result ("run_no_test_result"), or sealed by somebody
                else ("run_not_owner"). Nothing is opened then.
        """
        if winner is not None and winner not in runs:
            raise RunError("comparison_winner", received=winner)
        return self._settle(owner, runs, winner, shown=False, also_of=also_of)

    def show_winner(
        self, owner: str, runs: Sequence[str], *, also_of: Collection[str] = ()
    ) -> ComparisonPrediction:
        """The same for one who wants to see the test results without saying anything first."""
        return self._settle(owner, runs, None, shown=True, also_of=also_of)

    def predicted_winner(self, owner: str, runs: Sequence[str]) -> ComparisonPrediction | None:
        """What an owner said of a comparison of these runs; None if nothing yet."""
        with self._reading() as connection:
            wanted = select(ComparisonRow.prediction).where(_of(owner, runs))
            return comparison_prediction_of(connection.execute(wanted).scalar())

    def _settle(
        self, owner: str, runs: Sequence[str], winner: str | None, *, shown: bool, also_of: Collection[str]
    ) -> ComparisonPrediction:
        if len(set(runs)) != 2 or len(runs) != 2:
            raise RunError("comparison_pair", received=len(set(runs)))
        of_it, owners = _of(owner, runs), {storable(owner), *map(storable, also_of)}
        with self._writing() as connection:
            _keep(connection, owner, runs)
            known = connection.execute(select(ComparisonRow.prediction).where(of_it).with_for_update())
            if known.scalar() is not None:
                raise RunError("comparison_decided")
            sealed = _openable(connection, runs, owners)
            moment = now()
            for row, looks in _counted(connection, sealed):
                keep_opening(connection, row, Opening(looks, None, moment))
            prediction = ComparisonPrediction(winner, shown, moment, tuple(row.id for row in sealed))
            values = {"prediction": plain_record(prediction)}
            connection.execute(update(ComparisonRow).where(of_it).values(**values))
        return prediction


def _openable(connection: Connection, runs: Sequence[str], owners: Collection[str]) -> list[Row[Any]]:
    """The runs of a pair that are sealed, in the order in which they came, if one may say which of the pair wins."""
    # Rows that count looks are held before a single one is, and all in one order, so that of several who open test
    # results at once none waits in a circle.
    kept = sorted(run for run in runs if not recorded.is_recorded(run))
    rows = {run: _row(connection, run) for run in kept}
    for owner, dataset in sorted({(row.owner, row.dataset) for row in rows.values() if row.sealed}):
        looks_before(connection, owner, dataset)
    rows = {run: _row(connection, run, lock=True) for run in kept}
    data = {dataset_info(row.dataset).test_set for row in rows.values()}
    data |= {recorded.get(run).experiment.test_set for run in runs if run not in rows}
    if len(data) > 1:
        raise RunError("comparison_other_data", first=runs[0], second=runs[1])
    sealed = []
    for run, row in rows.items():
        if row.covered and row.revealed is None:
            raise RunError("run_covered", run=run)
        if row.evaluation is None or not row.state.is_over:
            raise RunError("run_no_test_result", run=run)
        if row.sealed and row.opening is None:
            if row.owner not in owners:
                raise RunError("run_not_owner", run=run)
            sealed.append(row)
    return sorted(sealed, key=lambda row: row.number)


def _row(connection: Connection, run: str, *, lock: bool = False) -> Row[Any]:
    wanted = select(*_COLUMNS).where(is_run(run))
    row = connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    if row is None:
        raise UnknownRunError("unknown_run", received=run)
    return row


def _counted(connection: Connection, sealed: Sequence[Row[Any]]) -> list[tuple[Row[Any], int]]:
    """Each run with the look that opens it, counted for its own owner."""
    counts: dict[str, int] = {}
    found = []
    for row in sealed:
        before = counts.get(row.owner)
        if before is None:
            before = looks_before(connection, row.owner, row.dataset)
        counts[row.owner] = before + 1
        found.append((row, before + 1))
    return found


def _of(owner: str, runs: Sequence[str]) -> ColumnElement[bool]:
    """The condition for the row of an owner's comparison."""
    return and_(ComparisonRow.owner == storable(owner), ComparisonRow.runs == storable(comparison_key(runs)))


def _keep(connection: Connection, owner: str, runs: Sequence[str]) -> None:
    """See to it that an owner's comparison has a row, whoever else does so at the same time."""
    dialect: Any = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")  # loaded with the engine
    values = {"owner": storable(owner), "runs": storable(comparison_key(runs)), "created": now()}
    connection.execute(dialect.insert(ComparisonRow).values(**values).on_conflict_do_nothing())
