"""Notes on runs and comparisons: written by whoever owns them, read by all, lost by nobody."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import DatabaseAwayError
from core.plain_text import LONGEST_NOTE
from core.run import RunState
from core.storage import Store
from dashboard.shared import services
from dashboard.shared.language import language
from tests.dashboard import runs
from tests.dashboard.hostile import HOSTILE
from tests.dashboard.pages import html, opened, press, run_again, words

SAY = language("en")


def field(run: str, kind: str = "hypothesis") -> str:
    return f"notes-{run}-{kind}"


def labels(test: AppTest) -> list[str]:
    return [one.label for one in test.text_area]


def write(test: AppTest, key: str, text: str) -> AppTest:
    return run_again(test.text_area(key=key).input(text))


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_one_expects_something_first_and_sees_something_at_the_end(store: Store, lang: str) -> None:
    t = language(lang)
    run = runs.running(store, owner="cli")
    test = opened("run", lang, run=run)
    assert labels(test) == [t("notes.hypothesis")]
    write(test, field(run), "turns at 5\n<b>$x$</b>")
    assert t("notes.saved") in words(test)
    store.finish(run, RunState.FINISHED, runs.DONE[RunState.FINISHED])
    test = opened("run", lang, run=run)
    assert labels(test) == [t("notes.hypothesis"), t("notes.saw")]
    assert test.text_area(key=field(run)).value == "turns at 5\n<b>$x$</b>", "it survives a new session"
    write(test, field(run, "saw"), "at 4")
    assert store.get(run).notes == {"hypothesis": "turns at 5\n<b>$x$</b>", "saw": "at 4"}
    write(test, field(run), "")
    assert store.get(run).notes == {"saw": "at 4"}


def test_a_press_saves_and_says_so(store: Store) -> None:
    run = runs.over(store, owner="cli")
    test = opened("run", run=run)
    assert SAY("notes.saved") not in words(test)
    press(test, f"{field(run)}-save")
    assert SAY("notes.saved") in words(test)
    assert store.get(run).notes == {}


def test_others_read_and_cannot_write(store: Store) -> None:
    run = runs.over(store, owner="somebody")
    assert not opened("run", run=run).text_area
    note = "\n".join(HOSTILE)
    store.annotate(run, hypothesis=note)
    test = opened("run", run=run)
    assert not test.text_area
    assert "<p" in html(test)
    assert "&lt;script&gt;x&lt;/script&gt;" in html(test)
    assert "<script>x" not in html(test)
    assert "Log in" not in words(test), "nothing of it is read as Markdown"


def test_a_note_that_is_too_long_stays_in_the_field_with_the_reason(store: Store) -> None:
    run = runs.over(store, owner="cli")
    store.annotate(run, saw="short")
    test = opened("run", run=run)
    long = "x" * (LONGEST_NOTE + 3)
    write(test, field(run, "saw"), long)
    said = SAY("error.note_too_long", received=LONGEST_NOTE + 3, most=LONGEST_NOTE, over=3)
    assert said in words(test)
    assert SAY("notes.unsaved") in words(test)
    assert test.text_area(key=field(run, "saw")).value == long
    assert store.get(run).notes == {"saw": "short"}
    write(test, field(run, "saw"), long[:-3])
    assert said not in words(test)
    assert store.get(run).notes == {"saw": long[:-3]}


def test_nothing_is_lost_while_the_database_is_away(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = runs.over(store, owner="cli")
    test = opened("run", run=run)
    kept = type(services.store())

    def away(*_args: object, **_more: object) -> None:
        raise DatabaseAwayError("database_away", name="x", reason="locked")

    with monkeypatch.context() as patch:
        patch.setattr(kept, "annotate", away)
        write(test, field(run), "I wrote this")
        assert SAY("notes.unsaved") in words(test)
        patch.setattr(kept, "get_many", away)
        run_again(test)
        assert not test.text_area, "the page cannot be drawn at all"
    run_again(test)
    assert test.text_area(key=field(run)).value == "I wrote this"
    assert store.get(run).notes == {"hypothesis": "I wrote this"}, "saved without a press"
    assert SAY("notes.unsaved") not in words(test)


def test_what_was_written_in_another_window_is_shown_unless_something_unsaved_stands_there(
    store: Store,
) -> None:
    run = runs.over(store, owner="cli")
    test = opened("run", run=run)
    store.annotate(run, hypothesis="elsewhere")
    run_again(test)
    assert test.text_area(key=field(run)).value == "elsewhere"
    long = "y" * (LONGEST_NOTE + 1)
    write(test, field(run), long)
    store.annotate(run, hypothesis="again elsewhere")
    run_again(test)
    assert test.text_area(key=field(run)).value == long


def test_a_recorded_run_takes_no_notes() -> None:
    assert not opened("run", run="recorded-mnist-first-network").text_area
