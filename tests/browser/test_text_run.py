"""A network that learns texts, from the choice of the data to the texts it misread."""

from __future__ import annotations

import re

import pytest

from dashboard.shared.language import language
from tests.browser.conftest import Open
from tests.browser.server import Server

SAY = language("en")


@pytest.mark.slow
def test_texts_are_chosen_learned_and_misread_ones_are_read(server: Server, open_page: Open) -> None:
    page = open_page("/lab?epochs=2", width=400)
    data = page.get_by_role("combobox", name=SAY("field.dataset"), exact=True)
    data.focus()  # scrolls to it; scrolling closes an open list
    data.fill("mini reviews")
    page.get_by_role("option", name=SAY("option.dataset.mini_reviews")).click()
    page.get_by_text(SAY("option.encoding.multi_hot.about")).wait_for()
    server.wait_for_engine()
    page.get_by_role("button", name=SAY("lab.train"), exact=True).click()
    page.get_by_text(SAY("lab.see_run")).click()

    page.get_by_text(SAY("mistake.about.text")).wait_for()
    more = page.get_by_text(re.compile(r"^Read \d+ more words$")).first
    page.get_by_text(re.compile(r"^Was .* → taken for .* · probability ")).first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    text = more.locator("xpath=../..")
    before = len(text.inner_text().split())
    more.click()
    assert len(text.inner_text().split()) > before

    page.get_by_role("button", name=SAY("sample.open")).first.click()
    page.get_by_text(SAY("sample.near")).wait_for()
    page.get_by_text(SAY("mistake.read")).first.click()
    page.wait_for_url(re.compile(r"/data\?.*dataset=mini_reviews.*part=test"))
