"""Texts on the data page as a reader meets them: step, link, go back, slide, and what fits a phone."""

from __future__ import annotations

import re

import pytest

from dashboard.shared.language import language
from tests.browser.conftest import Open, at_rest

SAY = language("en")


@pytest.mark.slow
def test_a_text_has_a_link_of_its_own_and_the_way_back_leads_through_the_texts(open_page: Open) -> None:
    page = open_page("/data?dataset=mini_reviews&row=6")
    page.get_by_text("y_train[6]").wait_for()
    page.locator(".stMarkdownBadge", has_text=SAY("data.generated")).wait_for()
    read = page.get_by_role("region", name=SAY("data.text.one"))
    first = read.inner_text()

    page.get_by_role("button", name=SAY("step.next")).click()
    page.get_by_text("y_train[7]").wait_for()
    page.wait_for_url("**/data?dataset=mini_reviews&row=7")
    page.go_back()
    page.get_by_text("y_train[6]").wait_for()
    at_rest(page)
    assert read.inner_text() == first
    page.reload()
    page.get_by_text("y_train[6]").wait_for()
    at_rest(page)
    assert read.inner_text() == first

    # Fewer words: by key, to the smallest vocabulary; nearly every word becomes a question mark.
    before = read.locator(".tp-unknown").count()
    slider = page.locator(".st-key-data-num-words-mini_reviews").get_by_role("slider")
    slider.focus()
    page.keyboard.press("Home")
    read.locator(".tp-unknown").nth(before + 5).wait_for()
    assert re.search(r"\?( \?)+", read.inner_text())

    # Each number stands right beneath its word.
    page.get_by_role("radio", name=SAY("data.text.how.numbers")).click()
    pair = read.locator("ruby").nth(1)
    pair.wait_for()
    word, number = pair.bounding_box(), pair.locator("rt").bounding_box()
    assert word is not None
    assert number is not None
    assert word["y"] < number["y"] < word["y"] + word["height"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "dark", "lang"),
    [
        pytest.param(400, True, "ko", id="phone-dark-ko"),
        pytest.param(1440, False, "en", id="wide-light-en", marks=pytest.mark.thorough),
    ],
)
def test_the_page_fits_the_window(open_page: Open, width: int, dark: bool, lang: str) -> None:
    t = language(lang)
    locale = {"ko": "ko-KR", "en": "en-US"}[lang]
    page = open_page(
        "/data?dataset=mini_newswires&search=%3Cscript%3E", width=width, dark=dark, locale=locale
    )
    page.get_by_text(t("data.search.out_of_vocabulary", words="“script”")).wait_for()
    page.get_by_text(t("data.next.lab")).wait_for()
    search = page.get_by_role("textbox", name=t("data.search"))
    search.fill("the")
    search.press("Enter")
    page.locator(".tp-text mark").first.wait_for()
    page.locator(".st-key-data-multi-hot .scatterlayer").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("[data-testid=stMain]").evaluate("main => main.scrollWidth <= main.clientWidth")
    for box in page.locator(".tp-text").all():
        assert box.evaluate("box => box.scrollWidth <= box.clientWidth"), (
            "texts wrap, they do not scroll sideways"
        )

    # A mark of the square says which word it stands for.
    marks = page.locator(".st-key-data-multi-hot .scatterlayer .point")
    marks.last.scroll_into_view_if_needed()
    place = marks.last.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.locator(".st-key-data-multi-hot .hoverlayer .hovertext").wait_for()
