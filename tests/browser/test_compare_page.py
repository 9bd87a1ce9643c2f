"""The page of comparisons as it is used: by mouse, by keyboard, by whoever gets its address."""

from __future__ import annotations

import re

import pytest

from dashboard.shared.language import language
from tests.browser.conftest import Open
from tests.browser.server import Server
from tests.dashboard import runs

SAY = language("en")
HIDDEN = """() => [...document.querySelectorAll('[data-testid=stPlotlyChart] .js-plotly-plot')].map(
  (chart) => chart._fullData.filter((trace) => trace.visible === 'legendonly').length)"""


@pytest.mark.slow
def test_the_legend_hides_a_run_in_one_chart(server: Server, open_page: Open) -> None:
    first, second = (runs.over(server.store, owner="cli", seed=seed) for seed in (1, 2))
    page = open_page(f"/compare?runs={first},{second}")
    page.wait_for_function(f"() => ({HIDDEN})().length >= 2")
    page.locator(".legendtoggle").first.click()
    # Both lines, letters, star, and marks where a line leaves the axis; nothing of the other chart.
    page.wait_for_function(f"() => ({HIDDEN})()[0] >= 4")
    assert page.evaluate(HIDDEN)[1] == 0


@pytest.mark.slow
def test_a_choice_by_keyboard_stands_in_the_address(server: Server, open_page: Open) -> None:
    first, second = (runs.over(server.store, owner="cli", seed=seed) for seed in (1, 2))
    page = open_page(f"/compare?runs={first},{second}")
    # By keyboard: to the choice of the axis, one to the right, choose it.
    page.get_by_role("radio", name=SAY("compare.align.epoch")).or_(
        page.get_by_role("button", name=SAY("compare.align.epoch"), exact=True)
    ).first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("align=batches"))
    page.get_by_text(SAY("compare.axis.batches")).first.wait_for()

    again = open_page(page.url.removeprefix(server.url))
    again.get_by_text(SAY("compare.axis.batches")).first.wait_for()
    page.go_back()
    page.get_by_text(SAY("compare.axis.batches")).first.wait_for(state="detached")


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["ko", pytest.param("en", marks=pytest.mark.thorough)])
def test_many_runs_fit_a_phone(server: Server, open_page: Open, lang: str) -> None:
    many = ",".join(runs.over(server.store, owner="cli", seed=seed) for seed in range(12))
    page = open_page(f"/compare?runs={many}", width=400, locale={"ko": "ko-KR", "en": "en-US"}[lang])
    page.locator(".tp-compare").wait_for()
    page.locator(".legendtoggle").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    # The table scrolls by itself, and its labels stay.
    label = page.locator(".tp-compare th[scope=row]").first
    across = "(label) => [label.getBoundingClientRect().x, label.getBoundingClientRect().width]"
    before = label.evaluate(across)  # what is above may still be drawn and move it down
    page.locator(".tp-compare").evaluate("(table) => { table.scrollLeft = 500; }")
    assert label.evaluate(across) == before
