"""Recorded runs through the store and the artifacts, as pages and commands meet them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from core import presets
from core.errors import ArtifactMissingError, RunError, StorageError, UnknownRunError
from core.experiment import Experiment
from core.jobs import queue
from core.recorded import NAMES
from core.recorded.file_format import RecordFile
from core.settings import Settings
from core.storage import Store, open_store
from core.training import artifact_names
from core.training.resuming import resume_point
from core.training.weight_histograms import load_weights

RUN = "recorded-imdb-multi-hot"


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    found = open_store(settings)
    yield found
    found.close()


def test_the_store_gives_recorded_runs_beside_its_own_in_the_order_asked(store: Store) -> None:
    own = store.add(presets.load("digits-first-network"), owner="me")
    asked = [RUN, own, "recorded-unknown", RUN, "recorded-fashion-deep"]
    assert [run.id for run in store.get_many(asked)] == [RUN, own, "recorded-fashion-deep"]
    assert [store.get(f"recorded-{name}").preset for name in NAMES] == list(NAMES)
    assert [epoch.number for epoch in store.epochs_since(RUN, 17)] == [18, 19, 20]


def test_they_are_in_no_list_of_the_database(store: Store) -> None:
    assert store.count() == 0
    assert store.count(owner="recorded") == 0
    assert store.finished([presets.load("imdb-multi-hot")]) == [None]


@pytest.mark.parametrize(
    "name",
    ["recorded-../../x", "recorded-unknown", "recorded-", "recorded-imdb-multi-hot/../x", "recorded-\0"],
)
def test_a_name_that_is_none_is_an_unknown_run(store: Store, name: str) -> None:
    with pytest.raises(UnknownRunError):
        store.get(name)
    assert store.get_many([name]) == []
    with pytest.raises(UnknownRunError):
        store.epochs_since(name, 0)


def test_nobody_changes_or_deletes_one(store: Store) -> None:
    for change in (lambda: store.rename(RUN, "x"), lambda: store.delete(RUN)):
        with pytest.raises(RunError) as caught:
            change()
        assert caught.value.code == "recorded_run"
    for write in (
        lambda: store.artifacts.save_bytes(RUN, artifact_names.WORD_EFFECTS, b""),
        lambda: store.artifacts.remove(RUN, artifact_names.TEST_LABELS),
        lambda: store.artifacts.delete(RUN),
    ):
        with pytest.raises(RunError):
            write()
    assert store.get(RUN).title == ""


def test_its_figures_are_read_like_those_of_any_run(store: Store) -> None:
    files = store.artifacts
    assert files.exists(RUN, artifact_names.TEST_PROBABILITIES)
    assert not files.exists(RUN, artifact_names.LAST)
    assert files.load_array(RUN, artifact_names.TEST_PROBABILITIES).shape == (25_000, 1)
    assert files.load_array(RUN, artifact_names.predictions(20)).dtype == np.float16
    assert artifact_names.predictions(4) in files.names(RUN)
    assert files.version(RUN, artifact_names.TEST_LABELS) == files.version(RUN, artifact_names.TEST_LABELS)
    history = load_weights(files, RUN)
    assert history is not None
    assert history.epochs == tuple(range(21))
    with pytest.raises(ArtifactMissingError):
        files.load_array(RUN, "predictions/0021")
    with pytest.raises(ArtifactMissingError):
        files.version(RUN, artifact_names.LAST)
    with pytest.raises(ValueError, match="not a name"):
        files.load_bytes(RUN, "../run")


def test_there_is_no_network_to_go_on_from_but_a_new_one_can_be_trained(store: Store) -> None:
    with pytest.raises(ArtifactMissingError) as caught, store.artifacts.fetch_model(RUN, artifact_names.LAST):
        pass
    assert caught.value.code == "recorded_no_network"
    assert resume_point(store.get(RUN), store, store.artifacts) is None
    with pytest.raises(RunError) as refused:
        queue.extend(store, RUN, 5, owner="me", artifacts=store.artifacts)
    assert refused.value.code == "recorded_no_network"
    new = store.get(queue.train_to(store, RUN, 4, owner="me"))
    assert (new.owner, new.experiment.epochs, new.preset) == ("me", 4, "imdb-multi-hot")


def test_a_damaged_file_is_said_to_be_so() -> None:
    for content in (b"", b"PK\x03\x04", b"nonsense" * 100):
        with pytest.raises(StorageError) as caught:
            RecordFile("x", content).record()
        assert caught.value.code == "recorded_damaged"


def test_its_experiment_can_be_queued_as_it_is(store: Store) -> None:
    experiment = store.get(RUN).experiment
    assert Experiment.from_dict(experiment.to_dict()) == experiment
    assert store.get(queue.submit(store, experiment, owner="me")).experiment == experiment
