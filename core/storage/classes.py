"""Classes: who teaches them, who sits in them, and what the teacher has set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update

from core.classroom import Classroom, Rules, Seat, Shown
from core.classroom.ballot import BallotState
from core.classroom.classroom import MOST_SEATS
from core.classroom.names import as_nickname, new_code, same_name
from core.errors import ClassError
from core.plain_text import as_title
from core.storage.database import Database
from core.storage.records import now, storable
from core.storage.tables import BallotRow, ClassRow, CollectionRow, SeatRow, TeacherRow, VoteRow

_SEAT = (SeatRow.classroom, SeatRow.number, SeatRow.nickname, SeatRow.owner, SeatRow.joined)
_TRIES = 20  # to find a code that no other class has


class Classes(Database):
    """Classes and their seats; see `Store` for what holds of all methods.

    Whoever changes a class names the browser that does, and gets a ClassError ("class_not_teacher") if that one does
    not teach it; of a code that there is not, each method says "unknown_class". A code is taken as `as_code` gives it.
    """

    def open_class(self, teacher: str, *, title: str = "") -> Classroom:
        """Open a class that this browser teaches."""
        with self._writing() as connection:
            code = _free_code(connection)
            values = {"title": as_title(title), "opened": now(), "rules": {}, "shown": {}}
            connection.execute(insert(ClassRow).values(code=code, version=0, given=0, **values))
            connection.execute(insert(TeacherRow).values(classroom=code, owner=storable(teacher)))
            return class_of(connection, code)

    def classroom(self, code: str) -> Classroom:
        """The class of a code, also one that has ended."""
        with self._reading() as connection:
            return class_of(connection, code)

    def classes_taught(self, teacher: str) -> list[Classroom]:
        """The classes that a browser teaches, the newest first."""
        wanted = (
            select(ClassRow)
            .join(TeacherRow, TeacherRow.classroom == ClassRow.code)
            .where(TeacherRow.owner == storable(teacher))
            .order_by(ClassRow.opened.desc(), ClassRow.code)
        )
        with self._reading() as connection:
            return [_of_row(row) for row in connection.execute(_columns(wanted))]

    def let_teach(self, code: str, teacher: str) -> None:
        """Have another browser teach a class too; that it may, is for the caller to know."""
        with self._writing() as connection:
            class_of(connection, code)
            if not teaches_class(connection, code, teacher):
                connection.execute(insert(TeacherRow).values(classroom=code, owner=storable(teacher)))

    def teaches(self, code: str, owner: str) -> bool:
        """Whether a browser teaches a class; False if there is no such class."""
        with self._reading() as connection:
            return teaches_class(connection, code, owner)

    def teachers(self, code: str) -> frozenset[str]:
        """The browsers that teach a class; none if there is no such class."""
        with self._reading() as connection:
            wanted = select(TeacherRow.owner).where(TeacherRow.classroom == storable(code))
            return frozenset(connection.execute(wanted).scalars())

    def teacher_of(self, owner: str, of: str) -> bool:
        """Whether `owner` teaches a class that is on and in which `of` sits."""
        wanted = (
            select(func.count())
            .select_from(TeacherRow)
            .join(SeatRow, SeatRow.classroom == TeacherRow.classroom)
            .join(ClassRow, ClassRow.code == TeacherRow.classroom)
            .where(
                TeacherRow.owner == storable(owner), SeatRow.owner == storable(of), ClassRow.ended.is_(None)
            )
        )
        with self._reading() as connection:
            return bool(connection.execute(wanted).scalar())

    # Seats

    def join(self, code: str, nickname: str, owner: str) -> Seat:
        """Give a browser a seat in a class; one that has a seat there keeps it, with its nickname.

        Raises:
            ClassError: If the class has ended ("class_ended") or is full ("class_full"), or if the nickname is none,
                too long or taken ("nickname_empty", "nickname_long", "nickname_taken").
        """
        owner = storable(owner)
        with self._writing() as connection:
            found = class_of(connection, code, hold=True)
            if not found.is_on:
                raise ClassError("class_ended", classroom=code)
            seat = seat_in(connection, code, owner)
            if seat is not None:
                # To join again is to go back there from another class.
                connection.execute(update(SeatRow).where(_is_seat(code, seat.number)).values(joined=now()))
                return seat
            name = as_nickname(nickname)
            _check_free(connection, code, name)
            taken = connection.execute(select(func.count()).where(SeatRow.classroom == code)).scalar_one()
            if taken >= MOST_SEATS:
                raise ClassError("class_full", most=MOST_SEATS)
            given = update(ClassRow).where(ClassRow.code == code).values(given=ClassRow.given + 1)
            number: int = connection.execute(given.returning(ClassRow.given)).scalar_one()
            values = {"nickname": name, "folded": same_name(name), "owner": owner, "joined": now()}
            connection.execute(insert(SeatRow).values(classroom=code, number=number, **values))
            changed_class(connection, code)
            return _seat_of(connection, code, number)

    def seat(self, owner: str) -> Seat | None:
        """Where a browser sits: of the classes that are on, in the one that it joined last."""
        with self._reading() as connection:
            return seat_of(connection, owner)

    def seats(self, code: str) -> list[Seat]:
        """The seats of a class, by their numbers."""
        wanted = select(*_SEAT).where(SeatRow.classroom == code).order_by(SeatRow.number)
        with self._reading() as connection:
            return [Seat(*row) for row in connection.execute(wanted)]

    def rename_seat(self, code: str, number: int, nickname: str, *, teacher: str) -> Seat:
        """Give a student another nickname; raises as `join` and, without such a seat, "unknown_seat"."""
        with self._writing() as connection:
            held_by_teacher(connection, code, teacher)
            name = as_nickname(nickname)
            _seat_of(connection, code, number)
            _check_free(connection, code, name, but=number)
            values = {"nickname": name, "folded": same_name(name)}
            connection.execute(update(SeatRow).where(_is_seat(code, number)).values(**values))
            changed_class(connection, code)
            return _seat_of(connection, code, number)

    def remove_seat(self, code: str, number: int, *, teacher: str) -> None:
        """Take a student out of a class, whose runs stay; the browser may join again.

        Whoever goes, takes along what they said to a ballot that is not closed, so that nobody counts twice.
        """
        with self._writing() as connection:
            held_by_teacher(connection, code, teacher)
            _drop_votes(connection, code, number)
            connection.execute(delete(SeatRow).where(_is_seat(code, number)))
            changed_class(connection, code)

    def leave(self, code: str, owner: str) -> None:
        """Give back the seat of a browser, as `remove_seat`; nothing if it has none there."""
        with self._writing() as connection:
            class_of(connection, code, hold=True)
            seat = seat_in(connection, code, owner)
            if seat is not None:
                _drop_votes(connection, code, seat.number)
                connection.execute(delete(SeatRow).where(_is_seat(code, seat.number)))
                changed_class(connection, code)

    # What the teacher sets

    def set_rules(self, code: str, change: Callable[[Rules], Rules], *, teacher: str) -> Classroom:
        """Change what students may do, of what holds when it is changed."""
        with self._writing() as connection:
            found = held_by_teacher(connection, code, teacher)
            rules = change(found.rules).model_dump(mode="json", exclude_defaults=True)
            return changed_class(connection, code, rules=rules)

    def set_shown(self, code: str, change: Callable[[Shown], Shown], *, teacher: str) -> Classroom:
        """Change what the board shows."""
        with self._writing() as connection:
            found = held_by_teacher(connection, code, teacher)
            shown = change(found.shown).model_dump(mode="json", exclude_defaults=True)
            return changed_class(connection, code, shown=shown)

    def end_class(self, code: str, *, teacher: str) -> Classroom:
        """End a class: nobody can join any more, its rules hold for nobody, its runs and votes stay.

        What it is still asked is closed, what it draws as well.
        """
        with self._writing() as connection:
            found = held_by_teacher(connection, code, teacher)
            if found.ended is not None:
                return found
            moment = now()
            closed = {"state": BallotState.CLOSED.value, "ended": moment}
            on = and_(BallotRow.classroom == code, BallotRow.ended.is_(None))
            connection.execute(update(BallotRow).where(on).values(**closed))
            drawing = and_(CollectionRow.classroom == code, CollectionRow.ended.is_(None))
            connection.execute(update(CollectionRow).where(drawing).values(ended=moment))
            return changed_class(connection, code, ended=moment)

    def delete_class(self, code: str, *, teacher: str) -> None:
        """Delete a class with its seats and votes; not its runs."""
        with self._writing() as connection:
            held_by_teacher(connection, code, teacher)
            connection.execute(delete(ClassRow).where(ClassRow.code == code))


def seat_of(connection: Connection, owner: str) -> Seat | None:
    """As `Classes.seat`, inside a transaction."""
    wanted = (
        select(*_SEAT)
        .join(ClassRow, ClassRow.code == SeatRow.classroom)
        .where(SeatRow.owner == storable(owner), ClassRow.ended.is_(None))
        .order_by(SeatRow.joined.desc(), SeatRow.classroom)
        .limit(1)
    )
    row = connection.execute(wanted).one_or_none()
    return None if row is None else Seat(*row)


def _columns(wanted: Any) -> Any:
    columns = (ClassRow.code, ClassRow.title, ClassRow.opened, ClassRow.ended)
    return wanted.with_only_columns(*columns, ClassRow.rules, ClassRow.shown, ClassRow.version)


def _of_row(row: Row[Any]) -> Classroom:
    rules, shown = Rules.model_validate(row.rules), Shown.model_validate(row.shown)
    return Classroom(row.code, row.title, row.opened, row.ended, rules, shown, row.version)


def class_of(connection: Connection, code: str, *, hold: bool = False) -> Classroom:
    """As `Classes.classroom`, inside a transaction, held until its end if wanted."""
    wanted = _columns(select(ClassRow).where(ClassRow.code == storable(code)))
    row = connection.execute(wanted.with_for_update() if hold else wanted).one_or_none()
    if row is None:
        raise ClassError("unknown_class", received=code)
    return _of_row(row)


def teaches_class(connection: Connection, code: str, owner: str) -> bool:
    """As `Classes.teaches`, inside a transaction."""
    is_teacher = and_(TeacherRow.classroom == storable(code), TeacherRow.owner == storable(owner))
    return connection.execute(select(TeacherRow.owner).where(is_teacher)).scalar() is not None


def held_by_teacher(connection: Connection, code: str, teacher: str) -> Classroom:
    """A class, held until the end of the transaction, if this browser teaches it."""
    found = class_of(connection, code, hold=True)
    if not teaches_class(connection, code, teacher):
        raise ClassError("class_not_teacher", classroom=code)
    return found


def changed_class(connection: Connection, code: str, **values: Any) -> Classroom:
    """Change a class, whose version grows."""
    values["version"] = ClassRow.version + 1
    connection.execute(update(ClassRow).where(ClassRow.code == code).values(**values))
    return class_of(connection, code)


def _free_code(connection: Connection) -> str:
    for _ in range(_TRIES):
        code = new_code()
        if connection.execute(select(ClassRow.code).where(ClassRow.code == code)).scalar() is None:
            return code
    raise ClassError("class_no_code")


def _is_seat(code: str, number: int) -> ColumnElement[bool]:
    return and_(SeatRow.classroom == code, SeatRow.number == number)


def seat_in(connection: Connection, code: str, owner: str) -> Seat | None:
    """Where a browser sits in this class."""
    return _seat(connection, and_(SeatRow.classroom == code, SeatRow.owner == storable(owner)))


def _seat(connection: Connection, where: ColumnElement[bool]) -> Seat | None:
    row = connection.execute(select(*_SEAT).where(where)).one_or_none()
    return None if row is None else Seat(*row)


def _seat_of(connection: Connection, code: str, number: int) -> Seat:
    found = _seat(connection, _is_seat(code, number))
    if found is None:
        raise ClassError("unknown_seat", classroom=code, received=number)
    return found


def _drop_votes(connection: Connection, code: str, seat: int) -> None:
    """Forget what a seat said to the ballots of its class that are not closed."""
    on = select(BallotRow.number).where(BallotRow.classroom == code, BallotRow.ended.is_(None))
    connection.execute(delete(VoteRow).where(VoteRow.seat == seat, VoteRow.ballot.in_(on)))


def _check_free(connection: Connection, code: str, name: str, but: int | None = None) -> None:
    taken = and_(SeatRow.classroom == code, SeatRow.folded == same_name(name))
    found = connection.execute(select(SeatRow.number).where(taken)).scalar()
    if found is not None and found != but:
        raise ClassError("nickname_taken", received=name)
