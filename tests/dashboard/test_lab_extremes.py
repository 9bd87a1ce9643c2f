"""The lab shows whatever an experiment may have, and hands it on unchanged."""

from __future__ import annotations

import pytest

from core import presets
from core.experiment import Experiment
from core.experiment.changes import level_of
from tests.dashboard.extremes import extremes, numbers
from tests.dashboard.pages import opened

#: Links at which the page broke off, for no widget could hold what they say.
ISSUE = [
    {"optimizer": "rmsprop:9.9e-8"},
    {"optimizer": "sgd:0.1:0.99999999"},
    {"split": "fraction:1e-8"},
    {"reduce_lr": "on:val_loss:1e-8"},
]


def shows(link: dict[str, str], experiment: Experiment) -> None:
    test = opened("lab", **link)
    assert not test.error
    assert test.session_state["lab"].draft == experiment
    widgets = {
        one.key.split(":", 2)[2]: one for one in test.number_input if (one.key or "").startswith("lab:")
    }
    told = {name: value for name, _, value in numbers(experiment)}
    assert told.keys() == widgets.keys()
    for name, widget in widgets.items():
        assert widget.value == told[name] == level_of(experiment, name)
    followed = {name: test.query_params[name] for name in test.query_params if name != "lang"}
    assert presets.follow(followed)[0] == experiment


@pytest.mark.parametrize("link", ISSUE, ids=lambda link: next(iter(link.values())))
def test_the_lab_shows_a_value_at_the_edge_of_its_bounds(link: dict[str, str]) -> None:
    shows(link, presets.follow(link)[0])


@pytest.mark.slow
def test_the_lab_shows_extremes_of_every_part() -> None:
    """One experiment for each setting: the last of its odd values, which differ from page to page."""
    chosen: dict[str, Experiment] = {}
    for place, (name, experiment) in enumerate(extremes()):
        if place % 7 == 0 or name not in chosen:
            chosen[name] = experiment
    pages = list(chosen.items())
    assert len(pages) > 35
    for _, experiment in pages[::2]:
        shows(presets.link(experiment), experiment)
