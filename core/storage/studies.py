"""Studies: which runs belong together, and which of them were there before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select

from core.errors import UnknownStudyError
from core.experiment import Experiment
from core.experiment.duration import duration
from core.plain_text import as_title
from core.run import RunState, new_run_id
from core.storage.database import Database
from core.storage.queue import add_run, waiting
from core.storage.records import now, sought, storable
from core.storage.tables import ComparisonRow, RunRow, StudyRow, StudyRunRow
from core.study import Plan, Study


class Studies(Database):
    """Plans and their runs; see `Store` for what holds of all methods."""

    def add_study(
        self,
        plan: Plan,
        *,
        owner: str,
        title: str = "",
        preset: str = "",
        address: str = "",
        share: bool = False,
    ) -> str:
        """Queue a study and return its id.

        For a member whose experiment was finished and evaluated before, whoever's it was, that run is taken (the
        newest, if there are several) unless it is covered or sealed; for every other one a run is queued, in the order
        of the members.

        Args:
            title: What the owner calls it; the new runs are called so too, each with what tells it from the others.
            address: From where it was asked for; see `Queue.add`.
            share: Whether its runs may follow equal ones that wait or learn.

        Raises:
            ExperimentError: If a member cannot be.
            PresetError: If the base has no setting that the plan varies.
            ClassError: If its owner sits in a class whose rules are against one of its new runs.
        """
        members, study, title = plan.members, new_run_id(), as_title(title)
        digests = [member.experiment.digest for member in members]
        with self._writing() as connection:
            found = _finished(connection, digests)
            number = connection.execute(
                insert(StudyRow)
                .values(id=study, owner=storable(owner), title=title, created=now(), plan=plan.to_dict())
                .returning(StudyRow.number)
            ).scalar_one()
            rows = []
            for place, (member, digest) in enumerate(zip(members, digests, strict=True)):
                run = found.get(digest) or add_run(
                    connection,
                    member.experiment,
                    owner=owner,
                    title=f"{title} ({plan.label(member)})" if title and len(members) > 1 else title,
                    preset=preset,
                    expected=duration(member.experiment).of(member.experiment.epochs),
                    share=share,
                    begun=waiting(address),
                )
                rows.append({"study": number, "place": place, "run": run, "reused": digest in found})
            connection.execute(insert(StudyRunRow), rows)
        return study

    def finished(self, experiments: Sequence[Experiment]) -> list[str | None]:
        """For each experiment the newest run that finished it and can be shown whole; None where there is none."""
        digests = [experiment.digest for experiment in experiments]
        with self._reading() as connection:
            found = _finished(connection, digests)
        return [found.get(digest) for digest in digests]

    def get_study(self, study: str) -> Study:
        """The study with the ids of its runs.

        Raises:
            UnknownStudyError: If there is none of this id.
        """
        wanted = select(StudyRow).where(StudyRow.id == sought(study))
        with self._reading() as connection:
            row = connection.execute(wanted).one_or_none()
            if row is None:
                raise UnknownStudyError("unknown_study", received=study)
            return _studies(connection, [row])[0]

    def studies(self, *, owner: str | None = None, limit: int = 20, offset: int = 0) -> list[Study]:
        """The studies, newest first, in at most two queries."""
        wanted = select(StudyRow).order_by(StudyRow.number.desc()).limit(limit).offset(offset)
        if owner is not None:
            wanted = wanted.where(StudyRow.owner == storable(owner))
        with self._reading() as connection:
            rows = connection.execute(wanted).all()
            return _studies(connection, rows)

    def count_studies(self, *, owner: str | None = None) -> int:
        """How many studies `studies` would give without a limit."""
        wanted = select(func.count()).select_from(StudyRow)
        if owner is not None:
            wanted = wanted.where(StudyRow.owner == storable(owner))
        with self._reading() as connection:
            return connection.execute(wanted).scalar_one()

    def delete_study(self, study: str) -> None:
        """Remove a study and what was written down of it; its runs stay.

        Raises:
            UnknownStudyError: If there is none of this id.
        """
        removed = delete(StudyRow).where(StudyRow.id == sought(study))
        with self._writing() as connection:
            if not connection.execute(removed).rowcount:
                raise UnknownStudyError("unknown_study", received=study)
            connection.execute(delete(ComparisonRow).where(ComparisonRow.runs == study))


def _finished(connection: Connection, digests: Collection[str]) -> dict[str, str]:
    """The newest finished, evaluated and undisguised run of each experiment that has one, by its digest."""
    found = {}
    for digest in set(digests):
        # One after the other, each by its newest: of one experiment there may be as many runs as pupils ever came.
        wanted = (
            select(RunRow.id)
            .where(
                RunRow.digest == digest,
                # Worked out, so that no index on states fits: SQLite takes that of the digests or it by chance.
                func.coalesce(RunRow.state, RunRow.state) == RunState.FINISHED,
                RunRow.test_accuracy.is_not(None),
                # A study shows the results of all its runs.
                or_(~RunRow.covered, RunRow.revealed.is_not(None)),
                or_(~RunRow.sealed, RunRow.opening.is_not(None)),
            )
            .order_by(RunRow.digest, RunRow.number.desc())
            .limit(1)
        )
        if (run := connection.execute(wanted).scalar()) is not None:
            found[digest] = run
    return found


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
