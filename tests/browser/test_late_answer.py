"""What is awaited fades when its answer is late, and not before."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from dashboard.shared import lost_connection
from dashboard.shared.language import language
from tests.browser.conftest import Open, at_rest, until
from tests.browser.held_answers import HeldAnswers

SAY = language("en")
LATE = re.search(r"LATE = (\d+)", (Path(lost_connection.__file__).parent / "late_answer.js").read_text())[1]
LAB = "/lab?preset=digits-first-network"
# What begins to change its look by itself, by what changes and where; a field that is filled in has a frame of its own.
WATCH = """() => {
  globalThis.begun = [];
  document.addEventListener("transitionrun", ({ propertyName, target }) => {
    if (!target.closest("[data-testid=stNumberInputContainer]")) begun.push(`${propertyName} ${target.outerHTML}`);
  }, true);
}"""
FRAMES = "() => [...document.querySelectorAll('details')].map((frame) => getComputedStyle(frame).borderColor)"
#: On a busy computer an answer may well be late: with this none is.
NEVER_LATE = f"""const begin = setTimeout;
globalThis.setTimeout = (act, ms, ...given) => (ms === {LATE} ? 0 : begin(act, ms, ...given));"""
LEAST_OPACITY = """() => Math.min(
  ...[...document.querySelectorAll("[data-stale=true]")].map((element) => getComputedStyle(element).opacity))"""


def fill_units(page: Page, units: str) -> None:
    field = page.get_by_label(SAY("field.units"), exact=True).first
    field.fill(units)
    field.press("Enter")


def ready(page: Page) -> None:
    """The lab with the fields of its three layers."""
    expect(page.get_by_label(SAY("field.units"), exact=True)).to_have_count(3)
    page.locator(".tp-lost-mark").wait_for(state="attached")
    at_rest(page)


def test_nothing_fades_while_answers_come_soon(open_page: Open) -> None:
    page = open_page(LAB)
    page.add_init_script(NEVER_LATE)
    page.reload()
    ready(page)
    page.evaluate(WATCH)
    frames = page.evaluate(FRAMES)
    assert frames
    for units in ("7", "9", "12"):
        fill_units(page, units)
        page.wait_for_url(f"**dense%3A{units}**")
        at_rest(page)
    assert page.evaluate("() => begun") == []
    assert page.evaluate(FRAMES) == frames


def test_what_is_late_fades_until_its_answer_is_there(open_page: Open) -> None:
    page = open_page(LAB)
    held = HeldAnswers(page)
    page.reload()
    ready(page)
    late = page.locator("html[data-answer-late]")
    held.hold()
    fill_units(page, "7")
    until(page, lambda: len(held) > 2)
    # By the first two messages the browser learns that a run has begun; what comes after them is late.
    held.pass_on(2)
    late.wait_for(state="attached")
    page.wait_for_function(f"() => ({LEAST_OPACITY})() < 0.7")
    held.let_go()
    late.wait_for(state="detached")
    at_rest(page)
    page.wait_for_url("**dense%3A7**")
    assert page.locator("[data-stale=true]").count() == 0
