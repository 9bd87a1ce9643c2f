"""Mistakes that are touched: a cell of the matrix, one of its samples, the training samples that are near."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect

from core import presets
from core.analysis.classification import confusion_matrix, predicted_classes
from core.datasets.bundled import digits
from core.jobs import queue
from core.run import Evaluation, RunState
from core.storage import Artifacts
from core.training import artifact_names
from dashboard.shared.language import language
from tests.browser.conftest import Open
from tests.browser.matrix import at_cell
from tests.browser.server import Server
from tests.dashboard import runs

if TYPE_CHECKING:
    from playwright.sync_api import Page

SAY = language("en")
TRUE, PREDICTED = 3, 5


@pytest.fixture(scope="module")
def judged(server: Server) -> str:
    """A run that took every second 3 for a 5, the first of them most surely, and all else for what it is."""
    labels = digits().y_test
    answers = np.eye(10, dtype=np.float32)[labels]
    for place, row in enumerate(np.flatnonzero(labels == TRUE)[::2]):
        answers[row] = 0
        answers[row, [PREDICTED, TRUE]] = 0.9 - place / 100, 0.1 + place / 100
    matrix = confusion_matrix(labels, predicted_classes(answers), 10)
    run = runs.running(server.store, owner="cli")
    share = float(matrix.trace() / matrix.sum())
    server.store.record_evaluation(run, Evaluation(0.5, share, tuple(map(tuple, matrix.tolist()))))
    Artifacts(server.settings.artifacts).save_array(run, artifact_names.TEST_PROBABILITIES, answers)
    assert server.store.finish(run, RunState.FINISHED, runs.DONE[RunState.FINISHED])
    return run


def press_cell(page: Page, true: int, predicted: int) -> None:
    """Press a cell of the matrix."""
    page.mouse.click(*at_cell(page, true, predicted))


def test_a_cell_is_pressed_and_its_samples_are_opened(server: Server, open_page: Open, judged: str) -> None:
    page = open_page(f"/run?run={judged}")
    mistakes = np.flatnonzero(digits().y_test == TRUE)[::2]
    page.get_by_text(SAY("mistake.title", count=len(mistakes))).wait_for()
    press_cell(page, TRUE, PREDICTED)
    title = SAY("mistake.cell.wrong", true=TRUE, predicted=PREDICTED, count=len(mistakes))
    page.get_by_text(title).wait_for()
    first = page.locator(".tp-sample").first
    expect(first).to_have_text("90.00%")  # the title may stand there before the cards of its cell
    first.click()
    page.wait_for_url(re.compile(rf"[?&]sample={mistakes[0]}\b"))
    bars = page.locator(".barlayer .point text")
    bars.first.wait_for()
    assert bars.count() == 10
    assert [bars.nth(label).text_content() for label in (PREDICTED, TRUE)] == ["90.00%", "10.00%"]
    page.locator(".ytick", has_text=SAY("sample.bar.true")).wait_for()
    # No network of this run was kept; the rest is there all the same.
    page.get_by_role("alert").first.wait_for()
    page.get_by_role("button", name=SAY("step.next"), exact=True).click()
    page.wait_for_url(re.compile(rf"[?&]sample={mistakes[1]}\b"))
    page.go_back()
    page.wait_for_url(re.compile(rf"[?&]sample={mistakes[0]}\b"))
    page.get_by_text(SAY("sample.place", place=1, count=len(mistakes))).wait_for()


@pytest.mark.slow
def test_a_row_of_the_largest_confusions_leads_to_its_cell(open_page: Open, judged: str) -> None:
    page = open_page(f"/run?run={judged}")
    table = page.locator(".st-key-confusion-table canvas").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 40, box["y"] + 50)  # the first row, below the headings
    count = len(np.flatnonzero(digits().y_test == TRUE)[::2])
    page.get_by_text(SAY("mistake.cell.wrong", true=TRUE, predicted=PREDICTED, count=count)).wait_for()
    expect(page.locator(".tp-sample").first).to_have_text("90.00%")


@pytest.mark.slow
def test_the_nearest_training_samples_are_shown_in_both_senses(server: Server, open_page: Open) -> None:
    preset = presets.load("digits-first-network").with_changes(epochs=2)
    run = queue.submit(server.store, preset, owner="cli")
    server.over(run)
    page = open_page(f"/run?run={run}&sample=12", width=400)
    page.get_by_text(SAY("sample.near.image.about")).wait_for()
    near = page.locator(".tp-sample")
    near.nth(7).wait_for()
    assert near.count() == 8
    near.nth(3).click()
    page.locator(".tp-sample[aria-pressed=true]").nth(0).wait_for()
    distance = near.nth(3).text_content() or ""
    page.get_by_text(re.compile(rf"^Training sample [\d,]+ · distance {re.escape(distance)}$")).wait_for()
    page.get_by_text(SAY("sample.near.hidden"), exact=True).click()
    page.get_by_text(SAY("sample.near.hidden.about")).wait_for()
    page.locator(".tp-sample").nth(7).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
