"""The data page as it looks, and what only a browser can do there: press an image, point at a pixel."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from dashboard.shared.language import language
from tests.browser.conftest import Open

SAY = language("en")
LOCALES = {"ko": "ko-KR", "en": "en-US"}


@pytest.mark.slow
def test_an_image_that_is_pressed_is_enlarged(open_page: Open) -> None:
    page = open_page("/data")
    tiles = page.locator(".tp-sample")
    tiles.first.wait_for()
    assert tiles.first.get_attribute("aria-pressed") == "true"
    page.get_by_text("y_train[0]").wait_for()

    tiles.nth(4).click()
    page.get_by_text("y_train[4]").wait_for()
    expect(tiles.nth(4)).to_have_attribute("aria-pressed", "true")

    # By key as well, and the focus stays where it was.
    tiles.nth(4).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("y_train[5]").wait_for()
    assert tiles.nth(5).evaluate("tile => tile.getRootNode().activeElement === tile")

    before = tiles.first.get_attribute("title")
    page.get_by_role("button", name=SAY("data.others")).click()
    page.locator(f".tp-sample:not([title='{before}'])").first.wait_for()
    page.get_by_text("y_train[5]").wait_for()


@pytest.mark.slow
def test_the_choice_of_data_is_in_the_address_and_survives_a_reload(open_page: Open) -> None:
    page = open_page("/data")
    page.locator(".tp-sample").first.wait_for()
    page.get_by_role("radio", name="MNIST").filter(has_not_text="Fashion").click()
    page.get_by_text(SAY("data.about.mnist")).wait_for()
    page.wait_for_url("**/*dataset=mnist*")
    page.reload()
    page.get_by_text(SAY("data.about.mnist")).wait_for()
    page.go_back()
    page.get_by_text(SAY("data.about.digits")).wait_for()


@pytest.mark.parametrize(
    ("width", "dark", "lang"),
    [
        pytest.param(400, True, "ko", id="phone-dark-ko"),
        pytest.param(1440, False, "en", id="wide-light-en", marks=pytest.mark.slow),
    ],
)
def test_the_page_fits_the_window(open_page: Open, width: int, dark: bool, lang: str) -> None:
    t = language(lang)
    page = open_page("/data", width=width, dark=dark, locale=LOCALES[lang])
    page.get_by_text(t("data.next.lab")).wait_for()
    image = page.locator(".st-key-data-pixels .heatmaplayer")
    image.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")

    # The image is a square as wide as its column, and each pixel tells its value.
    box = page.locator(".st-key-data-pixels .nsewdrag").first.bounding_box()
    assert box is not None
    assert abs(box["width"] - box["height"]) < 0.1 * box["width"]
    assert box["width"] > 280
    page.locator(".st-key-data-pixels").scroll_into_view_if_needed()
    box = page.locator(".st-key-data-pixels .nsewdrag").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 3.5 / 8, box["y"] + box["height"] * 0.5 / 8)
    told = page.locator(".st-key-data-pixels .hoverlayer .hovertext")
    told.wait_for()
    assert told.text_content() == t("data.sample.hover", row=0, column=3, value=13).replace(
        "<b>", ""
    ).replace("</b>", "")
