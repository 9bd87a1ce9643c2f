"""The rules of a class hold wherever a run is begun, on every back end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.classroom import Caps, Fixed, Pace, Rules
from core.errors import ClassError, TurningPointError
from core.experiment import Experiment
from core.jobs import queue
from core.run import Epoch, Evaluation, Reason, RunState
from core.storage import Store
from core.study import Plan
from tests.networks import keep_networks


def code_of(action: Callable[[], Any]) -> str:
    """The code of the error that an action ends with; "" if with none."""
    try:
        action()
    except TurningPointError as error:
        return error.code
    return ""


def over(store: Store, experiment: Experiment, owner: str, state: RunState = RunState.FINISHED) -> str:
    run = store.add(experiment, owner=owner, worker="here")
    store.record_epoch(run, Epoch(1, 0.5, 0.8, 0.6, 0.7, 0.001, 0.25))
    store.finish(run, state, Reason("all_epochs", {"epochs": 1}))
    keep_networks(store.artifacts, run)
    return run


@pytest.fixture
def code(store: Store) -> str:
    """A class with two students."""
    code = store.open_class("teacher").code
    for student in ("ann", "bob"):
        store.join(code, student, student)
    return code


def test_every_way_into_the_queue_asks_the_rules(store: Store, code: str, experiment: Experiment) -> None:
    done = over(store, experiment, "ann")
    broken = over(store, experiment, "ann", RunState.INTERRUPTED)
    artifacts = store.artifacts
    ways: dict[str, Callable[[str], str]] = {
        "submit": lambda who: queue.submit(store, experiment, owner=who),
        "extend": lambda who: queue.extend(store, done, 1, owner=who, artifacts=artifacts),
        "resume": lambda who: queue.resume(store, broken, owner=who, artifacts=artifacts),
        "train_to": lambda who: queue.train_to(store, done, 1, owner=who),
        "study": lambda who: queue.submit_study(store, Plan(experiment, seeds=(1, 2)), owner=who),
        "add": lambda who: store.add(experiment, owner=who),
        "add_study": lambda who: store.add_study(Plan(experiment, seeds=(3, 4)), owner=who),
    }
    other = experiment.with_changes(seed=experiment.seed + 99).to_dict()
    for rules, refused in (
        (Rules(paused=True), "class_paused"),
        (Rules(fixed=Fixed(experiment=other)), "class_fixed"),
        (Rules(caps=Caps(samples=1)), "class_cap_samples"),
        (Rules(caps=Caps(parameters=1)), "class_cap_parameters"),
    ):
        store.set_rules(code, lambda _, rules=rules: rules, teacher="teacher")
        before = store.count(), store.count_studies()
        for name, way in ways.items():
            assert code_of(lambda way=way: way("bob")) == refused, name
        assert (store.count(), store.count_studies()) == before
        assert store.rules_of("bob") == rules
        assert store.rules_of("teacher") == store.rules_of("stranger") == Rules()
    for name, way in ways.items():
        assert way("stranger"), name
    store.end_class(code, teacher="teacher")
    assert ways["submit"]("bob")


def test_steps_that_are_not_open_are_not_trained(store: Store, code: str, experiment: Experiment) -> None:
    rules = Rules(pace=Pace(lesson="depth", open=("one", "two")))
    store.set_rules(code, lambda _: rules, teacher="teacher")
    assert not code_of(lambda: queue.submit(store, experiment, owner="ann", lesson="depth.two"))
    for step in ("depth.three", "overfitting.one", "nonsense"):
        assert code_of(lambda step=step: queue.submit(store, experiment, owner="ann", lesson=step)) == (
            "class_pace"
        )


def test_of_many_presses_at_once_only_as_many_wait_as_may(
    store: Store, code: str, experiment: Experiment
) -> None:
    store.set_rules(code, lambda _: Rules(caps=Caps(waiting=3)), teacher="teacher")
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: code_of(lambda: store.add(experiment, owner="ann")), range(12)))
    assert (codes.count(""), codes.count("class_cap_waiting")) == (3, 9)
    assert queue.room_for_study(store, "ann") == 0
    assert queue.room_for_study(store, "bob") == 3
    plan = Plan(experiment, seeds=(1, 2, 3, 4))
    assert code_of(lambda: store.add_study(plan, owner="bob")) == "class_cap_waiting"
    assert store.count(owner="bob") == 0


def test_all_runs_of_a_class_are_stopped_by_its_teacher_alone(
    store: Store, code: str, experiment: Experiment
) -> None:
    done = over(store, experiment, "ann")
    waiting, running = (store.add(experiment, owner="bob") for _ in range(2))
    outside = store.add(experiment, owner="stranger")
    store.start(running, "worker")
    for who in ("ann", "stranger", ""):
        for action in (store.stop_runs, store.class_runs, store.clear_ballots):
            assert code_of(lambda action=action, who=who: action(code, teacher=who)) == "class_not_teacher"
    assert code_of(lambda: store.stop_runs("BBBBBB", teacher="teacher")) == "unknown_class"
    assert store.stop_runs(code, teacher="teacher") == 2
    assert [store.get(run).state for run in (waiting, running, outside)] == [
        RunState.STOPPED,
        RunState.STOPPING,
        RunState.QUEUED,
    ]
    assert store.class_runs(code, teacher="teacher") == ([waiting, done], [running])
    assert store.stop_runs(code, teacher="teacher") == 0


def test_of_a_shared_training_the_runs_of_the_class_end_and_no_other(
    store: Store, code: str, experiment: Experiment
) -> None:
    leader = queue.submit(store, experiment, owner="ann")
    store.start(leader, "worker")
    mate = queue.submit(store, experiment, owner="bob")
    outside = queue.submit(store, experiment, owner="stranger")
    alone, behind = (
        queue.submit(store, experiment.with_changes(seed=experiment.seed + 1), owner=who)
        for who in ("ann", "bob")
    )
    assert store.stop_runs(code, teacher="teacher") == 4
    assert {store.get(run).state for run in (mate, alone, behind)} == {RunState.STOPPED}
    assert store.get(leader).state is RunState.STOPPING
    assert not store.get(outside).state.is_over
    assert store.queue() == [], "nothing is handed on within the class"


def test_a_pause_hinders_no_prediction_no_opening_and_no_note(
    store: Store, code: str, experiment: Experiment
) -> None:
    covered = store.add(experiment, owner="ann", covered=True)
    store.start(covered, "worker")
    store.record_epoch(covered, Epoch(1, 0.5, 0.8, 0.6, 0.7, 0.001, 0.25))
    sealed = store.add(experiment, owner="ann", worker="here", sealed=True)
    store.record_epoch(sealed, Epoch(1, 0.5, 0.8, 0.6, 0.7, 0.001, 0.25))
    store.record_evaluation(sealed, Evaluation(0.3, 1.0, ((1, 0), (0, 1))))
    store.finish(sealed, RunState.FINISHED, Reason("all_epochs", {"epochs": 1}))
    store.set_rules(code, lambda _: Rules(paused=True), teacher="teacher")
    assert store.predict(covered, 2, owner="ann").epoch == 2
    assert store.open_test(sealed, owner="ann").looks == 1
    assert store.annotate(sealed, saw="it turned") == {"saw": "it turned"}


def test_an_error_of_the_rules_comes_before_one_of_the_room(
    store: Store, code: str, experiment: Experiment
) -> None:
    for _ in range(queue.MOST_WAITING):
        store.add(experiment, owner="ann")
    store.set_rules(code, lambda _: Rules(paused=True), teacher="teacher")
    with pytest.raises(ClassError):
        queue.submit(store, experiment, owner="ann")


def test_a_grant_is_kept_as_sealed_and_taken_back(store: Store) -> None:
    assert store.teaching_seal("ann") is None
    for seal in ("one", "two"):
        store.grant_teaching("ann", seal)
        assert (store.teaching_seal("ann"), store.teaching_seal("bob")) == (seal, None)
    store.withdraw_teaching("ann")
    assert store.teaching_seal("ann") is None
