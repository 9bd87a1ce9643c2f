"""What is pressed on a page has only that page drawn anew, not what stands around all of them."""

from __future__ import annotations

import re

from playwright.sync_api import Page, WebSocket, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard.shared.language import language
from tests.browser.conftest import Open, at_rest

SAY = language("en")


def asked(page: Page) -> list[bool]:
    """From the next opening of a page on, of each run that it asks for, whether it is one of a part."""
    found: list[bool] = []

    def hear(message: str | bytes) -> None:
        if isinstance(message, bytes):
            said = BackMsg.FromString(message)
            if said.HasField("rerun_script"):
                found.append(bool(said.rerun_script.fragment_id))

    def connected(socket: WebSocket) -> None:
        socket.on("framesent", hear)

    page.on("websocket", connected)
    return found


def test_a_network_is_built_without_the_frame_around_the_lab(open_page: Open) -> None:
    page = open_page("/lab?preset=digits-first-network")
    runs = asked(page)
    page.reload()
    of_layers = page.get_by_label(SAY("field.units"), exact=True)
    units = of_layers.first
    expect(of_layers).to_have_count(3)  # a busy browser may draw that of the last layer first
    at_rest(page)
    assert runs[:1] == [False], "whoever opens a page gets all of it"

    runs.clear()
    units.fill("7")
    units.press("Enter")
    expect(page).to_have_url(re.compile("dense%3A7"))
    bins = page.locator("[class*='st-key-lab'][class*='remove'] button:visible")
    expect(bins).to_have_count(3)
    bins.nth(1).click()
    expect(bins).to_have_count(2)
    assert set(runs) == {True}

    page.go_back()
    expect(bins).to_have_count(3)
    expect(units).to_have_value("7")


def test_another_data_set_is_shown_without_the_frame_around_the_page(open_page: Open) -> None:
    page = open_page("/data?dataset=digits")
    runs = asked(page)
    page.reload()
    other = page.get_by_role("radio", name=SAY("option.dataset.mini_reviews"))
    other.wait_for()
    at_rest(page)
    runs.clear()
    other.click()
    expect(page).to_have_url(re.compile("dataset=mini_reviews"))
    page.get_by_text(SAY("data.about.mini_reviews")[:40]).first.wait_for()
    assert set(runs) == {True}
    page.go_back()
    page.get_by_text(SAY("data.about.digits")[:40]).first.wait_for()
    of_class = page.get_by_role("combobox", name=SAY("data.class")).first
    expect(of_class).to_have_value(SAY("data.class.all"))  # also on the second visit
