"""axe-core on every page, every tab of a run and every state: nothing that WCAG 2.1 A and AA forbid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.jobs import queue
from core.presets import FIRST, load
from core.run import RunState
from dashboard.shared.language import language
from tests.browser.conftest import DARK_WORDS, Open, at_rest
from tests.browser.server import Server
from tests.dashboard import runs, studies

if TYPE_CHECKING:
    from playwright.sync_api import Page

axe = pytest.importorskip("axe_playwright_python.base", reason="axe-playwright-python is not installed")
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
PAGES = (
    "/",
    "/learn",
    "/learn?lesson=first-network",
    "/learn?lesson=overfitting&view=worksheet",
    "/learn?lesson=overfitting&view=teacher",
    "/glossary",
    "/data",
    "/data?dataset=mini_reviews",
    "/lab",
    "/run",
    "/run?run=recorded-fashion-deep",
    "/compare",
    "/compare?runs=recorded-fashion-deep,recorded-fashion-shallow",
    "/try",
    "/class",
)


def violations(page: Page, rules: dict[str, Any]) -> list[str]:
    """What is wrong with the page as it stands, once for each rule and place."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(axe.AXE_SCRIPT)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", rules)
    return [
        f"{rule['id']}: {node['html'][:160]} {[why['message'] for why in node['any']]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def lasting(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """Those that stay: what is being drawn anew is faded for a moment."""
    found = violations(page, rules)
    for _ in range(4):
        if not found:
            break
        page.wait_for_timeout(1500)
        found = violations(page, rules)
    return found


def settled(page: Page) -> None:
    """Wait until the page's script has run to its end and its parts have come."""
    page.locator("[data-testid=stMain] h1, [data-testid=stMain] h2").first.wait_for()
    page.locator("[data-testid=stStatusWidget]").wait_for(state="detached")
    page.wait_for_timeout(400)


def in_the_dark(page: Page) -> list[str]:
    """Contrasts that fail when the reader's system turns dark while the page is open; it is light again after that."""
    page.emulate_media(color_scheme="dark")
    page.locator(DARK_WORDS).wait_for(state="attached")
    at_rest(page)
    found = lasting(page, CONTRAST)
    page.emulate_media(color_scheme="light")
    page.locator(DARK_WORDS).wait_for(state="detached")
    at_rest(page)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "dark",
    [
        pytest.param(False, id="light, contrasts of both"),
        pytest.param(True, id="dark", marks=pytest.mark.thorough),
    ],
)
def test_no_page_has_anything_that_shuts_people_out(server: Server, open_page: Open, dark: bool) -> None:
    """All rules on every page and in all its tabs; in the dark contrasts, in tabs of one page of each kind."""
    store = server.store
    trained = queue.submit(store, load(FIRST), owner="cli", preset=FIRST)
    own = {
        "covered": runs.over(store, owner="cli", covered=True),
        "sealed": runs.over(store, owner="cli", sealed=True),
        "failed": runs.over(store, RunState.FAILED, owner="cli"),
        "trained": trained,
    }
    plans = {"crossed": studies.crossed(), "folds": studies.divided(), "repeated": studies.repeated()}
    opened = [studies.reused(store, plan, owner="cli") for plan in plans.values()]
    locale = "ko-KR" if dark else "en-US"
    page = open_page("/", width=400 if dark else 1440, dark=dark, locale=locale)
    found: dict[str, list[str]] = {}
    addresses = (
        *(f"/run?run={run}" for run in own.values()),
        *(f"/compare?study={study}" for study in opened),
    )
    one_of_each = (*PAGES, f"/run?run={trained}", f"/compare?study={opened[0]}")
    for address in (*PAGES, *addresses):
        page.goto(server.url + address)
        if trained in address:
            page.locator("[data-testid=stTab]").first.wait_for()
        settled(page)
        found[address] = lasting(page)
        if not dark:
            found[f"{address} in the dark"] = in_the_dark(page)
        in_tabs = address.startswith(("/run?", "/compare", "/lab"))
        for place in range(page.locator("[data-testid=stTab]").count() if in_tabs else 0):
            tab = page.locator("[data-testid=stTab]").nth(place)
            if tab.get_attribute("aria-selected") == "true":
                continue  # it has just been looked at
            tab.click()
            settled(page)
            found[f"{address} {tab.inner_text()}"] = lasting(page)
            if not dark and address in one_of_each:
                found[f"{address} {tab.inner_text()} in the dark"] = in_the_dark(page)
    page.goto(f"{server.url}/compare?study={opened[0]}")
    settled(page)
    page.locator(".st-key-take-home-study button").click()
    page.locator(".tp-slides button").first.wait_for()
    found["the menu of a study"] = lasting(page)
    say = language(locale[:2])
    page.goto(f"{server.url}/class")
    page.get_by_role("button", name=say("class.open.press")).click()
    page.locator(".tp-board-sum:not(:empty)").wait_for()
    code = page.url.partition("code=")[2][:6]
    for number in (1, 2):
        store.join(code, f"Ann {number}", f"ann{number}")
        runs.over(store, owner=f"ann{number}")
        page.locator(".tp-seat").nth(number - 1).wait_for()
        settled(page)
        found[f"a board of {number}"] = lasting(page)
        page.get_by_text(say("class.shown.names"), exact=True).click()
    page.locator(".tp-seat-menu").first.click()
    page.get_by_role("dialog").wait_for()
    found["the menu of a seat"] = lasting(page)
    assert {address: wrong for address, wrong in found.items() if wrong} == {}
