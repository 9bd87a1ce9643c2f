"""Predicting on the axes with mouse and finger: mark, sketch, reload, reveal; the truth comes only then."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from dashboard.shared.language import language
from tests.browser.conftest import Open, at_rest
from tests.browser.server import Server
from tests.dashboard import runs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

EN, KO = language("en"), language("ko")
#: As shares of the plot: down to epoch 4 of 8, then up.
LINE = ((0.07, 0.2), (0.44, 0.7), (0.93, 0.3))


def on_plot(page: Page, x: float, y: float) -> tuple[float, float]:
    box = page.locator(".tp-predict-plot").bounding_box()
    assert box is not None
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def expect_marked(page: Page, epoch: int) -> None:
    page.locator(f'.tp-predict[data-epoch="{epoch}"]').wait_for()
    page.wait_for_function(
        "epoch => document.querySelector('[data-testid=stNumberInputField]')?.value === String(epoch)",
        arg=epoch,
    )


def points(page: Page) -> int:
    return int(page.locator(".tp-predict").get_attribute("data-points") or 0)


@pytest.mark.slow
def test_a_student_marks_sketches_and_sees(open_page: Open, server: Server) -> None:
    run = runs.over(server.store, owner="cli", covered=True)
    heard: list[str] = []
    page = open_page("/?lang=en")
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(str(frame))))
    page.on("response", lambda answer: "api/runs" in answer.url and heard.append(answer.text()))
    page.goto(f"{server.url}/run?run={run}&lang=en")
    page.locator(".tp-predict-plot").wait_for()
    page.locator(".tp-predict-plot").scroll_into_view_if_needed()
    assert not page.locator(".tp-live-chart").is_visible()

    # A press marks an epoch, and another one moves the mark; the keys move it on.
    page.mouse.click(*on_plot(page, 0.7, 0.5))
    expect_marked(page, 6)
    page.locator(".tp-predict-mark").focus()
    page.keyboard.press("ArrowLeft")
    expect_marked(page, 5)

    # A drag is a sketch; it can be undone and drawn again.
    for _ in range(2):
        page.mouse.move(*on_plot(page, *LINE[0]))
        page.mouse.down()
        for place in LINE[1:]:
            page.mouse.move(*on_plot(page, *place), steps=8)
        page.mouse.up()
        assert points(page) > 80
        if _ == 0:
            page.get_by_role("button", name=EN("prediction.axes.undo")).click()
            assert points(page) == 0
    at_rest(page)  # what was drawn last has been heard

    page.reload()
    expect_marked(page, 5)
    assert points(page) > 80
    before = "".join(heard)
    # What the browser was sent so far has nothing of the truth: its losses are numbers of 8 bytes or text.
    assert "turning point · epoch" not in page.content()
    assert json.dumps(runs.TURNING[4])[:4] not in before

    page.get_by_role("button", name=EN("prediction.submit")).click()
    page.get_by_text("1 epoch late").wait_for()
    page.locator(".tp-live-chart[data-epochs='8']").wait_for()
    page.get_by_text("predicted · epoch 5").wait_for()
    kept = server.store.get(run).prediction
    assert kept is not None
    assert kept.epoch == 5
    sketch = dict(kept.sketch)
    lowest = min(sketch, key=lambda epoch: sketch[epoch])
    assert abs(lowest - 4) < 0.3
    assert 0.5 < min(sketch) < 1.3
    assert max(sketch) > 7.5

    # Back and forth again it is as it was left.
    page.go_back()
    page.go_forward()
    page.get_by_text("1 epoch late").wait_for()


@pytest.mark.slow
def test_a_finger_draws_on_a_phone(open_page: Open, chromium: Browser, server: Server) -> None:
    run = runs.over(server.store, owner="cli", covered=True)
    phone = chromium.new_context(
        viewport={"width": 400, "height": 800}, has_touch=True, is_mobile=True, locale="ko-KR"
    )
    page = open_page(f"/run?run={run}&lang=ko", profile=phone)
    page.locator(".tp-predict-plot").wait_for()
    page.locator(".tp-predict-plot").scroll_into_view_if_needed()
    at_rest(page)
    touch = phone.new_cdp_session(page)

    def finger(kind: str, *places: tuple[float, float]) -> None:
        at = [{"x": x, "y": y} for x, y in places]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    scrolled = page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop")
    finger("touchStart", on_plot(page, *LINE[0]))
    for (x1, y1), (x2, y2) in pairwise(LINE):
        for step in range(1, 9):
            finger("touchMove", on_plot(page, x1 + (x2 - x1) * step / 8, y1 + (y2 - y1) * step / 8))
    finger("touchEnd")
    assert points(page) > 80
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == scrolled
    page.touchscreen.tap(*on_plot(page, 0.44, 0.5))
    expect_marked(page, 4)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.get_by_role("button", name=KO("prediction.submit")).tap()
    page.get_by_text("정확히 맞혔습니다").wait_for()
    kept = server.store.get(run).prediction
    assert kept is not None
    assert len(kept.sketch) > 80
