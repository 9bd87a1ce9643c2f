"""Predict, then reveal; and the sealed test result: in every state, pressed as a student would, without a browser."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.analysis.loss_axis import axis_to_predict_on
from core.analysis.turning_point import turning_point_of
from core.experiment import EarlyStopping, NoSplit
from core.run import RunState
from core.storage import Store
from dashboard.live.prediction import Sent, prediction_data, sent_by
from dashboard.live.prediction.figures import prediction_and_truth
from dashboard.live.prediction.text import outcome
from dashboard.live.run_json import run_json
from dashboard.shared import services
from dashboard.shared.language import language
from tests.dashboard import runs
from tests.dashboard.pages import opened, press, press_label, run_again, words

OWNER = "student"
SAY = language("en")
SKETCH = [[1.0, 0.8], [2.5, 0.5], [8.0, 0.7]]


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "owner", lambda: OWNER)


def open_page(run: str, lang: str = "en") -> AppTest:
    return opened("run", lang, run=run)


def keys(test: AppTest) -> set[str]:
    return {str(button.key).rpartition("-")[0] for button in test.button if button.key}


def tabs(test: AppTest) -> list[str]:
    return [tab.label for tab in test.tabs]


# Predicting


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("make", [runs.queued, runs.running, runs.over])
def test_a_covered_run_asks_in_every_state(store: Store, make: Any, lang: str) -> None:
    run, t = make(store, covered=True, sealed=True), language(lang)
    test = open_page(run, lang)
    if make is runs.queued:
        assert t("prediction.title") in words(test)
    submit = test.button(key=f"predict-{run}")
    assert submit.disabled
    assert not test.button(key=f"reveal-{run}").disabled
    test.number_input(key=f"prediction-epoch-{run}").set_value(3)
    assert not run_again(test).button(key=f"predict-{run}").disabled


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_prediction_lifts_the_cover_and_is_said_with_the_truth(store: Store, lang: str) -> None:
    run, t = runs.over(store, covered=True), language(lang)
    test = open_page(run, lang)
    assert t("run.tab.turning") not in tabs(test)
    test.number_input(key=f"prediction-epoch-{run}").set_value(6)
    press(run_again(test), f"predict-{run}")
    seen = store.get(run)
    assert seen.prediction is not None
    assert (seen.prediction.epoch, seen.prediction.epochs_seen) == (6, 8)
    assert t("prediction.turn.late", said=6, epoch=4, apart=2) in words(test)
    assert t("run.tab.turning") in tabs(test)
    # Whenever it is opened later, by whoever.
    again = open_page(run, lang)
    assert t("prediction.turn.late", said=6, epoch=4, apart=2) in words(again)
    assert f"predict-{run}" not in {button.key for button in again.button}


def test_the_sketch_is_kept_with_the_prediction(store: Store) -> None:
    run = runs.running(store, covered=True)
    sent = {"answer": {"epoch": 6, "sketch": SKETCH, "count": 1}}
    # What the axes sent stands in the session, as Streamlit keeps the states of components.
    test = opened("run", "en", run=run, state={f"prediction-epoch-{run}": 6})
    test.session_state[f"prediction-{run}"] = sent
    press(test, f"predict-{run}")
    kept = store.get(run).prediction
    assert kept is not None
    assert kept.sketch == tuple((epoch, loss) for epoch, loss in SKETCH)
    assert SAY("prediction.open", said=6) in words(test)


def test_the_axes_follow_from_the_training_alone(store: Store) -> None:
    calm, wild = (
        services.store().get(runs.over(store, RunState.FINISHED, losses, covered=True))
        for losses in ((0.5,) * 8, (50.0,) * 8)
    )
    told = [prediction_data(run, SAY, sent=Sent(), epoch=None, scale="log") for run in (calm, wild)]
    assert told[0]["axes"] == told[1]["axes"] == run_json(wild)["prediction_axes"]
    axis = axis_to_predict_on([epoch.loss for epoch in calm.epochs])
    assert told[0]["axes"]["linear"] == {
        "range": [axis.low, axis.high], "low": axis.low, "high": axis.high, "cut": axis.cut
    }  # fmt: skip
    assert told[0]["scale"] == "log"
    assert "prediction_axes" not in run_json(services.store().get(runs.over(store)))


def test_what_a_browser_sends_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit as st

    def sent(answer: object) -> Any:
        state: Any = type("State", (), {"answer": answer})
        monkeypatch.setattr(st, "session_state", {"axes": state})
        return sent_by("axes")

    good = sent({"epoch": 5, "sketch": SKETCH, "count": 3})
    assert (good.epoch, good.sketch, good.count) == (5, ((1.0, 0.8), (2.5, 0.5), (8.0, 0.7)), 3)
    for bad in (None, 7, {}, {"epoch": "5", "sketch": "x", "count": None}, {"sketch": [[1]]}):
        assert sent(bad).epoch is None
        assert sent(bad).sketch == ()


def test_show_me_needs_no_prediction(store: Store) -> None:
    run = runs.over(store, covered=True)
    test = press(open_page(run), f"reveal-{run}")
    assert SAY("run.tab.turning") in tabs(test)
    assert store.get(run).prediction is None
    assert "Predicted" not in words(test)


def test_in_a_second_window_it_is_too_late(store: Store) -> None:
    run = runs.over(store, covered=True)
    second = open_page(run)
    second.number_input(key=f"prediction-epoch-{run}").set_value(2)
    run_again(second)
    store.reveal(run, owner=OWNER)
    press(second, f"predict-{run}")
    assert SAY("error.run_not_covered", run=run) in words(second) or "already" in words(second)
    assert store.get(run).prediction is None
    assert SAY("run.tab.turning") in tabs(second)


def test_others_look_on_and_cannot_predict(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = runs.over(store, covered=True, sealed=True)
    monkeypatch.setattr(services, "owner", lambda: "somebody else")
    test = open_page(run)
    assert SAY("prediction.of_another") in words(test)
    assert not {"predict", "reveal"} & keys(test)
    store.reveal(run, owner=OWNER)
    test = open_page(run)
    assert SAY("seal.of_another") in words(test)
    assert "open-test" not in keys(test)


def test_early_stopping_is_said_to_cover_its_end(store: Store) -> None:
    run = runs.over(store, covered=True, early_stopping=EarlyStopping(patience=3))
    test = open_page(run)
    assert SAY("prediction.stops_early", epochs=4) in words(test)


def test_what_was_broken_off_can_be_brought_to_its_end_covered(store: Store) -> None:
    run = runs.over(store, RunState.INTERRUPTED, covered=True, sealed=True)
    test = press(open_page(run), "resume")
    new = next(one for one in store.summaries() if one.id != run)
    assert (new.covered, new.sealed) == (True, True)
    assert test.button(key=f"reveal-{new.id}")


@pytest.mark.parametrize(
    ("losses", "said", "key", "details"),
    [
        (runs.TURNING, 4, "prediction.turn.same", {"epoch": 4, "apart": 0}),
        (runs.TURNING, 1, "prediction.turn.early", {"epoch": 4, "apart": 3}),
        (runs.TURNING, 7, "prediction.turn.late", {"epoch": 4, "apart": 3}),
        (runs.FALLING, 6, "prediction.lowest.late", {"epoch": 4, "apart": 2}),
        (runs.FALLING, 4, "prediction.lowest.same", {"epoch": 4, "apart": 0}),
        ((None, None), 4, "prediction.no_numbers", {}),
    ],
)
def test_how_far_off_it_was(store: Store, losses: Any, said: int, key: str, details: dict[str, int]) -> None:
    run = runs.over(store, RunState.STOPPED, losses, covered=True)
    store.predict(run, said, owner=OWNER)
    seen = store.get(run)
    found = outcome(seen, turning_point_of(seen))
    assert found is not None
    assert (found.key, found.details) == (key, {"said": said, **details})


def test_sketch_and_truth_are_drawn_on_one_axis(store: Store) -> None:
    run = runs.over(store, covered=True)
    store.predict(run, 6, [(1, 3.0), (8, 0.2)], owner=OWNER)
    seen = store.get(run)
    assert seen.prediction is not None
    figure = prediction_and_truth(seen.epochs, seen.prediction, turning_point_of(seen).loss, 8, SAY)
    by_name = {trace.name: trace for trace in figure.data}
    assert tuple(by_name[SAY("curve.validation")].y) == runs.TURNING
    assert tuple(by_name[SAY("prediction.sketch")].y) == (3.0, 0.2)
    assert figure.layout.yaxis.range[1] >= 3.0
    assert [shape.x0 for shape in figure.layout.shapes] == [4, 6]


# The sealed test result


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_sealed_test_result_is_opened_for_the_design(store: Store, lang: str) -> None:
    run, t = runs.over(store, sealed=True), language(lang)
    test = open_page(run, lang)
    assert t("seal.title") in words(test)
    assert t("run.tab.mistakes") not in tabs(test)
    assert t("run.tab.turning") in tabs(test)
    assert "98.36%" not in str(test)
    test.segmented_control(key=f"seal-on-{run}").set_value("design")
    run_again(test)
    press(test, f"open-test-{run}")
    opening = store.get(run).opening
    assert opening is not None
    assert (opening.looks, opening.epoch) == (1, None)
    assert t("seal.looks.first") in words(test)
    assert t("run.tab.mistakes") in tabs(test)
    assert [tile.value for tile in test.metric][2] == "98.36%"


def test_the_network_of_another_epoch_is_trained_first(store: Store) -> None:
    run = runs.over(store, sealed=True, lesson="overfitting.test")
    test = open_page(run)
    assert test.number_input(key=f"seal-epoch-{run}").value == 4  # the turning point is proposed
    assert SAY("seal.train_to.about", epoch=4, tested=8) in words(test)
    press(test, f"seal-train-{run}")
    new = next(one for one in store.summaries() if one.id != run)
    seen = store.get(new.id)
    assert (seen.experiment.epochs, seen.sealed, seen.covered) == (4, True, False)
    assert seen.lesson == "overfitting.test"
    assert store.get(run).is_sealed


def test_looks_are_told_with_what_they_mean(store: Store) -> None:
    for _ in range(2):
        store.open_test(runs.over(store, sealed=True), owner=OWNER)
    run = runs.over(store, sealed=True)
    test = open_page(run)
    assert SAY("seal.looks", looks=2, dataset=SAY("option.dataset.digits")) in words(test)
    test.number_input(key=f"seal-epoch-{run}").set_value(8)
    run_again(test)
    press(test, f"open-test-{run}")
    assert SAY("seal.looks.several", looks=3) in words(test)
    assert SAY("seal.settled.epoch", epoch=8) in words(test)
    assert [one.looks for one in [store.get(run).opening] if one] == [3]


def test_without_validation_only_the_design_can_be_settled_on(store: Store) -> None:
    run = runs.over(store, val_losses=(None,) * 8, sealed=True, split=NoSplit())
    test = press(open_page(run), f"open-test-{run}")
    assert SAY("seal.settled.design") in words(test)


def test_what_was_never_tested_is_not_opened(store: Store) -> None:
    run = runs.over(store, RunState.FAILED, sealed=True)
    test = open_page(run)
    assert SAY("seal.never_tested") in words(test)
    assert "open-test" not in keys(test)


# The switches


@pytest.mark.parametrize("page", ["", "lab"])
def test_the_switches_hide_what_is_trained_next(store: Store, page: str) -> None:
    test = opened(page)
    start = SAY("lab.train" if page else "home.start")
    for switch in ("predict-first", "seal-test"):
        assert not test.toggle(key=switch).value
        test.toggle(key=switch).set_value(True)
    run_again(test)
    press_label(test, start)
    (run,) = store.summaries()
    assert (run.covered, run.sealed) == (True, True)


def test_a_run_that_is_neither_says_nothing_of_it(store: Store) -> None:
    run = runs.over(store)
    test = open_page(run)
    assert not {"predict", "reveal", "open-test", "seal-train"} & keys(test)
    assert SAY("seal.title") not in words(test)
