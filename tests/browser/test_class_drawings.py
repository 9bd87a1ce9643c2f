"""Two students draw with the mouse for their teacher, who makes a set of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from core.classroom.drawings import asked_next
from core.datasets import open_dataset
from dashboard.shared.language import language
from tests.browser.conftest import Open
from tests.browser.server import Server
from tests.browser.test_drawing import answered, stroke
from tests.browser.test_votes import joined

if TYPE_CHECKING:
    from playwright.sync_api import Page

EN, KO = language("en"), language("ko")
PADS = "[...document.querySelectorAll('*')].filter(e => e.shadowRoot?.querySelector('.tp-pad'))"
LINES = {0: ((0.5, 0.15), (0.5, 0.85)), 1: ((0.2, 0.2), (0.8, 0.2), (0.4, 0.85))}


def draw(page: Page, label: int, turn: int, lang: str, line: Callable[..., None] = stroke) -> None:
    """Draw what is asked for, a little further each time, and send it once the page has seen all of it.

    `line` draws with another pen than the mouse.
    """
    t = language(lang)
    pad = page.locator(".tp-pad-canvas")
    page.get_by_text(t("draw.begin")).wait_for()
    # The pad of the drawing before stays until the page has been drawn anew.
    page.wait_for_function(f"() => {PADS}.length === 1")
    pad.scroll_into_view_if_needed()
    line(page, pad, *((x + 0.02 * turn, y) for x, y in LINES[label]))
    page.get_by_text(t("draw.seen"), exact=True).wait_for()
    answered(page)
    page.get_by_role("button", name=t("draw.send")).click()


@pytest.mark.slow
def test_two_students_draw_a_set(open_page: Open, server: Server) -> None:
    store = server.store
    teacher = open_page("/class?lang=en")
    teacher.get_by_role("button", name=EN("class.open.press"), exact=True).click()
    teacher.wait_for_url("**/*code=*")
    code = teacher.url.split("code=")[1][:6]
    pages = {
        "ann": (joined(open_page, code, "Ann", "en", width=400), "en"),
        "벤": (joined(open_page, code, "벤", "ko", dark=True), "ko"),
    }
    teacher.get_by_text(EN("drawings.ask"), exact=True).click()
    teacher.get_by_text(EN("drawings.what.own"), exact=True).click()
    labels = teacher.get_by_label(EN("drawings.labels"), exact=True)
    labels.fill("1, 7")
    labels.press("Enter")
    each = teacher.get_by_label(EN("drawings.each"), exact=True)
    each.fill("3")
    each.press("Enter")
    teacher.get_by_role("button", name=EN("drawings.open")).click()
    teacher.get_by_text(EN("drawings.end")).wait_for()
    made = store.current_collection(code)
    assert made is not None
    assert made.each == 3

    for seat, (page, lang) in enumerate(pages.values(), start=1):
        t, sent = language(lang), list[int]()
        while (label := asked_next(made, seat, sent)) is not None:
            page.get_by_text(t("draw.label", label=made.labels[label]), exact=True).wait_for()
            left = made.wanted - len(sent)
            page.get_by_text(t("draw.left", number=left, wanted=made.wanted)).wait_for()
            draw(page, label, len(sent) + 6 * (seat - 1), lang)
            sent.append(label)
        page.get_by_text(t("drawings.done", number=6)).wait_for()
    teacher.get_by_text("finished: 2 of 2").wait_for()
    teacher.get_by_role("button", name=EN("drawings.end")).click()
    teacher.get_by_role("button", name=EN("drawings.make.press")).click()
    teacher.get_by_text(EN("other.title")).wait_for()
    name = store.collections(code)[0].dataset
    data = open_dataset(name, server.settings)
    assert data.class_names == ("1", "7")
    assert len(data.y_train) + len(data.y_test) == 12
    for page, lang in pages.values():
        page.get_by_text(language(lang)("drawn.look")).wait_for()
