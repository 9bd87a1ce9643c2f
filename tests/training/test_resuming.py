"""A training that was broken off goes on from its checkpoint as if nothing had happened."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core.errors import RunError, StorageError
from core.experiment import Experiment
from core.jobs import queue
from core.run import Epoch, Reason, Run, RunState
from core.storage import Artifacts, Store
from core.training import artifact_names
from core.training.checkpoint import (
    LAYOUT,
    Checkpoint,
    CheckpointInfo,
    CheckpointManager,
    read_checkpoint,
    read_info,
)
from core.training.execute import execute
from core.training.weight_histograms import load_weights
from tests.training.experiments import DENSE, EXPLODING, OUTPUT, experiment_on_texts, experiment_with

SERVER_ENDED = Reason("server_ended")
RUN = "abcdefgh23"


class Everything:
    """Takes every checkpoint there can be, in the place of the keeper that chooses some, and never writes one."""

    def __init__(self, taken: list[bytes]) -> None:
        self._taken = taken
        self._asked = 0

    @property
    def minute_passed(self) -> bool:
        self._asked += 1
        return self._asked % 3 == 0

    def __enter__(self) -> Everything:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def offer(self, checkpoint: Checkpoint) -> None:
        file = io.BytesIO()
        checkpoint.write(file)
        self._taken.append(file.getvalue())

    save = offer


@pytest.fixture
def executed(settings, store, artifacts, kept):
    """Carry out a run that waits."""

    def go(run: str) -> Run:
        assert store.start(run, "test")
        execute(run, settings, store=store, artifacts=artifacts, kept=kept)
        return store.get(run)

    return go


@pytest.fixture
def trained(store, executed, monkeypatch):
    """Train without a break; the run, and every checkpoint it might have left."""

    def go(experiment: Experiment, **about: Any) -> tuple[Run, list[bytes]]:
        taken: list[bytes] = []
        with monkeypatch.context() as patch:
            patch.setattr("core.training.execute.CheckpointManager", lambda *_: Everything(taken))
            patch.setattr("core.training.train._SECONDS_A_STRETCH", 0.0)  # batch by batch
            run = executed(store.add(experiment, owner="test", **about))
        return run, taken

    return go


@pytest.fixture
def broken_off(store, artifacts):
    """A run that was broken off with this checkpoint; the database knows so many epochs of it."""

    def make(
        whole: Run, checkpoint: bytes | None, recorded: int, followers: tuple[str, ...] = (), **about: Any
    ) -> str:
        run = store.add(whole.experiment, owner="test", title="Mine", **about)
        store.start(run, "test")
        for owner in followers:
            store.add(whole.experiment, owner=owner, share=True)
        for epoch in whole.epochs[len(store.get(run).epochs) : recorded]:
            store.record_epoch(run, epoch)
        for name in artifacts.names(whole.id):
            if name.startswith(("predictions/", "watched/", "weights/")):
                artifacts.save_bytes(run, name, artifacts.load_bytes(whole.id, name))
        if checkpoint is not None:
            artifacts.save_bytes(run, artifact_names.CHECKPOINT, checkpoint)
        store.finish(run, RunState.INTERRUPTED, SERVER_ENDED)
        return run

    return make


@pytest.fixture
def stopped_after_two(settings, store, artifacts, kept, monkeypatch):
    """Carry out a run that is under way, and stop it once its second epoch is recorded."""

    def go(run: str) -> None:
        record = Store.record_epoch

        def stopping(self, run, epoch):
            record(self, run, epoch)
            if epoch.number == 2:
                self.request_stop(run)

        with monkeypatch.context() as patch:
            patch.setattr(Store, "record_epoch", stopping)
            patch.setattr("core.training.recorders._SECONDS_BETWEEN", 0.0)
            execute(run, settings, store=store, artifacts=artifacts, kept=kept)

    return go


def header(checkpoint: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(checkpoint)) as archive:
        about: dict[str, Any] = json.loads(archive.read("about.json"))
    return about


def with_header(checkpoint: bytes, **changes: Any) -> bytes:
    """The same checkpoint with another head."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(checkpoint)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "about.json":
                content = json.dumps({**json.loads(content), **changes}).encode()
            new.writestr(name, content)
    return changed.getvalue()


def numbers(run: Run) -> list[tuple[Any, ...]]:
    """The history of a run without the seconds that it took."""
    return [(e.number, e.loss, e.accuracy, e.val_loss, e.val_accuracy, e.learning_rate) for e in run.epochs]


def assert_equal(run: Run, whole: Run, artifacts: Artifacts) -> None:
    """Two runs tell the same to the last digit, and so do the networks they kept."""
    assert numbers(run) == numbers(whole)
    assert (run.state, run.reason, run.best_epoch) == (whole.state, whole.reason, whole.best_epoch)
    assert run.evaluation == whole.evaluation
    assert run.experiment == whole.experiment
    assert artifacts.names(run.id) == artifacts.names(whole.id)
    for name in artifacts.names(run.id):
        if not name.endswith(".keras"):
            ours, theirs = (artifacts.load_array(one.id, name) for one in (run, whole))
            np.testing.assert_array_equal(ours, theirs, err_msg=name)


TEXTS = {"vocabulary": 120, "dimensions": 4, "kind": "embedding"}
EXPERIMENTS: dict[str, Callable[[], Experiment]] = {
    "dropout, batch normalization, a rate that falls": lambda: experiment_with(
        layers=[DENSE[0], {"kind": "dropout", "rate": 0.3}, {"kind": "batch_normalization"}, OUTPUT],
        epochs=4,
        reduce_lr={"monitor": "val_accuracy", "patience": 1, "factor": 0.3},
    ),
    "early stopping that restores": lambda: experiment_with(
        optimizer={"kind": "adam", "learning_rate": 0.2},
        epochs=40,
        early_stopping={"monitor": "val_loss", "patience": 2, "restore_best": True},
    ),
    "early stopping by accuracy": lambda: experiment_with(
        optimizer={"kind": "sgd", "learning_rate": 0.5, "momentum": 0.9},
        epochs=40,
        early_stopping={"monitor": "accuracy", "patience": 2},
    ),
    "translated by XLA": lambda: experiment_with(batch_size=1),
    "without validation": lambda: experiment_with(split={"kind": "none"}),
    "an embedding and a recurrent layer with dropout": lambda: experiment_on_texts(
        encoding={"kind": "padded", "num_words": 120, "length": 12},
        layers=[
            TEXTS,
            {"kind": "lstm", "units": 4, "dropout": 0.3},
            experiment_on_texts().to_dict()["layers"][1],
        ],
    ),
    "sparse rows": experiment_on_texts,
    "labels wrong on purpose": lambda: experiment_on_texts(labels={"kind": "replaced", "share": 0.3}),
}


SLOWER = (
    "early stopping that restores",
    "labels wrong on purpose",
    "dropout, batch normalization, a rate that falls",
    "translated by XLA",
    "early stopping by accuracy",
    "without validation",
    "an embedding and a recurrent layer with dropout",
)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOWER)) for name in EXPERIMENTS]
)
def test_a_run_that_was_broken_off_equals_one_that_was_not(
    name, store, artifacts, trained, executed, broken_off
):
    whole, checkpoints = trained(EXPERIMENTS[name]())
    assert whole.state is RunState.FINISHED
    within = [one for one in checkpoints if header(one)["batch"]]
    between = [one for one in checkpoints if not header(one)["batch"]]
    assert len(between) == len(whole.epochs)
    # In the middle of the second epoch, and after the last one but one; what is recorded is ahead or behind.
    middle = next(one for one in within if len(header(one)["epochs"]) == 1)
    for checkpoint, recorded in ((middle, 2), (between[-2], len(whole.epochs) - 3)):
        run = broken_off(whole, checkpoint, max(0, recorded))

        resumed = queue.resume(store, run, owner="ann", artifacts=artifacts)

        waiting = store.get(resumed)
        assert (waiting.continues, waiting.owner, waiting.title) == (run, "ann", "Mine")
        assert waiting.epochs == whole.epochs[: len(header(checkpoint)["epochs"])]
        assert_equal(executed(resumed), whole, artifacts)


def test_what_ended_a_run_ends_the_one_that_goes_on(store, artifacts, trained, executed, broken_off):
    whole, checkpoints = trained(EXPERIMENTS["early stopping that restores"]())
    # Killed after the last epoch, while the networks were written.
    run = broken_off(whole, checkpoints[-1], len(whole.epochs))
    assert_equal(executed(queue.resume(store, run, owner="ann", artifacts=artifacts)), whole, artifacts)


def test_a_run_without_a_checkpoint_begins_where_it_had_begun(
    store, artifacts, trained, executed, broken_off
):
    whole, _ = trained(experiment_with())
    run = broken_off(whole, None, 0)
    anew = queue.resume(store, run, owner="ann", artifacts=artifacts)
    assert (store.get(anew).continues, store.get(anew).epochs) == ("", ())
    assert_equal(executed(anew), whole, artifacts)

    first, _ = trained(experiment_with())
    longer = queue.extend(store, first.id, 2, owner="ann", artifacts=artifacts)
    whole = executed(longer)
    # It is killed before it comes to a checkpoint of its own: the run before it has all it takes.
    run = broken_off(whole, None, 4, continues=first.id, epochs=first.epochs)
    resumed = queue.resume(store, run, owner="ann", artifacts=artifacts)
    assert store.get(resumed).continues == first.id
    assert_equal(executed(resumed), whole, artifacts)


def test_more_epochs_go_on_from_a_checkpoint_too(store, artifacts, trained, executed, broken_off):
    whole, _ = trained(experiment_with(epochs=5))
    shorter, checkpoints = trained(experiment_with(epochs=4))
    run = broken_off(shorter, checkpoints[-2], 4)
    done = len(header(checkpoints[-2])["epochs"])
    longer = queue.extend(store, run, 5 - done, owner="ann", artifacts=artifacts)
    assert_equal(executed(longer), whole, artifacts)


def test_a_stopped_run_goes_on_to_its_planned_end(store, artifacts, executed, stopped_after_two):
    experiment = experiment_with(epochs=4)
    whole = executed(store.add(experiment, owner="test"))
    run = store.add(experiment, owner="test")
    store.start(run, "test")
    stopped_after_two(run)
    stopped = store.get(run)
    assert (stopped.state, len(stopped.epochs)) == (RunState.STOPPED, 2)
    assert not artifacts.exists(run, artifact_names.CHECKPOINT)
    assert_equal(executed(queue.resume(store, run, owner="ann", artifacts=artifacts)), whole, artifacts)


def test_a_stop_before_what_was_recorded_comes_again_leaves_no_epoch_without_a_network(
    store, artifacts, trained, executed, broken_off, stopped_after_two
):
    """Of a shared training more may be recorded than its checkpoint knows; the next heir goes on all the same."""
    whole, checkpoints = trained(experiment_with(epochs=6))
    after_one = next(
        one for one in checkpoints if len(header(one)["epochs"]) == 1 and not header(one)["batch"]
    )
    broken_off(whole, after_one, recorded=4, followers=("ann", "bob"), share=True)
    (heir,) = store.queue()
    assert len(store.get(heir).epochs) == 4
    store.start(heir, "test")
    stopped_after_two(heir)

    stopped, (last,) = store.get(heir), store.queue()
    assert stopped.state is RunState.STOPPED
    assert stopped.reason.details == {"epoch": 2}
    assert numbers(stopped) == numbers(whole)[:2]
    (line,) = store.summaries(owner="ann")
    assert (line.epochs_done, line.best_val_loss) == (2, min(epoch.val_loss for epoch in whole.epochs[:2]))
    assert numbers(store.get(last)) == numbers(whole)[:2]
    assert_equal(executed(last), whole, artifacts)


def test_a_fault_keeps_the_newest_state_and_the_end_removes_it(store, artifacts, executed, monkeypatch):
    experiment = experiment_with(epochs=30)
    whole = executed(store.add(experiment, owner="test"))
    assert not artifacts.exists(whole.id, artifact_names.CHECKPOINT)

    record = Store.record_epoch

    def failing(self, run, epoch):
        if epoch.number == 8:
            raise StorageError("database_unavailable", name="x", reason="gone")
        record(self, run, epoch)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "record_epoch", failing)
        run = executed(store.add(experiment, owner="test"))
    assert run.state is RunState.FAILED
    assert len(run.epochs) == 7
    assert len(read_info(artifacts, run.id).epochs) >= 7  # it may be ahead of the database
    resumed = executed(queue.resume(store, run.id, owner="ann", artifacts=artifacts))
    assert numbers(resumed) == numbers(whole)
    assert load_weights(artifacts, resumed.id).epochs == tuple(range(31))
    assert not artifacts.exists(resumed.id, artifact_names.CHECKPOINT)


def test_a_loss_that_is_no_number_is_not_gone_on_with(store, artifacts, executed):
    run = executed(store.add(experiment_with(**EXPLODING), owner="test"))
    assert run.reason.code == "not_a_number"
    assert not artifacts.exists(run.id, artifact_names.CHECKPOINT)
    with pytest.raises(RunError) as caught:
        queue.resume(store, run.id, owner="ann", artifacts=artifacts)
    assert caught.value.code == "run_ended"


def test_only_runs_that_were_broken_off_are_resumed(store, artifacts, executed):
    waiting = store.add(experiment_with(), owner="test")
    with pytest.raises(RunError) as caught:
        queue.resume(store, waiting, owner="ann", artifacts=artifacts)
    assert caught.value.code == "run_not_over"
    done = executed(waiting)
    with pytest.raises(RunError) as caught:
        queue.resume(store, done.id, owner="ann", artifacts=artifacts)
    assert caught.value.code == "run_ended"


def test_a_checkpoint_that_does_not_fit_is_refused_before_it_is_queued(store, artifacts, trained, broken_off):
    whole, checkpoints = trained(experiment_with())
    good = checkpoints[-2]
    wrong = {
        "checkpoint_layout": with_header(good, layout=LAYOUT + 1),
        "checkpoint_other_experiment": with_header(good, experiment=experiment_with(seed=6).digest),
    }
    damaged = (good[:-200], good[: len(good) // 2], b"", bytes(500), good[:900] + b"?" + good[901:])
    for code, content in [*wrong.items(), *(("artifact_damaged", content) for content in damaged)]:
        run = broken_off(whole, content, 2)
        for ask in (
            lambda run=run: queue.resume(store, run, owner="ann", artifacts=artifacts),
            lambda run=run: queue.extend(store, run, 1, owner="ann", artifacts=artifacts),
        ):
            with pytest.raises(StorageError) as caught:
                ask()
            assert caught.value.code == code
            assert run in str(caught.value)
            assert not {"zip", "numpy", "pickle"} & set(str(caught.value).lower().split())
    assert store.queue() == []


def test_what_a_network_was_predicting_is_left_out_where_it_is_damaged(
    store, artifacts, trained, executed, broken_off
):
    whole, checkpoints = trained(experiment_with())
    run = broken_off(whole, checkpoints[-2], 2)
    artifacts.save_bytes(run, artifact_names.predictions(1), b"")
    artifacts.save_bytes(run, artifact_names.WEIGHT_NAMES, b"")
    resumed = executed(queue.resume(store, run, owner="ann", artifacts=artifacts))
    assert numbers(resumed) == numbers(whole)
    assert not artifacts.exists(resumed.id, artifact_names.predictions(1))
    assert artifacts.exists(resumed.id, artifact_names.predictions(2))


def test_damaged_networks_are_refused_before_they_are_queued(store, artifacts, trained):
    whole, _ = trained(experiment_with())
    for name in (artifact_names.LAST, artifact_names.BEST, artifact_names.LAST_SEEDS):
        good = artifacts.load_bytes(whole.id, name)
        for content in (b"", good[: len(good) // 2], bytes(len(good)), b"\x80\x04K\x01."):
            artifacts.save_bytes(whole.id, name, content)
            with pytest.raises(StorageError) as caught:
                queue.extend(store, whole.id, 1, owner="ann", artifacts=artifacts)
            assert (caught.value.code, caught.value.details["name"]) == ("artifact_damaged", name)
        artifacts.save_bytes(whole.id, name, good)
    assert store.queue() == []
    assert queue.extend(store, whole.id, 1, owner="ann", artifacts=artifacts)


def with_garbage_inside(network: bytes) -> bytes:
    """A Keras file whose archive is whole, and whose weights are not."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(network)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"garbage" * 100 if name.endswith(".h5") else old.read(name))
    return changed.getvalue()


@pytest.mark.parametrize(
    "damage",
    [
        with_garbage_inside,
        pytest.param(lambda whole: b"", marks=pytest.mark.slow),
        pytest.param(lambda whole: whole[:-50], marks=pytest.mark.slow),
    ],
)
def test_networks_that_are_damaged_while_a_run_waits_end_it_with_the_reason(
    damage, store, artifacts, trained, executed
):
    whole, _ = trained(experiment_with())
    waiting = queue.extend(store, whole.id, 1, owner="ann", artifacts=artifacts)
    artifacts.save_bytes(
        whole.id, artifact_names.LAST, damage(artifacts.load_bytes(whole.id, artifact_names.LAST))
    )
    run = executed(waiting)
    assert (run.state, run.reason.details["error"]) == (RunState.FAILED, "artifact_damaged")
    assert f"The file last.keras of run {whole.id} is damaged" in str(run.reason)
    assert not {"zip", "h5", "pickle"} & set(str(run.reason).lower().split())


def test_a_run_that_a_waiting_one_goes_on_from_stays(store, artifacts, trained, executed, settings):
    whole, _ = trained(experiment_with())
    after = queue.extend(store, whole.id, 1, owner="ann", artifacts=artifacts)
    with pytest.raises(RunError) as caught:
        store.delete(whole.id)
    assert (caught.value.code, caught.value.details["by"]) == ("run_needed", after)
    assert artifacts.names(whole.id)

    # It happens all the same, by a program before this one or by hand.
    store.request_stop(after)
    store.delete(whole.id)
    orphan = store.add(whole.experiment, owner="ann", continues=whole.id, epochs=whole.epochs[:2])
    run = executed(orphan)
    assert (run.state, run.reason.details["error"]) == (RunState.FAILED, "run_before_deleted")
    assert f"Run {whole.id}, from whose weights" in str(run.reason)


# When one is written


def some(epochs: int) -> Checkpoint:
    """A checkpoint after so many epochs."""
    done = tuple(Epoch(number, 0.5, 0.8, 0.6, 0.7, 0.001, 0.25) for number in range(1, epochs + 1))
    state = (np.arange(3, dtype=np.float32),)
    return Checkpoint(CheckpointInfo("digest", done, epochs), state, state)


@pytest.mark.parametrize(("planned", "at_most"), [(5, 1), (10, 1), (30, 3), (95, 9), (1000, 100)])
def test_each_tenth_of_the_epochs_has_one(planned, at_most, artifacts, monkeypatch):
    written = [0]
    monkeypatch.setattr(
        CheckpointManager,
        "save",
        lambda self, one: (
            written.append(len(one.about.epochs)),
            setattr(self, "_moment", 0.0),
            setattr(self, "_epoch", written[-1]),
        ),
    )
    with CheckpointManager(RUN, artifacts, planned, clock=lambda: 0.0) as keeper:
        for epoch in range(1, planned + 1):
            keeper.offer(some(epoch))
    assert written[:2] == [0, 1]  # the first epoch, too
    assert max(np.diff([*written, planned])) <= at_most
    assert len(written) <= 13 or at_most == 1


def test_each_minute_has_one(artifacts):
    now = 0.0
    with CheckpointManager(RUN, artifacts, 1000, clock=lambda: now) as keeper:
        assert not keeper.minute_passed
        now = 60.0
        assert keeper.minute_passed
        keeper.save(some(0))
        assert not keeper.minute_passed
        now = 121.0
        assert keeper.minute_passed
        keeper.offer(some(1))
        assert not keeper.minute_passed


def broken_by_a_fault(artifacts: Artifacts, *epochs: int) -> None:
    """Offer the states after these epochs, and end by a fault."""
    with CheckpointManager(RUN, artifacts, 50) as keeper:
        for epoch in epochs:
            keeper.offer(some(epoch))
        raise KeyError("what nobody expected")


def test_a_full_disk_costs_the_checkpoint_and_not_the_run(artifacts, monkeypatch):
    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    with pytest.raises(KeyError):
        broken_by_a_fault(artifacts, 1)
    with monkeypatch.context() as patch:
        patch.setattr(Checkpoint, "write", full)
        with pytest.raises(KeyError):
            broken_by_a_fault(artifacts, 2)
    about = read_info(artifacts, RUN)
    assert about is not None
    assert len(about.epochs) == 1
    with pytest.raises(KeyError):
        broken_by_a_fault(artifacts, 3, 4)
    back = read_checkpoint(artifacts, RUN, "digest")
    assert back.about == some(4).about
    np.testing.assert_array_equal(back.last[0], some(4).last[0])
    assert artifacts.names(RUN) == [artifact_names.CHECKPOINT]
