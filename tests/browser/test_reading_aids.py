"""Terms that open in place, and a matrix that is read by arrow key and pointer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from core.analysis.confusion_reading import read_row
from dashboard.shared.glossary.terms import entry
from dashboard.shared.language import language
from dashboard.shared.run_words import class_names
from dashboard.shared.samples.matrix_words import column_sentence, row_sentence
from tests.browser.conftest import Open, until
from tests.browser.server import Server

EN, KO = language("en"), language("ko")
RUN = "recorded-fashion-deep"


def test_a_term_opens_where_it_stands_by_keyboard_and_by_touch(open_page: Open) -> None:
    page = open_page("/")
    word = page.locator('a[href="#term-turning_point"]')
    expect(word).to_have_count(1)
    panel = page.locator(".tp-term")
    expect(panel).to_be_attached()
    word.focus()
    page.keyboard.press("Enter")
    expect(panel).to_contain_text(entry("turning_point", EN).about)
    expect(panel).to_be_focused()
    assert not page.url.endswith("#term-turning_point")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(word).to_be_focused()
    page.keyboard.press("Enter")
    panel.get_by_role("button", name=entry("overfitting", EN).called).click()
    expect(panel).to_contain_text(entry("overfitting", EN).about)
    panel.get_by_role("button", name=EN("glossary.all")).click()
    page.wait_for_url(re.compile(r"/glossary\?.*term=overfitting"))

    page = open_page("/", width=400, locale="ko-KR", dark=True)
    panel = page.locator(".tp-term")
    expect(panel).to_be_attached()
    page.locator('a[href="#term-turning_point"]').click()
    expect(panel).to_contain_text(entry("turning_point", KO).about)
    box = panel.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 400
    page.mouse.click(5, 890)
    expect(panel).to_be_hidden()


def test_the_glossary_leads_to_other_terms_and_to_where_a_term_is_seen(open_page: Open) -> None:
    page = open_page("/glossary?term=softmax")
    panel = page.locator(".tp-term")
    expect(panel).to_be_attached()
    page.locator('a[href="#term-sigmoid"]').first.click()
    expect(panel).to_contain_text(entry("sigmoid", EN).about)
    page.keyboard.press("Escape")
    page.get_by_role("link", name=EN("glossary.place.scores")).first.click()
    page.wait_for_url(re.compile(r"/try\?.*show=scores"))
    expect(page.get_by_role("heading", level=1, name=EN("try.title"))).to_be_visible()
    assert len(page.context.pages) == 1


def _frames_stay_on_their_cells(page: Page) -> None:
    """Also when what lies between the matrix and its reader grows."""

    def height() -> float:
        mark = page.locator(".tp-reader-mark").last.bounding_box()
        cells = page.locator(f".st-key-cell-{RUN}-chart .nsewdrag").bounding_box()
        return mark["y"] - cells["y"] if mark and cells else float("nan")

    before = height()
    page.locator(".tp-reader").evaluate("reader => reader.style.marginTop = '80px'")
    until(page, lambda: abs(height() - before) < 2)
    page.locator(".tp-reader").evaluate("reader => reader.style.marginTop = ''")
    until(page, lambda: abs(height() - before) < 2)


@pytest.mark.slow
def test_a_matrix_is_read_by_arrow_key_and_pointer(
    open_page: Open, server: Server, chromium: Browser
) -> None:
    run = server.store.get(RUN)
    assert run.evaluation is not None
    matrix, names = run.evaluation.matrix, class_names(run.experiment.dataset, EN)
    page = open_page(f"/run?run={RUN}")
    reader = page.locator(".tp-reader")
    reader.focus()
    expect(reader).to_contain_text(row_sentence(matrix, 0, names, EN))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(reader).to_contain_text(row_sentence(matrix, 1, names, EN))
    expect(reader).to_contain_text(column_sentence(matrix, 2, names, EN))
    expect(page.locator(".tp-reader-mark")).to_have_count(3)
    _frames_stay_on_their_cells(page)

    chart = page.locator(f".st-key-cell-{RUN}-chart .nsewdrag")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    # The middle of the cell in the seventh row and the first column: shirts taken for T-shirts.
    x, y = box["x"] + box["width"] / 20, box["y"] + 6.5 * box["height"] / 10
    page.mouse.move(x + 30, y)
    page.mouse.move(x, y)
    expect(reader).to_contain_text(row_sentence(matrix, 6, names, EN))
    expect(reader).to_contain_text(column_sentence(matrix, 0, names, EN))

    # With a finger a press does.
    phone = chromium.new_context(viewport={"width": 400, "height": 900}, has_touch=True, locale="en-US")
    page = open_page(f"/run?run={RUN}", profile=phone)
    chart, reader = page.locator(f".st-key-cell-{RUN}-chart .nsewdrag"), page.locator(".tp-reader")
    chart.scroll_into_view_if_needed()
    expect(reader).to_be_attached()
    box = chart.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 20, box["y"] + 6.5 * box["height"] / 10)
    expect(reader).to_contain_text(row_sentence(matrix, 6, names, EN))
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert f"{read_row(matrix, 6).right:,} were found" in reader.inner_text()
