"""Charts out of sight keep no reader waiting, none of them stays away, and all have the theme of the page."""

from __future__ import annotations

from playwright.sync_api import WebSocketRoute, expect

from dashboard.shared.language import language
from tests.browser.conftest import DARK_WORDS, Open, at_rest, until

SAY = language("en")
TALL = "/data?dataset=mini_reviews"  # a page with charts out of sight
NEVER_AT_REST = "globalThis.requestIdleCallback = () => 0"


def test_charts_are_drawn_when_they_come_into_sight_and_all_before_printing(open_page: Open) -> None:
    page = open_page(TALL)
    page.add_init_script(NEVER_AT_REST)
    page.reload()
    charts = page.get_by_test_id("stPlotlyChart")
    drawn = charts.filter(has=page.locator(".main-svg"))
    expect(charts.first.locator(".main-svg").first).to_be_attached()
    page.get_by_role("heading", name=SAY("data.next")).wait_for()  # the last thing on the page
    at_rest(page)

    last = charts.last
    assert drawn.count() < charts.count()
    assert last.locator(".main-svg").count() == 0
    before = last.bounding_box()
    last.scroll_into_view_if_needed()
    expect(last.locator(".main-svg").first).to_be_attached()
    after = last.bounding_box()
    assert before is not None
    assert after is not None
    assert (after["width"], after["height"]) == (before["width"], before["height"])

    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    expect(drawn).to_have_count(charts.count())


def test_charts_out_of_sight_are_drawn_while_the_browser_rests(open_page: Open) -> None:
    page = open_page(TALL)
    charts = page.get_by_test_id("stPlotlyChart")
    page.get_by_role("heading", name=SAY("data.next")).wait_for()
    at_rest(page)
    expect(charts.last.locator(".main-svg").first).to_be_attached()
    expect(charts.filter(has=page.locator(".main-svg"))).to_have_count(charts.count())


def test_a_page_that_turned_dark_before_it_came_is_drawn_in_the_dark(open_page: Open) -> None:
    page = open_page("/glossary")
    held: list[tuple[WebSocketRoute, str | bytes]] = []
    free = False

    def keep(route: WebSocketRoute) -> None:
        def answer(message: str | bytes) -> None:
            if free:
                route.send(message)
            else:
                held.append((route, message))

        route.connect_to_server().on_message(answer)

    page.route_web_socket(lambda _: True, keep)
    page.reload()
    until(page, lambda: held)
    page.wait_for_timeout(500)  # the page has been drawn for the light
    page.emulate_media(color_scheme="dark")
    free = True
    for route, message in held:
        route.send(message)
    page.locator(DARK_WORDS).wait_for(state="attached")
