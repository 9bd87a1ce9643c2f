"""Ballots of a class: what it is asked, and what its seats said; see `core.classroom.ballot` for what they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update

from core.classroom.ballot import (
    Ballot,
    BallotKind,
    BallotState,
    Question,
    Vote,
    check_choice,
    check_questions,
    has_answered,
    states_before,
)
from core.errors import ClassError
from core.run import new_run_id
from core.storage.classes import changed_class, class_of, held_by_teacher, seat_in, teaches_class
from core.storage.database import Database
from core.storage.records import now, sought
from core.storage.tables import BallotRow, VoteRow

_BALLOT = (
    BallotRow.number,
    BallotRow.id,
    BallotRow.classroom,
    BallotRow.kind,
    BallotRow.content,
    BallotRow.state,
    BallotRow.opened,
    BallotRow.revealed,
    BallotRow.ended,
)
_VOTE = (VoteRow.seat, VoteRow.round, VoteRow.place, VoteRow.choice, VoteRow.moment)


class Ballots(Database):
    """What classes are asked and what they say; see `Store` for what holds of all methods.

    A class is asked one thing at a time. Each seat says one thing to a question in a round; it may change it as long as
    that round is on. Whoever changes a ballot names the browser that does, and gets a ClassError ("class_not_teacher")
    if that one does not teach the class; of a ballot that there is not, each method says "unknown_ballot".
    """

    def open_ballot(
        self, code: str, kind: BallotKind, questions: Sequence[Question], *, teacher: str
    ) -> Ballot:
        """Ask a class something.

        Raises:
            ClassError: If the class has ended ("class_ended"), is still asked something ("ballot_open"), or the
                questions are none or too many for this kind ("ballot_questions").
        """
        check_questions(kind, questions)
        content = {"questions": [question.model_dump(mode="json") for question in questions]}
        with self._writing() as connection:
            if not held_by_teacher(connection, code, teacher).is_on:
                raise ClassError("class_ended", classroom=code)
            on = and_(BallotRow.classroom == code, BallotRow.ended.is_(None))
            if connection.execute(select(BallotRow.id).where(on)).scalar() is not None:
                raise ClassError("ballot_open")
            ballot = new_run_id()
            values = {"id": ballot, "classroom": code, "kind": kind.value, "content": content}
            state = {"state": BallotState.FIRST.value, "opened": now()}
            connection.execute(insert(BallotRow).values(**values, **state))
            changed_class(connection, code)
            return _ballot(connection, ballot)

    def move_ballot(self, ballot: str, to: BallotState, *, teacher: str) -> bool:
        """Move a ballot on to a state; False if that one does not follow the state in which it is.

        So of two who press the same at once one succeeds, and what is closed stays closed.
        """
        with self._writing() as connection:
            code = _ballot(connection, ballot).classroom
            held_by_teacher(connection, code, teacher)
            found = _ballot(connection, ballot)  # as it is now that nobody else can change it
            if found.state not in states_before(found.kind, to):
                return False
            values: dict[str, Any] = {"state": to.value}
            if to is BallotState.REVEALED:
                values["revealed"] = now()
            if to is BallotState.CLOSED:
                values["ended"] = now()
            connection.execute(update(BallotRow).where(_is_ballot(ballot)).values(**values))
            changed_class(connection, code)
            return True

    def ballot(self, ballot: str) -> Ballot:
        """The ballot of this id."""
        with self._reading() as connection:
            return _ballot(connection, ballot)

    def ballots(self, code: str) -> list[Ballot]:
        """All that a class was asked, in order."""
        wanted = select(*_BALLOT).where(BallotRow.classroom == code).order_by(BallotRow.number)
        with self._reading() as connection:
            return [_of_row(row, place) for place, row in enumerate(connection.execute(wanted), start=1)]

    def current_ballot(self, code: str) -> Ballot | None:
        """What a class is asked now, until it is closed; None if nothing."""
        wanted = select(BallotRow.id).where(BallotRow.classroom == code, BallotRow.ended.is_(None))
        with self._reading() as connection:
            found = connection.execute(wanted).scalar()
            return None if found is None else _ballot(connection, found)

    # Votes

    def vote(self, ballot: str, choice: int, *, owner: str, in_round: int, place: int = 0) -> Vote:
        """Keep what a browser's seat says to a question, in place of what it said before in this round.

        Args:
            in_round: The one that the page showed: a page that is behind must not vote in another one.
            place: Of the question, from 0.

        Raises:
            ClassError: If the browser has no seat in the class ("ballot_not_seated"), the class has ended
                ("class_ended"), this round is not on ("ballot_over"), or there is no such choice ("ballot_choice").
        """
        with self._writing() as connection:
            code = _ballot(connection, ballot).classroom
            classroom = class_of(connection, code, hold=True)
            seat = seat_in(connection, code, owner)
            if seat is None:
                raise ClassError("ballot_not_seated", classroom=code)
            if not classroom.is_on:
                raise ClassError("class_ended", classroom=code)
            found = _ballot(connection, ballot)
            if not found.round or in_round != found.round:
                raise ClassError("ballot_over")
            check_choice(found, place, choice)
            said = Vote(seat.number, found.round, place, choice, now())
            number = select(BallotRow.number).where(_is_ballot(ballot)).scalar_subquery()
            mine = and_(
                VoteRow.ballot == number,
                VoteRow.seat == seat.number,
                VoteRow.round == found.round,
                VoteRow.place == place,
            )
            connection.execute(delete(VoteRow).where(mine))
            values = {"seat": said.seat, "round": said.round, "place": place, "choice": choice}
            connection.execute(insert(VoteRow).values(ballot=number, moment=said.moment, **values))
            changed_class(connection, code)
            return said

    def votes(self, ballot: str, *, reader: str) -> list[Vote]:
        """All that was said to a ballot, by seats, rounds and questions.

        Raises:
            ClassError: If its result is not shown yet, and the reader does not teach the class ("ballot_hidden").
        """
        with self._reading() as connection:
            found = _ballot(connection, ballot)
            if not found.is_shown and not teaches_class(connection, found.classroom, reader):
                raise ClassError("ballot_hidden")
            return _votes(connection, ballot)

    def votes_of(self, ballot: str, owner: str) -> list[Vote]:
        """What the seat of a browser has said to a ballot; nothing if it has no seat in the class."""
        with self._reading() as connection:
            seat = seat_in(connection, _ballot(connection, ballot).classroom, owner)
            return [] if seat is None else _votes(connection, ballot, VoteRow.seat == seat.number)

    def answered(self, ballot: str) -> int:
        """How many seats have answered all that is asked in the round that is on, or was last; for everyone to see."""
        with self._reading() as connection:
            return has_answered(_ballot(connection, ballot), _votes(connection, ballot))


def _is_ballot(ballot: str) -> ColumnElement[bool]:
    return BallotRow.id == sought(ballot)


def _ballot(connection: Connection, ballot: str) -> Ballot:
    row = connection.execute(select(*_BALLOT).where(_is_ballot(ballot))).one_or_none()
    if row is None:
        raise ClassError("unknown_ballot", received=ballot)
    before = and_(BallotRow.classroom == row.classroom, BallotRow.number <= row.number)
    place = connection.execute(select(func.count()).select_from(BallotRow).where(before)).scalar_one()
    return _of_row(row, place)


def _of_row(row: Row[Any], place: int) -> Ballot:
    return Ballot(
        id=row.id,
        classroom=row.classroom,
        number=place,
        kind=BallotKind(row.kind),
        questions=tuple(Question.model_validate(question) for question in row.content["questions"]),
        state=BallotState(row.state),
        opened=row.opened,
        revealed=row.revealed,
        ended=row.ended,
    )


def _votes(connection: Connection, ballot: str, *where: ColumnElement[bool]) -> list[Vote]:
    wanted = (
        select(*_VOTE)
        .join(BallotRow, BallotRow.number == VoteRow.ballot)
        .where(_is_ballot(ballot), *where)
        .order_by(VoteRow.seat, VoteRow.round, VoteRow.place)
    )
    return [Vote(*row) for row in connection.execute(wanted)]
