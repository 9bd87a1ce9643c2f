"""What `Store` promises, on every back end."""

from __future__ import annotations

import math
import multiprocessing
import os
import socket
import time
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, inspect, select, update
from sqlalchemy.exc import StatementError

from core.errors import ExperimentError, RunError, StorageError, UnknownRunError, UnknownStudyError
from core.experiment import Dense, Experiment
from core.plain_text import LONGEST_NOTE, as_note, as_title
from core.run import Epoch, Evaluation, Progress, Reason, RunState, Timing
from core.storage import Artifacts, Store, clear_old_runs, heartbeat, program_name
from core.storage.heartbeat import reason_of_silence
from core.storage.tables import LAYOUT, RunRow, StudyRow, Table, VersionRow
from core.study import Factor, Plan

WRITERS = 10
FORMS: tuple[Literal["NFC", "NFD", "NFKC", "NFKD"], ...] = ("NFC", "NFD", "NFKC", "NFKD")
SAME_STORE = hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HARMFUL = "x'); DROP TABLE runs; --%_\\\"; ${7*7} <script>alert(1)</script>"
SERVER_ENDED = Reason("server_ended")
ALL_EPOCHS = Reason("all_epochs", {"epochs": 5})


def epoch(number: int, **values: Any) -> Epoch:
    plain = {"loss": 0.5, "accuracy": 0.8, "val_loss": 0.6, "val_accuracy": 0.7, "learning_rate": 0.001}
    return Epoch(number=number, seconds=0.25, **{**plain, **values})


def finished(store: Store, experiment: Experiment, **queued: Any) -> str:
    run = store.add(experiment, owner="a", **queued)
    assert store.start(run, "test")
    assert store.finish(run, RunState.FINISHED, ALL_EPOCHS)
    return run


# Queueing


def test_a_new_run_waits(store: Store, experiment: Experiment) -> None:
    before = datetime.now(UTC)
    run = store.add(experiment, owner="ann", title="Erster", preset="digits-first-network")
    seen = store.get(run)
    assert seen.id == run
    assert seen.experiment == experiment
    assert (seen.state, seen.reason) == (RunState.QUEUED, Reason("waiting"))
    assert (seen.owner, seen.title, seen.preset, seen.continues) == (
        "ann",
        "Erster",
        "digits-first-network",
        "",
    )
    assert before <= seen.created <= datetime.now(UTC)
    assert seen.created.tzinfo is UTC
    assert (seen.started, seen.ended, seen.progress, seen.evaluation, seen.timing) == (None,) * 5
    assert (seen.epochs, seen.environment, seen.best_epoch, seen.position) == ((), {}, None, 1)


def test_ids_are_short_and_differ(store: Store, experiment: Experiment) -> None:
    ids = {store.add(experiment, owner="a") for _ in range(20)}
    assert len(ids) == 20
    assert all(len(run) == 10 and run.isalnum() and run == run.lower() for run in ids)


def test_a_continued_run_begins_with_the_epochs_it_takes_over(store: Store, experiment: Experiment) -> None:
    first = finished(store, experiment)
    taken = (epoch(1, val_loss=0.4, val_accuracy=0.9), epoch(2, val_loss=math.nan))
    run = store.add(experiment, owner="a", continues=first, epochs=taken)
    store.start(run, "test")
    store.record_epoch(run, epoch(3, val_loss=0.5, val_accuracy=0.95))
    seen = store.get(run)
    assert seen.continues == first
    assert [one.number for one in seen.epochs] == [1, 2, 3]
    summary = store.summaries()[0]
    assert (summary.epochs_done, summary.best_val_loss, summary.best_val_accuracy) == (3, 0.4, 0.95)


def test_claim_gives_the_owners_turns(store: Store, experiment: Experiment) -> None:
    a1, a2, a3 = (store.add(experiment, owner="a") for _ in range(3))
    b1 = store.add(experiment, owner="b")
    c1, c2 = (store.add(experiment, owner="c") for _ in range(2))
    expected = [a1, b1, c1, a2, c2, a3]
    assert store.queue() == expected
    assert [store.get(run).position for run in expected] == [1, 2, 3, 4, 5, 6]
    places = {line.id: line.position for line in store.summaries()}
    assert [places[run] for run in expected] == [1, 2, 3, 4, 5, 6]
    assert [line.position for line in store.summaries(owner="b")] == [2]
    assert [store.claim("w") for _ in range(7)] == [*expected, None]
    assert store.under_way() == [a1, a2, a3, b1, c1, c2]
    assert {line.position for line in store.summaries()} == {None}
    seen = store.get(a1)
    assert (seen.state, seen.reason, seen.position) == (RunState.RUNNING, Reason("training"), None)
    assert seen.started is not None
    assert store.queue() == []


def test_an_owner_with_a_run_under_way_comes_after_one_without(store: Store, experiment: Experiment) -> None:
    busy = store.add(experiment, owner="busy")
    assert store.claim("w") == busy
    store.add(experiment, owner="busy")
    idle = store.add(experiment, owner="idle")
    assert store.claim("w") == idle


def test_owners_alternate_on_a_single_worker(store: Store, experiment: Experiment) -> None:
    def train_next() -> str:
        run = store.claim("w")
        assert run is not None
        owner = store.get(run).owner
        store.finish(run, RunState.FINISHED, ALL_EPOCHS)
        return owner

    for owner in "aaaaaab":
        store.add(experiment, owner=owner)
    trained = [train_next() for _ in range(4)]
    # Who comes late is next, but is not given all the runs the others have had.
    for owner in "ccc":
        store.add(experiment, owner=owner)
    order = [store.get(run).owner for run in store.queue()]
    trained += [train_next() for _ in range(6)]
    assert "".join(trained) == "abaacacaca"
    assert order == trained[4:]


def test_runs_taken_out_of_the_queue_do_not_count(store: Store, experiment: Experiment) -> None:
    for _ in range(5):
        store.request_stop(store.add(experiment, owner="a"))
    first = store.add(experiment, owner="a")
    store.add(experiment, owner="b")
    assert store.claim("w") == first


@SAME_STORE
@given(owners=st.lists(st.sampled_from("abc"), max_size=8), first=st.integers(0, 8))
def test_the_queue_is_the_order_of_the_claims(
    owners: list[str], first: int, store: Store, experiment: Experiment
) -> None:
    for run in store.under_way():
        store.finish(run, RunState.FINISHED, ALL_EPOCHS)
    for owner in owners[:first]:
        store.add(experiment, owner=owner)
        store.claim("w")
    for owner in owners[first:]:
        store.add(experiment, owner=owner)
    queue = store.queue()
    assert [store.claim("w") for _ in queue] == queue
    assert store.claim("w") is None


def test_start_takes_one_run_past_the_queue(store: Store, experiment: Experiment) -> None:
    store.add(experiment, owner="a")
    run = store.add(experiment, owner="cli")
    assert store.start(run, "cli")
    assert not store.start(run, "cli")
    assert store.get(run).state is RunState.RUNNING


def test_a_run_may_begin_without_waiting(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="cli", worker="cli:7")
    assert store.claim("engine") is None
    seen = store.get(run)
    assert (seen.state, seen.reason, seen.position) == (RunState.RUNNING, Reason("training"), None)
    assert seen.started is not None
    assert store.interrupt_stale(SERVER_ENDED, workers="cli:7") == [run]


def test_the_reason_of_a_silent_run_follows_from_who_carried_it_out(
    store: Store, experiment: Experiment
) -> None:
    program = store.add(experiment, owner="cli", worker="cli:lab-pc-3:4711")
    engine = store.add(experiment, owner="ann", worker="lab-pc-1:/home/lab:tcp://127.0.0.1:4000")
    stopping = store.add(experiment, owner="cli", worker="cli:lab-pc-3:4712")
    store.request_stop(stopping)
    assert set(store.interrupt_stale(reason_of_silence)) == {program, engine, stopping}
    assert store.get(program).reason == Reason(
        "program_died", {"host": "lab-pc-3", "seconds": 60, "state": "running"}
    )
    assert store.get(stopping).reason.details["state"] == "stopping"
    assert store.get(engine).reason == Reason("no_sign_of_life", {"seconds": 60, "state": "running"})
    assert reason_of_silence(program_name()).details["host"] == socket.gethostname()
    assert {reason_of_silence(name).code for name in ("cli:7", "", "a", "clip:a:7")} == {"no_sign_of_life"}


def test_a_run_tells_when_it_last_came_further(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="ann")
    assert (store.get(run).heartbeat, store.get(run).progressed) == (None, None)
    store.start(run, "test")
    begun = store.get(run)
    assert begun.heartbeat == begun.progressed == begun.started
    store.beat(run)
    beaten = store.get(run)
    assert begun.heartbeat != beaten.heartbeat
    assert beaten.progressed == begun.progressed
    store.record_progress(run, Progress("training", 1, 5))
    further = store.get(run)
    assert further.progressed == further.heartbeat
    assert further.progressed != beaten.progressed
    store.record_epoch(run, epoch(1))
    assert store.get(run).progressed not in (further.progressed, None)


def test_stopping(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="a")
    assert not store.stop_requested(run)
    assert store.request_stop(run) is RunState.STOPPED
    seen = store.get(run)
    assert (seen.state, seen.reason) == (RunState.STOPPED, Reason("removed_from_queue"))
    assert seen.ended is not None
    assert store.claim("w") is None

    run = store.add(experiment, owner="a")
    store.claim("w")
    assert not store.stop_requested(run)
    assert store.request_stop(run) is RunState.STOPPING
    assert store.request_stop(run) is RunState.STOPPING
    assert store.stop_requested(run)
    assert store.get(run).reason == Reason("stop_requested")
    assert store.under_way() == [run]
    assert store.finish(run, RunState.STOPPED, Reason("stopped_by_user", {"epoch": 1}))
    assert store.request_stop(run) is RunState.STOPPED
    assert store.stop_requested(run)


# Recording


def test_everything_recorded_comes_back(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="a")
    store.claim("w")
    progress = Progress("training", 1, 5, 3, 10, 0.1 + 0.2, 1 / 3, 12.5)
    store.record_progress(run, progress)
    store.record_environment(run, {"threads": 2, "keras": "3.15", "nested": {"a": [1, None, True]}})
    store.record_environment(run, {"threads": 1, "pid": 7})
    assert store.get(run).progress == progress
    epochs = (epoch(1, loss=0.1 + 0.2, val_loss=5e-324), epoch(2, val_loss=None, val_accuracy=None))
    for one in epochs:
        store.record_epoch(run, one)
    evaluation = Evaluation(0.7, 2 / 3, ((1, 0), (1, 1)))
    store.record_evaluation(run, evaluation)
    timing = Timing(0.1, 2.5, 0.3, 401.5)
    assert store.finish(run, RunState.FINISHED, ALL_EPOCHS, timing=timing, best_epoch=2)
    seen = store.get(run)
    assert seen.epochs == epochs
    assert seen.environment == {"threads": 1, "keras": "3.15", "nested": {"a": [1, None, True]}, "pid": 7}
    assert (seen.evaluation, seen.timing, seen.best_epoch) == (evaluation, timing, 2)
    assert (seen.state, seen.reason, seen.progress) == (RunState.FINISHED, ALL_EPOCHS, None)
    assert seen.started is not None
    assert seen.ended is not None
    assert seen.created <= seen.started <= seen.ended


def exactly(value: float | None) -> str:
    """All digits of a number; SQLite does not keep the sign of a zero, so none counts."""
    return repr(value if value is None else value + 0.0)


@SAME_STORE
@given(values=st.lists(st.floats(), min_size=4, max_size=4))
@example(values=[-0.0, 0.0, math.nan, -math.inf])
def test_floats_come_back_with_all_digits(values: list[float], store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="a")
    store.record_epoch(run, Epoch(1, values[0], values[1], values[2], values[3], 0.1, 0.1))
    store.record_progress(run, Progress("training", loss=values[0]))
    seen = store.get(run)
    one = seen.epochs[0]
    came_back = [one.loss, one.accuracy, one.val_loss, one.val_accuracy]
    assert list(map(exactly, came_back)) == list(map(exactly, values))
    assert seen.progress is not None
    assert exactly(seen.progress.loss) == exactly(values[0])
    summary = store.summaries(limit=1)[0]
    assert summary.best_val_loss == (values[2] if math.isfinite(values[2]) else None)
    store.request_stop(run)


def test_numpy_numbers_are_numbers(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="a")
    store.record_epoch(
        run,
        Epoch(np.int64(1), np.float32(0.5), np.float64(0.25), None, None, np.float32(1), 0.1),  # type: ignore[arg-type]
    )
    store.record_progress(run, Progress("training", batch=np.int64(3), loss=np.float32(0.5)))  # type: ignore[arg-type]
    seen = store.get(run)
    assert seen.epochs == (Epoch(1, 0.5, 0.25, None, None, 1.0, 0.1),)
    assert seen.progress == Progress("training", batch=3, loss=0.5)


def test_an_epoch_is_recorded_once_and_in_order(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="a")
    store.claim("w")
    store.record_epoch(run, epoch(1))
    store.record_epoch(run, epoch(1, val_loss=0.0))
    with pytest.raises(ValueError, match="epoch 3"):
        store.record_epoch(run, epoch(3))
    store.record_epoch(run, epoch(2))
    assert store.get(run).epochs == (epoch(1), epoch(2))
    assert store.epochs_since(run, 0) == (epoch(1), epoch(2))
    assert store.epochs_since(run, 1) == (epoch(2),)
    assert store.epochs_since(run, 2) == ()
    assert store.summaries()[0].best_val_loss == 0.6


def test_nothing_is_recorded_of_a_run_that_is_over_or_gone(store: Store, experiment: Experiment) -> None:
    run = finished(store, experiment)
    store.record_epoch(run, epoch(1))
    store.record_progress(run, Progress("training"))
    store.beat(run)
    seen = store.get(run)
    assert (seen.epochs, seen.progress) == ((), None)
    assert not store.finish(run, RunState.FAILED, Reason("worker_died", {"epoch": 0}))
    assert store.get(run) == seen
    store.delete(run)
    store.record_epoch(run, epoch(1))
    store.record_progress(run, Progress("training"))
    store.beat(run)
    assert not store.finish(run, RunState.FAILED, Reason("worker_died", {"epoch": 0}))
    assert store.stop_requested(run)


def test_finish_needs_a_final_state(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="a")
    with pytest.raises(ValueError, match="running"):
        store.finish(run, RunState.RUNNING, Reason("training"))


def test_what_a_failed_run_recorded_stays(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="a")
    store.claim("w")
    store.record_epoch(run, epoch(1))
    store.finish(run, RunState.FAILED, Reason("worker_died", {"epoch": 2}))
    seen = store.get(run)
    assert seen.epochs == (epoch(1),)
    assert str(seen.reason).startswith("The worker process ended unexpectedly in epoch 2")


def test_interrupt_stale(store: Store, experiment: Experiment) -> None:
    running = store.add(experiment, owner="a")
    stopping = store.add(experiment, owner="b")
    elsewhere = store.add(experiment, owner="c")
    waiting = store.add(experiment, owner="d")
    store.start(running, "here/0")
    store.start(stopping, "here/1")
    store.request_stop(stopping)
    store.start(elsewhere, "there/0")
    over = finished(store, experiment)

    assert store.interrupt_stale(SERVER_ENDED, older_than=3600) == []
    assert store.interrupt_stale(SERVER_ENDED, workers="h%") == []
    assert sorted(store.interrupt_stale(SERVER_ENDED, workers="here/")) == sorted([running, stopping])
    assert store.get(running).reason == Reason("server_ended", {"state": "running"})
    assert store.get(stopping).reason == Reason("server_ended", {"state": "stopping"})
    assert store.get(stopping).ended is not None
    assert store.interrupt_stale(SERVER_ENDED, older_than=-1) == [elsewhere]
    assert store.interrupt_stale(SERVER_ENDED) == []
    assert store.get(waiting).state is RunState.QUEUED
    assert store.get(over).state is RunState.FINISHED


@pytest.mark.parametrize("renew", ["beat", "progress", "epoch", "nothing"])
def test_the_heartbeat_keeps_a_run_alive(renew: str, store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="a")
    store.claim("w")
    with store._writing() as connection:
        connection.execute(update(RunRow).values(heartbeat=datetime.now(UTC) - timedelta(hours=2)))
    renewals: dict[str, Callable[[], None]] = {
        "beat": lambda: store.beat(run),
        "progress": lambda: store.record_progress(run, Progress("training")),
        "epoch": lambda: store.record_epoch(run, epoch(1)),
        "nothing": lambda: None,
    }
    renewals[renew]()
    assert store.interrupt_stale(SERVER_ENDED, older_than=3600) == ([run] if renew == "nothing" else [])


@pytest.mark.parametrize("run", ["nosuchrun2", "", "../..", "a\0b", "x" * 100, "'; --", "한글"])
def test_unknown_runs_are_told_by_name(run: str, store: Store) -> None:
    asked: list[Callable[[], object]] = [
        lambda: store.get(run),
        lambda: store.epochs_since(run, 0),
        lambda: store.start(run, "w"),
        lambda: store.request_stop(run),
        lambda: store.record_environment(run, {}),
        lambda: store.record_evaluation(run, Evaluation(0, 0, ())),
        lambda: store.rename(run, "x"),
        lambda: store.annotate(run, saw="x"),
        lambda: store.delete(run),
    ]
    for ask in asked:
        with pytest.raises(UnknownRunError) as caught:
            ask()
        assert caught.value.code == "unknown_run"
    assert store.stop_requested(run)
    assert not store.finish(run, RunState.FAILED, Reason("worker_died", {"epoch": 0}))
    store.record_progress(run, Progress("training"))
    store.record_epoch(run, epoch(1))
    store.beat(run)


# Reading lists


def test_summaries_are_newest_first_and_filtered(store: Store, experiment: Experiment) -> None:
    other = experiment.with_changes(dataset="mnist")
    first = store.add(experiment, owner="ann", title="Größer 100%", preset="digits-first-network")
    second = store.add(other, owner="bob", title="쌍_둥이")
    third = store.add(experiment, owner="ann")
    store.start(third, "w")
    store.record_epoch(third, epoch(1, val_loss=0.5, val_accuracy=0.75))
    store.record_epoch(third, epoch(2, val_loss=0.7, val_accuracy=0.8))
    store.record_evaluation(third, Evaluation(0.4, 0.875, ((7, 1), (0, 0))))
    store.finish(third, RunState.FINISHED, ALL_EPOCHS, timing=Timing(1, 2.5, 3, 400))

    def ids(**filters: Any) -> list[str]:
        found = [summary.id for summary in store.summaries(**filters)]
        assert store.count(**filters) == len(found)
        return found

    assert ids() == [third, second, first]
    assert ids(owner="ann") == [third, first]
    assert ids(owner="ANN") == []
    assert ids(states={RunState.QUEUED}) == [second, first]
    assert ids(states=()) == []
    assert ids(dataset="mnist") == [second]
    assert ids(preset="digits-first-network") == [first]
    assert ids(owner="ann", states=[RunState.FINISHED], dataset="digits", text=third[2:6]) == [third]
    assert ids(text="GRÖSSER") == [first]
    assert ids(text="00%") == [first]
    assert ids(text="%") == [first]
    assert ids(text="_") == [second]
    assert ids(text="둥이") == [second]
    assert ids(text="FIRST-net") == [first]
    assert ids(text="DIGITS") == [third, first]
    assert ids(text=HARMFUL) == []
    assert [summary.id for summary in store.summaries(limit=1, offset=1)] == [second]
    assert store.count(owner="ann") == 2

    summary = store.summaries(limit=1)[0]
    assert (summary.experiment, summary.state, summary.owner) == (experiment, RunState.FINISHED, "ann")
    assert (summary.epochs_done, summary.best_val_loss, summary.best_val_accuracy) == (2, 0.5, 0.8)
    assert (summary.test_accuracy, summary.fit_seconds) == (0.875, 2.5)
    assert store.summaries()[2].best_val_loss is None


@pytest.mark.parametrize("text", [HARMFUL, "한국어 제목 🎓", "  spaces\n\ttabs  ", "", "\x1f\x7f"])
def test_text_is_kept_as_it_came(text: str, store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner=text)
    store.record_environment(run, {text: [text]})
    seen = store.get(run)
    assert (seen.owner, seen.environment) == (text, {text: [text]})
    assert [summary.id for summary in store.summaries(owner=text)] == [run]
    assert store.claim(text) == run
    assert store.finish(run, RunState.FAILED, Reason("error", {"message": text}))
    assert store.get(run).reason == Reason("error", {"message": text})


@SAME_STORE
@given(title=st.text(max_size=250))
def test_any_title_can_be_kept_and_found(title: str, store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="a", title=title)
    kept = as_title(title)
    assert store.get(run).title == kept
    store.rename(run, "")
    store.rename(run, title)
    assert store.get(run).title == kept
    for form in FORMS:
        assert run in {summary.id for summary in store.summaries(text=unicodedata.normalize(form, kept))}
    store.request_stop(run)


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("한국어 제목 🎓 👩‍🏫", "한국어 제목 🎓 👩‍🏫"),
        (unicodedata.normalize("NFD", "쌍둥이 café"), "쌍둥이 café"),
        ("a\u202eb\u2066c\u200f", "abc"),
        ("one\u2028two\nthree\r\nfour\x85", "one two three  four"),
        ("\x1b[31mred\x1b[0m\x07", "[31mred[0m"),
        ("\ufeff\u200b\u3164 \u2060", ""),
        (HARMFUL, HARMFUL),
    ],
)
def test_titles_keep_no_sign_that_does_something(
    title: str, kept: str, store: Store, experiment: Experiment
) -> None:
    run = store.add(experiment, owner="a", title=title)
    assert store.get(run).title == kept
    store.rename(run, "another")
    store.rename(run, title)
    assert [summary.title for summary in store.summaries()] == [kept]
    study = store.get_study(store.add_study(Plan(experiment, seeds=(1, 2)), owner="a", title=title))
    assert study.title == kept
    members = [one.title for one in store.get_many(study.runs)]
    assert members == [f"{kept} (seed {seed})" if kept else "" for seed in (1, 2)]


@pytest.mark.parametrize("text", ["쌍둥이", "CAFÉ", "ＭＮＩＳＴ", "Straße", "mnist 쌍둥"])
@pytest.mark.parametrize("form", FORMS)
def test_titles_are_found_however_their_letters_are_composed(
    text: str, form: str, store: Store, experiment: Experiment
) -> None:
    run = store.add(experiment, owner="a", title="Mnist 쌍둥이 café STRASSE")
    other = store.add(
        experiment, owner="a", title=unicodedata.normalize("NFD", "ＭＮＩＳＴ 쌍둥이 CAFÉ straße")
    )
    found = [summary.id for summary in store.summaries(text=unicodedata.normalize(form, text))]
    assert found == [other, run]
    assert store.count(text="쌍둥이들") == 0


def test_queries_for_a_list_do_not_grow_with_it(store: Store, experiment: Experiment) -> None:
    asked: list[str] = []
    for _ in range(5):
        store.add(experiment, owner="a", epochs=(epoch(1), epoch(2)))
    event.listen(store._engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    store.summaries()
    assert len([statement for statement in asked if statement.startswith("SELECT")]) <= 2


@pytest.mark.parametrize("last", ["runs_by_digest", "runs_by_state"])
def test_finished_equal_ones_are_found_by_what_they_are(
    tmp_path: Path, artifacts: Artifacts, experiment: Experiment, last: str
) -> None:
    """Of two indexes that fit alike SQLite takes the one made last, and SQLAlchemy makes them in any order."""
    store = Store(f"sqlite:///{tmp_path / 'runs.sqlite3'}", artifacts)
    asked: list[tuple[str, Any]] = []
    event.listen(store._engine, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
    assert store.finished([experiment]) == [None]
    statement, values = asked[-1]
    with store._engine.begin() as connection:
        made = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE name = ?", (last,)
        ).scalar_one()
        connection.exec_driver_sql(f"DROP INDEX {last}")
        connection.exec_driver_sql(made)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    store.close()
    assert ["runs_by_digest (digest=?)" in step[-1] for step in plan] == [True]


def test_many_runs_come_in_the_order_asked_each_once(store: Store, experiment: Experiment) -> None:
    first = finished(store, experiment, epochs=(epoch(1), epoch(2, val_loss=math.nan)))
    waits, also = (store.add(experiment, owner="a") for _ in range(2))
    gone = finished(store, experiment)
    store.delete(gone)
    many = store.get_many([also, first, "nothing", also, gone, HARMFUL, "", waits])
    assert [run.id for run in many] == [also, first, waits]
    assert [run.position for run in many] == [2, None, 1]
    assert (many[0], many[2]) == (store.get(also), store.get(waits))
    assert [one.number for one in many[1].epochs] == [1, 2]
    assert store.get_many([]) == []


def test_queries_for_many_runs_do_not_grow_with_them(store: Store, experiment: Experiment) -> None:
    asked: list[str] = []
    runs = [store.add(experiment, owner="a", epochs=(epoch(1),)) for _ in range(5)]
    event.listen(store._engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    assert len(store.get_many(runs)) == 5
    assert len([statement for statement in asked if statement.startswith("SELECT")]) <= 3


# Changing


def test_rename_cuts_long_titles(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="a", title="가" * 300)
    assert store.get(run).title == "가" * 200
    store.rename(run, "b" * 300)
    assert store.get(run).title == "b" * 200
    assert store.count(text="가") == 0
    assert store.count(text="B" * 200) == 1


def test_delete_removes_epochs_and_files(store: Store, artifacts: Artifacts, experiment: Experiment) -> None:
    kept = finished(store, experiment, epochs=(epoch(1),))
    run = finished(store, experiment, epochs=(epoch(1), epoch(2)))
    for one in (kept, run):
        artifacts.save_bytes(one, "last.keras", b"weights")
    store.delete(run)
    with pytest.raises(UnknownRunError):
        store.get(run)
    assert artifacts.names(run) == []
    assert artifacts.names(kept) == ["last.keras"]
    assert store.get(kept).epochs == (epoch(1),)
    assert store.count() == 1


def test_a_run_that_is_not_over_is_not_deleted(
    store: Store, artifacts: Artifacts, experiment: Experiment
) -> None:
    run = store.add(experiment, owner="a")
    artifacts.save_bytes(run, "last.keras", b"weights")
    for advance in (lambda: None, lambda: store.claim("w"), lambda: store.request_stop(run)):
        advance()
        with pytest.raises(RunError) as caught:
            store.delete(run)
        assert caught.value.code == "run_not_over"
        assert caught.value.details["state"] == store.get(run).state.value
    assert artifacts.exists(run, "last.keras")


# Databases


def test_a_second_store_sees_the_same_runs(
    database: str, store: Store, artifacts: Artifacts, experiment: Experiment
) -> None:
    run = store.add(experiment, owner="a")
    second = Store(database, artifacts)
    assert second.get(run) == store.get(run)
    second.close()


def stamp_as_before(connection: Connection, layout: int) -> None:
    """Write the layout down as versions without migrations did."""
    connection.exec_driver_sql(f"DROP TABLE {VersionRow.__tablename__}")
    connection.exec_driver_sql("CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY)")
    connection.exec_driver_sql(f"INSERT INTO schema_version VALUES ({layout})")


@pytest.mark.parametrize("before", [False, True], ids=["newer", "before migrations"])
@pytest.mark.parametrize("layout", [0, int(LAYOUT) + 1])
def test_another_layout_is_refused(
    layout: int, before: bool, database: str, store: Store, artifacts: Artifacts
) -> None:
    with store._writing() as connection:
        if before:
            stamp_as_before(connection, layout)
        else:
            connection.execute(update(VersionRow).values(version_num=str(layout)))
    with pytest.raises(StorageError) as caught:
        Store(database, artifacts)
    assert caught.value.code == "database_other_version"
    assert f"layout {layout}" in str(caught.value)


def test_a_method_that_fails_changes_nothing(store: Store, experiment: Experiment) -> None:
    for wrong in ((epoch(1), epoch(1)), (epoch(2),)):
        with pytest.raises(ValueError, match="count from 1"):
            store.add(experiment, owner="a", epochs=wrong)
    unspeakable = Epoch(1, object(), 0.5, None, None, 0.1, 0.1)  # type: ignore[arg-type]
    with pytest.raises(StatementError):
        store.add(experiment, owner="a", epochs=(unspeakable,))
    assert store.count() == 0


def test_a_beating_heart_keeps_a_run_alive(
    store: Store, experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "BEAT", 0.01)
    run = store.add(experiment, owner="a")
    store.claim("w")
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    with store._writing() as connection:
        connection.execute(update(RunRow).values(heartbeat=long_ago))
    with heartbeat.beating(store, run):
        deadline = time.monotonic() + 60
        while True:
            with store._reading() as connection:
                if connection.execute(select(RunRow.heartbeat)).scalar_one() > long_ago:
                    break
            assert time.monotonic() < deadline
    assert store.interrupt_stale(SERVER_ENDED, older_than=3600) == []


# Several processes


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    """Other processes, as many as `WRITERS`, that have imported the package already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["core.storage"])
    with ProcessPoolExecutor(WRITERS, mp_context=context) as pool:
        yield pool


def _waiting_for(gate: Path) -> None:
    deadline = time.monotonic() + 60
    while not gate.exists():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def together(pool: ProcessPoolExecutor, folder: Path, work: Callable[..., Any], *arguments: Any) -> list[Any]:
    """What `work(gate, index, *arguments)` gives in `WRITERS` processes that begin at the same moment."""
    gate, ready = folder / "gate", folder / "ready"
    ready.mkdir()
    futures: list[Future[Any]] = [
        pool.submit(_gated, gate, ready, work, index, *arguments) for index in range(WRITERS)
    ]
    deadline = time.monotonic() + 60
    while len(list(ready.iterdir())) < WRITERS:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    gate.touch()
    return [future.result(timeout=120) for future in futures]


def _gated(gate: Path, ready: Path, work: Callable[..., Any], index: int, *arguments: Any) -> Any:
    (ready / str(index)).touch()
    _waiting_for(gate)
    return work(index, *arguments)


def _open_and_add(index: int, database: str, folder: str, experiment: Experiment) -> str:
    store = Store(database, Artifacts(folder))
    run = store.add(experiment, owner=f"owner {index}")
    store.close()
    return run


def _claim_all(index: int, database: str, folder: str) -> list[str]:
    store = Store(database, Artifacts(folder))
    claimed = []
    while (run := store.claim(f"worker {index}")) is not None:
        claimed.append(run)
    store.close()
    return claimed


def _train(index: int, database: str, folder: str, experiment: Experiment) -> str:
    store = Store(database, Artifacts(folder))
    run = store.add(experiment, owner=f"owner {index}")
    store.start(run, f"worker {index}")
    for number in range(1, 16):
        store.record_progress(run, Progress("training", number, 15))
        assert not store.stop_requested(run)
        store.record_epoch(run, epoch(number, loss=index + number / 100))
    store.finish(run, RunState.FINISHED, ALL_EPOCHS)
    store.close()
    return run


def _race(index: int, database: str, folder: str, runs: list[str]) -> list[tuple[bool, RunState]]:
    store = Store(database, Artifacts(folder))
    outcome = []
    for run in runs:
        store.record_epoch(run, epoch(1, loss=float(index)))
        state = store.request_stop(run)
        outcome.append(
            (store.finish(run, RunState.STOPPED, Reason("stopped_by_user", {"epoch": index})), state)
        )
    store.close()
    return outcome


@pytest.mark.slow
@pytest.mark.parametrize("older", [False, True])
def test_many_processes_open_an_empty_database_or_one_of_an_older_layout(
    older: bool, database: str, tmp_path: Path, processes: ProcessPoolExecutor, experiment: Experiment
) -> None:
    folder = str(tmp_path / "artifacts")
    if older:
        first = Store(database, Artifacts(folder))
        with first._engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE runs DROP COLUMN progressed")
            connection.exec_driver_sql("ALTER TABLE runs DROP COLUMN address")
            stamp_as_before(connection, 2)
        first.close()
    runs = together(processes, tmp_path, _open_and_add, database, folder, experiment)
    store = Store(database, Artifacts(folder))
    assert sorted(store.queue()) == sorted(runs)
    store.close()


def test_a_run_of_a_lesson_remembers_what_is_covered(store: Store, experiment: Experiment) -> None:
    run = store.get(store.add(experiment, owner="ann", lesson="depth.two", covered=True, sealed=True))
    assert (run.lesson, run.covered, run.sealed) == ("depth.two", True, True)
    assert (run.prediction, run.revealed, run.opening, run.notes) == (None, None, None, {})


# Notes


def test_notes_on_a_run_are_kept_each_by_itself(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="ann")
    assert store.annotate(run, hypothesis=" It turns\r\nat 5. ") == {"hypothesis": " It turns\nat 5."}
    assert store.annotate(run, saw=HARMFUL) == {"hypothesis": " It turns\nat 5.", "saw": HARMFUL}
    assert store.get(run).notes == {"hypothesis": " It turns\nat 5.", "saw": HARMFUL}
    assert store.annotate(run, hypothesis=" \n ") == {"saw": HARMFUL}
    assert store.annotate(run, saw="") == store.get(run).notes == {}


@SAME_STORE
@given(note=st.text(max_size=300))
def test_any_note_can_be_kept(note: str, store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="a")
    store.annotate(run, saw=note)
    assert store.get(run).notes.get("saw", "") == as_note(note)
    store.annotate_comparison(note, [run], saw=note)
    kept = [one.notes["saw"] for one in store.comparison_notes([run])]
    assert kept == [one for one in [as_note(note)] if one]


def test_a_note_that_is_too_long_changes_nothing(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="ann")
    longest = "한" * LONGEST_NOTE
    assert store.annotate(run, hypothesis=longest) == {"hypothesis": longest}
    for annotate in (
        lambda: store.annotate(run, saw="short", hypothesis=f"{longest}!!"),
        lambda: store.annotate_comparison("ann", [run], hypothesis=f"{longest}!!"),
    ):
        with pytest.raises(RunError) as told:
            annotate()
        assert told.value.details == {"received": LONGEST_NOTE + 2, "most": LONGEST_NOTE, "over": 2}
    assert store.get(run).notes == {"hypothesis": longest}
    assert store.comparison_notes([run]) == []
    with pytest.raises(ValueError, match="prediction"):
        store.annotate(run, prediction="x")


def test_each_owner_has_notes_of_their_own_on_a_comparison_in_any_order(
    store: Store, experiment: Experiment
) -> None:
    first, second, third = (store.add(experiment, owner="ann") for _ in range(3))
    store.annotate_comparison("ann", [second, first], hypothesis="A wins")
    store.annotate_comparison("bob", [first, second], saw=HARMFUL)
    store.annotate_comparison("ann", [first, second, second], saw="B won")
    store.annotate_comparison("ann", [first, second, third], saw="another comparison")
    assert [(one.owner, one.notes) for one in store.comparison_notes([second, first])] == [
        ("ann", {"hypothesis": "A wins", "saw": "B won"}),
        ("bob", {"saw": HARMFUL}),
    ]
    store.annotate_comparison("bob", [first, second], saw="")
    assert [one.owner for one in store.comparison_notes([first, second])] == ["ann"]


def test_notes_written_at_the_same_time_are_all_kept(
    database: str, store: Store, experiment: Experiment, artifacts: Artifacts
) -> None:
    run = store.add(experiment, owner="ann")
    other = Store(database, artifacts)
    with ThreadPoolExecutor(4) as writers:
        asked = [
            writers.submit(write, **{kind: kind})
            for one in (store, other)
            for kind in ("hypothesis", "saw")
            for write in (partial(one.annotate, run), partial(one.annotate_comparison, "ann", [run]))
        ]
        for one in asked:
            one.result()
    other.close()
    both = {"hypothesis": "hypothesis", "saw": "saw"}
    assert store.get(run).notes == both
    assert [one.notes for one in store.comparison_notes([run])] == [both]


def test_a_run_whose_giving_was_not_heard_is_given_again(store: Store, experiment: Experiment) -> None:
    first, second, third = (store.add(experiment, owner="ann") for _ in range(3))
    assert store.claim("engine:a") == first  # the answer gets lost
    assert store.claim("engine:b", again=True) == second
    assert store.claim("engine:a", again=True) == first
    store.record_environment(first, {"pid": 7})  # begun: it is carried out, or was
    assert store.claim("engine:a", again=True) == third
    assert store.claim("engine:a", again=True) == third
    store.finish(third, RunState.FAILED, Reason("out_of_memory"))
    assert store.claim("engine:a", again=True) is None


def test_no_run_is_claimed_twice(
    database: str,
    store: Store,
    tmp_path: Path,
    processes: ProcessPoolExecutor,
    experiment: Experiment,
) -> None:
    runs = [store.add(experiment, owner=f"owner {number % 7}") for number in range(40)]
    claimed = together(processes, tmp_path, _claim_all, database, store.artifacts.root)
    assert sorted(run for share in claimed for run in share) == sorted(runs)
    assert sorted(store.under_way()) == sorted(runs)


def test_many_trainings_record_at_once(
    database: str,
    store: Store,
    tmp_path: Path,
    processes: ProcessPoolExecutor,
    experiment: Experiment,
) -> None:
    runs = together(processes, tmp_path, _train, database, store.artifacts.root, experiment)
    for index, run in enumerate(runs):
        seen = store.get(run)
        assert seen.state is RunState.FINISHED
        assert [one.loss for one in seen.epochs] == [index + number / 100 for number in range(1, 16)]


def test_exactly_one_of_many_ends_a_run(
    database: str,
    store: Store,
    tmp_path: Path,
    processes: ProcessPoolExecutor,
    experiment: Experiment,
) -> None:
    runs = [store.add(experiment, owner="a") for _ in range(10)]
    while store.claim("w"):
        pass
    outcomes = together(processes, tmp_path, _race, database, store.artifacts.root, runs)
    for place, run in enumerate(runs):
        winners = [index for index, outcome in enumerate(outcomes) if outcome[place][0]]
        assert len(winners) == 1
        seen = store.get(run)
        assert seen.reason == Reason("stopped_by_user", {"epoch": winners[0]})
        assert len(seen.epochs) == 1
        assert {outcome[place][1] for outcome in outcomes} <= {RunState.STOPPING, RunState.STOPPED}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_uses_connections_of_its_own(store: Store, experiment: Experiment) -> None:
    run = store.add(experiment, owner="a")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            store.rename(run, "from the child")
            store.close()
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
    assert store.get(run).title == "from the child"
    store.rename(run, "from the parent")
    assert replace(store.get(run), title="") == replace(store.get(run), title="")
    assert store.get(run).title == "from the parent"


def test_experiments_of_every_layout_come_back(store: Store, experiment: Experiment) -> None:
    changed = experiment.with_changes(
        layers=(Dense(units=7, activation="tanh", l2=0.1 + 0.2), Dense(units=10, activation="softmax")),
        optimizer={"kind": "sgd", "learning_rate": 1 / 3},
    )
    run = store.add(changed, owner="a")
    assert store.get(run).experiment == changed
    assert store.get(run).experiment.digest == changed.digest


# Studies


def study_plan(experiment: Experiment, **changes: Any) -> Plan:
    return Plan(experiment, (Factor("layers.0.units", (4, 8)),), **{"seeds": (1, 2), **changes})


def finish(store: Store, run: str) -> None:
    store.start(run, "test")
    store.record_evaluation(run, Evaluation(0.5, 0.9, ((9, 1), (1, 9))))
    store.finish(run, RunState.FINISHED, Reason("all_epochs", {"epochs": 5}))


def test_a_study_queues_its_members_in_order(store: Store, experiment: Experiment) -> None:
    plan = study_plan(experiment)
    found = store.get_study(store.add_study(plan, owner="ann", title="Units", preset="digits-first-network"))
    assert (found.plan, found.owner, found.title, found.reused) == (plan, "ann", "Units", frozenset())
    assert store.queue() == list(found.runs)
    runs = store.get_many(found.runs)
    assert [run.experiment for run in runs] == [member.experiment for member in plan.members]
    assert [run.title for run in runs] == [
        f"Units ({units} · seed {seed})" for units in (4, 8) for seed in (1, 2)
    ]
    assert {(run.owner, run.preset, run.state) for run in runs} == {
        ("ann", "digits-first-network", RunState.QUEUED)
    }


def test_equal_experiments_that_were_finished_are_reused(store: Store, experiment: Experiment) -> None:
    plan = study_plan(experiment)
    wanted = [member.experiment for member in plan.members]
    assert store.finished(wanted) == [None] * 4
    older, newer = (store.add(wanted[1], owner="bob") for _ in range(2))
    for run in (older, newer):
        finish(store, run)
    stopped = store.add(wanted[2], owner="bob")  # one that did not finish does not count
    store.request_stop(stopped)
    waiting = store.add(wanted[3], owner="bob")
    assert store.finished(wanted) == [None, newer, None, None]
    found = store.get_study(store.add_study(plan, owner="ann"))
    assert found.reused == {newer}
    assert found.runs[1] == newer
    assert not {stopped, waiting} & set(found.runs)
    assert len(store.queue()) == 4  # three of the study's and bob's


def test_a_study_outlives_its_runs_and_they_outlive_it(store: Store, experiment: Experiment) -> None:
    study = store.add_study(study_plan(experiment, seeds=(1,)), owner="ann")
    first, second = store.get_study(study).runs
    store.request_stop(first)
    store.delete(first)
    assert store.get_study(study).runs == ("", second)
    store.delete_study(study)
    assert store.get(second).state is RunState.QUEUED
    for gone in (study, "nosuchstudy", "<script>", "\0"):
        with pytest.raises(UnknownStudyError):
            store.get_study(gone)
        with pytest.raises(UnknownStudyError):
            store.delete_study(gone)


def test_studies_are_listed_newest_first(store: Store, experiment: Experiment) -> None:
    plan = study_plan(experiment, seeds=(1,))
    ids = [store.add_study(plan, owner=owner) for owner in ("ann", "bob", "ann")]
    assert [study.id for study in store.studies()] == ids[::-1]
    assert [study.id for study in store.studies(owner="ann")] == [ids[2], ids[0]]
    assert [study.id for study in store.studies(limit=1, offset=1)] == [ids[1]]
    assert (store.count_studies(), store.count_studies(owner="bob")) == (3, 1)
    assert [len(study.runs) for study in store.studies()] == [2, 2, 2]


def test_a_member_that_cannot_be_queues_nothing(store: Store, experiment: Experiment) -> None:
    with pytest.raises(ExperimentError):
        store.add_study(Plan(experiment, (Factor("batch_size", (16, 0)),)), owner="ann")
    assert (store.queue(), store.studies()) == ([], [])


def test_a_database_without_studies_gets_them(
    database: str, store: Store, experiment: Experiment, artifacts: Artifacts
) -> None:
    run = store.add(experiment, owner="ann")
    with store._engine.begin() as connection:
        for statement in ("DROP TABLE study_runs", "DROP TABLE studies", "DROP INDEX runs_by_digest"):
            connection.exec_driver_sql(statement)
        stamp_as_before(connection, 1)
    newer = Store(database, artifacts)
    assert newer.get(run).experiment == experiment
    assert len(newer.get_study(newer.add_study(Plan(experiment), owner="ann")).runs) == 1
    newer.close()


def test_a_database_of_the_second_layout_gets_the_new_columns(
    database: str, store: Store, experiment: Experiment, artifacts: Artifacts
) -> None:
    run = store.add(experiment, owner="ann")
    with store._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE runs DROP COLUMN address")
        stamp_as_before(connection, 2)
    newer = Store(database, artifacts)
    assert newer.get(run).experiment == experiment
    newer.add(experiment, owner="ann", address="10.0.0.7")
    assert (newer.count(address="10.0.0.7"), newer.count()) == (1, 2)
    newer.close()


def test_a_database_of_the_third_layout_learns_when_runs_came_further(
    database: str, store: Store, experiment: Experiment, artifacts: Artifacts
) -> None:
    run = store.add(experiment, owner="ann", worker="test")
    with store._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE runs DROP COLUMN progressed")
        stamp_as_before(connection, 3)
    newer = Store(database, artifacts)
    assert newer.get(run).progressed is None
    newer.record_progress(run, Progress("training", 1, 5))
    assert newer.get(run).progressed is not None
    newer.close()


def test_titles_of_older_layouts_are_brought_over(
    database: str, store: Store, experiment: Experiment, artifacts: Artifacts
) -> None:
    """Layouts 1 and 2 kept and searched titles as they came: decomposed by a Mac, or with signs nobody sees."""
    given = [unicodedata.normalize("NFD", "쌍둥이 café"), "Ｗｉｄｅ\u202e one\n", "plain"]
    runs = [store.add(experiment, owner="ann", title=f"run {place}") for place in range(3)]
    study = store.add_study(Plan(experiment), owner="ann", title="study")
    with store._engine.begin() as connection:
        for run, title in zip(runs, given, strict=True):
            older = {"title": title, "searched": f"{title}\x1f\x1fdigits\x1f{run}".casefold()}
            connection.execute(update(RunRow).where(RunRow.id == run).values(older))
        connection.execute(update(StudyRow).values(title=given[0]))
        stamp_as_before(connection, 2)
    newer = Store(database, artifacts)
    assert [run.title for run in newer.get_many(runs)] == ["쌍둥이 café", "Ｗｉｄｅ one", "plain"]
    assert newer.get_study(study).title == "쌍둥이 café"
    for text, run in (("쌍둥이", runs[0]), ("CAFÉ", runs[0]), ("wide ONE", runs[1]), ("plain", runs[2])):
        assert [one.id for one in newer.summaries(text=text)] == [run]
    newer.close()


@pytest.mark.parametrize("layout", [1, 2, 3, 4, 5, 6, 7, 8])
def test_databases_of_every_layout_become_as_new_ones(
    layout: int, database: str, store: Store, experiment: Experiment, artifacts: Artifacts
) -> None:
    run = store.add(experiment, owner="ann", worker="test")
    store.record_epoch(run, epoch(1))
    own = ("drawings", "drawing_collections", "own_data_holders", "own_data")
    # The newest first: what came later refers to what was there.
    newer_indexes = ("leader", "turn", "dataset", "seat")
    indexes = ["DROP INDEX studies_by_run", *(f"DROP INDEX runs_by_{one}" for one in newer_indexes)]
    indexes += ["CREATE INDEX runs_by_leader ON runs (follows)", "CREATE INDEX runs_by_turn ON runs (turn)"]
    lacking = {8: "ALTER TABLE own_data_holders DROP COLUMN made"}
    lacking |= {7: ";".join(indexes), 6: ";".join(f"DROP TABLE {one}" for one in own)}
    lacking |= {1: "DROP TABLE study_runs;DROP TABLE studies;DROP INDEX runs_by_digest"}
    lacking |= {2: "ALTER TABLE runs DROP COLUMN address", 3: "ALTER TABLE runs DROP COLUMN progressed"}
    lessons = ("lesson", "covered", "prediction", "revealed", "sealed", "opening", "notes")
    lacking |= {
        4: ";".join(("DROP TABLE comparisons", *(f"ALTER TABLE runs DROP COLUMN {one}" for one in lessons)))
    }
    tables = ("votes", "ballots", "seats", "teaching_grants", "class_teachers", "classes")
    classes = [f"DROP TABLE {one}" for one in tables]
    classes += [f"DROP INDEX {one}" for one in ("runs_by_classroom", "runs_by_leader")]
    classes += [f"ALTER TABLE runs DROP COLUMN {one}" for one in ("classroom", "follows", "expected")]
    lacking |= {5: ";".join(classes)}
    with store._engine.begin() as connection:
        for statements in (lacking[since] for since in lacking if since >= layout):
            for statement in statements.split(";"):
                connection.exec_driver_sql(statement)
        if layout < 5:
            stamp_as_before(connection, layout)
        else:  # since then Alembic writes it down
            connection.execute(update(VersionRow).values(version_num=str(layout)))
    for _ in range(2):
        newer = Store(database, artifacts)
        assert (newer.get(run).experiment, newer.get(run).epochs) == (experiment, (epoch(1),))
        assert (newer.get(run).covered, newer.get(run).sealed, newer.get(run).notes) == (False, False, {})
        newer.close()
    with store._engine.begin() as connection:
        assert connection.execute(select(VersionRow.version_num)).scalars().all() == [LAYOUT]
        connection.exec_driver_sql("DROP TABLE IF EXISTS schema_version")
        context = MigrationContext.configure(connection, opts={"version_table": "none"})
        assert compare_metadata(context, Table.metadata) == []
        assert {one["name"] for one in inspect(connection).get_indexes("runs")} >= {"runs_by_digest"}


def test_an_address_is_kept_only_while_a_run_waits(store: Store, experiment: Experiment) -> None:
    def waiting() -> int:
        return store.count(address="10.0.0.7")

    first = store.add(experiment, owner="ann", address="10.0.0.7")
    second = store.add(experiment, owner="ann", address="10.0.0.7")
    study = store.add_study(study_plan(experiment, seeds=(1,)), owner="ann", address="10.0.0.7")
    store.add(experiment, owner="bob", address="10.0.0.8")
    store.add(experiment, owner="bob")
    assert waiting() == 4
    store.start(first, "worker")
    assert waiting() == 3
    store.request_stop(second)
    assert waiting() == 2
    for run in store.get_study(study).runs:
        store.finish(run, RunState.FAILED, Reason("out_of_memory"))
    assert waiting() == 0


def test_what_is_expendable_goes_oldest_first_and_named_runs_last(
    store: Store, experiment: Experiment
) -> None:
    named = finished(store, experiment, title="Mine")
    plain = [finished(store, experiment) for _ in range(3)]
    (member,) = store.get_study(store.add_study(Plan(experiment), owner="ann")).runs
    finish(store, member)
    store.add(experiment, owner="ann", continues=plain[1])
    assert store.expendable(6, resting=0) == []
    assert store.expendable(5, resting=0) == plain[:1]
    assert store.expendable(0, resting=0) == [plain[0], plain[2], named, member]
    assert store.expendable(0, resting=3600) == []


def test_old_runs_are_cleared_with_their_files(store: Store, experiment: Experiment) -> None:
    runs = [finished(store, experiment) for _ in range(4)]
    for run in runs:
        store.artifacts.save_bytes(run, "last.keras", b"weights")
    waiting = store.add(experiment, owner="ann")
    assert clear_old_runs(store, 3) == 0  # all ended within the last day
    assert clear_old_runs(store, 0, resting=0) == 0  # 0 keeps all
    assert clear_old_runs(store, 3, resting=0) == 2
    assert [run.id for run in store.summaries()] == [waiting, runs[3], runs[2]]
    assert not store.artifacts.exists(runs[0], "last.keras")
    assert store.artifacts.exists(runs[3], "last.keras")
    assert clear_old_runs(store, 3, resting=0) == 0
