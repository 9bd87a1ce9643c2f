"""The distribution of the weights is kept before the first epoch and after each one, and changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.weight_history import weight_stats
from core.errors import StorageError
from core.models.build import build
from core.storage import Artifacts
from core.training import artifact_names
from core.training.train import train
from core.training.weight_histograms import BLOCK, WeightRecorder, load_weights
from tests.training.experiments import DENSE, OUTPUT, experiment_with

RUN, OTHER = "aaaaaaaaaa", "bbbbbbbbbb"


@pytest.fixture
def artifacts(tmp_path) -> Artifacts:
    return Artifacts(str(tmp_path))


def weights(epoch: int) -> dict[str, np.ndarray]:
    kernel = np.random.default_rng(epoch).standard_normal((4, 3)).astype(np.float32)
    return {"dense/kernel": kernel, "dense/bias": np.full(3, epoch, dtype=np.float32)}


def keep(artifacts: Artifacts, run: str, epochs: range) -> WeightRecorder:
    keeper = WeightRecorder(run, artifacts)
    for epoch in epochs:
        keeper.on_weights(epoch, weights(epoch))
    return keeper


def test_the_recorder_gets_the_weights_as_they_are(digits, recording):
    experiment = experiment_with(
        layers=[DENSE[0], {"kind": "batch_normalization"}, {"kind": "dropout", "rate": 0.3}, OUTPUT], epochs=2
    )
    model = build(experiment)
    first = {variable.path.partition("/")[2]: variable.numpy() for variable in model.trainable_variables}

    train(experiment, digits(experiment), model, recording, lambda: False)

    assert list(recording.weights_by_epoch) == [0, 1, 2]
    last = {variable.path.partition("/")[2]: variable.numpy() for variable in model.trainable_variables}
    assert list(last) == [
        "dense/kernel",
        "dense/bias",
        "batch_normalization/gamma",
        "batch_normalization/beta",
        "dense_1/kernel",
        "dense_1/bias",
    ]
    for epoch, expected in ((0, first), (2, last)):
        assert list(recording.weights_by_epoch[epoch]) == list(expected)
        for name, values in expected.items():
            np.testing.assert_array_equal(recording.weights_by_epoch[epoch][name], values)


def test_what_was_kept_is_read_again(artifacts):
    last = 2 * BLOCK + 5
    keep(artifacts, RUN, range(last + 1))

    history = load_weights(artifacts, RUN)

    assert history.tensors == ("dense/kernel", "dense/bias")
    assert history.epochs == tuple(range(last + 1))
    for epoch in (0, BLOCK - 1, BLOCK, last):
        for place, values in enumerate(weights(epoch).values()):
            assert history.kept[epoch, place] == weight_stats(values, epoch)
    assert len(artifacts.names(RUN)) == 4


def test_a_thousand_epochs_are_a_few_files(artifacts):
    keeper = WeightRecorder(RUN, artifacts)
    values = {"bias": np.ones(2, dtype=np.float32)}
    for epoch in range(1_001):
        keeper.on_weights(epoch, values)
    assert load_weights(artifacts, RUN).epochs == tuple(range(1_001))
    assert len(artifacts.names(RUN)) <= 1_001 / BLOCK + 2


@pytest.mark.parametrize("before", [0, 5, BLOCK - 1, BLOCK, BLOCK + 3])
def test_a_continued_run_takes_over_what_there_was(artifacts, before):
    keep(artifacts, RUN, range(before + 3))  # two epochs more than are taken over
    keeper = WeightRecorder(OTHER, artifacts)
    keeper.take_over(RUN, before)
    for epoch in range(before, before + 10):
        keeper.on_weights(epoch, weights(epoch))

    keep(artifacts, "cccccccccc", range(before + 10))
    assert artifacts.names(OTHER) == artifacts.names("cccccccccc")
    np.testing.assert_array_equal(
        load_weights(artifacts, OTHER).kept, load_weights(artifacts, "cccccccccc").kept
    )


def test_runs_that_kept_nothing(artifacts):
    assert load_weights(artifacts, RUN) is None
    keeper = WeightRecorder(OTHER, artifacts)
    keeper.take_over(RUN, 7)
    assert load_weights(artifacts, OTHER) is None
    keeper.on_weights(7, weights(7))
    keeper.on_weights(8, weights(8))
    assert load_weights(artifacts, OTHER).epochs == (7, 8)


def test_a_damaged_file_is_said_to_be_one(artifacts):
    keep(artifacts, RUN, range(3))
    artifacts.save_array(RUN, artifact_names.weights(0), np.zeros((3, 2)))
    with pytest.raises(StorageError) as caught:
        load_weights(artifacts, RUN)
    assert caught.value.code == "artifact_damaged"
