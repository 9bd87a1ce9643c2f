"""The run page as it looks: every width, both themes, both languages."""

from __future__ import annotations

import pytest

from core.run import RunState
from dashboard.shared.language import language
from tests.browser.conftest import Open
from tests.browser.server import Server
from tests.dashboard import runs

SAY = language("en")
LOCALES = {"ko": "ko-KR", "en": "en-US"}


def test_whoever_comes_first_gets_the_whole_frame(server: Server, open_page: Open) -> None:
    page = open_page("/run")
    page.get_by_role("link", name=SAY("page.lab.title")).first.wait_for()
    page.get_by_text(SAY("sidebar.language")).first.wait_for()


def test_an_unknown_run_leads_back_to_the_list(server: Server, open_page: Open) -> None:
    page = open_page("/run?run=nosuchrun1")
    page.get_by_text(SAY("run.missing")).wait_for()
    page.get_by_role("button", name=SAY("run.back")).click()
    page.get_by_role("heading", name=SAY("page.run.title"), exact=True).wait_for()


@pytest.mark.slow
def test_runs_in_the_sidebar_leads_back_to_the_list(server: Server, open_page: Open) -> None:
    run = runs.over(server.store, owner="cli")
    page = open_page(f"/run?run={run}")
    page.get_by_role("button", name=SAY("run.back")).wait_for()
    page.get_by_role("link", name=SAY("page.run.title"), exact=False).first.click()
    page.get_by_role("heading", name=SAY("page.run.title"), exact=True).wait_for()
    page.wait_for_url(lambda url: "run=" not in url)


@pytest.mark.parametrize(
    ("width", "dark", "lang"),
    [
        pytest.param(400, False, "ko", id="phone-light-ko", marks=pytest.mark.thorough),
        pytest.param(400, True, "en", id="phone-dark-en"),
        pytest.param(1440, True, "ko", id="wide-dark-ko", marks=pytest.mark.slow),
        pytest.param(1440, False, "en", id="wide-light-en", marks=pytest.mark.thorough),
    ],
)
def test_a_finished_run_fits_the_window(
    server: Server, open_page: Open, width: int, dark: bool, lang: str
) -> None:
    t = language(lang)
    run = runs.over(server.store, owner="cli")
    page = open_page(f"/run?run={run}", width=width, dark=dark, locale=LOCALES[lang])
    page.get_by_text(t("confusion.title")).first.wait_for()
    page.locator(".tp-live-chart[data-epochs='8']").wait_for()
    page.locator("[data-testid=stPlotlyChart] .heatmaplayer").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.lang") == lang
    stacked = page.locator(".tp-live-chart.tp-live-stacked").count() == 1
    assert stacked == (width == 400)
    chart = page.locator(".tp-live-chart").bounding_box()
    assert chart is not None
    assert chart["x"] >= 0
    assert chart["x"] + chart["width"] <= width
    # Words of the chart stand out from the page in either theme.
    ink, back = page.evaluate(
        """() => {
          const word = document.querySelector('.tp-live-chart .xtick text');
          const app = document.querySelector('[data-testid=stApp]');
          return [getComputedStyle(word).fill, getComputedStyle(app).backgroundColor].map(
            (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number); return (r + g + b) / 3; });
        }"""
    )
    assert abs(ink - back) > 120
    assert (back < 128) == dark
    # Screen readers are told the last epoch.
    said = page.locator(".tp-live-said").text_content()
    assert said is not None
    assert "0.6000" in said
    assert lang != "en" or ("Epoch 8 of 8" in said and "validation loss 0.6000" in said)
    label = page.locator(".tp-live-chart").get_attribute("aria-label")
    assert label is not None
    assert said in label


@pytest.mark.parametrize(
    "state", [RunState.FAILED, pytest.param(RunState.INTERRUPTED, marks=pytest.mark.slow)]
)
def test_a_failure_says_why_and_shows_every_epoch(server: Server, open_page: Open, state: RunState) -> None:
    run = runs.over(server.store, state, owner="cli")
    page = open_page(f"/run?run={run}")
    page.get_by_text(SAY.reason(runs.DONE[state])).first.wait_for()
    page.locator(".tp-live-chart[data-epochs='8']").wait_for()


@pytest.mark.slow
def test_a_run_is_found_and_deleted_from_the_list(server: Server, open_page: Open) -> None:
    run = runs.over(server.store, owner="cli", title="to be deleted")
    page = open_page("/run")
    page.get_by_label(SAY("runs.search")).fill("to be del")
    page.get_by_label(SAY("runs.search")).press("Enter")
    page.get_by_text(SAY("runs.count", number=1)).wait_for()
    page.get_by_role("button", name="to be deleted").click()
    page.wait_for_url(f"**/run?run={run}")
    page.get_by_text(SAY("report.title")).first.wait_for()
    page.get_by_role("button", name=SAY("run.change")).click()
    page.get_by_text(SAY("run.delete.sure")).click()
    page.get_by_role("button", name=SAY("run.delete"), exact=True).click()
    page.get_by_role("heading", name=SAY("page.run.title"), exact=True).wait_for()
    page.wait_for_url("**/run")
    assert run not in [one.id for one in server.store.summaries()]
