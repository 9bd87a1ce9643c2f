"""Runs that share one training, and whose turn comes first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.disclosure import disclosed
from core.experiment import Experiment
from core.run import Epoch, Evaluation, Progress, Reason, RunState, Timing
from core.storage import Artifacts, Store, sharing
from core.storage.queue import MOST_OVERTAKING

ALL, STOPPED = Reason("all_epochs", {"epochs": 3}), Reason("stopped_by_user", {"epoch": 2})
DIED, SILENT = Reason("worker_died", {"epoch": 3}), Reason("no_sign_of_life", {"seconds": 60})
TIMING = Timing(0.1, 1.0, 0.1, 300.0)


def epoch(number: int) -> Epoch:
    return Epoch(number, 1.0 / number, 0.5, 2.0 / number, 0.4, 0.01, 0.1)


def shared(store: Store, experiment: Experiment, owner: str, **about: Any) -> str:
    return store.add(experiment, owner=owner, share=True, **about)


def another(experiment: Experiment, seed: int) -> Experiment:
    return experiment.with_changes(seed=seed)


def test_equal_experiments_are_trained_once_and_each_has_all_of_it(
    store: Store, artifacts: Artifacts, experiment: Experiment
) -> None:
    leader = shared(store, experiment, "a", title="mine")
    early = shared(store, experiment, "b", covered=True, lesson="one.two")
    shared(store, another(experiment, 99), "c")

    assert store.queue()[0] == leader
    assert early not in store.queue()
    assert store.get(early).position == store.get(leader).position == 1
    assert store.claim("w") == leader
    assert early not in store.under_way()
    assert store.get(early).state is RunState.RUNNING
    assert not store.start(early, "w2")

    store.record_environment(leader, {"pid": 7})
    store.record_epoch(leader, epoch(1))
    late = shared(store, experiment, "d", sealed=True)
    assert store.get(late).epochs == (epoch(1),)
    store.record_progress(leader, Progress("training", 2, 3))
    store.record_epoch(leader, epoch(2))
    evaluation = Evaluation(0.3, 0.9, ((9, 1), (0, 10)))
    store.record_evaluation(leader, evaluation)
    store.artifacts.save_array(leader, "test_probabilities", np.ones(3))
    last = shared(store, experiment, "e")
    assert store.finish(leader, RunState.FINISHED, ALL, timing=TIMING, best_epoch=2)

    runs = store.get_many([leader, early, late, last])
    for run in runs:
        assert (run.state, run.reason, run.timing, run.best_epoch) == (RunState.FINISHED, ALL, TIMING, 2)
        assert run.epochs == (epoch(1), epoch(2))
        assert run.evaluation == evaluation
        assert run.progress is None
        assert store.artifacts.load_array(run.id, "test_probabilities").tolist() == [1, 1, 1]
    assert [run.follows for run in runs] == ["", leader, leader, leader]
    assert [run.title for run in runs] == ["mine", "", "", ""]
    assert runs[1].lesson == "one.two"
    # Each is disclosed by its own cover and seal.
    hidden = [disclosed(run) for run in runs]
    assert [run.evaluation is None for run in hidden] == [False, True, True, False]
    assert [run.epochs[0].val_loss is None for run in hidden] == [False, True, False, False]

    for run in (leader, last, early):
        store.delete(run)
        assert store.artifacts.names(late) == ["test_probabilities"]
    store.delete(late)
    assert artifacts.names(leader) == []


def test_what_others_have_just_trained_is_taken_over_once(
    store: Store, experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = shared(store, experiment, "a")
    assert store.claim("w") == leader
    store.record_environment(leader, {"threads": 1})
    store.record_epoch(leader, epoch(1))
    store.record_evaluation(leader, Evaluation(0.3, 0.9, ((9, 1), (0, 10))))
    store.artifacts.save_array(leader, "test_probabilities", np.ones(3))
    store.finish(leader, RunState.FINISHED, ALL, timing=TIMING, best_epoch=1)

    late = shared(store, experiment, "b", title="Mine", covered=True, sealed=True, expected=30.0)
    one, two = store.get_many([leader, late])
    for name in ("state", "reason", "epochs", "evaluation", "environment", "timing", "best_epoch"):
        assert getattr(one, name) == getattr(two, name), name
    assert (two.owner, two.title, two.follows, two.is_covered, two.is_sealed) == (
        "b",
        "Mine",
        leader,
        True,
        True,
    )
    assert two.taken_over
    assert not one.taken_over
    assert two.created <= two.started == two.ended
    assert store.artifacts.load_array(late, "test_probabilities").tolist() == [1, 1, 1]
    assert store.queue() == store.under_way() == []

    # Who has it already has it trained: the one that asks again, and the one that trained it.
    again = [shared(store, experiment, owner) for owner in "ba"]
    assert store.claim("w") == again[0]
    assert [store.get(run).follows for run in again] == ["", again[0]]
    store.finish(again[0], RunState.FAILED, Reason("not_a_number", {"epoch": 1, "batch": 1}))
    # Nor is taken over what failed, what may not be shared, or what is long ago; the first is still there.
    assert store.get(shared(store, experiment, "c")).follows == leader
    assert store.get(store.add(experiment, owner="d")).state is RunState.QUEUED
    store.request_stop(store.queue()[0])
    monkeypatch.setattr(sharing, "MOMENT", -1.0)
    assert store.get(shared(store, experiment, "e")).state is RunState.QUEUED
    store.delete(leader)
    assert store.artifacts.names(late) == ["test_probabilities"]


@pytest.mark.parametrize("covered", [False, True])
def test_only_what_begins_from_the_start_and_may_share_does(
    covered: bool, store: Store, experiment: Experiment
) -> None:
    first = shared(store, experiment, "a")
    alone = store.add(experiment, owner="b", covered=covered)
    going_on = shared(store, experiment, "c", continues=first, epochs=[epoch(1)])
    by_hand = shared(store, experiment, "d", worker="cli")
    assert [store.get(run).follows for run in (alone, going_on, by_hand)] == ["", "", ""]


def test_whose_turn_comes_first_has_it_trained(store: Store, experiment: Experiment) -> None:
    own = [store.add(another(experiment, seed), owner="a") for seed in (1, 2)]
    wanted = shared(store, another(experiment, 3), "a")
    follower = shared(store, another(experiment, 3), "a", title="again")
    assert store.get(follower).follows == wanted
    quick = shared(store, another(experiment, 3), "b")
    assert [store.get(run).follows for run in (wanted, follower, quick)] == [quick, quick, ""]
    assert store.queue() == [own[0], quick, own[1]]
    # What is taken out of the queue leaves the others in it.
    assert store.request_stop(quick) is RunState.STOPPED
    assert store.queue() == [own[0], own[1], wanted]
    assert store.get(follower).follows == wanted
    assert store.request_stop(follower) is RunState.STOPPED
    assert store.get(wanted).state is RunState.QUEUED


def test_a_follower_that_stops_ends_alone(store: Store, experiment: Experiment) -> None:
    leader, other, staying = (shared(store, experiment, owner) for owner in "abc")
    store.claim("w")
    store.record_epoch(leader, epoch(1))
    assert store.request_stop(other) is RunState.STOPPED
    assert not store.stop_requested(leader)
    store.record_epoch(leader, epoch(2))
    store.finish(leader, RunState.FINISHED, ALL)
    ended = store.get(other)
    assert ended.reason == Reason("left_shared", {"epoch": 1})
    assert ended.epochs == (epoch(1),)
    assert ended.follows == ""
    assert store.get(staying).state is RunState.FINISHED


def stopped(store: Store, run: str) -> None:
    store.request_stop(run)
    store.finish(run, RunState.STOPPED, STOPPED)


def died(store: Store, run: str) -> None:
    store.finish(run, RunState.FAILED, DIED)


def silent(store: Store, _run: str) -> None:
    store.interrupt_stale(SILENT)


@pytest.mark.parametrize("end", [stopped, died, silent])
def test_an_accident_of_the_leader_leaves_the_training_to_a_follower(
    end: Any, store: Store, experiment: Experiment
) -> None:
    leader, heir, other = (shared(store, experiment, owner) for owner in "abc")
    store.claim("w")
    store.record_environment(leader, {"pid": 7})
    for number in (1, 2):
        store.record_epoch(leader, epoch(number))
    end(store, leader)

    assert store.get(leader).state.is_over
    waiting = store.get(heir)
    assert (waiting.state, waiting.continues, waiting.environment) == (RunState.QUEUED, leader, {})
    assert store.queue() == [heir]
    assert store.get(other).follows == heir
    assert store.claim("w2") == heir
    store.record_epoch(leader, epoch(3))  # by a process that was only silent
    assert not store.finish(leader, RunState.FINISHED, ALL)
    for number in (1, 2, 3):  # it begins anew, or at an earlier checkpoint
        store.record_epoch(heir, epoch(number))
    store.finish(heir, RunState.FINISHED, ALL, best_epoch=3)
    for run in (heir, other):
        assert store.get(run).epochs == (epoch(1), epoch(2), epoch(3))
        assert store.get(run).state is RunState.FINISHED
    assert len(store.get(leader).epochs) == 2


def test_epochs_that_no_network_has_learned_are_forgotten_for_all(
    store: Store, experiment: Experiment
) -> None:
    leader, heir = (shared(store, experiment, owner) for owner in "ab")
    alone = store.add(another(experiment, 7), owner="c")
    store.claim("w")
    store.start(alone, "w2")
    for number in (1, 2, 3):
        store.record_epoch(leader, epoch(number))
        store.record_epoch(alone, epoch(number))
    store.request_stop(leader)
    assert store.finish(leader, RunState.STOPPED, STOPPED, best_epoch=1, learned=2)

    for run in (leader, heir):
        assert store.get(run).epochs == (epoch(1), epoch(2))
    lines = {line.id: line for line in store.summaries()}
    assert [(lines[run].epochs_done, lines[run].best_val_loss) for run in (leader, heir)] == [(2, 1.0)] * 2
    assert len(store.get(alone).epochs) == 3
    store.claim("w")
    store.record_epoch(heir, epoch(3))
    assert store.get(heir).epochs[-1] == epoch(3)
    assert not store.finish(leader, RunState.STOPPED, STOPPED, learned=1)  # it was over
    assert len(store.get(leader).epochs) == 2


@pytest.mark.parametrize(
    ("state", "code"),
    [(RunState.FAILED, "not_a_number"), (RunState.FAILED, "error"), (RunState.STOPPED, "time_limit")],
)
def test_what_the_experiment_brings_about_is_shared(
    state: RunState, code: str, store: Store, experiment: Experiment
) -> None:
    leader, follower = (shared(store, experiment, owner) for owner in "ab")
    store.claim("w")
    store.finish(leader, state, Reason(code, {"epoch": 1, "batch": 1, "minutes": 1, "message": "?"}))
    assert store.get(follower).state is state
    assert store.get(follower).reason.code == code


def test_short_runs_go_first_and_long_ones_are_not_passed_for_ever(
    store: Store, experiment: Experiment
) -> None:
    long = store.add(experiment, owner="long", expected=1000.0)
    short = [store.add(experiment, owner=f"o{n}", expected=0.0) for n in range(MOST_OVERTAKING + 5)]
    queue = store.queue()
    assert queue == [*short[: MOST_OVERTAKING - 1], long, *short[MOST_OVERTAKING - 1 :]]
    assert store.get(long).position == queue.index(long) + 1
    given = [store.claim(f"w{n}") for n in range(len(queue))]
    assert given == queue


def test_turns_are_counted_in_expected_time(store: Store, experiment: Experiment) -> None:
    long = [store.add(experiment, owner="long", expected=30.0) for _ in range(3)]
    for _ in range(6):
        store.add(experiment, owner="short", expected=10.0)
    given = []
    while (run := store.claim("w")) is not None:
        given.append("long" if run in long else "short")
        store.finish(run, RunState.FINISHED, ALL)
    assert " ".join(given) == "short long short short short long short short long"
