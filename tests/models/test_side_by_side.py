"""A batch in parts gives what it gives as a whole, and the course of a training does not depend on threads."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from core import presets
from core.models.build import build
from core.models.execution import front, parts
from core.models.side_by_side import _sizes, go_side_by_side
from tests.training.experiments import OUTPUT, experiment_with

CONVOLUTIONS = [
    {"kind": "conv2d", "filters": 4, "activation": "relu", "padding": "same", "l2": 0.01},
    {"kind": "max_pooling2d"},
    {"kind": "conv2d", "filters": 3, "kernel": 2, "stride": 2},
    {"kind": "flatten"},
]
LSTM = {"kind": "lstm", "units": 3}
WIDE = {"kind": "gru", "units": 64}


def network(parted: int = 0) -> keras.Sequential:
    keras.utils.set_random_seed(2)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(4, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(3),
        ]
    )
    if parted:
        go_side_by_side(model, 3, parted)
    return model


def learned(model: keras.Sequential, x: Any, dynamic: bool) -> list[Any]:
    """Outputs and gradients of a sum of their squares."""

    def go(x: Any) -> Any:
        with tf.GradientTape() as tape:
            said = model(x, training=True)
            total = tf.reduce_sum(said**2)
        return said, tape.gradient(total, model.trainable_variables)

    shape = (None, *x.shape[1:]) if dynamic else x.shape
    said, gradients = tf.function(go, input_signature=[tf.TensorSpec(shape)], autograph=False)(x)
    return [said, *gradients]


@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize("rows", [1, 3, 4, 7, 16])
def test_parts_give_what_the_whole_gives(rows, dynamic):
    x = np.random.default_rng(0).normal(size=(rows, 8, 8, 1)).astype("float32")

    for expected, found in zip(
        learned(network(), x, dynamic), learned(network(parted=4), x, dynamic), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@given(rows=st.integers(0, 1_000), count=st.integers(1, 9))
def test_parts_are_as_long_as_one_another(rows, count):
    sizes = _sizes(rows, count)

    assert sum(sizes) == rows
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] - sizes[-1] <= 1


@pytest.mark.parametrize(
    ("encoding", "layers", "expected"),
    [
        ("image", [*CONVOLUTIONS, OUTPUT], 4),
        ("image", [*CONVOLUTIONS[:2], {"kind": "dropout", "rate": 0.2}, *CONVOLUTIONS[2:], OUTPUT], 2),
        ("image", [{"kind": "batch_normalization"}, *CONVOLUTIONS, OUTPUT], 0),
        ("image", [{"kind": "flatten"}, OUTPUT], 0),
        ("rows", [LSTM, OUTPUT], 1),
        ("rows", [{**LSTM, "dropout": 0.1}, OUTPUT], 0),
        ("rows", [{"kind": "bidirectional", "cell": "lstm", "units": 2}, OUTPUT], 1),
        ("rows", [{"kind": "bidirectional", "cell": "gru", "units": 2}, OUTPUT], 0),
        ("rows", [{**WIDE, "units": 63}, OUTPUT], 0),
        ("rows", [{**WIDE, "return_sequences": True}, LSTM, OUTPUT], 2),
    ],
)
def test_only_layers_that_take_each_sample_for_itself_work_on_parts(encoding, layers, expected):
    experiment = experiment_with(encoding={"kind": encoding}, layers=layers)

    assert front(experiment) == expected
    assert parts(experiment) == (2 if expected else 1)


def test_a_long_batch_has_more_parts():
    experiment = presets.load("mnist-convnet")

    assert parts(experiment) == 4
    assert parts(experiment.with_changes(batch_size=127)) == 2


COURSE = """
import json, sys
import core.models
import tensorflow as tf
from core.datasets import open_dataset, prepare
from core.experiment import Experiment
from core.models.build import build
from core.settings import Settings
from core.training.steps import TrainingSteps
from core.training.train import order_of

inside, beside = map(int, sys.argv[1:3])
tf.config.threading.set_intra_op_parallelism_threads(inside)
tf.config.threading.set_inter_op_parallelism_threads(beside)
experiment = Experiment.from_dict(json.loads(sys.argv[3]))
prepared = prepare(experiment, open_dataset(experiment.dataset, Settings.from_environment()))
model = build(experiment)
steps = TrainingSteps(model, prepared.x_train, prepared.y_train, experiment.batch_size)
for epoch in range(experiment.epochs):
    steps.begin_epoch(order_of(experiment.seed, epoch, len(prepared.y_train)))
    steps.run(0, steps.batches)
print(json.dumps([weights.tolist() for weights in model.get_weights()]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "layers"),
    [("image", [*CONVOLUTIONS, OUTPUT]), ("rows", [{**WIDE, "return_sequences": True}, LSTM, OUTPUT])],
)
def test_the_course_does_not_depend_on_threads(encoding, layers):
    experiment = experiment_with(encoding={"kind": encoding}, layers=layers)
    said = [
        subprocess.run(
            [sys.executable, "-c", COURSE, *threads, json.dumps(experiment.to_dict())],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.splitlines()[-1]
        for threads in (("1", "1"), ("1", "4"), ("1", "2"))
    ]

    assert said[0] == said[1] == said[2]
    assert len(json.loads(said[0])) == len(build(experiment).weights)
