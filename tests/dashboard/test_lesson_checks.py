"""What a step's check says of what the student's own runs show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from core import presets
from core.analysis.agreement import Agreement, PairwiseTest
from core.comparison import ComparisonPrediction
from core.experiment import Experiment
from core.run import Evaluation, Reason, RunState, Timing
from core.settings import Settings
from core.storage import Artifacts, Store, open_store
from core.study import Plan
from dashboard.learn import action_kinds, check_kinds
from dashboard.learn.checks import Finding, Given, judge
from dashboard.learn.lesson import Step
from dashboard.learn.on_runs import guess_words
from dashboard.learn.own_runs import OwnRuns
from dashboard.live.winner.text import Outcome
from dashboard.shared.language import language
from dashboard.shared.training import start_once
from dashboard.shared.viewer import Viewer
from tests.dashboard.runs import FALLING, MATRIX, TURNING, epochs

ME = "student"
SAY = language("en")
TRAIN = {"kind": "train", "preset": "digits-first-network"}
BASE = presets.load("digits-first-network")


def step(check: dict[str, Any], action: dict[str, Any] | None = None, **more: Any) -> Step:
    words = dict.fromkeys(("title", "text", "task", "done", "not_yet", "goal", "teacher"), "words")
    return Step.model_validate(
        {"id": "here", "minutes": 1, "action": action or TRAIN, "check": check, **words, **more}
    )


def ended(
    store: Store,
    val_losses: Sequence[float | None] = TURNING,
    *,
    at: str = "lesson.here",
    owner: str = ME,
    state: RunState = RunState.FINISHED,
    experiment: Experiment = BASE,
    val_accuracy: float | None = None,
    **more: Any,
) -> str:
    """A run of a step that has ended."""
    run = store.add(experiment, owner=owner, lesson=at, worker="test", **more)
    for epoch in epochs(val_losses, val_accuracy):
        store.record_epoch(run, epoch)
    if state is RunState.FINISHED:
        store.record_evaluation(run, Evaluation(0.3456, 120 / 122, MATRIX))
    store.finish(run, state, Reason("all_epochs", {"epochs": len(val_losses)}), timing=Timing(1, 1, 1, 1))
    return run


def found(
    store: Store,
    check: dict[str, Any],
    *,
    given: Given | None = None,
    begins_at: Sequence[Experiment] = (BASE,),
    **more: Any,
) -> Finding:
    runs = OwnRuns(store, ME, "lesson")
    return judge(step(check, **more), "lesson", runs, given or Given(), begins_at=begins_at)


def test_without_a_run_of_the_students_own_nothing_is_said(store: Store) -> None:
    ended(store, owner="another")
    ended(store, at="lesson.elsewhere")
    ended(store, at="")
    assert found(store, {"kind": "turned"}).state == "nothing"


def test_a_run_that_is_under_way_or_ended_badly_is_said_to_be(store: Store) -> None:
    ended(store, state=RunState.FAILED)
    assert found(store, {"kind": "trained"}).state == "failed"
    store.add(BASE, owner=ME, lesson="lesson.here")
    assert found(store, {"kind": "trained"}).state == "running"


def test_the_turn_is_that_of_the_run(store: Store) -> None:
    ended(store)
    said = found(store, {"kind": "turned"})
    assert said.state == "done"
    assert said.details == {"epoch": 4, "epochs": 8, "lowest": "0.4000", "last": "0.6000", "rise": "50%"}


def test_a_run_without_a_turn_is_not_yet_one_and_an_earlier_one_with_it_still_counts(store: Store) -> None:
    ended(store, FALLING)
    assert found(store, {"kind": "turned"}).state == "not_yet"
    turned = ended(store)
    ended(store, FALLING)
    said = found(store, {"kind": "turned"})
    assert said.state == "done"
    assert said.run is not None
    assert said.run.id == turned


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, "done"),
        ({"epochs": 9}, "not_yet"),
        ({"at_least": 0.9}, "done"),
        ({"at_least": 0.95}, "not_yet"),
        ({"measure": "val_accuracy", "at_least": 0.9}, "not_yet"),
    ],
)
def test_trained_asks_for_epochs_and_accuracy(store: Store, more: dict[str, Any], state: str) -> None:
    ended(store)  # the accuracy of its last epoch is 93.75 %, on validation 85 %
    assert found(store, {"kind": "trained", **more}).state == state


@pytest.mark.parametrize(
    ("check", "state"),
    [
        ({"kind": "better_than"}, "done"),
        ({"kind": "better_than", "by": 0.05}, "done"),
        ({"kind": "better_than", "by": 0.15}, "not_yet"),
        ({"kind": "better_than", "smaller": True}, "not_yet"),
        ({"kind": "worse_than"}, "not_yet"),
    ],
)
def test_of_two_runs_the_better_one_on_validation_is_found(
    store: Store, check: dict[str, Any], state: str
) -> None:
    ended(store, (0.9, 0.5, 0.7), at="lesson.before")
    ended(store)  # its lowest loss is 0.4
    said = found(store, {**check, "than": "own:before"})
    assert said.state == state
    assert (said.details["value"], said.details["other"], said.details["difference"]) == (
        "0.4000",
        "0.5000",
        "0.1000",
    )
    assert (said.details["epoch"], said.details["other_epoch"]) == (4, 2)


def test_accuracies_differ_by_points_and_the_worse_one_is_found(store: Store) -> None:
    ended(store, at="lesson.before", val_accuracy=0.8)
    ended(store, val_accuracy=0.7)
    check = {"than": "own:before", "measure": "val_accuracy", "by": 0.05}
    assert found(store, {"kind": "worse_than", **check}).state == "done"
    assert found(store, {"kind": "better_than", **check}).details["difference"] == "10.0"


def test_a_run_is_no_better_than_itself_or_one_that_is_not_there(store: Store) -> None:
    ended(store)
    assert found(store, {"kind": "better_than", "than": "own:here", "by": -1}).state == "not_yet"
    assert found(store, {"kind": "better_than", "than": "own:before"}).state == "lacking"


@pytest.mark.parametrize(
    ("changes", "state", "count"),
    [
        ({}, "not_yet", 0),
        ({"batch_size": 16}, "done", 1),
        ({"batch_size": 16, "seed": 3}, "not_yet", 2),
    ],
)
def test_exactly_one_setting_must_differ(
    store: Store, changes: dict[str, Any], state: str, count: int
) -> None:
    ended(store, experiment=BASE.with_changes(**changes))
    said = found(store, {"kind": "changed"})
    assert (said.state, said.details["count"], len(said.settings)) == (state, count, count)


def test_what_differs_is_measured_by_what_the_step_begins_at_on_the_same_data(store: Store) -> None:
    reviews = presets.load("mini-reviews")
    ended(store, experiment=reviews.with_changes(batch_size=16))
    assert found(store, {"kind": "changed"}).state == "lacking"
    assert found(store, {"kind": "changed"}, begins_at=(BASE, reviews)).state == "done"


def test_a_certain_setting_may_be_asked_for_and_another_run_to_differ_from(store: Store) -> None:
    ended(store, at="lesson.before", experiment=BASE.with_changes(seed=3))
    ended(store, experiment=BASE.with_changes(seed=3, batch_size=16))
    check = {"kind": "changed", "from_run": "own:before"}
    assert found(store, {**check, "setting": "batch_size"}).state == "done"
    assert found(store, {**check, "setting": "epochs"}).state == "not_yet"


def test_the_cure_is_a_new_network_up_to_the_turn(store: Store) -> None:
    before = ended(store, at="lesson.before")
    check = {"kind": "stopped_at", "turn_of": "own:before"}
    ended(store, (0.9, 0.6))
    assert found(store, check).state == "not_yet"
    ended(store, FALLING, continues=before)
    assert found(store, check).state == "not_yet"  # going on is no new network
    ended(store, FALLING)
    said = found(store, check)
    assert (said.state, said.details["epoch"], said.details["value"]) == ("done", 4, "0.4000")


def test_answers_and_explored_values(store: Store) -> None:
    asked = {"kind": "answer", "choices": ["a", "b"], "right": 1, "feedback": ["no", "yes"]}
    check = {"kind": "answer"}
    states = [found(store, check, action=asked, given=Given(answer)).state for answer in (None, 0, 1)]
    assert states == ["nothing", "not_yet", "done"]
    explored = {"kind": "explored", "value": "largest", "least": 0.9}
    figure = {"kind": "softmax", "scores": [1, 2]}
    for values, state in (({}, "nothing"), ({"largest": 0.8}, "not_yet"), ({"largest": 0.93}, "done")):
        said = found(store, explored, action={"kind": "explore"}, figure=figure, given=Given(None, values))
        assert said.state == state


def test_a_study_counts_when_all_its_runs_are_over(store: Store) -> None:
    check = {"kind": "studied", "by": "seed", "runs": 3}
    plan = Plan(BASE, seeds=(1, 2, 3))
    for member in plan.members[:2]:
        ended(store, at="", experiment=member.experiment, val_accuracy=0.8)
    assert found(store, check).state == "nothing"
    study = store.get_study(store.add_study(plan, owner=ME))
    assert found(store, check).state == "running"
    (waiting,) = (run for run in study.runs if run not in study.reused)
    assert store.start(waiting, "test")
    for epoch in epochs(TURNING, 0.9):
        store.record_epoch(waiting, epoch)
    store.finish(waiting, RunState.FINISHED, Reason("all_epochs", {"epochs": 8}))
    said = found(store, check)
    assert (said.state, said.details["runs"], said.details["low"], said.details["high"]) == (
        "done",
        3,
        "80.0%",
        "90.0%",
    )


def test_a_covered_run_is_not_judged_by_what_validation_said(store: Store) -> None:
    ended(store, covered=True)
    for check in ({"kind": "turned"}, {"kind": "predicted"}, {"kind": "trained", "measure": "val_accuracy"}):
        said = found(store, check)
        assert said.state == "covered"
        assert not said.details
    assert found(store, {"kind": "trained"}).state == "done"


def test_a_sealed_test_result_is_not_said(store: Store) -> None:
    ended(store, sealed=True)
    said = found(store, {"kind": "opened_test"})
    assert said.state == "sealed"
    assert not said.details


def test_a_prediction_is_measured_by_the_turn_of_the_run(store: Store) -> None:
    run = ended(store, covered=True)
    assert found(store, {"kind": "predicted"}).state == "covered"
    store.predict(run, 7, owner=ME)
    said = found(store, {"kind": "predicted"})
    assert (said.state, said.details) == ("done", {"predicted": 7, "epoch": 4, "distance": 3})


def test_who_only_looks_has_not_predicted(store: Store) -> None:
    store.reveal(ended(store, covered=True), owner=ME)
    assert found(store, {"kind": "predicted"}).state == "not_yet"


def test_an_opened_test_result_is_said_with_the_number_of_looks(store: Store) -> None:
    for look in (1, 2):
        store.open_test(ended(store, sealed=True), owner=ME)
        said = found(store, {"kind": "opened_test"})
        assert (said.state, said.details["looks"], said.details["accuracy"]) == ("done", look, "98.4%")


def test_a_note_is_asked_for_by_its_kind(store: Store) -> None:
    check = {"kind": "noted", "of": "here"}
    run = ended(store)
    assert found(store, check).state == "nothing"
    store.annotate(run, hypothesis="it turns at 3")
    assert found(store, check).state == "not_yet"
    assert found(store, {**check, "notes": ["hypothesis"]}).state == "done"
    store.annotate(run, saw="at 4")
    assert found(store, check).state == "done"
    store.annotate(run, hypothesis=" \n ")
    assert found(store, check).state == "not_yet"


@pytest.mark.parametrize("winner", ["first", "second", None])
def test_a_guess_is_said_with_what_the_test_shows(store: Store, winner: str | None) -> None:
    both = [store.get(ended(store, at=f"lesson.{name}")) for name in ("one", "two")]
    runs = (both[0], replace(both[1], evaluation=Evaluation(0.3, 0.75, MATRIX)))
    guessed = {"first": both[0].id, "second": both[1].id, None: None}[winner]
    counts = Agreement(both_right=80, only_first=2, only_second=12, wrong_alike=3, wrong_differently=0)
    test = PairwiseTest(both[0].id, both[1].id, counts, p=0.0129, p_holm=0.0129)
    outcome = Outcome(ComparisonPrediction(guessed, False, datetime.now(UTC), ()), runs, test)
    action = {"kind": "compare", "runs": ["own:one", "own:two"], "names": ["One", "Two"]}
    check = {"kind": "guessed"}
    assert found(store, check, action=action).state == "nothing"
    assert found(store, check, action=action, given=Given(lacks="lacking")).state == "lacking"
    said = found(store, check, action=action, given=Given(guess=outcome))
    assert said.state == "done"
    assert said.details == {"first": "98.4%", "second": "75.0%", "difference": "23.4", "samples": "297"}
    asked = action_kinds.CompareAction.model_validate(action)
    none = SAY("learn.guess.none")
    called = {"first": "One", "second": "Two", None: none}[winner]
    assert guess_words(outcome, asked, SAY) == {"guessed": called, "winner": "Two"}
    equal = replace(outcome, pair=replace(test, p=0.3, p_holm=0.3))
    assert guess_words(equal, asked, SAY)["winner"] == none
    assert guess_words(replace(outcome, pair=None), asked, SAY)["winner"] == "–"
    looked = replace(outcome, prediction=replace(outcome.prediction, shown=True, winner=None))
    assert found(store, check, action=action, given=Given(guess=looked)).state == "not_yet"


def test_who_checks_a_guess_asks_for_it() -> None:
    with pytest.raises(ValueError, match="checks the guess"):
        step({"kind": "guessed"})


def test_the_same_press_in_a_step_leads_to_the_same_run_and_in_another_to_another(store: Store) -> None:
    me = Viewer(ME)
    first = start_once(store, BASE, by=me, lesson="lesson.here")
    assert start_once(store, BASE, by=me, lesson="lesson.here") == first
    assert start_once(store, BASE, by=me, lesson="lesson.there") != first
    assert start_once(store, BASE, by=me) not in (first, None)
    assert store.get(first).lesson == "lesson.here"


@pytest.mark.slow
def test_a_network_that_was_really_trained_is_found_and_judged(settings: Settings) -> None:
    from core.training.execute import execute

    store = open_store(settings)
    experiment = presets.load("mini-reviews").with_changes(epochs=12)
    run = store.add(experiment, owner=ME, lesson="lesson.here", preset="mini-reviews", worker="test")
    execute(run, settings, store=store, artifacts=Artifacts(settings.artifacts))
    reread = open_store(settings)  # as after a restart of the server
    trained = found(reread, {"kind": "trained", "epochs": 12, "at_least": 0.8})
    assert trained.state == "done", trained
    turned = found(reread, {"kind": "turned"})
    assert turned.state == "done", turned
    losses = [epoch.val_loss for epoch in reread.get(run).epochs]
    lowest = min(range(12), key=lambda place: losses[place] or 9.0)
    assert turned.details["epoch"] == lowest + 1
    store.close()
    reread.close()


def test_each_kind_of_check_is_one_of_the_model() -> None:
    every = {one for one in vars(check_kinds).values() if isinstance(one, type) and hasattr(one, "PLACES")}
    with_kind = {one for one in every if "kind" in getattr(one, "model_fields", {})}
    assert len(with_kind) == 13
    assert action_kinds.TrainAction.model_validate(TRAIN).experiment() == BASE
