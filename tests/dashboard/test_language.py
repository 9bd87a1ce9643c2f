"""The interface says what core says, in the reader's language."""

from __future__ import annotations

import pytest

from core.errors import MESSAGES
from core.run import Reason
from dashboard.shared.language import CODES, first_choice, language
from tools import words

KEYS = language("en").words.keys()


def test_every_key_that_there_is_is_used_and_others_would_be_found() -> None:
    others = {"home.nowhere", "home.step.nowhere", "option.dataset.nowhere", "nowhere.help", "error.nowhere"}
    assert (KEYS | others) - words.users(KEYS | others).keys() == others


def test_every_key_that_is_used_is_there() -> None:
    assert sorted(words.lacking(KEYS)) == []


@pytest.mark.parametrize(
    "key",
    [
        "home.title",  # as it is
        "verdict.at_once",  # a branch
        "environment.keras",  # in a loop over a literal list
        "evidence.found.above.none",  # with a condition in it
    ],
)
def test_a_key_that_is_missing_is_found(key: str) -> None:
    assert key in words.lacking(KEYS - {key})


@pytest.mark.parametrize(
    ("browser", "code"),
    [("ko-KR", "ko"), ("ko", "ko"), ("en-US", "en"), ("de", "en"), (None, "en"), ("", "en")],
)
def test_the_first_choice_is_the_browsers(browser: str | None, code: str) -> None:
    assert first_choice(browser) == code


def test_an_error_of_our_own_is_said_in_the_readers_language() -> None:
    details = {"error": "artifact_missing", "name": "last.keras", "run": "abc", "message": "English words"}
    korean = language("ko").reason(Reason("error", details))
    assert "abc" in korean
    assert "English words" not in korean
    english = language("en").reason(Reason("error", details))
    assert english == MESSAGES["artifact_missing"].format(name="last.keras", run="abc")


@pytest.mark.parametrize("code", CODES)
def test_an_error_of_a_library_is_told_as_it_came(code: str) -> None:
    assert "Boom: 1" in language(code).reason(Reason("error", {"message": "Boom: 1"}))


def test_a_state_inside_a_reason_is_said_in_the_readers_language() -> None:
    reason = Reason("server_ended", {"state": "running"})
    assert "running" not in language("ko").reason(reason)
