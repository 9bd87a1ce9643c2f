"""Back and forward in the lab: one press for each change of the reader's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core import presets
from dashboard.shared.language import language
from tests.browser.conftest import Open

if TYPE_CHECKING:
    from playwright.sync_api import Page

SAY = language("en")
FIRST, SECOND, THIRD = presets.PLAIN, "mini-reviews", "mini-newswires"


def choose(page: Page, preset: str) -> None:
    page.get_by_role("combobox", name=SAY("lab.preset")).click()
    page.get_by_role("option", name=SAY(f"preset.{preset}.title"), exact=True).click()
    shown(page, preset)


def shown(page: Page, preset: str) -> None:
    """Wait until the page and its address are those of a preset."""
    page.get_by_text(SAY(f"preset.{preset}.about")).first.wait_for()
    page.wait_for_url(f"**/lab?preset={preset}")
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")


@pytest.mark.slow
def test_back_after_a_change_of_preset_takes_one_press(open_page: Open) -> None:
    page = open_page("/lab")
    shown(page, FIRST)
    entries = page.evaluate("history.length")
    choose(page, SECOND)
    choose(page, THIRD)
    assert page.evaluate("history.length") == entries + 2
    page.go_back()
    shown(page, SECOND)
    page.go_back()
    shown(page, FIRST)
    page.go_forward()
    shown(page, SECOND)
    assert page.evaluate("history.length") == entries + 2


@pytest.mark.slow
def test_an_address_that_somebody_came_with_is_no_further_entry(open_page: Open) -> None:
    page = open_page("/lab?epochs=3")
    epochs = page.get_by_role("spinbutton", name=SAY("field.epochs"))
    epochs.wait_for()
    assert epochs.input_value() == "3"
    entries = page.evaluate("history.length")
    choose(page, SECOND)
    assert page.evaluate("history.length") == entries + 1
    page.go_back()
    page.wait_for_url("**/lab?epochs=3")
    page.get_by_text(SAY(f"preset.{FIRST}.about")).first.wait_for()
    page.wait_for_function(
        "label => document.querySelector(`input[aria-label='${label}']`)?.value === '3'",
        arg=SAY("field.epochs"),
    )
