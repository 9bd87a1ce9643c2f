"""Drawing on the pad with mouse, finger and keys; the answer moves while one draws."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from core import presets
from core.jobs import queue
from core.run import RunState
from dashboard.language import language
from tests.browser.conftest import Open
from tests.browser.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SAY = language("en")


@pytest.fixture(scope="module")
def network(server: Server) -> str:
    """A network that has learned the small digits for some epochs."""
    run = queue.submit(server.store, presets.load(presets.FIRST).with_changes(epochs=10), owner="cli")
    end = time.monotonic() + 90
    while not server.store.get(run).state.is_over and time.monotonic() < end:
        time.sleep(0.1)
    assert server.store.get(run).state is RunState.FINISHED
    return run


def pad_of(page: Page) -> Locator:
    pad = page.locator(".tp-pad-canvas")
    pad.wait_for()
    pad.scroll_into_view_if_needed()
    return pad


def stroke(page: Page, pad: Locator, *points: tuple[float, float]) -> None:
    """A line with the mouse through points in shares of the pad."""
    box = pad.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=5)
    page.mouse.up()


def answered(page: Page) -> list[str]:
    """The probabilities, once the pad knows that its drawing was answered."""
    page.wait_for_function("pad => !pad.unsent && pad.waiting === null", arg=page.evaluate_handle(PAD))
    return page.locator(".tp-share-value").all_text_contents()


PAD = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.tp-pad')).find(Boolean).pad"


def test_the_answer_follows_the_mouse(network: str, open_page: Open) -> None:
    page = open_page(f"/try?run={network}")
    pad = pad_of(page)
    page.get_by_text(SAY("error.drawing_empty")).wait_for()
    stroke(page, pad, (0.5, 0.15), (0.5, 0.85))
    page.locator(".tp-share").first.wait_for()
    line = answered(page)
    assert len(line) == 10
    picture = page.locator(".tp-pixels img").get_attribute("src")
    stroke(page, pad, (0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8), (0.2, 0.2))
    box = answered(page)
    assert box != line
    assert page.locator(".tp-pixels img").get_attribute("src") != picture
    # Taken back, it is the line again; rubbed out and cleared, nothing is there.
    page.get_by_role("button", name=SAY("pad.undo")).click()
    assert answered(page) == line
    page.get_by_role("button", name=SAY("pad.clear")).click()
    page.get_by_text(SAY("error.drawing_empty")).wait_for()
    page.get_by_role("button", name=SAY("pad.undo")).click()
    page.locator(".tp-share").first.wait_for()
    assert answered(page) == line
    page.get_by_role("button", name=SAY("pad.eraser")).click()
    page.get_by_role("slider", name=SAY("pad.width")).fill("30")
    stroke(page, pad, (0.5, 0.1), (0.5, 0.9))
    page.get_by_text(SAY("error.drawing_empty")).wait_for()


@pytest.mark.slow
def test_a_drawing_is_still_there_after_another_page(network: str, open_page: Open) -> None:
    page = open_page(f"/try?run={network}")
    stroke(page, pad_of(page), (0.5, 0.15), (0.5, 0.85))
    page.locator(".tp-share").first.wait_for()
    line = answered(page)
    page.get_by_text(SAY("try.image.sample")).click()
    page.get_by_text(SAY("try.curve")).wait_for()
    page.get_by_text(SAY("try.image.draw")).click()
    pad_of(page)
    page.locator(".tp-pixels").wait_for()
    page.locator(".tp-share").first.wait_for()
    assert answered(page) == line


@pytest.mark.slow
def test_by_keyboard_and_by_finger_on_a_phone(network: str, open_page: Open) -> None:
    page = open_page(f"/try?run={network}", width=400, dark=True, locale="ko-KR")
    say = language("ko")
    pad = pad_of(page)
    pad.focus()
    for key in (*["ArrowUp"] * 8, "Space", *["Shift+ArrowDown"] * 5, "Space"):
        page.keyboard.press(key)
    page.locator(".tp-share").first.wait_for()
    by_keys = answered(page)
    assert page.locator(".tp-pad-said").text_content() == say("pad.up")
    page.keyboard.press("Delete")
    page.get_by_text(say("error.drawing_empty")).wait_for()
    page.keyboard.press("Control+z")
    page.locator(".tp-share").first.wait_for()
    assert answered(page) == by_keys
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    # A finger draws and does not scroll the page.
    assert pad.evaluate("canvas => getComputedStyle(canvas).touchAction") == "none"
    box = pad.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 400
    middle = {"clientX": box["x"] + 60, "clientY": box["y"] + 200, "pointerId": 7, "pointerType": "touch"}
    pad.evaluate("canvas => { canvas.setPointerCapture = () => {}; }")  # there is no such finger
    pad.dispatch_event("pointerdown", {**middle, "button": 0})
    pad.dispatch_event("pointermove", {**middle, "clientX": box["x"] + 250})
    pad.dispatch_event("pointerup", middle)
    assert answered(page) != by_keys
