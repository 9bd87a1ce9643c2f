"""What a store promises of predictions, covers and sealed test results, on every back end."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from core.errors import RunError, UnknownRunError
from core.experiment import EarlyStopping, Experiment, NoSplit
from core.run import Epoch, Evaluation, Opening, Reason, RunState
from core.storage import Store
from core.study import Plan

SKETCH = ((1.0, 0.9), (2.5, 0.4), (5.0, 0.75))


def epoch(number: int) -> Epoch:
    return Epoch(number, 0.5, 0.8, 0.6, 0.7, 0.001, 0.25)


def trained(store: Store, experiment: Experiment, *, owner: str = "ann", **hidden: bool) -> str:
    run = store.add(experiment, owner=owner, **hidden)  # type: ignore[arg-type]
    store.start(run, "test")
    for number in range(1, experiment.epochs + 1):
        store.record_epoch(run, epoch(number))
    store.record_evaluation(run, Evaluation(0.3, 0.75, ((3, 1), (1, 3))))
    store.finish(run, RunState.FINISHED, Reason("all_epochs", {"epochs": experiment.epochs}))
    return run


def refused(code: str) -> pytest.RaisesExc[RunError]:
    return pytest.RaisesExc(RunError, check=lambda error: error.code == code)


def test_a_prediction_is_kept_with_the_run_and_lifts_the_cover(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="ann", covered=True, lesson="overfitting.predict")
    store.start(run, "test")
    store.record_epoch(run, epoch(1))
    store.record_epoch(run, epoch(2))
    assert store.get(run).is_covered
    assert store.hides(run) == (True, False)
    before = datetime.now(UTC)
    kept = store.predict(run, 3, SKETCH, owner="ann")
    seen = store.get(run)
    assert seen.prediction == kept
    assert (kept.epoch, kept.sketch, kept.epochs_seen) == (3, SKETCH, 2)
    assert before <= kept.when <= datetime.now(UTC)
    assert seen.revealed == kept.when
    assert not seen.is_covered
    assert store.hides(run) == (False, False)
    assert (seen.lesson, store.summaries()[0].is_covered) == ("overfitting.predict", False)


def test_nobody_predicts_what_was_shown(store: Store, experiment: Experiment) -> None:
    shown, predicted, open_ = (
        store.add(experiment, owner="ann", covered=covered) for covered in (True, True, False)
    )
    assert store.reveal(shown, owner="ann")
    assert not store.reveal(shown, owner="ann")
    assert not store.reveal(open_, owner="ann")
    store.predict(predicted, 3, owner="ann")
    for run in (shown, predicted, open_):
        with refused("run_not_covered"):
            store.predict(run, 2, owner="ann")
    assert store.get(shown).prediction is None
    assert store.get(predicted).prediction.epoch == 3  # type: ignore[union-attr]


def test_only_the_owner_predicts_shows_and_opens(store: Store, experiment: Experiment) -> None:
    run = trained(store, experiment, covered=True, sealed=True)
    for act in (
        lambda: store.predict(run, 2, owner="bob"),
        lambda: store.reveal(run, owner="bob"),
        lambda: store.open_test(run, owner="bob"),
    ):
        with refused("run_not_owner"):
            act()
        with pytest.raises(UnknownRunError):
            store.predict("nowhere", 2, owner="ann")
    assert store.hides(run) == (True, True)


@pytest.mark.parametrize("wrong", [0, 6, -1, 2.5, math.nan, True is None, 10**30])
def test_a_prediction_names_an_epoch_of_the_run(store: Store, experiment: Experiment, wrong: int) -> None:
    run = store.add(experiment, owner="ann", covered=True)
    with refused("prediction_epoch"):
        store.predict(run, wrong, owner="ann")
    assert store.get(run).is_covered


@pytest.mark.parametrize(
    "wrong",
    [
        ((1, math.nan),),
        ((1, math.inf),),
        ((1, -0.1),),
        ((1, 1e9),),
        ((0.5, 0.3),),
        ((5.5, 0.3),),
        ((math.nan, 0.3),),
        ((2, 0.3), (2, 0.4)),
        ((3, 0.3), (2, 0.4)),
        tuple((1 + number / 1000, 0.5) for number in range(401)),
    ],
)
def test_a_sketch_is_a_curve_over_the_epochs(
    store: Store, experiment: Experiment, wrong: tuple[tuple[float, float], ...]
) -> None:
    run = store.add(experiment, owner="ann", covered=True)
    with refused("prediction_sketch"):
        store.predict(run, 3, wrong, owner="ann")
    assert store.get(run).is_covered


def test_of_two_windows_one_predicts(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="ann", covered=True)

    def attempt(number: int) -> bool:
        try:
            store.predict(run, number, owner="ann")
        except RunError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(attempt, [1, 2, 3, 4])) == 1


def test_without_validation_there_is_nothing_to_cover(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment.with_changes(split=NoSplit()), owner="ann", covered=True, sealed=True)
    assert store.hides(run) == (False, True)


def test_what_was_seen_of_a_training_that_ends_by_validation(store: Store, experiment: Experiment) -> None:
    stopping = experiment.with_changes(early_stopping=EarlyStopping(patience=1))
    run = trained(store, stopping, covered=True)
    assert store.predict(run, 2, owner="ann").epochs_seen == 2


def test_looks_are_counted_over_the_data_set(store: Store, experiment: Experiment) -> None:
    runs = [trained(store, experiment, sealed=True) for _ in range(3)]
    others = trained(store, experiment, owner="bob", sealed=True)
    other_data = trained(store, experiment.with_changes(dataset="mnist"), sealed=True)
    assert store.looks("ann", "digits") == 0
    opened = [store.open_test(run, epoch, owner="ann") for run, epoch in zip(runs, (4, None, 5), strict=True)]
    assert [(one.looks, one.epoch) for one in opened] == [(1, 4), (2, None), (3, 5)]
    assert store.get(runs[0]).opening == opened[0] == store.summaries()[-1].opening
    assert store.open_test(others, owner="bob").looks == 1
    assert store.open_test(other_data, owner="ann").looks == 1
    assert store.looks("ann", "digits") == 3
    store.delete(runs[0])
    assert store.looks("ann", "digits") == 3


def test_who_opens_several_at_once_is_counted_once_each(store: Store, experiment: Experiment) -> None:
    runs = [trained(store, experiment, sealed=True) for _ in range(5)]

    def attempt(run: str) -> Opening:
        return store.open_test(run, owner="ann")

    with ThreadPoolExecutor(5) as threads:
        assert sorted(one.looks for one in threads.map(attempt, runs)) == [1, 2, 3, 4, 5]


def test_what_is_not_sealed_is_not_opened(store: Store, experiment: Experiment) -> None:
    waiting = store.add(experiment, owner="ann", sealed=True)
    with refused("run_no_test_result"):
        store.open_test(waiting, owner="ann")
    covered = trained(store, experiment, covered=True, sealed=True)
    with refused("run_covered"):
        store.open_test(covered, owner="ann")
    plain = trained(store, experiment)
    with refused("run_not_sealed"):
        store.open_test(plain, owner="ann")
    sealed = trained(store, experiment, sealed=True)
    for wrong in (0, 6):
        with refused("opening_epoch"):
            store.open_test(sealed, wrong, owner="ann")
    store.open_test(sealed, owner="ann")
    with refused("run_not_sealed"):
        store.open_test(sealed, owner="ann")
    assert store.looks("ann", "digits") == 1


def test_no_study_takes_what_is_hidden(store: Store, experiment: Experiment) -> None:
    trained(store, experiment, covered=True)
    sealed = trained(store, experiment, sealed=True)
    assert store.finished([experiment]) == [None]
    study = store.get_study(store.add_study(Plan(experiment), owner="ann"))
    assert not study.reused
    store.open_test(sealed, owner="ann")
    assert store.finished([experiment]) == [sealed]
