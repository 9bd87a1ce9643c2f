"""Who may open classes and teach them: the passcode, how often it may be wrong, and what stays of it."""

from __future__ import annotations

import hmac
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import ClassError
from core.storage import Store
from dashboard.shared import services, teaching
from dashboard.shared.attempts import Attempts
from dashboard.shared.teaching import may_teach, name_passcode, stop_teaching, teach_too
from dashboard.shared.viewer import Viewer
from tests.dashboard.pages import press_label, words
from tests.dashboard.test_classroom import ANN, page

AWAY, HERE = Viewer("teacher", "10.0.0.7"), Viewer("here")


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    teaching.wrong_from_there.forget()
    teaching.wrong_in_all.forget()


def with_passcode(monkeypatch: pytest.MonkeyPatch, passcode: str) -> None:
    """The server as it is after a start with this passcode, on the same database."""
    monkeypatch.setenv("TURNING_POINT_TEACHER_PASSCODE", passcode)
    services.forget()


def refused(viewer: Viewer, typed: str) -> ClassError:
    with pytest.raises(ClassError) as caught:
        name_passcode(viewer, typed)
    assert typed not in str(caught.value) or not typed
    return caught.value


def test_without_a_passcode_only_the_servers_own_computer_teaches(store: Store) -> None:
    assert may_teach(HERE)
    assert not may_teach(AWAY)
    for typed in ("", "anything"):
        assert refused(AWAY, typed).code == refused(HERE, typed).code == "teacher_only_here"
    store.grant_teaching(AWAY.owner, "")  # a grant that no passcode seals
    assert not may_teach(AWAY)
    code = store.open_class("somebody").code
    with pytest.raises(ClassError, match="own computer"):
        teach_too(AWAY, code)
    teach_too(HERE, code)
    assert store.teaches(code, HERE.owner)
    assert not store.teaches(code, AWAY.owner)


def test_who_names_the_passcode_teaches_until_it_changes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_passcode(monkeypatch, "여섯 글자 암호")
    assert not may_teach(HERE)
    assert refused(AWAY, "여섯 글자").code == "passcode_wrong"
    name_passcode(AWAY, " 여섯 글자 암호")  # decomposed, as some keyboards send it
    assert may_teach(AWAY)
    assert may_teach(Viewer(AWAY.owner, "10.0.0.9"))
    assert not may_teach(Viewer("another", AWAY.address))
    services.forget()  # the server was started anew
    assert may_teach(AWAY)
    # A record of somebody else's is none, wherever it was copied from.
    services.store().grant_teaching("thief", services.store().teaching_seal(AWAY.owner) or "")
    assert not may_teach(Viewer("thief"))
    with_passcode(monkeypatch, "another passcode")
    assert not may_teach(AWAY)
    name_passcode(AWAY, "another passcode")
    stop_teaching(AWAY)
    assert not may_teach(AWAY)


def test_wrong_passcodes_run_out_by_address_and_in_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with_passcode(monkeypatch, "open sesame")
    compared = []
    original = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append(a) or original(a, b))
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda n: refused(AWAY, f"wrong {n}").code, range(30)))
    assert codes.count("passcode_wrong") == len(compared) == teaching.wrong_from_there.most
    error = refused(AWAY, "open sesame")
    assert error.code == "passcode_tries"
    assert 0 < int(str(error.details["seconds"])) <= 60
    assert len({len(one) for one in compared}) == 1
    for number in range(2 * teaching.wrong_in_all.most):
        refused(Viewer("x", f"10.0.1.{number}"), "wrong" * 1000)
    assert len(compared) == teaching.wrong_in_all.most
    assert refused(HERE, "open sesame").code == "passcode_tries"


def test_what_was_right_does_not_count_and_time_heals() -> None:
    now = [0.0]
    attempts = Attempts(most=2, seconds=10.0, clock=lambda: now[0])
    for _ in range(5):
        assert attempts.begin("a") == 0
        attempts.forgive("a")
    assert [attempts.begin("a"), attempts.begin("a"), attempts.begin("b")] == [0, 0, 0]
    now[0] = 4.5
    assert attempts.begin("a") == 6
    now[0] = 10.5
    assert attempts.begin("a") == 0


def test_the_door_asks_for_the_passcode_and_shows_it_nowhere(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_passcode(monkeypatch, "open sesame")
    code = services.store().open_class("somebody").code
    door = page(ANN)
    assert not [one for one in door.text_input if one.key == "class-title"]
    door.text_input(key="class-passcode").input("sesame street")
    door = press_label(door, "Check the passcode")
    assert "not the passcode" in door.warning[0].value
    # Whoever makes up a widget that is not there opens nothing.
    door.session_state["class-title"] = "forged"
    door.session_state["FormSubmitter:class-open-Open a class"] = True
    assert not services.store().classes_taught(ANN)
    door = page(ANN)
    door.text_input(key="class-passcode").input("open sesame")
    door = press_label(door, "Check the passcode")
    assert [one for one in page(ANN).text_input if one.key == "class-title"]
    assert "sesame" not in words(door)
    assert "class-passcode" not in door.session_state or not door.session_state["class-passcode"]
    # From a second computer, a class that is there already.
    door = page("ben".ljust(22, "_"), code=code)
    door.text_input(key="class-teach-passcode").input("open sesame")
    board = press_label(door, "Teach this class")
    assert services.store().teaches(code, "ben".ljust(22, "_"))
    assert code in board.title[0].value
