"""What our loop computes is what Keras' own `fit` computes, for every layer, optimizer and loss."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.datasets import Prepared
from core.experiment import Experiment
from core.models.build import build
from core.training.steps import TrainingSteps
from core.training.train import order_of, train
from tests.training.experiments import DENSE, OUTPUT, experiment_with

NAMES = ("loss", "accuracy", "val_loss", "val_accuracy")


def fitted(experiment: Experiment, prepared: Prepared, model: keras.Model) -> list[list[float]]:
    """The course that plain Keras takes, epoch by epoch."""
    course = []
    for epoch in range(experiment.epochs):
        order = order_of(experiment.seed, epoch, len(prepared.x_train))
        history = model.fit(
            prepared.x_train[order],
            prepared.y_train[order],
            batch_size=experiment.batch_size,
            shuffle=False,
            verbose=0,
            validation_data=(prepared.x_val, prepared.y_val),
        )
        course.append([history.history[name][0] for name in NAMES])
    return course


def ours(experiment: Experiment, prepared: Prepared, model: keras.Model, recording) -> list[list[float]]:
    train(experiment, prepared, model, recording, lambda: False)
    return [[getattr(epoch, name) for name in NAMES] for epoch in recording.epochs]


CASES = {
    "dense with penalties, SGD with momentum": {
        "optimizer": {"kind": "sgd", "learning_rate": 0.05, "momentum": 0.9},
        "layers": [{**DENSE[0], "l1": 0.001, "l2": 0.01}, {**OUTPUT, "l2": 0.1}],
    },
    "dropout, batch normalization, AdamW, mean squared error": {
        "optimizer": {"kind": "adamw", "learning_rate": 0.01},
        "loss": "mse",
        "layers": [
            DENSE[0],
            {"kind": "dropout", "rate": 0.4},
            {"kind": "batch_normalization", "momentum": 0.9},
            {"kind": "dropout", "rate": 0.1},
            OUTPUT,
        ],
    },
    "convolution, Nadam": {
        "encoding": {"kind": "image"},
        "optimizer": {"kind": "nadam", "learning_rate": 0.01},
        "layers": [
            {"kind": "conv2d", "filters": 4, "activation": "relu", "padding": "same", "l2": 0.01},
            {"kind": "max_pooling2d"},
            {"kind": "conv2d", "filters": 5, "kernel": 2, "stride": 2},
            {"kind": "global_average_pooling"},
            OUTPUT,
        ],
    },
    "recurrent, Adagrad": {
        "encoding": {"kind": "rows"},
        "optimizer": {"kind": "adagrad", "learning_rate": 0.1},
        "layers": [
            {"kind": "bidirectional", "units": 3, "cell": "gru", "return_sequences": True, "dropout": 0.2},
            {"kind": "lstm", "units": 4, "l2": 0.01},
            OUTPUT,
        ],
    },
    "embedding, RMSprop, sparse labels": {
        "scaling": "none",
        "optimizer": {"kind": "rmsprop", "learning_rate": 0.01},
        "loss": "sparse_categorical_crossentropy",
        "layers": [{"kind": "embedding", "vocabulary": 17, "dimensions": 3}, {"kind": "flatten"}, OUTPUT],
    },
    "embedding whose words share a gradient, Adam": {
        "scaling": "none",
        "optimizer": {"kind": "adam", "learning_rate": 0.01},
        "layers": [
            {"kind": "embedding", "vocabulary": 17, "dimensions": 8},
            {"kind": "global_average_pooling"},
            OUTPUT,
        ],
    },
}


# Two in the default run, the others with the slow ones.
FIRST = tuple(CASES)[:2]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name not in FIRST)) for name in CASES]
)
def test_graph_equals_fit_exactly(name, digits, recording):
    experiment = experiment_with(**CASES[name])
    prepared = digits(experiment)
    expected = fitted(experiment, prepared, build(experiment))

    course = ours(experiment, prepared, build(experiment), recording)

    np.testing.assert_array_equal(np.array(course)[:, :2], np.array(expected)[:, :2])
    np.testing.assert_allclose(course, expected, rtol=1e-6)


@pytest.mark.slow
def test_xla_equals_fit_with_jit_compile_exactly(digits, recording):
    experiment = experiment_with(
        layers=[{**DENSE[0], "l2": 0.01}, {"kind": "batch_normalization"}, {"kind": "flatten"}, OUTPUT]
    )
    prepared = digits(experiment)
    reference, model = build(experiment), build(experiment)
    reference.jit_compile = model.jit_compile = True
    expected = fitted(experiment, prepared, reference)

    course = ours(experiment, prepared, model, recording)

    np.testing.assert_array_equal(np.array(course)[:, :2], np.array(expected)[:, :2])
    np.testing.assert_allclose(course, expected, rtol=1e-6)


@pytest.mark.slow
def test_the_length_of_the_stretches_changes_nothing(digits):
    experiment = experiment_with(**CASES["dropout, batch normalization, AdamW, mean squared error"])
    prepared = digits(experiment)
    order = order_of(experiment.seed, 0, len(prepared.x_train))
    ends = []
    for cuts in ((8,), (1, 2, 7, 8)):
        model = build(experiment)
        steps = TrainingSteps(model, prepared.x_train, prepared.y_train, experiment.batch_size)
        steps.begin_epoch(order)
        for start, stop in zip((0, *cuts), cuts, strict=False):
            end = steps.run(start, stop)
        ends.append((end, model.get_weights()))
    assert steps.batches == 8
    for end, weights in ends[1:]:
        assert end == ends[0][0]
        for array, other in zip(weights, ends[0][1], strict=True):
            np.testing.assert_array_equal(array, other)
