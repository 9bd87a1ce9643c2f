"""What is taken home, in a real browser: the file without any network, and pictures for a slide."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.recorded import PREFIX
from dashboard.shared.language import language
from dashboard.shared.slide_pictures import HEIGHT, WIDTH
from tests.browser.conftest import PATIENCE, Open
from tests.browser.server import Server
from tests.dashboard import runs, studies

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OpenFile = Callable[..., "Page"]
SAY, SAY_KO = language("en"), language("ko")
RUN = f"{PREFIX}fashion-shallow"
LUMINANCE = """(colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 3"""


def saved(page: Page, button: str, folder: Path) -> Path:
    """The file that a button saves."""
    with page.expect_download() as download:
        page.locator(button).first.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def menu(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()
    page.locator(".tp-slides button").first.wait_for()


def size_of(path: Path) -> tuple[int, int]:
    """Width and height of a PNG, by its first chunk."""
    begins = path.read_bytes()[:24]
    assert begins[:8] == b"\x89PNG\r\n\x1a\n"
    assert begins[12:16] == b"IHDR"
    width, height = struct.unpack(">II", begins[16:24])
    return width, height


@pytest.fixture
def opened_file(chromium: Browser) -> Iterator[OpenFile]:
    """Opens a file in a browser without a network; it may ask for nothing, and nothing may be refused or fail."""
    contexts = []
    told: list[str] = []

    def open_file(path: Path, *, width: int = 1000, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", offline=True
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("request", lambda request: told.append(request.url))
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto(path.as_uri())
        assert told.pop(0) == path.as_uri()
        page.locator("html[data-drawn]").wait_for(state="attached")
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert told == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "dark"),
    [(400, True), pytest.param(1000, False, marks=pytest.mark.thorough)],
    ids=["phone-dark", "wide-light"],
)
def test_a_run_goes_home_as_a_file_that_needs_no_network(
    chromium: Browser,
    server: Server,
    open_page: Open,
    opened_file: OpenFile,
    tmp_path: Path,
    width: int,
    dark: bool,
) -> None:
    page = open_page(f"/run?run={RUN}", locale="ko-KR", dark=True)
    page.locator(".tp-live-chart[data-epochs]").wait_for()
    menu(page, SAY_KO("takehome.title"))
    path = saved(page, f".st-key-take-home-{RUN}-page button:visible", tmp_path)
    assert path.suffix == ".html"
    home = opened_file(path, width=width, dark=dark)
    assert home.evaluate("document.documentElement.lang") == "ko"
    home.locator(".tp-live-chart[data-epochs='30']").wait_for()
    assert home.locator(".still").count() == 0, "drawn by the library, they stand there once"
    assert home.evaluate("document.documentElement.scrollWidth") <= width
    figures = home.locator("figure.chart").count()
    home.locator("figure.chart .main-svg").first.wait_for(state="attached")
    assert home.locator("figure.chart .main-svg").count() < figures, "what is far away is not drawn yet"
    # Paper gets all of it, and is light whatever the theme.
    home.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert figures >= 7
    assert home.locator("figure.chart .main-svg").count() >= figures
    assert home.evaluate(LUMINANCE, home.evaluate("getComputedStyle(document.body).backgroundColor")) == 255
    home.evaluate("dispatchEvent(new Event('afterprint'))")
    assert home.locator(".tp-live-chart[data-epochs='30']").count() == 1
    back, ink = (
        home.evaluate(LUMINANCE, home.evaluate(f"getComputedStyle(document.querySelector('{where}')).{what}"))
        for where, what in (("body", "backgroundColor"), ("figure.chart .xtick text", "fill"))
    )
    assert (back < 128) == dark
    assert abs(back - ink) > 120
    # The matrix of each epoch is moved as on the page, by the keyboard too.
    slider = home.locator(".tp-player-slider")
    slider.focus()
    slider.press("Home")
    assert home.locator(".tp-player").get_attribute("data-epoch") == "1"
    still = chromium.new_page(java_script_enabled=False, viewport={"width": width, "height": 900})
    still.goto(path.as_uri())
    assert [one.is_visible() for one in still.locator(".still path.val").all()] == [True, True]
    assert still.locator("noscript p").is_visible()
    assert not still.locator(".tp-live-chart").is_visible()
    still.close()
    home.emulate_media(media="print")
    assert home.evaluate(LUMINANCE, home.evaluate("getComputedStyle(document.body).color")) < 128
    assert not home.locator("nav").is_visible()


@pytest.mark.slow
def test_pictures_are_as_large_and_as_white_as_a_slide(
    server: Server, open_page: Open, tmp_path: Path
) -> None:
    pytest.importorskip("PIL")
    from PIL import Image

    page = open_page(f"/run?run={RUN}", dark=True)
    page.locator(".tp-live-chart[data-epochs]").wait_for()
    menu(page, SAY("takehome.title"))
    for key in ("curves", "matrix"):
        path = saved(page, f".tp-slides button[data-key='{key}']", tmp_path)
        assert path.suffix == ".png"
        assert size_of(path) == (WIDTH, HEIGHT)
        with Image.open(path) as picture:
            seen = picture.convert("RGB")
        assert {seen.getpixel(at) for at in ((2, 2), (WIDTH - 3, HEIGHT - 3))} == {(255, 255, 255)}
        colours = seen.crop((0, 110, WIDTH, HEIGHT)).getcolors(maxcolors=WIDTH * HEIGHT)
        assert colours is not None
        assert len(colours) > 50, "something is drawn below the title"
    page.get_by_text(SAY("takehome.picture.saved")).wait_for()


@pytest.mark.slow
def test_a_note_is_saved_when_its_field_is_left_and_is_there_again(server: Server, open_page: Open) -> None:
    run = runs.over(server.store, owner="cli")
    page = open_page(f"/run?run={run}")
    field = page.get_by_role("textbox", name=SAY("notes.saw"))
    field.fill("It turned at 4.\n<b>not bold</b>")
    field.blur()
    page.get_by_text(SAY("notes.saved")).wait_for()
    assert server.store.get(run).notes == {"saw": "It turned at 4.\n<b>not bold</b>"}
    page.reload()
    page.get_by_role("textbox", name=SAY("notes.saw")).wait_for()
    assert (
        page.get_by_role("textbox", name=SAY("notes.saw")).input_value() == "It turned at 4.\n<b>not bold</b>"
    )


@pytest.mark.slow
def test_a_comparison_and_a_study_go_home_too(
    server: Server, open_page: Open, opened_file: OpenFile, tmp_path: Path
) -> None:
    page = open_page(f"/compare?runs={RUN},{PREFIX}fashion-deep")
    page.get_by_text(SAY("verdicts.title")).wait_for()
    menu(page, SAY("takehome.title"))
    home = opened_file(saved(page, ".st-key-take-home-page button:visible", tmp_path))
    assert home.locator("figure.chart .main-svg").count() >= 3
    for key in ("loss", "accuracy", "matrix"):
        assert size_of(saved(page, f".tp-slides button[data-key='{key}']", tmp_path)) == (WIDTH, HEIGHT)
    study = studies.reused(server.store, studies.crossed(1), owner="cli")
    page.goto(f"{server.url}/compare?study={study}")
    menu(page, SAY("takehome.title"))
    home = opened_file(saved(page, ".st-key-take-home-study-page button:visible", tmp_path))
    home.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert home.locator("figure.chart .main-svg").count() >= home.locator("figure.chart").count() == 20
    for key in ("loss", "accuracy", "turns", "factors"):
        assert size_of(saved(page, f".tp-slides button[data-key='{key}']", tmp_path)) == (WIDTH, HEIGHT)
