"""Runs from the queue to their end, on a real engine with one worker."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from core.errors import TurningPointError
from core.experiment import Experiment
from core.inference.kinds.texts import TextRequest
from core.inference.request import InferenceRequest, request_to_json
from core.jobs import queue
from core.jobs.inference_client import ask
from core.jobs.protocol import exchange, read_address
from core.presets.beginning import beginning
from core.run import Reason, RunState
from tests.jobs.homes import Home, all_gone, family
from tests.own_data import sets

ENOUGH_MB = 1100
UNKNOWN = TextRequest("nosuchrun2", "good")


@pytest.fixture(scope="module")
def home(new_home: Callable[[], Home]) -> Home:
    home = new_home()
    home.start("--memory", str(ENOUGH_MB), "--patience", "2")
    return home


@pytest.fixture(autouse=True)
def _nothing_is_left(home: Home) -> Iterator[None]:
    """Each test begins with an empty queue and an idle worker."""
    yield
    for run in home.store.not_over():
        home.store.request_stop(run)
    while left := home.store.not_over():  # one may have taken over from another
        for run in left:
            home.store.request_stop(run)
            home.over(run)


def test_runs_are_trained_one_after_the_other_and_alike(home: Home, experiment: Experiment) -> None:
    first = queue.submit(home.store, experiment, owner="ann")
    second = home.store.add(experiment, owner="ann")  # shares no training
    runs = [home.over(first), home.over(second)]
    for run in runs:
        assert run.state is RunState.FINISHED, run.reason
        assert run.reason == Reason("all_epochs", {"epochs": 3})
        assert [epoch.number for epoch in run.epochs] == [1, 2, 3]
        assert run.evaluation is not None
        assert run.timing is not None
        assert home.store.artifacts.exists(run.id, "last.keras")
    histories = [[(epoch.loss, epoch.val_loss) for epoch in run.epochs] for run in runs]
    assert histories[0] == histories[1]
    # The second waited and is of the first one's kind: its process has traced all graphs.
    assert runs[0].environment["pid"] == runs[1].environment["pid"]


def test_a_worker_trains_on_data_that_were_brought_after_it_began(home: Home, tmp_path: Path) -> None:
    made = sets.images(seed=31)
    home.store.add_own_data(made[0], sets.archive(tmp_path, made), owner="ann")
    run = home.over(queue.submit(home.store, beginning(made[0]).with_changes(epochs=2), owner="ann"))
    assert run.state is RunState.FINISHED, run.reason
    assert len(run.epochs) == 2


def test_a_run_goes_on_from_another(home: Home, experiment: Experiment) -> None:
    whole = home.over(queue.submit(home.store, experiment.with_changes(epochs=4), owner="ann"))
    part = home.over(queue.submit(home.store, experiment.with_changes(epochs=2), owner="ann"))
    more = home.over(queue.extend(home.store, part.id, 2, owner="ann", artifacts=home.store.artifacts))
    assert more.state is RunState.FINISHED, more.reason
    assert more.epochs[:2] == part.epochs
    assert [epoch.loss for epoch in more.epochs] == pytest.approx([epoch.loss for epoch in whole.epochs])


def test_waiting_runs_have_positions_and_owners_take_turns(home: Home, endless: Experiment) -> None:
    busy = queue.submit(home.store, endless, owner="ann")
    home.learning(busy)
    ann = [queue.submit(home.store, endless.with_changes(seed=seed), owner="ann") for seed in (1, 2)]
    bob = queue.submit(home.store, endless.with_changes(seed=3), owner="bob")
    assert [home.store.get(run).position for run in (bob, *ann)] == [1, 2, 3]
    assert home.store.request_stop(ann[0]) is RunState.STOPPED
    assert home.store.get(ann[1]).position == 2
    home.store.request_stop(busy)
    home.learning(bob)
    assert home.store.get(ann[1]).position == 1
    stopped = home.over(busy)
    assert stopped.state is RunState.STOPPED
    assert stopped.reason == Reason("stopped_by_user", {"epoch": len(stopped.epochs)})


def test_ten_at_once(home: Home, endless: Experiment) -> None:
    with ThreadPoolExecutor(10) as students:
        runs = list(
            students.map(
                lambda n: queue.submit(
                    home.store, endless.with_changes(seed=min(n, 5)), owner=f"student {n}"
                ),
                range(10),
            )
        )
    home.until(home.store.under_way)
    home.until(lambda: len(home.store.queue()) == 5)
    # Five of them asked for the same.
    assert sum(bool(run.follows) for run in home.store.get_many(runs)) == 4
    positions = {home.store.get(run).position or 0 for run in runs}
    assert positions == set(range(6))


def test_a_killed_worker_fails_its_run_only(home: Home, endless: Experiment, experiment: Experiment) -> None:
    victim = queue.submit(home.store, endless, owner="ann")
    after = queue.submit(home.store, experiment, owner="ann")
    seen = home.learning(victim, 3)
    os.kill(seen.environment["pid"], signal.SIGKILL)
    failed = home.over(victim)
    assert failed.state is RunState.FAILED
    assert failed.reason == Reason("worker_died", {"epoch": len(failed.epochs) + 1})
    assert failed.epochs[: len(seen.epochs)] == seen.epochs
    assert home.over(after).state is RunState.FINISHED


def test_an_idle_worker_that_is_killed_is_replaced(home: Home, experiment: Experiment) -> None:
    before = home.over(queue.submit(home.store, experiment, owner="ann"))
    assert before.state is RunState.FINISHED
    engine = home.engines[0]
    assert engine.pid is not None

    victims: list[psutil.Process] = []

    def idle() -> list[psutil.Process]:
        for process in family(engine.pid or 0)[1:]:
            with suppress(psutil.NoSuchProcess):
                new = process.pid != before.environment["pid"]
                if new and process.nice() == 19 and process.net_connections("inet"):
                    victims.append(process)
        return victims

    home.until(idle)
    victim = victims[0]
    victim.kill()
    after = home.over(queue.submit(home.store, experiment, owner="ann"))
    assert after.state is RunState.FINISHED, after.reason
    assert after.environment["pid"] != victim.pid


def freeze(pid: int, home: Home) -> None:
    """Stop a process in its tracks, but not while it is writing to the database."""
    database = sqlite3.connect(home.settings.home / "turning-point.sqlite3", timeout=0, isolation_level=None)
    with closing(database):
        while True:
            os.kill(pid, signal.SIGSTOP)
            try:
                database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                os.kill(pid, signal.SIGCONT)
            else:
                database.execute("ROLLBACK")
                return


@pytest.mark.slow
def test_a_run_that_does_not_stop_is_ended(home: Home, endless: Experiment, experiment: Experiment) -> None:
    stuck = queue.submit(home.store, endless, owner="ann")
    after = queue.submit(home.store, experiment, owner="ann")
    seen = home.learning(stuck)
    stuck_process = psutil.Process(seen.environment["pid"])
    freeze(stuck_process.pid, home)
    assert home.store.request_stop(stuck) is RunState.STOPPING
    ended = home.over(stuck)
    assert ended.state is RunState.STOPPED
    assert ended.reason == Reason("stopped_by_user", {"epoch": len(ended.epochs)})
    home.until(lambda: all_gone([stuck_process]))
    assert home.over(after).state is RunState.FINISHED


@pytest.mark.slow
def test_a_network_too_large_for_the_memory_fails(home: Home, experiment: Experiment) -> None:
    layers = [{"kind": "dense", "units": 3700, "activation": "relu"}] * 3
    large = experiment.with_changes(
        layers=(*layers, *experiment.to_dict()["layers"]), optimizer={"kind": "adam"}
    )
    hungry = queue.submit(home.store, large, owner="ann")
    after = queue.submit(home.store, experiment, owner="ann")
    failed = home.over(hungry)
    assert (failed.state, failed.reason) == (RunState.FAILED, Reason("out_of_memory"))
    assert home.over(after).state is RunState.FINISHED


def test_workers_give_way_and_listen_to_this_computer_only(home: Home, endless: Experiment) -> None:
    engine = home.engines[0]
    assert engine.pid is not None
    run = home.learning(queue.submit(home.store, endless, owner="ann"))
    processes = family(engine.pid)
    assert psutil.Process(run.environment["pid"]) in processes
    assert psutil.Process(run.environment["pid"]).nice() == 19
    assert psutil.Process(engine.pid).nice() == psutil.Process().nice()
    addresses = {
        connection.laddr.ip
        for process in processes
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


# Quick questions, which have a worker of their own


def answering(home: Home) -> psutil.Process:
    """The process that answers questions: the one of the workers that does not give way."""
    engine = home.engines[0]
    assert engine.pid is not None
    nice, found = psutil.Process(engine.pid).nice(), []
    for process in family(engine.pid)[1:]:
        with suppress(psutil.NoSuchProcess):  # one for trainings may just be making room for the next
            if process.nice() == nice and process.net_connections("inet"):
                found.append(process)
    (only,) = found
    return only


def is_asked(home: Home) -> bool:
    """Whether the engine is just being asked something."""
    address = read_address(home.settings.home)
    assert address is not None
    connections = psutil.Process(home.engines[0].pid).net_connections("inet")
    here = [one for one in connections if one.laddr and one.laddr.port == address.port]
    return any(one.status == psutil.CONN_ESTABLISHED for one in here)


def refusal(home: Home, question: InferenceRequest[Any] = UNKNOWN) -> str:
    """The code of the error that a question is answered with, once there is somebody to answer it."""
    codes = []

    def asked() -> bool:
        with pytest.raises(TurningPointError) as caught:
            ask(home.settings, question, 30)
        codes.append(caught.value.code)
        return codes[-1] != "answers_starting"

    home.until(asked)
    return codes[-1]


def test_questions_are_answered_while_a_training_goes_on(home: Home, endless: Experiment) -> None:
    run = home.learning(queue.submit(home.store, endless, owner="ann"))
    with ThreadPoolExecutor(10) as pages:
        codes = list(pages.map(lambda _: refusal(home), range(10)))
    assert codes == ["unknown_run"] * 10
    assert refusal(home, TextRequest(run.id, "good")) == "run_not_about_texts"
    assert home.store.get(run.id).state is RunState.RUNNING
    assert run.environment["pid"] != answering(home).pid


def test_a_killed_process_for_questions_comes_back(home: Home) -> None:
    assert refusal(home) == "unknown_run"
    first = answering(home)
    # It is not recycled like those for trainings.
    assert refusal(home) == "unknown_run"
    assert answering(home) == first
    # A question that it has when it dies is answered too.
    first.suspend()
    with ThreadPoolExecutor(1) as page:
        asked = page.submit(refusal, home)
        home.until(lambda: is_asked(home))
        time.sleep(1)  # until the question has come from there to the process
        first.kill()
        assert asked.result() == "answers_failed"
    assert refusal(home) == "unknown_run"
    assert answering(home) != first


def test_who_does_not_know_the_secret_is_not_answered(home: Home) -> None:
    address = read_address(home.settings.home)
    assert address is not None
    with pytest.raises(ValueError, match="does not know the secret"):
        exchange(replace(address, secret="a guess"), request_to_json(UNKNOWN), 20)
    silent = socket.create_connection(("127.0.0.1", address.port))  # holds up nobody
    for line in (b"{}\n", b"x" * 300_000 + b"\n"):
        with socket.create_connection(("127.0.0.1", address.port)) as connection:
            connection.settimeout(20)
            assert connection.recv(1000).endswith(b"#CHALLENGE#", 4, 15)
            with suppress(ConnectionError):  # it may close before all has arrived
                connection.sendall(line)
                assert connection.recv(1000) == b""
    assert refusal(home) == "unknown_run"
    silent.close()
