"""The page of classes: the door, a seat, and the teacher's board."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.storage import Store
from dashboard.classroom.codes import wrong_codes
from dashboard.classroom.snapshot import snapshots
from dashboard.shared.viewer import OWNER_COOKIE
from tests.dashboard.pages import opened, press_label, words

TEACHER, ANN, BEN = (name.ljust(22, "_") for name in ("teacher", "ann", "ben"))


def page(owner: str, lang: str = "en", page: str = "class", **parameters: str) -> AppTest:
    """The page as a browser sees it that asks now."""
    snapshots.forget()
    return opened(page, lang, state={OWNER_COOKIE: owner}, **parameters)


def test_a_class_is_opened_joined_left_and_found_again(store: Store) -> None:
    wrong_codes.forget()
    door = page(TEACHER)
    door.text_input(key="class-title").input("3반")
    board = press_label(door, "Open a class")
    [classroom] = store.classes_taught(TEACHER)
    assert board.query_params["code"] == classroom.code
    assert f"3반 · {classroom.code}" in board.title[0].value

    door = page(ANN, code=classroom.code.lower())
    assert "3반" in words(door)
    door.text_input(key="class-nickname").input("앤")
    seat = press_label(door, "Join")
    assert (seat.title[0].value, "앤" in words(seat)) == ("Hello, 앤", True)
    assert "seat 1" in words(seat)

    # Another browser, a wrong code, a name that is taken.
    door = page(BEN)
    door.text_input(key="class-code-").input("xyz")
    assert "class code has 6 letters" in press_label(door, "Join").warning[0].value
    door.text_input(key="class-code-").input(classroom.code)
    door.text_input(key="class-nickname").input("앤")
    assert "already called" in press_label(door, "Join").warning[0].value

    assert "Hello, 앤" in words(page(ANN))  # reloaded
    assert not page(ANN, page="").exception
