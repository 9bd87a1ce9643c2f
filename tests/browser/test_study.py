"""A study queued in a real browser, and its bands as they come in."""

from __future__ import annotations

import re

import pytest

from dashboard.shared.language import language
from tests.browser.conftest import Open
from tests.browser.server import Server

SAY = language("en")


@pytest.mark.slow
def test_three_seeds_of_two_values_become_bands(server: Server, open_page: Open) -> None:
    server.wait_for_engine()
    page = open_page("/lab?epochs=4")
    page.get_by_text(SAY("study.form")).click()
    page.get_by_text(SAY("study.form.vary"), exact=True).click()
    values = page.get_by_label(SAY("study.form.values"), exact=True).first
    values.fill("8, 32")
    values.press("Enter")
    page.get_by_text("2 × 5 = 10").wait_for()
    seeds = page.get_by_label(SAY("study.form.seeds_each"), exact=True).first
    seeds.fill("3")
    seeds.press("Enter")
    page.get_by_text("2 × 3 = 6").wait_for()
    page.get_by_role("button", name=SAY("study.form.queue", runs=6)).click()
    page.wait_for_url(re.compile(r"/compare\?study="))

    # It moves by itself: nobody presses anything.
    for run in server.store.get_study(page.url.partition("study=")[2]).runs:
        server.over(run)
    page.get_by_text(SAY("study.progress", finished=6, total=6)).wait_for()
    page.get_by_text("Hidden units 32", exact=True).first.wait_for()
    page.wait_for_function("() => document.querySelectorAll('.js-plotly-plot').length >= 4")
    drawn = page.evaluate(
        "() => [...document.querySelectorAll('.js-plotly-plot')].map((one) => one.data.length)"
    )
    assert drawn[:2] == [6, 6]
    study = server.store.studies()[0]
    assert (study.plan.size, len(study.reused)) == (6, 0)
    runs = server.store.get_many(study.runs)
    mean = page.evaluate("() => [...document.querySelector('.js-plotly-plot').data[5].y]")
    first = [run.epochs[-1].val_loss or 0 for run in runs[:3]]
    assert mean[-1] == pytest.approx(sum(first) / 3)
