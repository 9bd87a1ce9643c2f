"""One draws alone on the data page, with the mouse or with a finger, and has a set of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from core.datasets import ImageDataset, open_dataset
from dashboard.shared.language import language
from tests.browser.conftest import Open
from tests.browser.server import Server
from tests.browser.test_class_drawings import draw
from tests.browser.test_drawing import stroke

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

FEWEST = 12

Stroke = Callable[..., None]


def drawn(page: Page, code: str, title: str, line: Stroke = stroke) -> str:
    """Draw as few as become a set, one taken back among them; the name of the set."""
    t = language(code)
    page.get_by_text(t("draw.own"), exact=True).click()
    page.get_by_text(t("drawings.what.own"), exact=True).click()
    labels = page.get_by_label(t("drawings.labels"), exact=True)
    labels.fill("1, 7")
    labels.press("Enter")
    turn = 0
    # What has fewer drawings is asked for: one after the other.
    for sent, label in enumerate((*(0, 1) * 5, 0)):
        page.get_by_text(t("draw.label", label="17"[label]), exact=True).wait_for()
        page.get_by_text(t("draw.so_far", number=sent), exact=True).wait_for()
        draw(page, label, turn := turn + 1, code, line)
    page.get_by_text(t("draw.so_far", number=11), exact=True).wait_for()
    assert page.get_by_role("button", name=t("drawings.make.press")).count() == 0
    page.get_by_text(t("draw.own.few", number=FEWEST), exact=True).wait_for()
    # The last one was not good: it is drawn once more.
    page.get_by_role("button", name=t("draw.undo")).click()
    page.get_by_text(t("draw.so_far", number=10), exact=True).wait_for()
    # It is on the pad again, to be mended or wiped off.
    page.get_by_text(t("draw.seen"), exact=True).wait_for()
    page.get_by_role("button", name=t("pad.clear"), exact=True).click()
    for sent, label in ((10, 0), (11, 1)):
        page.get_by_text(t("draw.so_far", number=sent), exact=True).wait_for()
        page.get_by_text(t("draw.label", label="17"[label]), exact=True).wait_for()
        draw(page, label, turn := turn + 1, code, line)
    page.get_by_text(t("draw.so_far", number=FEWEST), exact=True).wait_for()
    name = page.get_by_label(t("drawings.name"), exact=True)
    name.fill(title)
    name.press("Enter")
    page.get_by_role("button", name=t("drawings.make.press")).click()
    page.get_by_text(t("drawn.made"), exact=True).wait_for()
    page.get_by_role("button", name=t("drawn.look")).click()
    page.wait_for_url("**/data?*dataset=own-*", wait_until="commit")
    page.get_by_text("x_train", exact=True).first.wait_for()
    page.get_by_text(t("own.how"), exact=True).click()
    page.get_by_text(t("own.form.drawings")).first.wait_for()
    return page.url.split("dataset=")[1][:28]


def check(name: str, title: str, server: Server) -> None:
    """Its samples are what was drawn: upright lines are narrower than sevens."""
    data = open_dataset(name, server.settings)
    assert isinstance(data, ImageDataset)
    found = server.store.own_info(name)
    assert found is not None
    assert (found.title, found.class_names, found.shape) == (title, ("1", "7"), (28, 28))
    assert len(data.y_train) + len(data.y_test) == FEWEST
    widths = (data.x_train > 0).any(axis=1).sum(axis=1)
    assert widths[data.y_train == 0].max() < widths[data.y_train == 1].min()
    # Other tests may have left some for everybody.
    assert name not in {one.info.name for one in server.store.own_data("somebody else")}


@pytest.mark.thorough
def test_one_draws_a_set_with_the_mouse(open_page: Open, server: Server) -> None:
    page = open_page("/data?dataset=digits", locale="ko-KR")
    check(drawn(page, "ko", "내 숫자"), "내 숫자", server)


def fingers(touch: Any) -> Stroke:
    """What draws a line with one finger, told to the browser as its screen would."""

    def line(page: Page, pad: Locator, *points: tuple[float, float]) -> None:
        # Away from the bar at the top; the page may still move after it was scrolled.
        pad.evaluate("pad => pad.scrollIntoView({ block: 'center' })")
        box = None
        while box is None or box != pad.bounding_box():
            box = pad.bounding_box()
            page.wait_for_timeout(200)
        left, top, width, height = box["x"], box["y"], box["width"], box["height"]

        def send(kind: str, *at: float) -> None:
            place = [{"x": left + x * width, "y": top + y * height} for x, y in [at]] if at else []
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": place})

        send("touchStart", *points[0])
        for (x0, y0), (x1, y1) in pairwise(points):
            for step in range(1, 6):
                send("touchMove", x0 + (x1 - x0) * step / 5, y0 + (y1 - y0) * step / 5)
        send("touchEnd")
        assert pad.bounding_box() == box  # the finger draws and does not move the page

    return line


@pytest.mark.slow
def test_one_draws_a_set_with_a_finger(chromium: Any, open_page: Open, server: Server) -> None:
    phone = chromium.new_context(
        viewport={"width": 400, "height": 800},
        has_touch=True,
        is_mobile=True,
        color_scheme="dark",
        locale="en-US",
    )
    page = open_page("/data?dataset=digits", profile=phone)
    line = fingers(phone.new_cdp_session(page))

    def flatter(page: Page, pad: Locator, *points: tuple[float, float]) -> None:
        line(page, pad, *((x, 0.15 + 0.7 * y) for x, y in points))

    # Other sevens than with the mouse: equal drawings would be one set.
    check(drawn(page, "en", "My digits", flatter), "My digits", server)
