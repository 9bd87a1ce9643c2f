"""The rules of the class in which somebody sits, held where runs are begun; and all runs of a class as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, select

from core.classroom import Rules, Seat
from core.classroom.permission import refusal
from core.errors import ClassError
from core.experiment import Experiment
from core.run import ACTIVE, RunState
from core.storage.classes import changed_class, class_of, seat_of, teaches_class
from core.storage.database import Database
from core.storage.records import storable
from core.storage.sharing import ask_to_stop, is_leader
from core.storage.tables import BallotRow, RunRow, SeatRow


class ClassRules(Database):
    """What students may begin, and their runs as a whole; see `Store` for what holds of all methods."""

    def rules_of(self, owner: str) -> Rules:
        """The rules that hold for a browser: those of the class in which it sits, none where it sits in none."""
        with self._reading() as connection:
            seat = seat_of(connection, owner)
            return Rules() if seat is None else class_of(connection, seat.classroom).rules

    def check_rules(self, owner: str, experiments: Sequence[Experiment], *, lesson: str = "") -> None:
        """Refuse a training that its owner may not begin; `add` and `add_study` do it once more by themselves.

        Raises:
            ClassError: As `core.classroom.permission.refusal` says.
        """
        with self._reading() as connection:
            check_rules(connection, seat_of(connection, owner), experiments, lesson=lesson)

    def stop_runs(self, code: str, *, teacher: str) -> int:
        """Ask all runs of a class to end, and take those that wait out of the queue; how many that were."""
        # Followers first, that none takes over from another; then those that wait, that no worker takes one meanwhile.
        order = (is_leader(), RunRow.state != RunState.QUEUED, RunRow.number)
        wanted = select(RunRow.id).where(RunRow.classroom == code, RunRow.state.in_(ACTIVE)).order_by(*order)
        with self._writing() as connection:
            _check_teaches(connection, code, teacher)
            return sum(ask_to_stop(connection, run) for run in connection.execute(wanted).scalars().all())

    def class_runs(self, code: str, *, teacher: str) -> tuple[list[str], list[str]]:
        """The runs of a class, the newest first: those that are over, and the others."""
        with self._reading() as connection:
            _check_teaches(connection, code, teacher)
            wanted = select(RunRow.id, RunRow.state).where(RunRow.classroom == code)
            rows = connection.execute(wanted.order_by(RunRow.number.desc())).all()
        over = [row.id for row in rows if row.state not in ACTIVE]
        return over, [row.id for row in rows if row.state in ACTIVE]

    def count_ballots(self, code: str) -> int:
        """How many votes a class has held."""
        with self._reading() as connection:
            wanted = select(func.count()).where(BallotRow.classroom == storable(code))
            return connection.execute(wanted).scalar_one()

    def clear_ballots(self, code: str, *, teacher: str) -> int:
        """Delete all votes of a class with what was answered; how many that were."""
        with self._writing() as connection:
            _check_teaches(connection, code, teacher)
            deleted = connection.execute(delete(BallotRow).where(BallotRow.classroom == code)).rowcount
            changed_class(connection, code)
            return deleted


def check_rules(
    connection: Connection, seat: Seat | None, experiments: Sequence[Experiment], *, lesson: str = ""
) -> None:
    """As `ClassRules.check_rules`, inside the transaction that begins them."""
    if seat is None:
        return
    rules = class_of(connection, seat.classroom).rules
    waiting = 0
    if rules.caps.waiting is not None:
        # Held until the end of the transaction, so that of two presses at once the second counts the first.
        own = select(SeatRow.number).where(SeatRow.classroom == seat.classroom, SeatRow.owner == seat.owner)
        connection.execute(own.with_for_update())
        queued = select(func.count()).where(RunRow.owner == seat.owner, RunRow.state == RunState.QUEUED)
        waiting = connection.execute(queued).scalar_one()
    found = refusal(rules, experiments, lesson=lesson, waiting=waiting)
    if found is not None:
        raise found


def _check_teaches(connection: Connection, code: str, teacher: str) -> None:
    class_of(connection, code)
    if not teaches_class(connection, code, teacher):
        raise ClassError("class_not_teacher", classroom=code)
