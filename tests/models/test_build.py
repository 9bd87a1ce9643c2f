"""The network that is built is the one that was described."""

from __future__ import annotations

import random
import threading

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog import DATASETS
from core.errors import ExperimentError
from core.experiment import Experiment
from core.models import build as seed_module
from core.models.build import build
from core.training.model_state import ModelState
from tests.training.experiments import DENSE, OUTPUT, experiment_with

# A description and its network

IMAGE_LAYERS = st.one_of(
    st.builds(
        lambda filters, kernel, stride, padding: {
            "kind": "conv2d",
            "filters": filters,
            "kernel": kernel,
            "stride": stride,
            "padding": padding,
        },
        st.integers(1, 4),
        st.integers(1, 4),
        st.integers(1, 3),
        st.sampled_from(["valid", "same"]),
    ),
    st.builds(lambda pool: {"kind": "max_pooling2d", "pool": pool}, st.integers(1, 3)),
)
ANY_LAYERS = st.sampled_from(
    [
        {"kind": "dense", "units": 3, "activation": "gelu"},
        {"kind": "dropout", "rate": 0.2},
        {"kind": "batch_normalization"},
    ]
)
SEQUENCE_LAYERS = st.builds(
    lambda kind, units, cell: {"kind": kind, "units": units, "return_sequences": True} | cell,
    st.sampled_from(["lstm", "gru"]),
    st.integers(1, 3),
    st.sampled_from(
        [{}, {"kind": "bidirectional", "cell": "lstm"}, {"kind": "bidirectional", "cell": "gru"}]
    ),
)
ENDS = st.sampled_from([[{"kind": "flatten"}], [{"kind": "global_average_pooling"}]])


@st.composite
def experiments(draw) -> Experiment | None:
    encoding = draw(st.sampled_from(["flat", "image", "rows", "embedding"]))
    if encoding == "flat":
        layers = draw(st.lists(ANY_LAYERS, max_size=4))
    elif encoding == "image":
        layers = draw(st.lists(IMAGE_LAYERS | ANY_LAYERS, max_size=4)) + draw(ENDS)
    elif encoding == "rows":
        layers = draw(st.lists(SEQUENCE_LAYERS | ANY_LAYERS, max_size=3)) + draw(ENDS)
    else:
        layers = [{"kind": "embedding", "vocabulary": 17, "dimensions": 2}]
        layers += draw(st.lists(SEQUENCE_LAYERS, max_size=1)) + draw(ENDS)
    try:
        return experiment_with(
            encoding={"kind": "flat" if encoding == "embedding" else encoding},
            scaling="none",
            layers=[*layers, OUTPUT],
        )
    except ExperimentError:  # a window larger than what is left of the image
        return None


@given(experiments())
@settings(max_examples=20, deadline=None)
def test_shapes_names_and_parameters_are_those_of_the_built_network(experiment):
    if experiment is None:
        return
    model = build(experiment)

    for row, layer in zip(experiment.summary.rows, model.layers, strict=True):
        assert row.name == layer.name
        assert row.kind == type(layer).__name__
        assert row.output_shape == tuple(layer.output.shape[1:])
        assert row.input_shape == tuple(layer.input.shape[1:])
        assert row.trainable == sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights)
        assert row.parameters == layer.count_params()
    assert experiment.summary.parameters == model.count_params()


OPTIMIZERS = {
    "sgd": {"learning_rate": 0.5, "momentum": 0.25},
    "rmsprop": {"learning_rate": 0.5},
    "adam": {"learning_rate": 0.5},
    "adamw": {"learning_rate": 0.5, "weight_decay": 0.125},
    "nadam": {"learning_rate": 0.5},
    "adagrad": {"learning_rate": 0.5},
}


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_the_optimizer_has_its_settings_and_the_memory_that_was_estimated(kind):
    experiment = experiment_with(optimizer={"kind": kind, **OPTIMIZERS[kind]})
    model = build(experiment)

    config = model.optimizer.get_config()
    assert type(model.optimizer).__name__.lower() == kind
    assert {name: config[name] for name in OPTIMIZERS[kind]} == pytest.approx(OPTIMIZERS[kind])
    slots = sum(int(np.prod(variable.shape)) for variable in model.optimizer.variables if len(variable.shape))
    assert experiment.footprint.optimizer == 4 * (model.count_params() + slots)


def test_penalties_and_recurrent_dropout_arrive():
    layers = [
        {"kind": "lstm", "units": 3, "dropout": 0.25, "l1": 0.5, "return_sequences": True},
        {"kind": "bidirectional", "units": 2, "cell": "gru", "dropout": 0.5, "l2": 0.25},
        {"kind": "dense", "units": 4, "l1": 0.125, "l2": 0.5},
        OUTPUT,
    ]
    lstm, both, dense, output = build(experiment_with(encoding={"kind": "rows"}, layers=layers)).layers

    assert (lstm.dropout, float(lstm.kernel_regularizer.l1)) == (0.25, 0.5)
    assert (both.forward_layer.dropout, both.backward_layer.dropout) == (0.5, 0.5)
    assert float(both.backward_layer.kernel_regularizer.l2) == 0.25
    assert (float(dense.kernel_regularizer.l1), float(dense.kernel_regularizer.l2)) == (0.125, 0.5)
    assert output.kernel_regularizer is None


# Seeds

MIXED = [
    {"kind": "bidirectional", "units": 3, "return_sequences": True, "dropout": 0.5},
    {"kind": "dropout", "rate": 0.5},
    {"kind": "conv2d", "filters": 2},
]


def test_weights_are_those_of_a_plain_script():
    layers = keras.layers
    keras.utils.clear_session()
    keras.utils.set_random_seed(5)
    plain = keras.Sequential(
        [
            keras.Input((8, 8)),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True, dropout=0.5)),
            layers.Dropout(0.5),
            layers.GRU(2),
            layers.Dense(10, activation="softmax"),
        ]
    )
    plain.compile("sgd", "mse")

    built = build(
        experiment_with(encoding={"kind": "rows"}, layers=[*MIXED[:2], {"kind": "gru", "units": 2}, OUTPUT])
    )

    _assert_equal(plain.variables, built.variables)


def test_other_threads_that_draw_random_numbers_change_nothing():
    experiment = experiment_with(layers=[{"kind": "dropout", "rate": 0.5}, *DENSE])
    expected = build(experiment)
    done = threading.Event()

    def draw() -> None:
        while not done.wait(0.0001):
            random.random()

    thread = threading.Thread(target=draw)
    thread.start()
    try:
        for _ in range(3):
            _assert_equal(expected.variables, build(experiment).variables)
    finally:
        done.set()
        thread.join()


def test_building_leaves_the_global_generator_alone():
    random.seed(1)
    expected = random.Random(1).random()
    build(experiment_with())
    assert random.random() == expected


def test_keras_still_draws_its_seeds_where_we_think():
    """If this fails, `core.models.build` must follow Keras."""
    from keras.src.random import seed_generator

    assert seed_generator.python_random is random
    with seed_module.own_randomness(3):
        assert seed_generator.python_random is not random
        assert seed_generator.make_default_seed() == random.Random(3).randint(1, int(1e9))


def test_a_keras_that_draws_elsewhere_is_told_of_and_still_seeded(monkeypatch, caplog):
    expected = build(experiment_with())
    monkeypatch.setattr(seed_module.seed_generator, "python_random", random.Random(1))
    monkeypatch.setattr(seed_module.keras.utils, "set_random_seed", _seed_it(seed_module))

    model = build(experiment_with())

    assert "takes its seeds from another place" in caplog.text
    _assert_equal(expected.variables, model.variables)


def _seed_it(module):
    # A Keras of the future whose set_random_seed seeds the generator that it draws from.
    return lambda seed: module.seed_generator.python_random.seed(seed)


def test_a_model_and_its_state_can_be_put_back():
    model = build(experiment_with(layers=[{"kind": "dropout", "rate": 0.5}, *DENSE]))
    before = ModelState.take(model, 0)
    for variable in model.variables:
        variable.assign(variable + 1)

    before.restore(model)

    for variable, value in zip([*model.variables, *model.optimizer.variables], before.variables, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)


def test_all_data_sets_can_be_built_for():
    for name, facts in DATASETS.items():
        last = {"kind": "dense", "units": facts.classes, "activation": "softmax"}
        text = {"encoding": {"kind": "multi_hot", "num_words": 100}, "scaling": "none"}
        changes = text if facts.kind == "text" else {}
        model = build(experiment_with(dataset=name, layers=[last], **changes))
        assert model.output_shape == (None, facts.classes)


def _assert_equal(ones, others) -> None:
    for one, other in zip(ones, others, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())
