"""The form that makes studies, pressed as a student would, without a browser."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from core import presets
from core.run import RunState
from core.storage import Store
from core.study import MOST_RUNS
from dashboard.shared import services
from dashboard.shared.language import language
from tests.dashboard import runs, studies
from tests.dashboard.pages import checked, opened, words

SAY = language("en")


@pytest.fixture(autouse=True)
def _one_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "owner", lambda: studies.OWNER)


def open_form(kind: str = "repeat", lang: str = "en", **parameters: str) -> AppTest:
    return opened("lab", lang, state={"study-form": True, "study-kind": kind}, **parameters)


def queue(test: AppTest) -> AppTest:
    queue_button(test)[0].click().run()
    assert not test.exception
    return test


def queue_button(test: AppTest) -> list[Button]:
    return [one for one in test.button if "study-queue" in (one.key or "")]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_form_is_shut_at_first_and_its_draft_stays_in_the_address(lang: str) -> None:
    test = opened("lab", lang, epochs="7")
    assert not queue_button(test)
    again = open_form(lang=lang, epochs="7")
    assert str(again.query_params["epochs"]) in ("7", "['7']")


def test_an_experiment_is_repeated_with_five_seeds(store: Store) -> None:
    test = open_form()
    assert "**5** runs" in words(test)
    test = queue(test)
    (study,) = store.studies()
    assert study.plan.base == presets.load(presets.PLAIN)
    seed = study.plan.base.seed
    assert study.plan.seeds == tuple(range(seed, seed + 5))
    assert study.owner == studies.OWNER
    assert store.count(states={RunState.QUEUED}) == 5
    assert study.id in str(test.query_params["study"])
    assert "0 of 5 done" in test.get("progress")[0].proto.text


def test_the_same_press_leads_to_the_same_study(store: Store) -> None:
    queue(open_form())
    queue(open_form())
    assert store.count_studies() == 1
    assert store.count() == 5


def test_what_was_trained_is_reused_and_said_so(store: Store) -> None:
    run = store.add(presets.load(presets.PLAIN), owner="x")
    assert store.start(run, "w")
    for epoch in runs.epochs(runs.TURNING):
        store.record_epoch(run, epoch)
    store.record_evaluation(run, runs.Evaluation(0.3, 0.9, runs.MATRIX))
    store.finish(run, RunState.FINISHED, runs.DONE[RunState.FINISHED], timing=runs.Timing(0.1, 40, 0.1, 1))
    test = open_form()
    assert SAY("study.preview.reused", reused=1, new=4) in words(test)
    assert "about" in words(test)
    queue(test)
    assert store.studies()[0].runs[0] == run
    assert store.studies()[0].reused == {run}


def test_two_settings_are_varied(store: Store) -> None:
    test = open_form("vary")
    test.text_input(key="study-values-1-units").input("16, 32").run()
    test.selectbox(key="study-factor-2").select("optimizer.kind").run()
    test.multiselect(key="study-values-2-optimizer.kind").set_value(["adam", "sgd"]).run()
    test.number_input(key="study.form.seeds_each").set_value(2).run()
    assert "2 × 2 × 2 = **8** runs" in words(test)
    queue(test)
    factors = store.studies()[0].plan.factors
    assert [(one.setting, one.values) for one in factors] == [
        ("units", (16, 32)),
        ("optimizer.kind", ("adam", "sgd")),
    ]
    assert store.count() == 8


def test_what_cannot_be_is_said_and_nothing_queued(store: Store) -> None:
    test = open_form("vary")
    for values, sentence in (
        ("64, 12x", "'12x', but must be a whole number"),
        ("", "There are no values"),
        ("64, 5000", "**Hidden units 5,000**"),
        (", ".join(map(str, range(1, 40))), f"at most {MOST_RUNS} runs"),
        ("<script>", r"'\<script\>', but must be a whole number"),
    ):
        test.text_input(key="study-values-1-units").input(values).run()
        assert not test.exception
        assert sentence in words(test)
        assert not queue_button(test)
    assert store.count() == 0


def test_a_cross_validation_is_queued(store: Store) -> None:
    test = open_form("folds")
    assert not test.info
    queue(test)
    plan = store.studies()[0].plan
    assert (plan.folds, len(plan.members)) == (5, 5)
    assert {member.experiment.split.kind for member in plan.members} == {"fold"}


def test_large_data_are_advised_against_folds() -> None:
    test = open_form("folds", preset="imdb-multi-hot")
    assert SAY("study.form.large", samples="25,000", bound="10,000") in words(test)
    assert queue_button(test)[0].disabled


def test_an_impossible_draft_is_mended_first() -> None:
    test = open_form()
    checked(test.menu_button[0].click("lstm").run())
    assert SAY("study.form.impossible") in words(test)


def test_the_room_in_the_queue_is_said_before_the_press_and_a_study_keeps_to_it(store: Store) -> None:
    assert "room" not in words(open_form())
    for number in range(56):
        runs.queued(store, owner=studies.OWNER, seed=number)
    test = open_form()
    assert SAY("error.queue_no_room", received=5, room=4) in words(test)
    assert queue_button(test)[0].disabled
    test.number_input(key="study.form.seeds").set_value(4).run()
    assert SAY("study.form.room", room=4) in words(test)
    queue(test)
    assert store.count(states={RunState.QUEUED}) == 60


def test_a_finished_run_is_repeated_by_one_press(store: Store) -> None:
    run = runs.over(store, owner=studies.OWNER)
    test = opened("run", run=run)
    test.button(key="repeat-run").click().run()
    assert not test.exception
    (study,) = store.studies()
    assert study.runs[0] == run
    assert study.reused == {run}
    assert store.count(states={RunState.QUEUED}) == 4
    assert study.id in str(test.query_params["study"])


def test_a_run_that_failed_is_not_repeated(store: Store) -> None:
    run = runs.over(store, RunState.FAILED, owner=studies.OWNER)
    test = opened("run", None, run=run)
    assert "repeat-run" not in {button.key for button in test.button}
