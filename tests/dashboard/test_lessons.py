"""The files of the lessons, and every step of every one as a page."""

from __future__ import annotations

from string import Formatter

import pytest

from dashboard.learn import lesson as lessons
from dashboard.learn.lesson import LessonFileError, read_lesson
from dashboard.learn.printed import timetable_html
from dashboard.shared.language import CODES, language
from dashboard.shared.word_files import structure_of
from tests.dashboard.pages import opened, press, words

ALL = [(name, code) for name in lessons.available() for code in CODES]
#: Each lesson in one language; the browser walks them in both.
ONE_EACH = [(name, CODES[place % 2]) for place, name in enumerate(lessons.available())]


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("name", lessons.available())
def test_a_lesson_is_the_same_in_each_language_but_for_its_words(name: str) -> None:
    korean, english = (structure_of(lessons.lesson(name, code)) for code in CODES)
    assert korean == english


@pytest.mark.parametrize(("name", "code"), ALL)
def test_sentences_of_a_check_name_only_what_the_check_knows(name: str, code: str) -> None:
    for step in lessons.lesson(name, code).steps:
        for sentence in (step.done, step.not_yet):
            assert places(sentence) <= step.check.PLACES, f"{step.id}: {sentence}"


@pytest.mark.parametrize(("name", "code"), ONE_EACH)
def test_each_step_of_a_lesson_is_a_page_without_an_error(name: str, code: str) -> None:
    found = lessons.lesson(name, code)
    page = opened("learn", code, lesson=name)
    for place, step in enumerate(found.steps):
        assert step.title in words(page)
        assert not page.error
        if place + 1 < len(found.steps):
            press(page, "lesson-next")
            assert page.query_params["step"] == found.steps[place + 1].id


def test_the_list_leads_to_each_lesson() -> None:
    page = opened("learn")
    for name in lessons.available():
        assert lessons.lesson(name, "en").about in words(page)


@pytest.mark.parametrize("address", [{"lesson": "nonsense"}, {"lesson": "first-network", "step": "nowhere"}])
def test_an_address_that_leads_nowhere_still_shows_a_page(address: dict[str, str]) -> None:
    page = opened("learn", **address)
    assert page.title
    assert not page.error
    assert [one.value for one in page.warning if list(address.values())[-1] in str(one.value)]


def test_a_file_that_cannot_be_says_which_and_why() -> None:
    with pytest.raises(LessonFileError, match=r"mine\.toml"):
        read_lesson("title = 3", "mine.toml")


@pytest.mark.parametrize(("name", "code"), ONE_EACH[:2])
def test_the_worksheet_has_every_task_and_question_and_the_notes_every_answer(name: str, code: str) -> None:
    found = lessons.lesson(name, code)
    sheet, notes = (words(opened("learn", code, lesson=name, view=view)) for view in ("worksheet", "teacher"))
    for step in found.steps:
        assert step.task in sheet
        assert step.goal in notes
        assert all(question in sheet for question in step.questions)
        assert all(answer in notes for answer in step.answers)
        assert not any(answer in sheet for answer in step.answers)


@pytest.mark.parametrize(("name", "code"), ALL)
def test_the_timetable_sums_to_the_minutes_of_the_lesson(name: str, code: str) -> None:
    found = lessons.lesson(name, code)
    assert f"–{found.minutes}</td>" in timetable_html(found, language(code))


def test_each_idea_of_the_course_has_its_place() -> None:
    assert {idea for _, step in lessons.steps("en") for idea in step.ideas} == set(range(1, 17))


def test_the_first_page_has_the_lessons() -> None:
    page = words(opened(""))
    assert all(lessons.lesson(name, "en").about in page for name in lessons.available())


def test_a_page_that_a_step_leads_to_leads_back() -> None:
    step = {"lesson-opened": ("depth", "chance")}
    links = [one.proto.query_string for one in opened("run", state=step).get("page_link")]  # type: ignore[union-attr]
    assert "lesson=depth&step=chance" in links
    assert not [one for one in opened("run").get("page_link") if "step=" in one.proto.query_string]  # type: ignore[union-attr]
