"""Runs on own data that are private or gone: every page shows what was kept of them, and says why not the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.catalog import DatasetInfo
from core.datasets.archives import Arrays
from core.own_data import adding
from core.presets.beginning import beginning
from core.settings import Settings
from core.storage import open_store
from core.training.execute import execute
from dashboard.run import exported
from dashboard.run.sections import SECTIONS
from dashboard.run.take_home import run_groups
from dashboard.shared import services
from dashboard.shared.language import language
from tests.dashboard.answering import answered_here
from tests.dashboard.pages import opened, words
from tests.own_data import sets

SAY = language("en")
OWNER = "ana"
GONE, PRIVATE = "Nobody keeps the samples of", "is kept for whoever brought it along"


def trained(settings: Settings, folder: Path, made: tuple[DatasetInfo, Arrays], runs: int) -> list[str]:
    store = open_store(settings)
    store.add_own_data(made[0], sets.archive(folder, made), owner=OWNER)
    ids = []
    for seed in range(runs):
        run = store.add(beginning(made[0]).with_changes(epochs=2, seed=seed), owner=OWNER, worker="cli:x")
        execute(run, settings, store=store, artifacts=store.artifacts)
        ids.append(run)
    store.close()
    return ids


def remove(settings: Settings, name: str) -> None:
    store = open_store(settings)
    assert adding.remove(name, store, settings, owner=OWNER)
    store.close()


@pytest.mark.parametrize(
    ("make", "gone"),
    [
        pytest.param(sets.images, True, id="images-gone"),
        pytest.param(sets.texts, False, id="texts-private"),
        pytest.param(sets.images, False, id="images-private", marks=pytest.mark.thorough),
        pytest.param(sets.texts, True, id="texts-gone", marks=pytest.mark.thorough),
    ],
)
def test_all_pages_show_a_run_without_its_data(
    make: Callable[..., tuple[DatasetInfo, Arrays]], gone: bool, settings: Settings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    made = make(seed=31)
    first, second = trained(settings, tmp_path, made, 2)
    if gone:
        remove(settings, made[0].name)
    sentence = GONE if gone else PRIVATE
    real = services.ask
    with answered_here(settings, monkeypatch):
        # The way of the pages, with the gate before it; only the process that answers is this one.
        answer = services.ask
        monkeypatch.setattr(services.inference_client, "ask", lambda _settings, question: answer(question))
        monkeypatch.setattr(services, "ask", real)
        for section in SECTIONS:
            said = words(opened("run", "en", state={"run-tabs": SAY(section.title)}, run=first))
            assert sentence in said, section.title
        inside = {
            part: opened(
                "run", "en", state={"run-tabs": SAY("run.tab.inside"), "inside-part": part}, run=first
            )
            for part in ("first", "units", "activations", "weights")
        }
        shown = SAY("inside.epoch", epoch=2) in words(inside["first"])
        assert shown is (made[0].kind == "image")  # of texts the weights are words of theirs
        for page, parameters in (
            ("try", {"run": first}),
            ("lab", {"dataset": made[0].name}),
            ("data", {"dataset": made[0].name}),
        ):
            assert sentence in words(opened(page, "en", **parameters)), page
        compared = words(opened("compare", "en", runs=f"{first},{second}"))
        assert "answered the same" in compared  # judged by the classes alone, which stay
        for page in ("try", "run", "compare", "home"):
            opened(page, "en")
        text = exported.run_page(services.store().get(first), SAY, None)
        assert (sentence in text) is (made[0].kind == "text")
        refused = []
        for group in run_groups(first, SAY, None):
            for offer in group.offers:
                if offer.make is not None:
                    offer.make()
                else:
                    refused.append((offer.key, sentence in offer.about))
        assert refused == [("data", True)]
