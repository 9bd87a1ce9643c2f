"""What only a browser can show: copying without HTTPS, a presentation read from afar, a figure in another frame."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboard.shared.share import frame_code
from tests.browser.conftest import PATIENCE, Open, at_rest, until
from tests.browser.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow
RUN = "/run?run=recorded-fashion-deep"
LEAST = 24  # pixels at 1280x720: 6 on a screen reduced to a quarter
#: What is read of a page and of its figures, and how high its letters are.
SIZES = """() => {
  const words = 'h1, h2, h3, [data-testid=stMarkdownContainer] p, [data-testid=stCaptionContainer] p, .tp-live-word,'
    + ' .tp-live-note, .xtick text, .ytick text, .xtitle, .ytitle, .x2title, .legendtext, .annotation-text';
  const found = {};
  for (const one of document.querySelectorAll(`[data-testid=stMain] :is(${words})`)) {
    const seen = one.getClientRects().length && one.textContent.trim();
    if (seen) found[one.textContent.trim().slice(0, 40)] = parseFloat(getComputedStyle(one).fontSize);
  }
  return found;
}"""


def presented(page: Page) -> None:
    """Wait until a presentation has been drawn for this screen."""
    page.locator(".st-key-present-end").wait_for()
    page.locator(".xtick text").first.wait_for()
    at_rest(page)


def is_legible(page: Page) -> None:
    """Wait until all that is read is large enough; the page and its figures become it one after the other."""
    until(page, lambda: (sizes := page.evaluate(SIZES).values()) and min(sizes) >= LEAST)


def test_a_presentation_is_read_from_the_last_row_and_stepped_by_keys(
    server: Server, open_page: Open
) -> None:
    page = open_page(f"{RUN}&present=1", width=1280, height=720)
    presented(page)
    for path in ("only=matrix", "only=turning-point"):
        is_legible(page)
        assert not page.locator("[data-testid=stSidebar]").is_visible()
        page.keyboard.press("ArrowRight")
        if path == "only=matrix":
            page.wait_for_url(f"**{path}*")
            presented(page)
    page.wait_for_url("**only=matrix-2*")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(lambda url: url.endswith("only=matrix"))
    presented(page)
    # The figure and its axes are on the screen, not below it.
    figure = page.locator(".js-plotly-plot").first
    until(page, lambda: (box := figure.bounding_box()) and box["y"] + box["height"] <= 720)
    page.keyboard.press("Escape")
    page.locator("[data-testid=stSidebar]").wait_for()
    page.wait_for_url(lambda url: "present" not in url and "only" not in url)
    # Steps of a lesson by the same keys.
    page.goto(f"{server.url}/learn?lesson=overfitting&present=1")
    page.locator(".st-key-lesson-next button:visible").first.wait_for()
    page.locator(".st-key-present-end").wait_for()
    is_legible(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**step=*")


@pytest.mark.parametrize("safe", [True, False], ids=["https", "http"])
def test_a_link_is_copied_and_its_code_fills_the_screen(
    server: Server, chromium: Browser, open_page: Open, safe: bool
) -> None:
    profile = chromium.new_context(
        viewport={"width": 1280, "height": 720}, permissions=["clipboard-read", "clipboard-write"]
    )
    profile.add_init_script("globalThis.clipboardOfTheTest = navigator.clipboard")
    if not safe:  # what a page that came over plain HTTP finds
        profile.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page = open_page("/lab?preset=digits-first-network", profile=profile)
    page.locator(".st-key-share button:visible").first.click()
    page.locator(".tp-copy-button").click()
    page.locator(".tp-copy-said", has_text="Copied").wait_for()
    copied = page.evaluate("() => clipboardOfTheTest.readText()")
    assert copied.startswith(f"{server.url}/lab?preset=digits-first-network")
    page.get_by_text("Fill the screen").click()
    code = page.locator(".st-key-share-qr-large img")
    code.wait_for()
    until(page, lambda: (box := code.bounding_box()) and 0.55 * 720 <= box["height"] <= 720 - box["y"])
    box = code.bounding_box()
    assert box is not None
    assert box["width"] == pytest.approx(box["height"], abs=2)
    assert (code.get_attribute("alt") or "").startswith("QR code of http")


class CoursePage:
    """A page of another origin, which shows whatever it is given."""

    def __init__(self) -> None:
        self.html = ""
        page = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(page.html.encode())

            def log_message(self, *words: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


def test_a_figure_stands_alone_in_a_page_of_another_origin(chromium: Browser, tmp_path: Path) -> None:
    course = CoursePage()
    server = Server(tmp_path / "home", {"TURNING_POINT_FRAMES": f"http://localhost:{course.port}"})
    context = chromium.new_context(viewport={"width": 1000, "height": 800})
    context.set_default_timeout(PATIENCE)
    try:
        address = f"{server.url}{RUN}&embed=true&only=curves&embed_options=dark_theme"
        course.html = frame_code(address, "Curves")
        page = context.new_page()
        page.goto(f"http://localhost:{course.port}/")
        frame = page.frame_locator("iframe")
        frame.locator(".tp-live .xtick text").first.wait_for()
        frame.get_by_text("Show the whole page").wait_for()
        assert frame.locator(".js-plotly-plot").count() == 1
        for gone in ("stSidebar", "stHeader", "stAlert"):  # also no word of a cookie that is not kept
            assert not frame.locator(f"[data-testid={gone}]").filter(visible=True).count()
        assert frame.locator("[role=tab]").count() == 0
        ground = frame.locator("[data-testid=stApp]").evaluate("one => getComputedStyle(one).backgroundColor")
        assert ground == "rgb(20, 25, 30)"
        # The same page under a name that the settings do not let in.
        page.goto(f"http://127.0.0.1:{course.port}/")
        until(page, lambda: page.frames[1].url.startswith("chrome-error"))
    finally:
        context.close()
        server.stop()
        course.close()
