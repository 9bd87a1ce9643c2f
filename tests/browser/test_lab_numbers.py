"""What the browser writes into a number input is the experiment's number, with all its digits."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from core import presets
from core.experiment import SGD, Dense, Experiment
from dashboard.shared.language import language
from dashboard.shared.preset_words import preset_title
from tests.browser.conftest import Open

SAY = language("en")


@pytest.mark.slow
def test_numbers_of_many_digits_are_written_in_full_and_kept(open_page: Open) -> None:
    page = open_page("/lab?optimizer=sgd:9.9e-8:0.99999999&split=fraction:1e-8")
    rate = page.get_by_label(SAY("field.learning_rate"), exact=True)
    expect(rate).to_have_value("9.9e-8")
    expect(page.get_by_label(SAY("field.momentum"), exact=True)).to_have_value("0.99999999")
    expect(page.get_by_label(SAY("field.fraction"), exact=True)).to_have_value("1e-8")
    rate.fill("2.5e-9")
    rate.press("Enter")
    page.wait_for_url("**optimizer=sgd%3A2.5e-09%3A0.99999999**")
    expect(rate).to_have_value("2.5e-9")
    expect(page.get_by_text(SAY("lab.train")).first).to_be_enabled()


@pytest.mark.slow
def test_every_field_shows_the_draft_whatever_has_changed_it(open_page: Open) -> None:
    page = open_page("/lab?preset=digits-first-network")
    fields = {
        name: page.get_by_label(SAY(f"field.{name}"), exact=True).first
        for name in ("epochs", "batch_size", "learning_rate", "units")
    }

    def choose(box: str, option: str) -> None:
        page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget]')")
        field, entry = (
            page.get_by_role("combobox", name=box).first,
            page.get_by_role("option", name=option).first,
        )
        field.click()
        page.wait_for_timeout(300)
        if not entry.is_visible():  # the page that came meanwhile has closed it
            field.press("ArrowDown")
        entry.click()

    def shown(draft: Experiment) -> None:
        first = next(layer for layer in draft.layers if isinstance(layer, Dense))
        for name, value in (
            ("epochs", str(draft.epochs)),
            ("batch_size", str(draft.batch_size)),
            ("units", str(first.units)),
            ("learning_rate", f"{draft.to_dict()['optimizer']['learning_rate']:.4f}"),
        ):
            expect(fields[name]).to_have_value(value)

    digits, fashion = (presets.load(name) for name in ("digits-first-network", "fashion-deep"))
    shown(digits)
    for name in ("epochs", "units"):
        fields[name].fill("7")
        fields[name].press("Enter")
        expect(page).to_have_url(re.compile(f"{'epochs=7' if name == 'epochs' else 'dense%3A7'}"))
    choose(SAY("lab.preset"), preset_title("fashion-deep", SAY))
    shown(fashion)
    choose(SAY("field.optimizer"), SAY("optimizer.sgd"))
    shown(fashion.with_changes(optimizer=SGD.new()))
    choose(SAY("lab.preset"), preset_title("digits-first-network", SAY))
    shown(digits)
    fields["epochs"].fill("8")
    fields["epochs"].press("Enter")
    expect(page).to_have_url(re.compile("epochs=8"))
    shown(digits.with_changes(epochs=8))
    page.go_back()
    shown(digits)
