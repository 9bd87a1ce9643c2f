"""What a store promises of a guess which of two runs will win, on every back end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import pytest

from core.errors import RunError, UnknownRunError
from core.experiment import Experiment
from core.run import Evaluation, RunState
from core.storage import Artifacts, Store
from tests.storage.test_covers import refused, trained

RECORDED = ("recorded-fashion-shallow", "recorded-fashion-deep")


def test_a_guess_is_kept_and_opens_both_test_results_at_once(
    database: str, store: Store, experiment: Experiment, artifacts: Artifacts
) -> None:
    earlier, first, second = (trained(store, experiment, sealed=True) for _ in range(3))
    store.open_test(earlier, 4, owner="ann")
    assert store.predicted_winner("ann", [first, second]) is None
    before = datetime.now(UTC)
    kept = store.predict_winner("ann", [second, first], second)
    assert (kept.winner, kept.shown, kept.sealed) == (second, False, (first, second))
    assert before <= kept.when <= datetime.now(UTC)
    openings = [store.get(run).opening for run in (first, second)]
    assert [(one.looks, one.epoch, one.when) for one in openings if one is not None] == [
        (2, None, kept.when),
        (3, None, kept.when),
    ]
    assert store.looks("ann", "digits") == 3
    other = Store(database, artifacts)
    assert other.predicted_winner("ann", [first, second]) == kept
    assert other.predicted_winner("bob", [first, second]) is None
    other.close()
    # Notes share the record, and neither takes anything from the other.
    store.annotate_comparison("ann", [first, second], saw="B won")
    assert store.predicted_winner("ann", [first, second]) == kept


def test_what_was_said_first_stays(store: Store, experiment: Experiment) -> None:
    guessed, shown = ([trained(store, experiment, sealed=True) for _ in range(2)] for _ in range(2))
    assert store.predict_winner("ann", guessed, None).winner is None
    assert store.show_winner("ann", shown).shown
    assert not any(store.get(run).is_sealed for run in (*guessed, *shown))
    for pair in (guessed, shown):
        known = store.predicted_winner("ann", pair)
        for again in (
            partial(store.predict_winner, "ann", pair, pair[0]),
            partial(store.predict_winner, "ann", pair[::-1], None),
            partial(store.show_winner, "ann", pair),
        ):
            with refused("comparison_decided"):
                again()
        assert store.predicted_winner("ann", pair) == known
    assert store.looks("ann", "digits") == 4


def test_one_who_may_not_open_both_opens_none(store: Store, experiment: Experiment) -> None:
    mine, covered, running = (
        trained(store, experiment, sealed=True),
        trained(store, experiment, covered=True, sealed=True),
        store.add(experiment, owner="ann", sealed=True),
    )
    somebodys, elsewhere = (
        trained(store, experiment, owner="bob", sealed=True),
        trained(store, experiment.with_changes(dataset="mnist"), sealed=True),
    )
    tested = store.add(experiment, owner="ann", sealed=True)
    store.start(tested, "test")
    store.record_evaluation(tested, Evaluation(0.3, 0.75, ((3, 1), (1, 3))))
    for other, code in (
        (covered, "run_covered"),
        (running, "run_no_test_result"),
        (tested, "run_no_test_result"),
        (somebodys, "run_not_owner"),
        (elsewhere, "comparison_other_data"),
        (RECORDED[0], "comparison_other_data"),
        (mine, "comparison_pair"),
    ):
        for pair in ([mine, other], [other, mine]):
            for settle in (
                partial(store.predict_winner, "ann", pair, mine),
                partial(store.show_winner, "ann", pair),
            ):
                with refused(code):
                    settle()
            assert store.predicted_winner("ann", pair) is None
    for pair, code in (([mine], "comparison_pair"), ([mine, somebodys, covered], "comparison_pair")):
        with refused(code):
            store.predict_winner("ann", pair, mine)
    with refused("comparison_winner"):
        store.predict_winner("ann", [mine, somebodys], "\0' OR 1")
    with pytest.raises(UnknownRunError):
        store.predict_winner("ann", [mine, "\0nowhere"], mine)
    assert store.hides(mine) == store.hides(somebodys) == (False, True)
    assert store.looks("ann", "digits") == store.looks("bob", "digits") == 0
    # Somebody else's that is open is as good as an own one; another owner's seal only where one may act for it.
    store.open_test(somebodys, owner="bob")
    assert store.predict_winner("ann", [mine, somebodys], mine).sealed == (mine,)
    line = trained(store, experiment, owner="cli", sealed=True)
    assert store.predict_winner("ann", [mine, line], line, also_of=["cli"]).sealed == (line,)
    assert (store.looks("cli", "digits"), store.looks("ann", "digits")) == (1, 1)


def test_recorded_and_stopped_runs_are_guessed_by_each_owner(store: Store, experiment: Experiment) -> None:
    for owner, winner in (("ann", RECORDED[1]), ("bob", None)):
        assert store.predict_winner(owner, RECORDED, winner).sealed == ()
        assert store.predicted_winner(owner, RECORDED[::-1]).winner == winner  # type: ignore[union-attr]
    stopped = store.add(experiment, owner="ann")
    store.start(stopped, "test")
    store.record_evaluation(stopped, Evaluation(0.3, 0.75, ((3, 1), (1, 3))))
    store.finish(stopped, RunState.STOPPED, store.get(stopped).reason)
    assert not store.predict_winner("ann", [stopped, trained(store, experiment)], stopped).sealed


def test_of_several_windows_one_guess_is_kept_and_looks_are_counted_once(
    store: Store, experiment: Experiment
) -> None:
    first, second, third, fourth = (trained(store, experiment, sealed=True) for _ in range(4))

    def attempt(pair: tuple[str, str]) -> bool:
        try:
            store.predict_winner("ann", pair, pair[0])
        except RunError:
            return False
        return True

    pairs = [(first, second), (second, first), (third, fourth), (fourth, third), (second, third)]
    with ThreadPoolExecutor(5) as threads:
        said = list(threads.map(attempt, pairs))
    assert (sum(said[:2]), sum(said[2:4]), said[4]) == (1, 1, True)
    looks = [store.get(run).opening.looks for run in (first, second, third, fourth)]  # type: ignore[union-attr]
    assert sorted(looks) == [1, 2, 3, 4]
