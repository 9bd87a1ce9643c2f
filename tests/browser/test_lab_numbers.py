"""What the browser writes into a number input is the experiment's number, with all its digits."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from dashboard.shared.language import language
from tests.browser.conftest import Open

SAY = language("en")


@pytest.mark.slow
def test_numbers_of_many_digits_are_written_in_full_and_kept(open_page: Open) -> None:
    page = open_page("/lab?optimizer=sgd:9.9e-8:0.99999999&split=fraction:1e-8")
    rate = page.get_by_label(SAY("field.learning_rate"), exact=True)
    expect(rate).to_have_value("9.9e-8")
    expect(page.get_by_label(SAY("field.momentum"), exact=True)).to_have_value("0.99999999")
    expect(page.get_by_label(SAY("field.fraction"), exact=True)).to_have_value("1e-8")
    rate.fill("2.5e-9")
    rate.press("Enter")
    page.wait_for_url("**optimizer=sgd%3A2.5e-09%3A0.99999999**")
    expect(rate).to_have_value("2.5e-9")
    expect(page.get_by_text(SAY("lab.train")).first).to_be_enabled()
