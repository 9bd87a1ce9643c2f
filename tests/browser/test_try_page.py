"""The try page in a browser: words that are pressed, and text from strangers that must stay text."""

from __future__ import annotations

import pytest

from core import presets
from core.jobs import queue
from core.run import RunState
from dashboard.shared.language import language
from tests.browser.conftest import Open
from tests.browser.server import Server

SAY = language("en")
LOCALES = {"ko": "ko-KR", "en": "en-US"}
SCRIPT = (
    "<script>window.broken = 1</script> <img src=x onerror='window.broken = 2'> "
    "<b onclick='window.broken = 3'>a good film</b> [link](javascript:window.broken=4) $x^2$ :material/home:"
)


@pytest.fixture(scope="module")
def network(server: Server) -> str:
    """A network that has learned the generated reviews for an epoch."""
    run = queue.submit(server.store, presets.load("mini-reviews").with_changes(epochs=1), owner="cli")
    assert server.over(run).state is RunState.FINISHED
    return run


def test_script_in_a_text_stays_text(network: str, open_page: Open) -> None:
    page = open_page(f"/try?run={network}")
    page.locator(".tp-word").first.wait_for()
    box = page.get_by_role("textbox", name=SAY("try.text"))
    box.fill(SCRIPT)
    box.press("Control+Enter")
    page.locator(".tp-word", has_text="onerror").wait_for()
    texts = page.locator(".tp-word").all_text_contents()
    assert texts[:2] == ["script", "window"]
    page.locator(".tp-word", has_text="onclick").click()
    page.get_by_role("button", name=SAY("try.leave_out")).click()
    page.locator(".tp-word", has_text="onclick").wait_for(state="detached")
    assert page.evaluate("window.broken") is None
    assert page.locator("img[src='x'], [onclick], [onerror], a[href^='javascript']").count() == 0


def test_a_word_is_left_out_and_the_answer_moves(network: str, open_page: Open) -> None:
    page = open_page(f"/try?run={network}")
    page.get_by_role("button", name=SAY("try.example.negative")).click()
    word = page.locator(".tp-word", has_text="terrible")
    word.hover()
    page.locator(".tp-words-about", has_text="points").wait_for()
    # By keyboard: one stop of the tab key, arrows from word to word.
    page.mouse.move(0, 0)
    said = page.locator(".tp-words-word")
    said.filter(has_text="terrible").wait_for(state="detached")
    page.locator(".tp-word").first.focus()
    page.keyboard.press("ArrowRight")
    said.filter(has_text="terrible").wait_for()
    page.locator(".tp-word:focus", has_text="terrible").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=SAY("try.leave_out")).click()
    word.wait_for(state="detached")
    assert (
        page.get_by_role("textbox", name=SAY("try.text"))
        .input_value()
        .startswith("A film. The plot is boring")
    )
    page.locator(".tp-share-before").wait_for()
    assert (word.count(), page.locator(".tp-word[aria-pressed='true']").count()) == (0, 0)


@pytest.mark.parametrize(
    ("width", "dark", "lang"),
    [
        pytest.param(400, True, "ko", id="phone-dark-ko"),
        pytest.param(400, False, "en", id="phone-light-en", marks=pytest.mark.thorough),
        pytest.param(1440, False, "ko", id="wide-light-ko", marks=pytest.mark.slow),
    ],
)
def test_it_fits_the_window(network: str, open_page: Open, width: int, dark: bool, lang: str) -> None:
    t = language(lang)
    page = open_page(f"/try?run={network}", width=width, dark=dark, locale=LOCALES[lang])
    page.locator(".tp-word").first.wait_for()
    page.get_by_text(t("try.all")).first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in (".tp-words", ".tp-shares", ".tp-word-legend"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    # A strong word is told by its line and its mark too, and can be read.
    strong = page.locator(".tp-word[data-level='4']").first
    assert strong.locator("sup").text_content() in ("++", "\N{MINUS SIGN}\N{MINUS SIGN}")
    assert strong.evaluate("word => getComputedStyle(word).borderBottomWidth") == "4px"
