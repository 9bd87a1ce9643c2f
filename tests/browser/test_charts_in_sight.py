"""Charts out of sight keep no reader waiting, none stays away, all have the page's theme and the room they need."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.shared.language import language
from tests.browser.conftest import DARK_WORDS, Open, at_rest, until
from tests.browser.held_answers import HeldAnswers

SAY = language("en")
TALL = "/data?dataset=mini_reviews"  # a page with charts out of sight
OTHER = "/data?dataset=digits"
# What a chart was given at its sides before it was drawn, and what is there now that its axes have taken theirs.
ROOM = """chart => {
  const { layout, _fullLayout: full } = chart.querySelector(".js-plotly-plot");
  const sides = ["l", "r", "t", "b"];
  return { given: sides.map((side) => layout.margin[side]), taken: sides.map((side) => full._size[side]) };
}"""
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
    held = HeldAnswers(page)
    held.hold()
    page.reload()
    until(page, lambda: held)
    page.wait_for_timeout(500)  # the page has been drawn for the light
    page.emulate_media(color_scheme="dark")
    held.let_go()
    page.locator(DARK_WORDS).wait_for(state="attached")


def test_a_chart_like_one_that_was_drawn_before_has_its_room_from_the_start(open_page: Open) -> None:
    page = open_page(OTHER)
    first = room(page)
    assert beyond(first) > 20, "the axes of the first one found too little room"

    choose_set(page, "mini_reviews")
    assert beyond(room(page)) > 20, "it has the names of other classes"
    choose_set(page, "digits")  # the very first chart of a visit may be drawn before anybody remembers
    room(page)
    choose_set(page, "mini_reviews")
    for _ in range(2):
        choose_set(page, "digits")
        again = room(page)
        assert beyond(again) <= 1, "Plotly draws a chart anew where a margin grows by more than a pixel"
        # Where all four margins are wide Plotly leaves four pixels more beside what stands there.
        assert again["taken"] == pytest.approx(first["taken"], abs=4)
        choose_set(page, "mini_reviews")
    choose_set(page, "digits")

    page.set_viewport_size({"width": 500, "height": 900})  # another width, so another chart
    page.wait_for_function("() => document.querySelector('.js-plotly-plot')._fullLayout.width < 470")
    assert beyond(room(page)) <= 20
    assert all(
        taken + 1 >= given for given, taken in zip(room(page)["given"], room(page)["taken"], strict=True)
    )


def room(page: Page) -> dict[str, Any]:
    """The margins of the first chart of the page, once it is drawn."""
    chart = page.get_by_test_id("stPlotlyChart").first
    chart.locator(".main-svg").first.wait_for(state="attached")
    at_rest(page)
    found: dict[str, Any] = chart.evaluate(ROOM)
    return found


def beyond(room: dict[str, Any]) -> float:
    """Pixels by which the margin that grew most grew."""
    return max(taken - given for given, taken in zip(room["given"], room["taken"], strict=True))


def choose_set(page: Page, name: str) -> None:
    """Another data set on the data page, and its text."""
    page.get_by_role("radio", name=SAY(f"option.dataset.{name}")).click()
    page.get_by_text(SAY(f"data.about.{name}")[:40]).first.wait_for()
    at_rest(page)
