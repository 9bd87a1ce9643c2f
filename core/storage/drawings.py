"""What classes draw; see `core.classroom.drawings` for what is asked of whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, update

from core.classroom.drawings import Collection, Drawn, asked_next, checked_each, checked_labels
from core.datasets.drawing import from_bits, ink_box
from core.errors import ClassError
from core.plain_text import as_name
from core.run import new_run_id
from core.storage.classes import changed_class, class_of, held_by_teacher, seat_in, teaches_class
from core.storage.database import Database
from core.storage.records import now, sought, storable
from core.storage.tables import CollectionRow, DrawingRow

_COLLECTION = (
    CollectionRow.id,
    CollectionRow.classroom,
    CollectionRow.content,
    CollectionRow.opened,
    CollectionRow.ended,
    CollectionRow.dataset,
)
_DRAWN = (
    DrawingRow.number,
    DrawingRow.seat,
    DrawingRow.label,
    DrawingRow.bits,
    DrawingRow.moment,
    DrawingRow.removed,
)


class Drawings(Database):
    """Collections of drawings; see `Store` for what holds of all methods.

    A class draws for one collection at a time. Whoever changes a collection names the browser that does, and gets a
    ClassError ("class_not_teacher") if that one does not teach the class; of a collection that there is not, each
    method says "unknown_collection".
    """

    def open_collection(
        self, code: str, title: str, labels: Sequence[str], each: int, *, teacher: str
    ) -> Collection:
        """Ask a class for drawings, so many of each label from each seat.

        Raises:
            ClassError: If the class has ended ("class_ended") or draws already ("collection_open"), or the labels are
                none that can be drawn ("drawing_labels", "drawing_label_twice", "drawing_each").
        """
        names = checked_labels(labels)
        content = {"title": as_name(title), "labels": list(names), "each": checked_each(each, len(names))}
        with self._writing() as connection:
            if not held_by_teacher(connection, code, teacher).is_on:
                raise ClassError("class_ended", classroom=code)
            if _current(connection, code) is not None:
                raise ClassError("collection_open")
            found = new_run_id()
            values = {"id": found, "classroom": code, "content": content, "opened": now(), "dataset": ""}
            connection.execute(insert(CollectionRow).values(**values))
            changed_class(connection, code)
            return _collection(connection, found)

    def end_collection(self, collection: str, *, teacher: str) -> bool:
        """Take no more drawings; False if that was so already."""
        with self._writing() as connection:
            found = _held(connection, collection, teacher)
            ending = update(CollectionRow).where(_is(collection), CollectionRow.ended.is_(None))
            ended = connection.execute(ending.values(ended=now())).rowcount
            changed_class(connection, found.classroom)
            return bool(ended)

    def delete_collection(self, collection: str, *, teacher: str) -> None:
        """Delete a collection with all its drawings; a data set that was made of it stays."""
        with self._writing() as connection:
            found = _held(connection, collection, teacher)
            connection.execute(delete(CollectionRow).where(_is(collection)))
            changed_class(connection, found.classroom)

    def keep_collection_data(self, collection: str, dataset: str, *, teacher: str) -> None:
        """Remember which data set was made of a collection."""
        with self._writing() as connection:
            found = _held(connection, collection, teacher)
            connection.execute(update(CollectionRow).where(_is(collection)).values(dataset=dataset))
            changed_class(connection, found.classroom)

    def collections(self, code: str) -> list[Collection]:
        """All that a class was asked to draw, the newest first."""
        wanted = select(*_COLLECTION).where(CollectionRow.classroom == storable(code))
        with self._reading() as connection:
            rows = connection.execute(wanted.order_by(CollectionRow.number.desc()))
            return [_of_row(row) for row in rows]

    def current_collection(self, code: str) -> Collection | None:
        """What a class is drawing now; None if nothing."""
        with self._reading() as connection:
            return _current(connection, code)

    def send_drawing(self, collection: str, bits: str, *, label: int, owner: str) -> Drawn:
        """Keep a drawing of a browser's seat.

        Args:
            label: The one that the page asked for: a page that is behind must not send under another one.

        Raises:
            ClassError: If the browser has no seat in the class ("collection_not_seated"), nothing more is taken
                ("collection_over"), or this label is not what the seat is to draw ("drawing_not_asked").
            DrawingError: If it is no drawing, or empty.
        """
        ink_box(from_bits(bits))
        with self._writing() as connection:
            code = _collection(connection, collection).classroom
            classroom = class_of(connection, code, hold=True)
            seat = seat_in(connection, code, owner)
            if seat is None:
                raise ClassError("collection_not_seated", classroom=code)
            found = _collection(connection, collection)  # as it is now that nobody else can change it
            if not (found.is_on and classroom.is_on):
                raise ClassError("collection_over")
            sent = [one.label for one in _drawn(connection, collection, DrawingRow.seat == seat.number)]
            if asked_next(found, seat.number, sent) != label:
                raise ClassError("drawing_not_asked")
            number = select(CollectionRow.number).where(_is(collection)).scalar_subquery()
            values = {"seat": seat.number, "label": label, "bits": bits, "moment": now(), "removed": False}
            connection.execute(insert(DrawingRow).values(collection=number, **values))
            return _drawn(connection, collection, DrawingRow.seat == seat.number)[-1]

    def undo_drawing(self, collection: str, *, owner: str) -> bool:
        """Take back what a browser's seat sent last; False if there is nothing, or nothing more is taken."""
        with self._writing() as connection:
            found = _collection(connection, collection)
            class_of(connection, found.classroom, hold=True)
            seat = seat_in(connection, found.classroom, owner)
            if seat is None or not _collection(connection, collection).is_on:
                return False
            sent = _drawn(connection, collection, DrawingRow.seat == seat.number)
            if not sent:
                return False
            connection.execute(delete(DrawingRow).where(DrawingRow.number == sent[-1].number))
            return True

    def drawings_of(self, collection: str, owner: str) -> list[Drawn]:
        """What the seat of a browser has sent, in order; nothing if it has no seat in the class."""
        with self._reading() as connection:
            seat = seat_in(connection, _collection(connection, collection).classroom, owner)
            return [] if seat is None else _drawn(connection, collection, DrawingRow.seat == seat.number)

    def drawings(self, collection: str, *, teacher: str) -> list[Drawn]:
        """All drawings of a collection in the order in which they came, those taken out as well; for its teacher."""
        with self._reading() as connection:
            found = _collection(connection, collection)
            if not teaches_class(connection, found.classroom, teacher):
                raise ClassError("class_not_teacher", classroom=found.classroom)
            return _drawn(connection, collection)

    def remove_drawing(self, collection: str, number: int, *, teacher: str, removed: bool = True) -> bool:
        """Take a drawing out of a collection, or put it back; False if there is none of this number."""
        with self._writing() as connection:
            _held(connection, collection, teacher)
            inside = DrawingRow.collection.in_(select(CollectionRow.number).where(_is(collection)))
            change = update(DrawingRow).where(inside, DrawingRow.number == number).values(removed=removed)
            return bool(connection.execute(change).rowcount)


def _is(collection: str) -> ColumnElement[bool]:
    return CollectionRow.id == sought(collection)


def _held(connection: Connection, collection: str, teacher: str) -> Collection:
    """A collection, held until the end of the transaction, if this browser teaches its class."""
    held_by_teacher(connection, _collection(connection, collection).classroom, teacher)
    return _collection(connection, collection)


def _collection(connection: Connection, collection: str) -> Collection:
    row = connection.execute(select(*_COLLECTION).where(_is(collection))).one_or_none()
    if row is None:
        raise ClassError("unknown_collection", received=collection)
    return _of_row(row)


def _current(connection: Connection, code: str) -> Collection | None:
    on = and_(CollectionRow.classroom == storable(code), CollectionRow.ended.is_(None))
    wanted = select(*_COLLECTION).where(on).order_by(CollectionRow.number.desc()).limit(1)
    row = connection.execute(wanted).one_or_none()
    return None if row is None else _of_row(row)


def _of_row(row: Row[Any]) -> Collection:
    return Collection(
        id=row.id,
        classroom=row.classroom,
        title=row.content["title"],
        labels=tuple(row.content["labels"]),
        each=row.content["each"],
        opened=row.opened,
        ended=row.ended,
        dataset=row.dataset,
    )


def _drawn(connection: Connection, collection: str, *where: ColumnElement[bool]) -> list[Drawn]:
    wanted = (
        select(*_DRAWN)
        .join(CollectionRow, CollectionRow.number == DrawingRow.collection)
        .where(_is(collection), *where)
        .order_by(DrawingRow.number)
    )
    return [Drawn(*row) for row in connection.execute(wanted)]
