"""The page of classes: the door, a seat, and the teacher's board."""

from __future__ import annotations

import pytest
from streamlit.proto.PageLink_pb2 import PageLink
from streamlit.testing.v1 import AppTest

from core import presets
from core.errors import ClassError
from core.storage import Store
from dashboard.classroom.board import seat_name
from dashboard.classroom.code_screen import link_of
from dashboard.classroom.codes import wrong_codes
from dashboard.classroom.snapshot import snapshots
from dashboard.shared import reach
from dashboard.shared.language import language
from dashboard.shared.markdown import escaped
from dashboard.shared.viewer import OWNER_COOKIE
from tests.dashboard.pages import checked, opened, press, press_label, words

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


HOSTILE = (
    "<b>x</b> [a](http://x.y)",
    "\u202e:material/home: `b` $c$\u202c\x00\x1b",
)


def test_a_nickname_is_words_and_nothing_else_wherever_it_stands(store: Store) -> None:
    code = store.open_class(TEACHER).code
    for number, nickname in enumerate(HOSTILE):
        who = f"hostile{number}".ljust(22, "_")
        door = page(who, code=code)
        door.text_input(key="class-nickname").input(nickname)
        press_label(door, "Join")
        seat, home = page(who), page(who, page="")
        plain = store.seats(code)[-1].nickname
        assert not set("\u202e\u202c\x00\x1b") & set(plain)
        heading, label = seat.title[0].value, next(one.label for one in links(home) if code in one.label)
        for shown in (heading, label):
            assert escaped(plain) in shown
        run = store.add(presets.load(presets.FIRST), owner=who)
        teacher = page(TEACHER, page="run", run=run)
        assert any(escaped(plain) in one.label for one in links(teacher))
        store.set_shown(code, lambda shown: shown.model_copy(update={"names": False}), teacher=TEACHER)
        hidden = page(TEACHER, page="run", run=run)
        assert not any(escaped(plain) in one.label for one in links(hidden))
        assert any(seat_name(number + 1, language("en")) in one.label for one in links(hidden))
        store.set_shown(code, lambda shown: shown.model_copy(update={"names": True}), teacher=TEACHER)

    door = page(BEN, code=code)
    door.text_input(key="class-nickname").input("x" * 200)
    assert "at most 24 characters" in press_label(door, "Join").warning[0].value
    door.text_input(key="class-nickname").input("\u200b\u3164 ")
    assert "at least one letter" in press_label(door, "Join").warning[0].value
    with pytest.raises(ClassError, match="10000"):
        store.join(code, "x" * 10_000, BEN)
    for nonsense in ("<b>x</b>", "x" * 5_000, "\u202e", "../../etc"):
        assert "has 6 letters" in page(BEN, code=nonsense).warning[0].value
    assert "no class 'ZZZZZZ'" not in words(page(BEN, code="BBBBBB"))


def test_a_teacher_hides_names_renames_ends_and_deletes(store: Store) -> None:
    code = store.open_class(TEACHER, title="First").code
    store.join(code, "Ann", ANN)
    board = page(TEACHER)
    board.toggle(key="class-names").set_value(True).run()
    board.toggle(key="class-guesses").set_value(True).run()
    shown = store.classroom(code).shown
    assert (shown.names, shown.pooled_only, shown.guesses) == (False, False, True)
    board.toggle(key="class-names").set_value(False).run()
    assert store.classroom(code).shown.names

    checked(board.button(key="class-another").click().run())
    door = checked(board.text_input(key="class-title").input("Second").run())
    press_label(door, "Open a class")
    second = store.classes_taught(TEACHER)[0]
    board = page(TEACHER)
    assert second.code in board.title[0].value
    board = press(board, f"class-{code}")
    assert code in board.title[0].value

    board = press(board, "class-end")
    assert not store.classroom(code).is_on
    assert "Hello" not in words(page(ANN))
    assert "has ended" in page(BEN, code=code).warning[0].value
    assert code in page(TEACHER, code=code).title[0].value, "its board stays"
    board.checkbox(key="class-delete-sure").set_value(True).run()
    press(board, "class-delete")
    assert [one.code for one in store.classes_taught(TEACHER)] == [second.code]


def test_a_page_that_was_open_cannot_do_what_its_browser_may_not(store: Store) -> None:
    code = store.open_class(TEACHER).code
    board = page(TEACHER)
    board.session_state[OWNER_COOKIE] = BEN  # as if the state were forged
    board.toggle(key="class-names").set_value(True).run()
    assert store.classroom(code).shown.names
    assert "Only the teacher" in checked(board).warning[0].value
    assert not board.toggle


def test_too_many_wrong_codes_are_not_listened_to(store: Store) -> None:
    wrong_codes.forget()
    code = store.open_class(TEACHER).code
    door = page(BEN)
    for _ in range(wrong_codes.most):
        wrong_codes.note("")
    door.text_input(key="class-code-").input(code)
    door.text_input(key="class-nickname").input("Ben")
    assert "Too many wrong codes" in press_label(door, "Join").warning[0].value
    assert store.seats(code) == []
    wrong_codes.forget()
    wrong = page(ANN, code="BBBBBB")
    assert "no class 'BBBBBB'" in wrong.warning[0].value
    for _ in range(3):
        wrong.run()
    assert len(wrong_codes._failures[""]) == 1, "a page that runs again is not wrong again"
    page(ANN, code="no code")
    assert len(wrong_codes._failures[""]) == 1
    assert "Hello, Ben" in press_label(door, "Join").title[0].value


@pytest.mark.parametrize(
    ("shown", "listens", "expected"),
    [
        ("http://192.168.0.7:8501/class?code=X", "0.0.0.0", "http://192.168.0.7:8501/c/BCDFGH"),
        ("https://class.example.org/class", "", "https://class.example.org/c/BCDFGH"),
        ("http://localhost:8501/class", "127.0.0.1", "http://localhost:8501/c/BCDFGH"),
    ],
)
def test_the_short_link_is_where_students_reach_the_server(
    shown: str, listens: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach.config, "get_option", lambda name: listens if name == "server.address" else "")
    found = link_of("BCDFGH", shown)
    assert (found.best, found.only_here) == (expected, "localhost" in shown)


def links(test: AppTest) -> list[PageLink]:
    return [one.proto for one in test.get("page_link")]  # type: ignore[union-attr]


def test_the_menu_of_a_seat_renames_and_removes(store: Store) -> None:
    code = store.open_class(TEACHER).code
    for who, nickname in ((ANN, "Ann"), (BEN, "Ben")):
        store.join(code, nickname, who)
    store.set_shown(code, lambda shown: shown.model_copy(update={"names": False}), teacher=TEACHER)

    def menu(seat: int) -> AppTest:
        board = page(TEACHER)
        board.session_state[f"class-board-{code}"] = {"menu": seat}
        return checked(board.run())

    board = menu(2)
    assert board.text_input(key="class-nickname-2").value == "", "hidden names stay so in the menu"
    board.text_input(key="class-nickname-2").input("ann")
    assert "already called" in press_label(board, "Rename").warning[0].value
    board = menu(2)
    board.text_input(key="class-nickname-2").input("Benny")
    press_label(board, "Rename")
    assert [seat.nickname for seat in store.seats(code)] == ["Ann", "Benny"]
    press(menu(1), "class-remove-1")
    assert [seat.nickname for seat in store.seats(code)] == ["Benny"]
    assert "There is no seat 1" in menu(1).warning[0].value
    assert not menu("<b>").text_input  # type: ignore[arg-type]
