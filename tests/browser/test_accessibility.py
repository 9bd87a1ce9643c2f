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


class Walk:
    """A way through pages; `found` is what stays wrong, by place.

    In the light all rules are looked at and, where the page turns dark, contrasts once more; in the dark all rules.
    """

    def __init__(self, server: Server, open_page: Open, *, dark: bool) -> None:
        self.server, self.dark = server, dark
        locale = "ko-KR" if dark else "en-US"
        self.say = language(locale[:2])
        self.page = open_page("/", width=400 if dark else 1440, dark=dark, locale=locale)
        self.found: dict[str, list[str]] = {}

    def open(self, address: str) -> None:
        self.page.goto(self.server.url + address)
        settled(self.page)

    def look(self, place: str, *, turn: bool = False) -> None:
        self.found[place] = lasting(self.page)
        if turn and not self.dark:
            self.found[f"{place} in the dark"] = in_the_dark(self.page)

    def tabs(self, address: str, *, turn: bool) -> None:
        """All tabs of the page but the open one, which has just been looked at."""
        tabs = self.page.locator("[data-testid=stTab]")
        for place in range(tabs.count()):
            tab = tabs.nth(place)
            if tab.get_attribute("aria-selected") != "true":
                tab.click()
                settled(self.page)
                self.look(f"{address} {tab.inner_text()}", turn=turn)

    def ends(self) -> None:
        assert {place: wrong for place, wrong in self.found.items() if wrong} == {}


THEMES = pytest.mark.parametrize(
    "dark",
    [
        pytest.param(False, id="light, contrasts of both"),
        pytest.param(True, id="dark", marks=pytest.mark.thorough),
    ],
)


@pytest.mark.slow
@THEMES
def test_no_page_has_anything_that_shuts_people_out(server: Server, open_page: Open, dark: bool) -> None:
    walk = Walk(server, open_page, dark=dark)
    for address in PAGES:
        walk.open(address)
        walk.look(address, turn=True)
        if address.startswith(("/compare", "/lab")):  # those of a run: the next test
            walk.tabs(address, turn=True)
    walk.ends()


@pytest.mark.slow
@THEMES
def test_no_run_has_anything_that_shuts_people_out(server: Server, open_page: Open, dark: bool) -> None:
    """One that was trained, one covered, one sealed and one that failed, in all their tabs."""
    store = server.store
    trained = queue.submit(store, load(FIRST), owner="cli", preset=FIRST)
    others = (
        runs.over(store, owner="cli", covered=True),
        runs.over(store, owner="cli", sealed=True),
        runs.over(store, RunState.FAILED, owner="cli"),
    )
    walk = Walk(server, open_page, dark=dark)
    server.over(trained)
    for run in (trained, *others):
        address = f"/run?run={run}"
        walk.open(address)
        walk.look(address, turn=True)
        walk.tabs(address, turn=run == trained)
    walk.ends()


@pytest.mark.slow
@THEMES
def test_no_study_or_class_has_anything_that_shuts_people_out(
    server: Server, open_page: Open, dark: bool
) -> None:
    store = server.store
    plans = (studies.crossed(), studies.divided(), studies.repeated())
    opened = [studies.reused(store, plan, owner="cli") for plan in plans]
    walk = Walk(server, open_page, dark=dark)
    page, say = walk.page, walk.say
    for study in opened:
        address = f"/compare?study={study}"
        walk.open(address)
        walk.look(address, turn=True)
        walk.tabs(address, turn=study == opened[0])
    walk.open(f"/compare?study={opened[0]}")
    page.locator(".st-key-take-home-study button").click()
    page.locator(".tp-slides button").first.wait_for()
    walk.look("the menu of a study")
    page.goto(f"{server.url}/class")
    page.get_by_role("button", name=say("class.open.press")).click()
    page.locator(".tp-board-sum:not(:empty)").wait_for()
    code = page.url.partition("code=")[2][:6]
    for number in (1, 2):
        store.join(code, f"Ann {number}", f"ann{number}")
        runs.over(store, owner=f"ann{number}")
        page.locator(".tp-seat").nth(number - 1).wait_for()
        settled(page)
        walk.look(f"a board of {number}")
        page.get_by_text(say("class.shown.names"), exact=True).click()
    page.locator(".tp-seat-menu").first.click()
    page.get_by_role("dialog").wait_for()
    walk.look("the menu of a seat")
    walk.ends()
