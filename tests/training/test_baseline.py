"""Networks that answer one class always, as Keras trains and judges them."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import scipy.sparse

from core.analysis.baseline import VALIDATION_COUNTS, baseline, class_losses
from core.analysis.turning_point import turning_point_of
from core.datasets.preparation import targets
from core.experiment import Experiment
from core.models.build import build
from core.run import Run
from core.settings import Settings
from core.storage import Artifacts, open_store
from core.training.execute import execute
from core.training.steps import Evaluator
from tests.training.experiments import OUTPUT, experiment_on_texts, experiment_with

DEEP = [{"kind": "dense", "units": 16, "activation": "sigmoid"}] * 6
FAR = {"kind": "sgd", "learning_rate": 3.0, "momentum": 0.9}
TWO = [{"kind": "dense", "units": 2, "activation": "softmax"}]


@pytest.mark.parametrize(
    "experiment",
    [
        experiment_with(layers=[OUTPUT]),
        experiment_with(layers=[OUTPUT], loss="sparse_categorical_crossentropy"),
        experiment_with(layers=[OUTPUT], loss="mse"),
        experiment_on_texts(layers=[{"kind": "dense", "units": 1, "activation": "sigmoid"}]),
        experiment_on_texts(layers=[{"kind": "dense", "units": 1, "activation": "sigmoid"}], loss="mse"),
        experiment_on_texts(layers=TWO, loss="mse"),
        experiment_on_texts(layers=TWO, loss="categorical_crossentropy"),
    ],
)
def test_keras_finds_the_same_loss_of_a_constant_answer(experiment: Experiment) -> None:
    classes = experiment.facts.classes
    counts = np.arange(3, 3 + classes)
    shares = counts / counts.sum()
    model = build(experiment)
    kernel, bias = model.layers[-1].get_weights()
    single = len(bias) == 1
    model.layers[-1].set_weights(
        [kernel * 0, np.array([np.log(shares[1] / shares[0])]) if single else np.log(shares)]
    )
    labels = np.repeat(np.arange(classes), counts).astype(np.uint8)
    inputs = np.zeros((len(labels), *experiment.input_shape), np.float32)
    sparse = experiment.facts.kind == "text"
    judge = Evaluator(
        model, scipy.sparse.csr_matrix(inputs) if sparse else inputs, targets(labels, experiment)
    )
    assert shares @ class_losses(shares, experiment) == pytest.approx(judge().loss, abs=1e-5)


def executed(settings: Settings, experiment: Experiment) -> Run:
    store, artifacts = open_store(settings), Artifacts(settings.artifacts)
    try:
        run = store.add(experiment, owner="cli", worker="cli")
        execute(run, settings, store=store, artifacts=artifacts)
        return store.get(run)
    finally:
        store.close()
        keras.backend.clear_session()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"layers": [*DEEP, OUTPUT]}, id="cross-entropy"),
        pytest.param({"layers": [*DEEP, OUTPUT], "loss": "mse"}, id="mse", marks=pytest.mark.slow),
        pytest.param({"layers": [*DEEP, {**OUTPUT, "l2": 0.001}]}, id="penalty"),
        pytest.param(
            {"layers": [*DEEP, OUTPUT], "loss": "sparse_categorical_crossentropy"},
            id="sparse",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_a_network_stuck_at_one_class_has_no_turning_point(
    settings: Settings, changes: dict[str, object]
) -> None:
    run = executed(settings, experiment_with(**changes, optimizer=FAR, epochs=10))
    assert run.evaluation is not None
    assert np.count_nonzero(np.sum(run.evaluation.matrix, axis=0)) == 1
    assert sum(run.environment[VALIDATION_COUNTS]) == run.experiment.validation_size
    found = turning_point_of(run)
    assert (found.epoch, found.learned) == (None, False)
    constant = baseline(run)
    assert constant is not None
    # What nothing constant can do better than, nothing constant did better than.
    assert found.loss.value >= constant.loss - 1e-5


def test_a_network_that_learns_has_learned(settings: Settings) -> None:
    assert turning_point_of(executed(settings, experiment_with())).learned


@pytest.mark.slow
@pytest.mark.real_data
def test_reuters_stuck_at_one_class_has_no_turning_point(settings: Settings, real_datasets) -> None:

    from core import presets

    layers = [*DEEP, {"kind": "dense", "units": 46, "activation": "softmax"}]
    experiment = presets.load("reuters-multi-hot").with_changes(layers=layers, optimizer=FAR)
    run = executed(settings.model_copy(update={"datasets": real_datasets}), experiment)
    assert run.evaluation is not None
    assert run.evaluation.accuracy < 0.37
    assert not turning_point_of(run).learned
