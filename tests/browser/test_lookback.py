"""The slider of epochs in a real browser: it moves by itself and by key, and tells where it rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.storage import Artifacts
from core.training import artifact_names
from dashboard.shared.language import language
from dashboard.shared.samples.matrix_words import row_sentence
from tests.browser.conftest import Open
from tests.browser.server import Server
from tests.dashboard import runs

if TYPE_CHECKING:
    from playwright.sync_api import Page

SAY = language("en")
SAMPLES, EPOCHS = 40, 8
#: Writes down where the player comes by, which on a busy machine nobody may look at in time.
WATCH = """player => {
  const say = () => {
    const now = `${player.dataset.epoch} ${player.dataset.playing}`;
    if (seen.at(-1) !== now) seen.push(now);
  };
  globalThis.seen = [];
  new MutationObserver(say).observe(player, { attributeFilter: ["data-epoch", "data-playing"] });
}"""


def looking_back(server: Server, open_page: Open, width: int) -> tuple[Page, np.ndarray, int]:
    """The page of a run of eight epochs that turns in epoch 4, and how many it got wrong after each.

    The focus is on a cell of the matrix; how many samples are in it comes last.
    """
    run = runs.over(server.store, owner="cli")
    artifacts = Artifacts(server.settings.artifacts)
    random = np.random.default_rng(1)
    labels = random.integers(0, 10, SAMPLES).astype(np.uint8)
    raw = random.dirichlet(np.ones(10), (EPOCHS, SAMPLES)).astype(np.float16)
    raw[:, 0] = np.eye(10)[(labels[0] + 1) % 10]  # one cell that is never empty
    artifacts.save_array(run, artifact_names.PREDICTED_ROWS, np.arange(SAMPLES))
    artifacts.save_array(run, artifact_names.PREDICTED_LABELS, labels)
    for number, one in enumerate(raw, start=1):
        artifacts.save_array(run, artifact_names.predictions(number), one)
    page = open_page(f"/run?run={run}", width=width)
    page.get_by_role("tab", name=SAY("run.tab.lookback")).click()
    page.locator(".tp-player[data-epoch='4']").wait_for()
    cell = page.locator(f"td[data-true='{labels[0]}'][data-predicted='{(labels[0] + 1) % 10}']")
    cell.focus()
    return page, (raw.argmax(axis=2) != labels).sum(axis=1), int(cell.get_attribute("data-count") or 0)


def mistakes_of(page: Page, epoch: int, wrong: np.ndarray) -> None:
    page.get_by_role("heading", name=SAY("lookback.mistakes", epoch=epoch)).wait_for()
    page.get_by_text(SAY("lookback.mistakes.about", wrong=wrong[epoch - 1], samples=SAMPLES)).wait_for()


@pytest.mark.slow
def test_a_reader_moves_by_key(server: Server, open_page: Open) -> None:
    page, wrong, count = looking_back(server, open_page, 400)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    slider = page.get_by_role("slider", name=SAY("lookback.slider"), exact=True)
    page.locator(".tp-player-mark", has_text=SAY("lookback.turn.label", epoch=4)).wait_for()

    # The row of the cell that has the focus is read as the page reads a matrix.
    label = int(page.locator(".tp-player-matrix td:focus").get_attribute("data-true") or 0)
    cells = page.locator(f".tp-player-matrix td[data-true='{label}']").all()
    row = [int(cell.get_attribute("data-count") or 0) for cell in cells]
    matrix = [row if true == label else [0] * 10 for true in range(10)]
    said = row_sentence(matrix, label, [str(digit) for digit in range(10)], SAY)
    page.locator(".tp-player-row", has_text=said).wait_for()

    # Enter on a cell shows its samples.
    page.keyboard.press("Enter")
    tiles = page.locator(".tp-samples").first.locator(".tp-sample")
    tiles.nth(count).wait_for(state="detached")
    tiles.nth(count - 1).wait_for()
    page.locator(".tp-player[data-epoch='4']").wait_for()

    # By key: nothing is asked on the way, the place of rest is told.
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.locator(".tp-player[data-epoch='6']").wait_for()
    told = slider.get_attribute("aria-valuetext")
    assert told is not None
    assert "Epoch 6 of 8" in told
    assert f"{wrong[5]} of {SAMPLES} wrong" in told
    mistakes_of(page, 6, wrong)


@pytest.mark.slow
def test_it_moves_by_itself_from_the_beginning_to_the_end(server: Server, open_page: Open) -> None:
    page, wrong, _ = looking_back(server, open_page, 1440)
    page.get_by_role("slider", name=SAY("lookback.slider"), exact=True).focus()
    page.keyboard.press("End")
    page.locator(".tp-player").evaluate(WATCH)
    page.keyboard.press(" ")
    page.wait_for_function("() => seen.length > 2")
    page.locator(".tp-player[data-epoch='8'][data-playing='false']").wait_for()
    assert page.evaluate("seen") == [f"{epoch} {epoch < 8}".lower() for epoch in range(1, 9)]
    mistakes_of(page, 8, wrong)

    page.get_by_role("button", name=SAY("lookback.turn.go")).click()
    mistakes_of(page, 4, wrong)
