"""The web side: what becomes a run, and what is refused."""

from __future__ import annotations

import pytest

from core.errors import ExperimentError, JobError, RunError, UnknownRunError, UnknownStudyError
from core.experiment import EarlyStopping, Experiment
from core.jobs import queue
from core.run import Epoch, Evaluation, Reason, RunState
from core.storage import Store
from core.study import Plan
from tests.networks import keep_networks


def epoch(number: int) -> Epoch:
    return Epoch(number, 0.5, 0.8, 0.6, 0.7, 0.001, 0.25)


def trained(store: Store, experiment: Experiment, epochs: int) -> str:
    run = queue.submit(store, experiment, owner="ann", title="Mine", preset="digits-first-network")
    store.start(run, "test")
    for number in range(1, epochs + 1):
        store.record_epoch(run, epoch(number))
    store.finish(run, RunState.FINISHED, Reason("all_epochs", {"epochs": epochs}))
    return run


def test_submit_queues(store: Store, experiment: Experiment) -> None:
    run = queue.submit(store, experiment, owner="ann", title="Mine", preset="digits-first-network")
    seen = store.get(run)
    assert (seen.experiment, seen.state, seen.position) == (experiment, RunState.QUEUED, 1)
    assert (seen.owner, seen.title, seen.preset) == ("ann", "Mine", "digits-first-network")


def test_an_experiment_with_problems_gets_into_no_queue_and_no_plan(
    store: Store, experiment: Experiment
) -> None:
    draft = Experiment.model_validate({**experiment.to_dict(), "layers": []})
    assert [problem.code for problem in draft.problems] == ["no_layers"]
    with pytest.raises(ExperimentError, match="no layers"):
        queue.submit(store, draft, owner="ann")
    with pytest.raises(ExperimentError, match="no layers"):
        Plan(draft)
    assert store.summaries() == []


def test_one_owner_cannot_fill_the_queue(store: Store, experiment: Experiment) -> None:
    runs = [queue.submit(store, experiment, owner="ann") for _ in range(queue.MOST_WAITING)]
    with pytest.raises(JobError) as caught:
        queue.submit(store, experiment, owner="ann")
    assert caught.value.code == "queue_full"
    assert caught.value.details == {"received": queue.MOST_WAITING}
    with pytest.raises(JobError):
        queue.train_to(store, runs[0], 2, owner="ann")
    queue.submit(store, experiment, owner="bob")
    store.claim("worker")
    queue.submit(store, experiment, owner="ann")


def test_invented_owners_do_not_get_around_the_limits(store: Store, experiment: Experiment) -> None:
    def press(number: int, address: str) -> str:
        return queue.submit(store, experiment, owner=f"invented-{number}", address=address)

    runs = [press(number, "10.0.0.7") for number in range(queue.MOST_FROM_ADDRESS)]
    for again in (
        lambda: press(-1, "10.0.0.7"),
        lambda: queue.train_to(store, runs[0], 2, owner="new", address="10.0.0.7"),
        lambda: queue.submit_study(store, Plan(experiment), owner="new", address="10.0.0.7"),
    ):
        with pytest.raises(JobError) as caught:
            again()
        assert caught.value.code == "queue_full_address"
        assert caught.value.details == {"received": queue.MOST_FROM_ADDRESS}
    others = queue.MOST_IN_ALL - queue.MOST_FROM_ADDRESS
    for number in range(others):
        press(number, f"10.0.1.{number}")
    with pytest.raises(JobError) as caught:
        press(0, "10.0.0.8")
    assert caught.value.code == "queue_full_all"
    store.claim("worker")
    press(0, "10.0.0.8")


def test_go_on_takes_epochs_over(store: Store, experiment: Experiment) -> None:
    first = trained(store, experiment, 3)
    run = queue.extend(store, first, 4, owner="bob")
    seen = store.get(run)
    assert seen.experiment == experiment.with_changes(epochs=7)
    assert (seen.continues, seen.owner, seen.title) == (first, "bob", "Mine")
    assert seen.epochs == (epoch(1), epoch(2), epoch(3))
    assert seen.state is RunState.QUEUED


def test_going_on_after_early_stopping_is_not_stopped_again(store: Store, experiment: Experiment) -> None:
    watched = experiment.with_changes(early_stopping=EarlyStopping(monitor="loss", patience=1))
    first = queue.submit(store, watched, owner="ann")
    store.start(first, "test")
    store.record_epoch(first, epoch(1))
    reason = Reason("early_stopping", {"epoch": 1, "monitor": "loss", "patience": 1})
    store.finish(first, RunState.FINISHED, reason)
    after = store.get(queue.extend(store, first, 2, owner="ann")).experiment
    assert (after.early_stopping, after.epochs) == (None, 3)
    whole = trained(store, watched, 2)
    assert store.get(queue.extend(store, whole, 2, owner="ann")).experiment.early_stopping is not None


def test_go_on_needs_a_run_that_is_over_and_was_trained(store: Store, experiment: Experiment) -> None:
    waiting = queue.submit(store, experiment, owner="ann")
    with pytest.raises(RunError) as caught:
        queue.extend(store, waiting, 1, owner="ann")
    assert caught.value.code == "run_not_over"
    store.request_stop(waiting)
    with pytest.raises(RunError) as caught:
        queue.extend(store, waiting, 1, owner="ann")
    assert caught.value.code == "run_not_trained"
    done = trained(store, experiment, 1)
    with pytest.raises(RunError) as caught:
        queue.extend(store, done, 1, owner="ann", artifacts=store.artifacts)
    assert caught.value.code == "run_not_trained"
    keep_networks(store.artifacts, done)
    assert queue.extend(store, done, 1, owner="ann", artifacts=store.artifacts)
    with pytest.raises(ExperimentError):
        queue.extend(store, done, 1000, owner="ann")
    with pytest.raises(UnknownRunError):
        queue.extend(store, "nosuchrun2", 1, owner="ann")


def test_train_to_begins_anew_and_is_not_stopped_early(store: Store, experiment: Experiment) -> None:
    impatient = experiment.with_changes(epochs=30, early_stopping=EarlyStopping(patience=2))
    first = trained(store, impatient, 9)
    run = queue.train_to(store, first, 4, owner="ann")
    seen = store.get(run)
    assert seen.experiment == experiment.with_changes(epochs=4)
    assert (seen.continues, seen.epochs, seen.state) == ("", (), RunState.QUEUED)
    with pytest.raises(ExperimentError):
        queue.train_to(store, first, 0, owner="ann")


def test_stop(store: Store, experiment: Experiment) -> None:
    run = queue.submit(store, experiment, owner="ann")
    assert store.request_stop(run) is RunState.STOPPED
    with pytest.raises(UnknownRunError):
        store.request_stop("nosuchrun2")


def test_a_study_is_queued_and_stopped_as_a_whole(store: Store, experiment: Experiment) -> None:
    plan = Plan(experiment, seeds=(1, 2, 3, 4))
    before = store.add(plan.members[1].experiment, owner="bob")
    store.start(before, "test")
    store.record_evaluation(before, Evaluation(0.5, 0.9, ((9, 1), (1, 9))))
    store.finish(before, RunState.FINISHED, Reason("all_epochs", {"epochs": 5}))
    study = queue.submit_study(store, plan, owner="ann")
    runs = store.get_study(study).runs
    assert store.claim("worker") == runs[0]
    store.finish(runs[3], RunState.FAILED, Reason("error", {"message": "no"}))
    assert queue.stop_study(store, study) == 2
    states = [store.get(run).state for run in runs]
    assert states == [RunState.STOPPING, RunState.FINISHED, RunState.STOPPED, RunState.FAILED]
    assert queue.stop_study(store, study) == 1  # still on its way out
    with pytest.raises(UnknownStudyError):
        queue.stop_study(store, "nosuchstudy")


def test_a_study_is_queued_as_a_whole_or_not_at_all(store: Store, experiment: Experiment) -> None:
    most = queue.MOST_WAITING_WITH_STUDY
    assert queue.room_for_study(store, "ann") == most
    for seed in range(queue.MOST_WAITING):
        queue.submit(store, experiment.with_changes(seed=seed), owner="ann")
    left = queue.room_for_study(store, "ann")
    assert left == most - queue.MOST_WAITING
    with pytest.raises(JobError) as caught:
        queue.submit_study(store, Plan(experiment, seeds=tuple(range(100, 101 + left))), owner="ann")
    assert (caught.value.code, caught.value.details) == (
        "queue_no_room",
        {"received": left + 1, "room": left},
    )
    assert store.count_studies() == 0
    queue.submit_study(store, Plan(experiment, seeds=tuple(range(100, 100 + left))), owner="ann")
    assert queue.room_for_study(store, "ann") == 0
    assert queue.room_for_study(store, "bob") == most
    with pytest.raises(JobError):
        queue.submit_study(store, Plan(experiment, seeds=(99,)), owner="ann")


def test_a_study_of_which_all_is_there_needs_no_room(store: Store, experiment: Experiment) -> None:
    done = store.add(experiment, owner="bob")
    store.start(done, "test")
    store.record_evaluation(done, Evaluation(0.5, 0.9, ((9, 1), (1, 9))))
    store.finish(done, RunState.FINISHED, Reason("all_epochs", {"epochs": 5}))
    queue.submit_study(store, Plan(experiment, seeds=tuple(range(100, 160))), owner="ann")
    study = queue.submit_study(store, Plan(experiment, seeds=(experiment.seed,)), owner="ann")
    assert store.get_study(study).runs == (done,)


def test_studies_keep_to_the_room_of_an_address_and_of_all(
    store: Store, experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST_FROM_ADDRESS", 5)
    monkeypatch.setattr(queue, "MOST_IN_ALL", 7)
    queue.submit_study(store, Plan(experiment, seeds=(1, 2, 3)), owner="ann", address="a")
    assert queue.room_for_study(store, "bob", "a") == 2
    assert queue.room_for_study(store, "bob", "b") == queue.room_for_study(store, "bob") == 4
    with pytest.raises(JobError):
        queue.submit_study(store, Plan(experiment, seeds=(5, 6, 7)), owner="bob", address="a")
