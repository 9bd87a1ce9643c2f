"""The pause of a class in a real browser: nothing below it can be reached, and nothing of it is lost."""

from __future__ import annotations

import pytest

from dashboard.shared.language import language
from tests.browser.conftest import Open

SAY = language("en")


@pytest.mark.slow
def test_a_pause_covers_the_page_at_once_and_takes_nothing_away(open_page: Open) -> None:
    teacher = open_page("/class")
    teacher.get_by_role("button", name=SAY("class.open.press"), exact=True).click()
    teacher.get_by_role("button", name=SAY("steer.pause")).wait_for()
    code = teacher.url.split("code=")[1][:6]
    student = open_page(f"/class?code={code}", width=400)
    student.get_by_role("textbox", name=SAY("class.nickname")).fill("Ann")
    student.get_by_role("button", name=SAY("class.join.press"), exact=True).click()
    student.get_by_text("Hello, Ann").wait_for()
    student.goto(student.url.split("/class")[0] + "/lab")
    seed = student.get_by_role("spinbutton", name=SAY("field.seed"), exact=True).first
    seed.fill("4321")  # typed, not sent yet

    teacher.get_by_role("button", name=SAY("steer.pause")).click()
    screen = student.get_by_role("alertdialog", name=SAY("class.pause.title"))
    screen.wait_for()
    box = screen.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"]) == (0, 0, 400)
    for key in ("Tab", "Escape", "Enter", "Tab", "Shift+Tab", "Tab"):
        student.keyboard.press(key)
        assert student.evaluate("document.activeElement.closest('[data-testid=stApp]')") is None
    assert screen.is_visible()

    teacher.get_by_role("button", name=SAY("steer.go_on")).click()
    screen.wait_for(state="detached")
    assert seed.input_value() == "4321"
    student.wait_for_function("() => ![...document.body.children].some(one => one.inert)")
    seed.press("Enter")
    student.wait_for_url("**4321**")
