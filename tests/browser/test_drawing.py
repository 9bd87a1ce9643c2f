"""Drawing on the pad with mouse, finger and keys; the answer moves while one draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core import presets
from core.jobs import queue
from core.run import RunState
from dashboard.shared.language import language
from tests.browser.conftest import Open, at_rest
from tests.browser.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SAY = language("en")


@pytest.fixture(scope="module")
def network(server: Server) -> str:
    """A network that has learned the small digits for some epochs."""
    run = queue.submit(server.store, presets.load(presets.PLAIN).with_changes(epochs=10), owner="cli")
    assert server.over(run).state is RunState.FINISHED
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
    at_rest(page)  # what stands below the pad comes after it
    return page.locator(".tp-share-value").all_text_contents()


PAD = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.tp-pad')).find(Boolean).pad"


@pytest.mark.slow
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
    t = language("ko")
    pad = pad_of(page)
    pad.focus()
    for key in (*["ArrowUp"] * 8, "Space", *["Shift+ArrowDown"] * 5, "Space"):
        page.keyboard.press(key)
    page.locator(".tp-share").first.wait_for()
    by_keys = answered(page)
    assert page.locator(".tp-pad-said").text_content() == t("pad.up")
    page.keyboard.press("Delete")
    page.get_by_text(t("error.drawing_empty")).wait_for()
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


TELL = """canvas => {
  canvas.setPointerCapture = () => {};  // there are no such fingers
  globalThis.point = (type, x, y, more = {}) => {
    const box = canvas.getBoundingClientRect();
    const place = { clientX: box.left + x * box.width, clientY: box.top + y * box.height };
    const usual = { pointerId: 7, pointerType: 'touch', button: 0, width: 24, height: 24 };
    const told = { bubbles: true, composed: true, ...usual, ...place, ...more };
    canvas.dispatchEvent(new PointerEvent(`pointer${type}`, told));
  };
}"""
#: What was drawn, as lists of the pens that drew it: how many points each stroke has.
STROKES = f"{PAD}.drawing.strokes.map(stroke => stroke.points?.length ?? 0)"
INK = f"{PAD}.pixels.reduce((sum, pixel) => sum + pixel, 0)"


@pytest.fixture
def pad_page(network: str, open_page: Open) -> Page:
    """A page with a pad on which hands and pens can be played."""
    page = open_page(f"/try?run={network}")
    pad_of(page).evaluate(TELL)
    return page


def play(page: Page, *events: tuple[object, ...]) -> int:
    """Play pointer events, ("down", x, y, {...}) and so on, and count the pixels that have ink then."""
    for event in events:
        page.evaluate("event => point(...event)", list(event))
    ink = page.evaluate(INK)
    assert isinstance(ink, int)
    return ink


PEN = {"pointerId": 1, "pointerType": "pen", "width": 1, "height": 1}
PEN_STROKE = (("down", 0.5, 0.2, PEN), ("move", 0.5, 0.6, PEN), ("up", 0.5, 0.6, PEN))


@pytest.mark.slow
def test_a_palm_that_rests_before_the_pen_comes_draws_nothing(pad_page: Page) -> None:
    pen_alone = play(pad_page, *PEN_STROKE)
    assert pen_alone > 0
    pad_page.reload()
    pad_of(pad_page).evaluate(TELL)
    # It comes down as narrow as a finger, trembles, then moves as far as a finger would.
    assert play(pad_page, ("down", 0.7, 0.8), ("move", 0.703, 0.802)) == 0
    play(pad_page, ("move", 0.8, 0.85))
    assert play(pad_page, *PEN_STROKE, ("move", 0.9, 0.9), ("up", 0.9, 0.9)) == pen_alone
    assert pad_page.evaluate(STROKES) == [2]
    # The pen is known now: what a hand does draws nothing any more.
    assert play(pad_page, ("down", 0.2, 0.2), ("move", 0.8, 0.2), ("up", 0.8, 0.2)) == pen_alone


@pytest.mark.parametrize(
    "hand",
    [
        (("down", 0.3, 0.3, {"width": 80, "height": 60}), ("move", 0.7, 0.3, {"width": 80, "height": 60})),
        (("down", 0.3, 0.3), ("move", 0.7, 0.3), ("move", 0.7, 0.4, {"width": 90, "height": 90})),
        (("down", 0.3, 0.3), ("move", 0.6, 0.3), ("down", 0.6, 0.8, {"pointerId": 8}), ("move", 0.7, 0.5)),
        (("down", 0.3, 0.3), ("move", 0.7, 0.3), ("cancel", 0.7, 0.3)),
        (("down", 0.3, 0.3), ("over", 0.9, 0.9, PEN), ("move", 0.7, 0.3), ("up", 0.7, 0.3)),
    ],
    ids=["wide", "wider and wider", "two at once", "told by the system", "a pen is near"],
)
@pytest.mark.slow
def test_what_is_no_finger_draws_nothing(pad_page: Page, hand: tuple[tuple[object, ...], ...]) -> None:
    assert play(pad_page, *hand) == 0
    play(pad_page, ("up", 0.7, 0.3), ("up", 0.6, 0.8, {"pointerId": 8}))
    assert pad_page.evaluate(STROKES) == []


@pytest.mark.slow
def test_a_finger_draws_lines_and_dots_and_so_does_one_beside_a_palm(pad_page: Page) -> None:
    line = play(pad_page, ("down", 0.3, 0.3), ("move", 0.7, 0.3), ("up", 0.7, 0.3))
    dot = play(pad_page, ("down", 0.5, 0.8), ("up", 0.5, 0.8))
    assert 0 < line < dot
    palm = {"pointerId": 8, "width": 80, "height": 80}
    play(pad_page, ("down", 0.9, 0.9, palm), ("down", 0.3, 0.5), ("move", 0.7, 0.5), ("up", 0.7, 0.5))
    assert pad_page.evaluate(STROKES) == [2, 1, 2]


KEYS = [
    {"key": "ㅋ", "code": "KeyZ", "ctrlKey": True},
    {"key": "Process", "code": "KeyZ", "ctrlKey": True, "isComposing": True, "keyCode": 229},
    {"key": "Z", "code": "KeyZ", "ctrlKey": True},  # caps lock
    {"key": "z", "code": "KeyY", "ctrlKey": True},  # a German keyboard
    {"key": "я", "code": "KeyZ", "metaKey": True},
]
ERASERS = [
    {"key": "ㄷ", "code": "KeyE"},
    {"key": "Process", "code": "KeyE", "isComposing": True, "keyCode": 229},
    {"key": "E", "code": "KeyE"},
]


def test_keys_work_with_hangul_input_and_with_caps_lock(pad_page: Page) -> None:
    pad = pad_of(pad_page)
    for key in KEYS:
        play(pad_page, *PEN_STROKE)
        pad.dispatch_event("keydown", key)
        assert pad_page.evaluate(STROKES) == [], key
    pressed = pad_page.get_by_role("button", name=SAY("pad.eraser"), pressed=True)
    for place, key in enumerate(ERASERS, start=1):
        pad.dispatch_event("keydown", key)
        assert pressed.count() == place % 2, key
    # Z on the key of E is no eraser; the space bar puts the pen down whatever the input method makes of it.
    pad.dispatch_event("keydown", {"key": "z", "code": "KeyE"})
    assert pressed.count() == 1
    pad.dispatch_event("keydown", {"key": "Process", "code": "Space"})
    assert len(pad_page.evaluate(STROKES)) == 1
