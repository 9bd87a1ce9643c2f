"""What classes draw, on every back end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from core.classroom.drawings import DIGITS, Collection, asked_next, checked_each, checked_labels
from core.datasets.drawing import SIDE, to_bits
from core.errors import ClassError, TurningPointError
from core.storage import Store

STROKE = np.zeros((SIDE, SIDE), dtype=np.uint8)
STROKE[30:90, 60:68] = 255
BITS = to_bits(STROKE)


def refused(code: str, action: Callable[[], object]) -> None:
    with pytest.raises(TurningPointError) as caught:
        action()
    assert caught.value.code == code


def label_for(store: Store, made: Collection, owner: str, seat: int) -> int | None:
    return asked_next(made, seat, [one.label for one in store.drawings_of(made.id, owner)])


def test_a_class_draws_and_its_teacher_looks_through_it(store: Store) -> None:
    code = store.open_class("teacher").code
    seats = {name: store.join(code, name, name).number for name in ("ann", "ben")}
    refused("class_not_teacher", lambda: store.open_collection(code, "x", DIGITS, 1, teacher="ann"))
    made = store.open_collection(code, " Our\nshapes ", ["circle", "<b>square</b>"], 2, teacher="teacher")
    assert made.title == "Our shapes"
    assert "<" not in made.labels[1]
    refused("collection_open", lambda: store.open_collection(code, "x", DIGITS, 1, teacher="teacher"))
    assert store.current_collection(code) == made

    for name, seat in seats.items():
        while (label := label_for(store, made, name, seat)) is not None:
            store.send_drawing(made.id, BITS, label=label, owner=name)
        refused("drawing_not_asked", lambda: store.send_drawing(made.id, BITS, label=0, owner=name))  # noqa: B023
        assert sorted(one.label for one in store.drawings_of(made.id, name)) == [0, 0, 1, 1]
    last = store.drawings_of(made.id, "ann")[-1]
    assert store.undo_drawing(made.id, owner="ann")
    assert label_for(store, made, "ann", seats["ann"]) == last.label
    refused("drawing_not_asked", lambda: store.send_drawing(made.id, BITS, label=1 - last.label, owner="ann"))
    for wrong, why in (("", "drawing_unreadable"), (to_bits(STROKE * 0), "drawing_empty")):
        refused(why, lambda: store.send_drawing(made.id, wrong, label=last.label, owner="ann"))  # noqa: B023
    refused("collection_not_seated", lambda: store.send_drawing(made.id, BITS, label=last.label, owner="eve"))
    assert store.drawings_of(made.id, "eve") == []
    assert not store.undo_drawing(made.id, owner="eve")

    refused("class_not_teacher", lambda: store.drawings(made.id, teacher="ann"))
    number = store.drawings(made.id, teacher="teacher")[0].number
    refused("class_not_teacher", lambda: store.remove_drawing(made.id, number, teacher="ann"))
    assert store.remove_drawing(made.id, number, teacher="teacher")
    assert [one.removed for one in store.drawings(made.id, teacher="teacher")].count(True) == 1
    assert store.remove_drawing(made.id, number, teacher="teacher", removed=False)

    assert store.end_collection(made.id, teacher="teacher")
    assert not store.end_collection(made.id, teacher="teacher")
    refused("collection_over", lambda: store.send_drawing(made.id, BITS, label=last.label, owner="ann"))
    assert not store.undo_drawing(made.id, owner="ben")
    store.keep_collection_data(made.id, "own-" + 24 * "a", teacher="teacher")
    assert store.collections(code)[0].dataset == "own-" + 24 * "a"
    another = store.open_collection(code, "", DIGITS, 1, teacher="teacher")
    store.end_class(code, teacher="teacher")
    assert store.current_collection(code) is None
    store.delete_collection(made.id, teacher="teacher")
    refused("unknown_collection", lambda: store.drawings(made.id, teacher="teacher"))
    assert [one.id for one in store.collections(code)] == [another.id]
    store.delete_class(code, teacher="teacher")
    assert store.collections(code) == []


def test_of_many_presses_at_once_each_drawing_counts_once(store: Store) -> None:
    code = store.open_class("teacher").code
    seat = store.join(code, "ann", "ann").number
    made = store.open_collection(code, "", DIGITS, 1, teacher="teacher")
    label = asked_next(made, seat, [])
    assert label is not None

    def press(_: int) -> str:
        try:
            store.send_drawing(made.id, BITS, label=label, owner="ann")
        except ClassError as error:
            return error.code
        return "kept"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [*["drawing_not_asked"] * 3, "kept"]


def test_what_can_be_asked_for_has_bounds() -> None:
    assert checked_labels(["0", " 1 ", ""]) == ("0", "1")
    for labels in (["0"], list(map(str, range(21)))):
        refused("drawing_labels", lambda: checked_labels(labels))  # noqa: B023
    refused("drawing_label_twice", lambda: checked_labels(["0", "0 "]))
    assert checked_each(6, 10) == 6
    for each, count in ((0, 2), (11, 2), (7, 10)):
        refused("drawing_each", lambda: checked_each(each, count))  # noqa: B023
