"""A run is written down in order, each thing once, however often the database goes away in between."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterator

import pytest

from core.errors import (
    DatabaseAwayError,
    DatabaseLostError,
    ExperimentError,
    Issue,
    StorageError,
    UnknownRunError,
)
from core.experiment import Experiment
from core.run import Epoch, Progress, Reason, RunState
from core.storage import Artifacts, Logbook, Store, patiently
from core.storage.logbook import lost
from tests.storage.outages import Away, away, impatient, new_away  # noqa: F401

END = (RunState.FINISHED, Reason("all_epochs", {"epochs": 5}))


def epoch(number: int) -> Epoch:
    return Epoch(number, 1 / number, 0.5, None, None, 0.1, 0.1)


@pytest.fixture
def opened(impatient: None, away: Away, artifacts: Artifacts) -> Iterator[Store]:  # noqa: F811
    store = Store(away.url, artifacts)
    yield store
    store.close()


@pytest.fixture
def run(opened: Store, experiment: Experiment) -> str:
    return opened.add(experiment, owner="ann", worker="test")


def test_whoever_is_told_no_is_told_later(opened: Store, run: str, away: Away) -> None:  # noqa: F811
    with Logbook(opened, run) as log:
        log.epoch(epoch(1))
        assert not log.stop_requested()
        away.begin()
        log.epoch(epoch(2))
        log.progress(Progress("training", 2, 5))
        log.environment({"path": "xla"})
        log.epoch(epoch(3))
        log.progress(Progress("training", 3, 5))
        away.end()
        log.progress(Progress("training", 4, 5))
        while opened.get(run).progress != Progress("training", 4, 5):
            assert not log.stop_requested()
        opened.request_stop(run)
        assert log.stop_requested()
        log.finish(*END, best_epoch=3)
    found = opened.get(run)
    assert found.epochs == (epoch(1), epoch(2), epoch(3))
    assert (found.state, found.reason, found.best_epoch) == (*END, 3)
    assert found.environment == {"path": "xla"}


class Counting:
    """A store that counts what is asked of it, and is away as long as it is told so."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.away = threading.Event()
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            if self.away.is_set():
                raise DatabaseAwayError("database_away", name="it", reason="gone")
            self.calls.append(name)
            answer: object = getattr(self._store, name)(*arguments, **options)
            return answer

        return call


@pytest.fixture
def counting(store: Store) -> Counting:
    return Counting(store)


def test_of_many_progresses_that_wait_the_newest_is_written(
    counting: Counting, store: Store, experiment: Experiment
) -> None:
    run = store.add(experiment, owner="ann", worker="test")
    counting.away.set()
    with Logbook(counting, run) as log:  # type: ignore[arg-type]
        for number in range(1, 101):
            log.progress(Progress("training", number, 100))
            if number % 50 == 0:
                log.epoch(epoch(number // 50))
        counting.away.clear()
        assert not log.stop_requested()
        assert store.get(run).epochs == (epoch(1), epoch(2))
        assert store.get(run).progress == Progress("training", 100, 100)
        log.finish(*END)
    # The one that was being tried when the database went away, and the newest of those that were told after it.
    assert counting.calls.count("record_progress") <= 2


def test_what_went_wrong_is_raised_at_the_next_call(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="ann", worker="test")
    with Logbook(store, run) as log:
        log.epoch(epoch(2))
        with pytest.raises(ValueError, match="cannot follow"):
            log.stop_requested()
        log.finish(*END)
    assert store.get(run).state is RunState.FINISHED


def test_a_deleted_run_is_said_and_its_end_is_nothing(store: Store) -> None:
    with Logbook(store, "nosuchrun2") as log:
        log.environment({"path": "xla"})
        with pytest.raises(UnknownRunError):
            log.stop_requested()
        log.finish(*END)


def test_errors_reach_other_processes_as_they_are() -> None:
    errors = (
        lost(600),
        UnknownRunError("unknown_run", received="abc"),
        DatabaseAwayError("database_away", name="it", reason="gone"),
        ExperimentError([Issue("below_minimum", "epochs", {"field": "epochs", "received": 0, "bound": 1})]),
    )
    for error in errors:
        copy = pickle.loads(pickle.dumps(error))
        assert type(copy) is type(error)
        assert (copy.code, copy.details, str(copy)) == (error.code, error.details, str(error))


def test_patience_has_an_end(counting: Counting, store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="ann", worker="test")
    counting.away.set()
    with pytest.raises(DatabaseLostError) as caught:
        patiently(lambda: counting.get(run), patience=0.2)
    assert caught.value.code == "database_lost"
    with Logbook(counting, run, patience=0.2) as log:  # type: ignore[arg-type]
        log.epoch(epoch(1))
        with pytest.raises(DatabaseLostError):
            log.finish(*END)
        with pytest.raises(DatabaseLostError):
            log.stop_requested()
    assert store.get(run).epochs == ()


@pytest.mark.usefixtures("impatient")
def test_what_may_pass_is_told_from_what_is_wrong(
    away: Away,  # noqa: F811
    opened: Store,
    run: str,
) -> None:
    away.begin()
    with pytest.raises(DatabaseAwayError) as caught:
        opened.beat(run)
    assert caught.value.code == "database_away"
    away.end()
    patiently(lambda: opened.beat(run))
    with opened._writing() as connection:
        connection.exec_driver_sql("DROP TABLE study_runs")
        connection.exec_driver_sql("DROP TABLE studies")
    with pytest.raises(StorageError) as wrong:
        opened.studies()
    assert not isinstance(wrong.value, DatabaseAwayError)
