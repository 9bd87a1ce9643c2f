"""What is done in a step with the reader's own runs: guess the better one, open a test result, take notes."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from core.storage import Store
from dashboard.learn import lesson as lessons
from dashboard.learn.cards import known_steps
from dashboard.shared import services
from dashboard.shared.language import language
from dashboard.shared.lesson_record.places import places
from tests.dashboard import runs
from tests.dashboard.pages import opened, press, press_label, run_again, words
from tests.dashboard.test_covered_runs import sent
from tests.dashboard.test_guess import found_in
from tests.dashboard.test_verdicts import answering, judged


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "owner", lambda: "student")


def at(step: str, code: str = "en") -> AppTest:
    name, _, place = step.partition(".")
    return opened("learn", code, lesson=name, step=place)


@pytest.mark.parametrize("code", ["ko", "en"])
def test_the_better_of_two_own_networks_is_guessed_in_the_step(store: Store, code: str) -> None:
    t, place = language(code), "depth.which-wins"
    step = lessons.lesson("depth", code).step("which-wins")
    labels = services.dataset("digits").y_test
    title = lessons.lesson("depth", code).step("shallow").title
    assert t("learn.figure.train_first", step=title) in words(at(place, code))
    assert t("learn.finding.lacking") in words(at(place, code))
    first = judged(store, answering(labels, range(40)), sealed=True, lesson="depth.shallow")
    hidden = runs.over(store, covered=True, sealed=True, lesson="depth.deep")
    assert t("guess.covered") in words(at(place, code))
    assert t("learn.finding.covered") in words(at(place, code))
    store.delete(hidden)
    second = judged(store, answering(labels, range(10)), sealed=True, lesson="depth.deep")
    test = at(place, code)
    assert not found_in(sent(test))
    run_again(test.radio(key=f"guess-{','.join(sorted((first, second)))}").set_value(""))
    press(test, "guess-submit")
    said = step.done.format(
        guessed=t("learn.guess.none"),
        winner=step.action.names[1],  # type: ignore[union-attr]
        samples="297",
        first="86.5%",
        second="96.6%",
    )
    assert said in str(test.success[0].value)
    assert t("guess.judged.missed") in words(test)
    assert store.looks("student", "digits") == 2


@pytest.mark.parametrize("code", ["ko", "en"])
def test_a_test_result_is_opened_in_the_step(store: Store, code: str) -> None:
    t, place = language(code), "first-network.test"
    step = lessons.lesson("first-network", code).step("test")
    run = runs.over(store, sealed=True, lesson="first-network.train")
    test = at(place, code)
    assert t("seal.title") in words(test)
    assert "98.36" not in sent(test)
    assert t("learn.finding.sealed") in words(test)
    # Another epoch's network is trained in the same step, and sealed like the first one.
    press(test, f"seal-train-{run}")
    newer = store.get(store.queue()[0])
    assert (newer.lesson, newer.sealed, newer.experiment.epochs) == ("first-network.train", True, 4)
    store.request_stop(newer.id)
    test = at(place, code)
    run_again(test.segmented_control(key=f"seal-on-{run}").select("design"))
    press(test, f"open-test-{run}")
    assert store.get(run).opening is not None
    assert step.done.format(samples="122", accuracy="98.4%") in str(test.success[0].value)
    assert t("learn.see_run") in [one.proto.label for one in test.get("page_link")]  # type: ignore[union-attr]


@pytest.mark.parametrize("code", ["ko", "en"])
def test_hypothesis_and_result_are_written_in_the_steps(store: Store, code: str) -> None:
    t = language(code)
    run = runs.over(store, covered=True, lesson="own-experiment.change")
    test = at("own-experiment.change", code)
    assert [one.label for one in test.text_area] == [t("notes.hypothesis")]
    run_again(test.text_area[0].input("earlier <b>$x$</b>"))
    assert store.get(run).notes == {"hypothesis": "earlier <b>$x$</b>"}
    store.predict(run, 3, owner="student")
    test = at("own-experiment.saw", code)
    step = lessons.lesson("own-experiment", code).step("saw")
    assert step.not_yet in words(test)
    run_again(test.text_area(key=f"notes-{run}-saw").input("at 4"))
    assert str(test.success[0].value) == step.done, "the check follows at once"
    assert store.get(run).notes == {"hypothesis": "earlier <b>$x$</b>", "saw": "at 4"}


def test_what_a_step_lets_train_in_the_lab_counts_for_the_step(store: Store) -> None:
    t = language("en")
    assert set(places()) == known_steps(t)
    (link,) = [
        one.proto.query_string  # type: ignore[union-attr]
        for one in at("own-experiment.chance").get("page_link")
        if one.proto.page == "lab"  # type: ignore[union-attr]
    ]
    address = dict(parse_qsl(link))
    assert address["lesson"] == "own-experiment.chance"
    lab = opened("lab", "en", **address)
    assert t("lesson.counts") in words(lab)
    run_again(
        lab.number_input(key=next(one.key for one in lab.number_input if "epochs" in str(one.key))).set_value(
            3
        )
    )
    assert "own-experiment.chance" in lab.query_params["lesson"], "it stays while the experiment changes"
    press_label(lab, t("lab.train"))
    (run,) = store.summaries(lesson="own-experiment.chance", owner="student")
    assert run.experiment.epochs == 3
    forged = opened("lab", "en", lesson="own-experiment.<b>x</b>")
    assert "There is no step “own-experiment." in words(forged)
    press_label(forged, t("lab.train"))
    assert len(store.summaries(lesson="")) == 1
