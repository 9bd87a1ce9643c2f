"""A recorded run in the browser, without any data folder: it opens, and is replayed by mouse and keys."""

from __future__ import annotations

import pytest

from dashboard.shared.language import language
from tests.browser.conftest import Open
from tests.browser.server import Server

RUN = "recorded-imdb-multi-hot"


@pytest.mark.parametrize(
    ("lang", "width"),
    [("en", 1440), pytest.param("ko", 400, marks=pytest.mark.slow)],
    ids=["en-wide", "ko-phone"],
)
def test_a_recorded_run_is_replayed_as_if_it_were_live(
    server: Server, open_page: Open, lang: str, width: int
) -> None:
    t = language(lang)
    page = open_page(f"/run?run={RUN}", width=width, locale={"ko": "ko-KR", "en": "en-US"}[lang])
    chart = page.locator(".tp-live-chart")
    live = page.locator(".tp-live")
    page.locator(".tp-live-chart[data-epochs='20']").wait_for()
    play = page.locator(".tp-live-play")
    # From the end it begins anew, and goes through all epochs in the end.
    page.locator(".tp-live-speed").select_option("20")
    play.click()
    page.locator(".tp-live[data-state='finished']").wait_for()
    page.locator(".tp-live-chart[data-epochs='20']").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Slowly, and paused: the label says what it is.
    page.locator(".tp-live-speed").select_option("ten")
    play.click()
    page.locator(".tp-live-chart:not([data-epochs='0']):not([data-epochs='20'])").wait_for()
    play.click()
    assert live.get_attribute("data-state") == "replay"
    assert page.locator(".tp-live-word").text_content() == t("replay.state.recorded")
    # By keys: to an epoch before the turn is known, one on and one back.
    seek = page.locator(".tp-live-seek")
    seek.focus()
    page.keyboard.press("Home")
    page.locator(".tp-live-chart[data-epochs='0']").wait_for()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.locator(".tp-live-chart[data-epochs='3']").wait_for()
    assert "0.2776" not in (chart.get_attribute("aria-label") or "")
    page.locator(".tp-live-on").click()
    page.locator(".tp-live-chart[data-epochs='4']").wait_for()
    page.locator(".tp-live-on").press("ArrowLeft")
    page.locator(".tp-live-chart[data-epochs='3']").wait_for()
    assert seek.get_attribute("aria-valuetext") == t("replay.at", epoch=3, epochs=20)
    low, high = page.evaluate("document.querySelector('.tp-live-chart')._fullLayout.yaxis2.range")
    assert 0.5 < low < high < 1.1
    seek.press("End")
    page.locator(".tp-live[data-state='finished']").wait_for()
