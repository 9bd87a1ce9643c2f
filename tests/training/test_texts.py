"""Networks on texts learn the same from sparse rows as plain Keras does from the rows written out."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.datasets import Prepared, open_dataset, prepare
from core.experiment import Experiment, Optimizer
from core.models.build import build, make
from core.training.steps import Evaluator
from core.training.train import order_of, train
from tests.datasets.random_texts import random_texts
from tests.training.experiments import experiment_on_texts
from tests.training.recording import Recording

NAMES = ("loss", "accuracy", "val_loss", "val_accuracy")


def fitted(experiment: Experiment, prepared: Prepared, model: keras.Model, x_train, x_val) -> np.ndarray:
    """The course of plain Keras, epoch by epoch."""
    course = []
    for epoch in range(experiment.epochs):
        order = order_of(experiment.seed, epoch, len(prepared.y_train))
        history = model.fit(
            x_train[order],
            prepared.y_train[order],
            batch_size=experiment.batch_size,
            shuffle=False,
            verbose=0,
            validation_data=(x_val, prepared.y_val),
        )
        course.append([history.history[name][0] for name in NAMES])
    return np.array(course)


def ours(experiment: Experiment, prepared: Prepared, model: keras.Model) -> np.ndarray:
    recording = Recording()
    train(experiment, prepared, model, recording, lambda: False)
    return np.array([[getattr(epoch, name) for name in NAMES] for epoch in recording.epochs])


def dense_twin(experiment: Experiment) -> keras.Model:
    """The network as anybody would write it, for rows with all their zeros."""
    keras.utils.set_random_seed(experiment.seed)
    layers = [make(row.call) for row in experiment.summary.rows]
    model = keras.Sequential([keras.Input(experiment.input_shape), *layers])
    model.compile(make(experiment.optimizer.call()), experiment.loss, metrics=["accuracy"])
    return model


@pytest.mark.parametrize(
    "values", ["tf_idf", *(pytest.param(one, marks=pytest.mark.slow) for one in ("binary", "counts"))]
)
def test_sparse_rows_teach_the_same_as_dense_ones(values):
    experiment = experiment_on_texts(encoding={"kind": "multi_hot", "num_words": 150, "values": values})
    prepared = prepare(experiment, random_texts())
    dense = (prepared.x_train.toarray(), prepared.x_val.toarray())

    course = ours(experiment, prepared, build(experiment))

    expected = fitted(experiment, prepared, dense_twin(experiment), *dense)
    np.testing.assert_allclose(course, expected, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(Optimizer.KINDS))
def test_every_optimizer_learns_the_same_from_sparse_rows(kind):
    layers = [
        {"kind": "dense", "units": 40, "activation": "relu", "l1": 0.001, "l2": 0.01},
        {"kind": "dense", "units": 1, "activation": "sigmoid"},
    ]
    experiment = experiment_on_texts(optimizer={"kind": kind}, layers=layers, epochs=2)
    prepared = prepare(experiment, random_texts())
    dense = (prepared.x_train.toarray(), prepared.x_val.toarray())

    course = ours(experiment, prepared, build(experiment))

    expected = fitted(experiment, prepared, dense_twin(experiment), *dense)
    np.testing.assert_allclose(course, expected, atol=1e-5)


def test_sparse_rows_give_exactly_what_fit_makes_of_them():
    experiment = experiment_on_texts(
        dataset="mini_newswires",
        encoding={"kind": "multi_hot", "num_words": 150, "values": "counts"},
        layers=[
            {"kind": "dense", "units": 40, "activation": "relu", "l2": 0.01},
            {"kind": "dropout", "rate": 0.3},
            {"kind": "dense", "units": 10, "activation": "softmax"},
        ],
        loss="sparse_categorical_crossentropy",
        optimizer={"kind": "adam", "learning_rate": 0.01},
    )
    prepared = prepare(experiment, random_texts("mini_newswires"))
    expected = fitted(experiment, prepared, build(experiment), prepared.x_train, prepared.x_val)

    course = ours(experiment, prepared, build(experiment))

    np.testing.assert_array_equal(course[:, :2], expected[:, :2])
    np.testing.assert_allclose(course, expected, rtol=1e-6)


def test_padded_texts_give_exactly_what_fit_makes_of_them():
    experiment = experiment_on_texts(
        encoding={"kind": "padded", "num_words": 150, "length": 12},
        layers=[
            {"kind": "embedding", "vocabulary": 150, "dimensions": 4},
            {"kind": "global_average_pooling"},
            {"kind": "dense", "units": 1, "activation": "sigmoid"},
        ],
    )
    prepared = prepare(experiment, random_texts())
    expected = fitted(experiment, prepared, build(experiment), prepared.x_train, prepared.x_val)

    course = ours(experiment, prepared, build(experiment))

    np.testing.assert_array_equal(course[:, :2], expected[:, :2])
    np.testing.assert_allclose(course, expected, rtol=1e-6)


@pytest.mark.parametrize("values", ["binary", "tf_idf"])
def test_sparse_samples_are_judged_in_pieces_as_in_one(values):
    experiment = experiment_on_texts(encoding={"kind": "multi_hot", "num_words": 150, "values": values})
    prepared, model = prepare(experiment, random_texts()), build(experiment)
    whole = Evaluator(model, prepared.x_val, prepared.y_val)()
    pieces = Evaluator(model, prepared.x_val, prepared.y_val, rows=7)()
    predicted = model.predict(prepared.x_val, verbose=0)
    np.testing.assert_allclose(whole.probabilities, predicted, atol=1e-6)
    np.testing.assert_allclose(pieces.probabilities, predicted, atol=1e-6)
    assert pieces.accuracy == whole.accuracy
    assert pieces.loss == pytest.approx(whole.loss, rel=1e-5)


@pytest.mark.slow
@pytest.mark.real_data
def test_real_reviews_teach_the_same_as_dense_ones(real_datasets, settings):
    """A slice of IMDB with all its 10,000 places."""
    experiment = experiment_on_texts(
        dataset="imdb",
        encoding={"kind": "multi_hot", "num_words": 10_000},
        train_limit=3_000,
        split={"kind": "first", "count": 1_000},
        layers=[
            {"kind": "dense", "units": 16, "activation": "relu"},
            {"kind": "dense", "units": 16, "activation": "relu"},
            {"kind": "dense", "units": 1, "activation": "sigmoid"},
        ],
        optimizer={"kind": "rmsprop"},
        batch_size=512,
        epochs=4,
    )
    data = open_dataset("imdb", settings.model_copy(update={"datasets": real_datasets}))
    prepared = prepare(experiment, data)
    dense = (prepared.x_train.toarray(), prepared.x_val.toarray())

    course = ours(experiment, prepared, build(experiment))

    expected = fitted(experiment, prepared, dense_twin(experiment), *dense)
    np.testing.assert_allclose(course, expected, atol=1e-3)
