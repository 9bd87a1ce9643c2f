"""Covered means covered: all that pages, routes and files say of a hidden run, searched for what it hides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element

from core import presets
from core.catalog import DATASETS
from core.errors import ArtifactMissingError
from core.experiment import EarlyStopping
from core.run import Epoch, Evaluation, Progress, Reason, RunState, Timing
from core.storage import Store
from core.study import Plan
from core.training import artifact_names
from dashboard.run.take_home import run_groups, run_pictures
from dashboard.server.routes import _read
from dashboard.shared import services
from dashboard.shared.language import language
from dashboard.shared.viewer import COMMAND_LINE
from tests.dashboard import runs
from tests.dashboard.pages import opened, words
from tests.networks import keep_networks

SAY = language("en")
#: Losses whose digits stand nowhere else, as written with all their digits, four, or two.
VAL_LOSSES = (0.97313, 0.67317, 0.47319, 0.57371, 0.67373, 0.77379, 0.87383, 0.97393)
VAL_ACCURACY = 0.61733
EVALUATION = Evaluation(0.34567, 0.86134, runs.MATRIX)
OF_VALIDATION = (
    *(f"{loss:.4f}" for loss in VAL_LOSSES),
    *(f"{loss:.5f}" for loss in VAL_LOSSES),
    "0.6173",
    "61.7%",
    "61.73",
)
OF_TEST = ("0.3457", "0.34567", "0.8613", "86.13", "86.1%")
SECRETS = (*OF_VALIDATION, *OF_TEST)


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "owner", lambda: "student")


def hidden(store: Store, *, running: bool = False, **changes: Any) -> str:
    """A run with all that there is to be hidden."""
    run = runs.queued(store, **changes)
    store.start(run, "worker")
    for number, loss in enumerate(VAL_LOSSES, start=1):
        store.record_epoch(run, Epoch(number, 1 / number, 1 - 0.5 / number, loss, VAL_ACCURACY, 0.001, 0.25))
    artifacts = services.store().artifacts
    for number in range(1, 9):
        artifacts.save_array(run, artifact_names.predictions(number), np.full((20, 10), 0.1, np.float16))
    artifacts.save_array(run, artifact_names.PREDICTED_ROWS, np.arange(20))
    artifacts.save_array(run, artifact_names.PREDICTED_LABELS, np.arange(20, dtype=np.uint8) % 10)
    if running:
        store.record_progress(run, Progress("training", 8, 8, 7, 33, 0.51, 0.87, 12.5))
        return run
    store.record_evaluation(run, EVALUATION)
    artifacts.save_array(run, artifact_names.TEST_PROBABILITIES, np.full((297, 10), 0.1, np.float32))
    store.finish(
        run,
        RunState.FINISHED,
        Reason("all_epochs", {"epochs": 8}),
        timing=Timing(0.1, 2.0, 0.1, 500.0),
        best_epoch=3,
    )
    return run


def elements(block: Block) -> Iterator[Element]:
    for child in block.children.values():
        if isinstance(child, Block):
            yield from elements(child)
        else:
            yield child


def sent(test: AppTest) -> str:
    """All that the websocket brought: the messages of all elements and blocks, and the address."""
    parts = [str(element.proto) for block in (test.main, test.sidebar) for element in elements(block)]
    return "\n".join([*parts, json.dumps(dict(test.query_params.items()), default=str)])


def found_in(text: str, secrets: tuple[str, ...] = SECRETS) -> list[str]:
    return [secret for secret in secrets if secret in text]


def addresses(run: str, other: str) -> list[tuple[str, dict[str, str]]]:
    return [
        ("", {}),
        ("run", {}),
        ("run", {"run": run}),
        ("run", {"run": run, "sample": "3"}),
        ("run", {"run": run, "scale": "log"}),
        ("compare", {}),
        ("compare", {"runs": run}),
        ("compare", {"runs": f"{run},{other}"}),
        ("compare", {"runs": f"{other},{run}", "show": "loss"}),
        ("try", {}),
        ("try", {"run": run}),
        ("try", {"run": run, "row": "3"}),
        ("lab", {}),
        ("learn", {}),
    ]


def test_the_search_finds_what_is_open(store: Store) -> None:
    """Else the tests below would hold nothing."""
    run = hidden(store)
    page = sent(opened("run", "en", run=run))
    assert {"0.4732", "86.13"} <= set(found_in(page))
    assert "86.1%" in sent(opened("run", "en"))


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_no_page_tells_what_a_covered_run_hides(store: Store, lang: str) -> None:
    run, other = hidden(store, covered=True), runs.over(store)
    for page, parameters in addresses(run, other):
        test = opened(page, lang, **parameters)
        assert not found_in(sent(test)), (page, parameters)


@pytest.mark.parametrize("tab", ["run.tab.epochs", "run.tab.network", "run.tab.settings"])
def test_no_tab_tells_what_a_covered_run_hides(store: Store, tab: str) -> None:
    run = hidden(store, covered=True)
    test = opened("run", "en", state={"run-tabs": SAY(tab)}, run=run)
    assert not found_in(sent(test))


def test_a_covered_run_under_way_sends_no_validation(store: Store) -> None:
    run = hidden(store, running=True, covered=True)
    assert not found_in(sent(opened("run", "en", run=run)))
    for since in range(9):
        told = json.dumps(_read(run, since))
        assert not found_in(told)
        assert '"turning_point": {"loss": null, "accuracy": null}' in told
    assert _read(run, 0)["covered"]
    store.predict(run, 5, owner="student")
    told = _read(run, 0)
    assert not told["covered"]
    assert told["prediction"] == {"epoch": 5}
    assert found_in(json.dumps(told))


def test_no_file_that_is_taken_home_tells(store: Store) -> None:
    for hiding, secrets in (({"covered": True}, SECRETS), ({"sealed": True}, OF_TEST)):
        run = hidden(store, **hiding)
        made = {}
        for group in run_groups(run, SAY, UTC):
            for offer in group.offers:
                if offer.make is not None:
                    content = offer.make()
                    made[offer.key] = content if isinstance(content, str) else content.decode("latin-1")
        assert {"page", "notebook", "epochs"} <= set(made)
        for name, text in made.items():
            assert not found_in(text, secrets), (hiding, name)
        drawn = {picture.key for picture in run_pictures(store.get(run), SAY)}
        assert "matrix" not in drawn
        if "covered" in hiding:
            assert drawn == {"curves"}


@pytest.mark.slow
def test_no_page_tells_the_test_result_of_a_sealed_run(store: Store) -> None:
    run, other = hidden(store, sealed=True), runs.over(store)
    for page, parameters in addresses(run, other):
        assert not found_in(sent(opened(page, "en", **parameters)), OF_TEST), (page, parameters)
    for tab in ("run.tab.turning", "run.tab.confidence", "run.tab.lookback", "run.tab.inside"):
        test = opened("run", "en", state={"run-tabs": SAY(tab)}, run=run)
        assert not found_in(sent(test), OF_TEST), tab
    assert "0.4732" in sent(opened("run", "en", run=run))
    # Opened, it is as any other.
    store.open_test(run, owner="student")
    assert "86.13" in sent(opened("run", "en", run=run))


def test_the_list_and_studies_tell_nothing(store: Store) -> None:
    run = hidden(store, covered=True, title="secret")
    (line,) = store.summaries()
    assert (line.best_val_loss, line.best_val_accuracy, line.test_accuracy) == (None, None, None)
    study = store.add_study(Plan(store.get(run).experiment), owner="student")
    assert not found_in(sent(opened("compare", "en", study=study)))


def test_how_early_stopping_ended_is_told_nowhere(store: Store) -> None:
    stopping = EarlyStopping(patience=3)
    run = hidden(store, running=True, covered=True, early_stopping=stopping, epochs=20)
    store.finish(
        run,
        RunState.FINISHED,
        Reason("early_stopping", {"epoch": 8, "monitor": "val_loss", "patience": 3}),
        timing=Timing(0.1, 2.0, 0.1, 500.0),
        best_epoch=3,
    )
    told = _read(run, 0)
    assert len(told["epochs"]) == 4
    assert told["reason"] == {"code": "ended_covered", "details": {}}
    page = sent(opened("run", "en", run=run))
    for giveaway in ("after epoch 8", "EarlyStopping ended", "8 of 20", "best_epoch"):
        assert giveaway not in page
    assert "8 of 20" not in sent(opened("run", "en"))
    assert "4 of 20" in sent(opened("run", "en"))


def test_the_files_of_a_hidden_run_are_not_there(store: Store) -> None:
    covered, sealed, other = hidden(store, covered=True), hidden(store, sealed=True), hidden(store)
    artifacts = services.artifacts()
    after_epoch, tested = artifact_names.predictions(3), artifact_names.TEST_PROBABILITIES
    for run, name, there in (
        (covered, after_epoch, False),
        (covered, tested, False),
        (sealed, after_epoch, True),
        (sealed, tested, False),
        (other, after_epoch, True),
        (other, tested, True),
    ):
        for found in (artifacts, services.store().artifacts):
            assert found.exists(run, name) is there
            assert (name in found.names(run)) is there
            for read in (found.load_array, found.load_bytes, found.version):
                if there:
                    read(run, name)
                else:
                    with pytest.raises(ArtifactMissingError) as refused:
                        read(run, name)
                    assert refused.value.code == "artifact_covered"
    store.reveal(covered, owner="student")
    assert artifacts.exists(covered, after_epoch)


def test_what_follows_from_a_covered_run_is_refused(store: Store) -> None:
    from core.errors import RunError
    from core.jobs import queue

    run = hidden(store, covered=True)
    for follow in (
        lambda: queue.extend(store, run, 5, owner="student"),
        lambda: queue.train_to(store, run, 3, owner="student"),
    ):
        with pytest.raises(RunError) as refused:
            follow()
        assert refused.value.code == "run_covered"
    store.predict(run, 4, owner="student")
    longer = queue.extend(store, run, 5, owner="student")
    # It goes on from all that was recorded, and is open: its beginning is known.
    assert [epoch.val_loss for epoch in store.get(longer).epochs] == list(VAL_LOSSES)


def test_a_run_of_the_command_line_is_covered_alike(store: Store) -> None:
    run = hidden(store, covered=True, owner=COMMAND_LINE)
    assert not found_in(sent(opened("run", "en", run=run)))


def test_where_runs_are_listed_and_compared_it_is_said(store: Store) -> None:
    covered, sealed = hidden(store, covered=True), hidden(store, sealed=True)
    said = words(opened("run", "en"))
    assert SAY("runs.covered") in said
    assert SAY("runs.sealed") in said
    assert SAY("guess.covered") in words(opened("compare", "en", runs=f"{covered},{sealed}"))
    others = hidden(store, sealed=True, owner="somebody")
    compared = words(opened("compare", "en", runs=f"{covered},{others}"))
    assert SAY("verdicts.obstacle.covered", letter="A") in compared
    assert SAY("verdicts.obstacle.sealed", letter="B") in compared


def test_a_network_that_is_sealed_is_not_asked_about_test_samples(store: Store) -> None:
    sealed, covered = hidden(store, sealed=True), hidden(store, covered=True)
    for run in (sealed, covered):
        keep_networks(services.store().artifacts, run)
    assert SAY("seal.no_samples") in words(opened("try", "en", run=sealed, row="3"))
    assert SAY("try.covered") in words(opened("try", "en", run=covered))
    inside = {"run-tabs": SAY("run.tab.inside"), "inside-part": "activations"}
    assert SAY("seal.no_samples") in words(opened("run", "en", state=inside, run=sealed))


def test_a_sealed_text_network_begins_with_an_example(store: Store) -> None:
    run = store.add(
        presets.load("mini-reviews").with_changes(epochs=2), owner="student", sealed=True, worker="worker"
    )
    store.record_epoch(run, Epoch(1, 0.5, 0.5, 0.5, 0.5, 0.001, 0.1))
    store.finish(run, RunState.FINISHED, Reason("all_epochs", {"epochs": 2}), best_epoch=1)
    keep_networks(services.store().artifacts, run)
    test = opened("try", "en", run=run, row="3")
    assert SAY("seal.no_samples") in words(test)
    assert "try-label" not in str([box.key for box in test.selectbox])
    first = next(iter(DATASETS["mini_reviews"].examples.values()))
    assert test.text_area[0].value == first
