"""The inside of networks against plain Keras: weights, what layers put out, and units known to be dead."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from core.datasets import ImageDataset
from core.datasets.preparation import encoder_of, split_rows
from core.errors import RunError, TextError
from core.experiment import Experiment
from core.inference.kinds import activations as activations_answered
from core.inference.kinds import first_layer
from core.inference.kinds.activations import MOST_VALUES, _activation, activations
from core.inference.kinds.first_layer import WORD_UNITS_A_PAGE, first_weights, nearest_words
from core.inference.kinds.units import MOST_PROBES, idle_units
from core.inference.request import Values
from core.inference.service import ImageNetwork, TextNetwork
from core.models.predicting import Predictor
from core.run import Reason, Run, RunState
from tests.inference.small_networks import NUM_WORDS, WORDS, experiment_on, sequence_experiment, trained
from tests.training.experiments import OUTPUT, experiment_with

NAMES = tuple("0123456789")


def images() -> ImageDataset:
    chance = np.random.default_rng(4)

    def part(count: int) -> tuple[np.ndarray, np.ndarray]:
        return (
            chance.integers(0, 17, (count, 8, 8), dtype=np.uint8),
            chance.integers(0, 10, count, dtype=np.uint8),
        )

    x_train, y_train = part(300)
    x_test, y_test = part(20)
    return ImageDataset("digits", NAMES, y_train, y_test, x_train, x_test)


def opened(experiment: Experiment, model: keras.Model) -> ImageNetwork:
    """An image network as answering opens it."""
    dataset = images()
    run = Run("run", experiment, RunState.FINISHED, Reason("waiting"), "", "", "", "", None, None, None)  # type: ignore[arg-type]
    return ImageNetwork(run, 3, Predictor(model), encoder_of(experiment, dataset), dataset)


def model_of(experiment: Experiment, *weights: np.ndarray) -> keras.Model:
    """A network written with plain Keras."""
    model = keras.Sequential([keras.Input(experiment.input_shape)])
    for layer in experiment.layers:
        if layer.kind == "dense":
            model.add(keras.layers.Dense(layer.units, activation=layer.activation))
        elif layer.kind == "conv2d":
            model.add(keras.layers.Conv2D(layer.filters, layer.kernel, activation=layer.activation))
        elif layer.kind == "flatten":
            model.add(keras.layers.Flatten())
        else:
            model.add(keras.layers.Dropout(layer.rate))
    if weights:
        model.set_weights(list(weights))
    return model


def dense(units: int, activation: str) -> dict[str, Any]:
    return {"kind": "dense", "units": units, "activation": activation}


def test_values_go_through_json_unchanged() -> None:
    array = np.random.default_rng(0).standard_normal((3, 4, 5)).astype(np.float32)
    np.testing.assert_array_equal(Values.of(array).array(), array)
    assert Values.of(np.zeros((0, 2))).array().shape == (0, 2)


# The first layer


def test_pictures_are_columns_of_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = experiment_with(layers=[dense(20, "relu"), OUTPUT])
    model = model_of(experiment)
    monkeypatch.setattr(first_layer, "UNITS_A_PAGE", 16)
    kernel = model.layers[0].kernel.numpy()
    for first, count in ((0, 16), (16, 4), (99, 1), (-5, 16)):
        answer = first_weights(opened(experiment, model), first)
        assert answer.pictures is not None
        pictures = answer.pictures.array()
        assert pictures.shape == (count, 8, 8)
        assert (answer.units, answer.largest) == (20, pytest.approx(np.abs(kernel).max()))
        for place, picture in enumerate(pictures):
            np.testing.assert_array_equal(picture.ravel(), kernel[:, answer.first + place])


def test_filters_are_pictures_too() -> None:
    experiment = experiment_with(
        encoding={"kind": "image"},
        layers=[{"kind": "conv2d", "filters": 5, "kernel": 3}, {"kind": "flatten"}, OUTPUT],
    )
    model = model_of(experiment)
    answer = first_weights(opened(experiment, model), 0)
    assert answer.pictures is not None
    kernel = model.layers[0].kernel.numpy()
    for filter_, picture in enumerate(answer.pictures.array()):
        np.testing.assert_array_equal(picture, kernel[:, :, 0, filter_])


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> tuple[TextNetwork, keras.Model]:
    return trained(experiment_on(), tmp_path_factory.mktemp("texts"))


@pytest.fixture(scope="module")
def sequences(tmp_path_factory: pytest.TempPathFactory) -> tuple[TextNetwork, keras.Model]:
    return trained(sequence_experiment(), tmp_path_factory.mktemp("sequences"))


def test_words_with_the_largest_weights(texts: tuple[TextNetwork, keras.Model]) -> None:
    asked, model = texts
    kernel = model.layers[0].kernel.numpy()
    answer = first_weights(asked, 0)
    assert answer.pictures is None
    assert [unit.unit for unit in answer.words] == list(range(min(5, WORD_UNITS_A_PAGE)))
    for unit in answer.words:
        # Word number n stands for the word of rank n - 3.
        weights = {WORDS[number - 4]: kernel[number, unit.unit] for number in range(4, NUM_WORDS)}
        order = sorted(weights, key=lambda word: -weights[word])
        assert [one.word for one in unit.raising] == [word for word in order if weights[word] > 0][:8]
        assert [one.word for one in unit.lowering] == [word for word in order[::-1] if weights[word] < 0][:8]
        assert unit.raising[0].weight == pytest.approx(weights[order[0]])


def test_nearest_words_by_the_cosine(sequences: tuple[TextNetwork, keras.Model]) -> None:
    asked, model = sequences
    vectors = model.layers[0].embeddings.numpy().astype(np.float64)
    answer = nearest_words(asked, "Word7!")
    assert answer.word == "word7"
    chosen = vectors[7 + 3]
    cosines = {
        WORDS[number - 4]: vectors[number] @ chosen / np.linalg.norm(vectors[number]) / np.linalg.norm(chosen)
        for number in range(4, NUM_WORDS)
        if number != 10
    }
    expected = sorted(cosines, key=lambda word: -cosines[word])[: len(answer.neighbours)]
    assert [one.word for one in answer.neighbours] == expected
    assert answer.neighbours[0].similarity == pytest.approx(cosines[expected[0]], rel=1e-5)


def test_what_cannot_be_shown_is_refused(
    texts: tuple[TextNetwork, keras.Model], sequences: tuple[TextNetwork, keras.Model]
) -> None:
    with pytest.raises(RunError, match="embedding"):
        first_weights(sequences[0], 0)
    with pytest.raises(RunError, match="dense"):
        nearest_words(texts[0], "word7")
    with pytest.raises(TextError):
        nearest_words(sequences[0], "nobody knows")


# What layers put out


def test_activations_of_a_convolution_are_those_of_keras() -> None:
    experiment = experiment_with(
        encoding={"kind": "image"},
        layers=[
            {"kind": "conv2d", "filters": 4, "activation": "relu"},
            {"kind": "dropout", "rate": 0.5},
            {"kind": "flatten"},
            dense(6, "tanh"),
            OUTPUT,
        ],
    )
    model = model_of(experiment)
    asked = opened(experiment, model)
    answer = activations(asked, 7)
    outputs = keras.Model(model.inputs, [layer.output for layer in model.layers]).predict(
        asked.dataset.x_test[7:8, ..., np.newaxis] / np.float32(16), verbose=0
    )
    assert answer.label == asked.dataset.y_test[7]
    assert [layer.shape for layer in answer.layers] == [output.shape[1:] for output in outputs]
    for layer, output in zip(answer.layers, outputs, strict=True):
        np.testing.assert_allclose(layer.values.array(), output[0], atol=1e-5)
        assert layer.highest == pytest.approx(output.max(), abs=1e-5)
        assert layer.lowest == pytest.approx(output.min(), abs=1e-5)
    assert answer.layers[0].active == int((outputs[0] > 0).sum())


def test_activations_of_texts_are_those_of_keras(
    texts: tuple[TextNetwork, keras.Model], sequences: tuple[TextNetwork, keras.Model]
) -> None:
    for asked, model in (texts, sequences):
        answer = activations(asked, 11)
        inputs: Any = asked.encode(asked.dataset.x_test.take(np.array([11])))
        last = model.predict(inputs, verbose=0)
        np.testing.assert_allclose(answer.layers[-1].values.array(), last[0], atol=1e-5)
        assert len(answer.layers) == len(model.layers)


def test_of_a_large_layer_whole_channels_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activations_answered, "MOST_VALUES", 100)
    output = np.random.default_rng(0).standard_normal((6, 6, 8)).astype(np.float32)
    found = _activation("conv2d", output)
    np.testing.assert_array_equal(found.values.array(), output[..., :2])
    assert found.shape == (6, 6, 8)
    assert found.active == int((output > 0).sum())
    assert _activation("lstm", np.ones((500, 3), np.float32)).values.array().size <= 100
    assert MOST_VALUES >= 26 * 26 * 64


@pytest.mark.parametrize("row", [-1, 20])
def test_a_sample_that_is_not_there(row: int) -> None:
    experiment = experiment_with(layers=[OUTPUT])
    with pytest.raises(RunError, match="from 0 to 19"):
        activations(opened(experiment, model_of(experiment)), row)


# Units that do nothing


def test_units_known_to_be_dead_and_saturated_are_found() -> None:
    experiment = experiment_with(layers=[dense(5, "relu"), dense(4, "sigmoid"), dense(3, "tanh"), OUTPUT])
    first = np.zeros((64, 5), dtype=np.float32)
    first[0, 3] = first[1, 4] = 1
    sizes = [(5, 4), (4, 3), (3, 10)]
    second, third, last = (np.zeros(size, dtype=np.float32) for size in sizes)
    model = model_of(
        experiment,
        first,
        np.array([-1, 0, 2, 0, -0.999], dtype=np.float32),  # dead, dead, always, by pixel, seldom
        second,
        np.array([0, 6, -6, 4], dtype=np.float32),  # sigmoid(4) is 0.982: not within a hundredth of the end
        third,
        np.array([-4, 2, 0], dtype=np.float32),
        last,
        np.zeros(10, dtype=np.float32),
    )
    asked = opened(experiment, model)
    validation = split_rows(experiment.split, asked.dataset.y_train).validation
    asked.dataset.x_train[:, 0, 1] = 0
    asked.dataset.x_train[validation[5], 0, 1] = 16  # one of 60 samples

    answer = idle_units(asked)

    assert (answer.probe, answer.samples) == ("validation", 60)
    assert [(layer.name, layer.activation, layer.units) for layer in answer.layers] == [
        ("dense", "relu", 5),
        ("dense_1", "sigmoid", 4),
        ("dense_2", "tanh", 3),
    ]
    relu, sigmoid, tanh = answer.layers
    assert (relu.dead, relu.seldom, relu.saturated) == ((0, 1), (), ())
    assert relu.shares.array()[2] == 1
    outputs = model.layers[0](asked.encode(asked.dataset.x_train[validation])).numpy()
    np.testing.assert_allclose(relu.shares.array(), (outputs > 0).mean(axis=0))
    assert relu.shares.array()[4] == pytest.approx(1 / 60)
    assert (sigmoid.dead, sigmoid.saturated) == ((), (1, 2))
    assert (tanh.dead, tanh.saturated) == ((), (0,))


def test_seldom_active_units_without_a_validation_set() -> None:
    experiment = experiment_with(layers=[dense(1, "relu"), OUTPUT], split={"kind": "none"})
    kernel = np.zeros((64, 1), dtype=np.float32)
    kernel[0] = 1
    model = model_of(
        experiment,
        kernel,
        np.zeros(1, dtype=np.float32),
        np.zeros((1, 10), dtype=np.float32),
        np.zeros(10, dtype=np.float32),
    )
    asked = opened(experiment, model)
    asked.dataset.x_train[:, 0, 0] = 0
    asked.dataset.x_train[[1, 2], 0, 0] = 3  # two of 300
    answer = idle_units(asked)
    assert (answer.probe, answer.samples) == ("training", 300)
    assert answer.layers[0].seldom == (0,)
    assert answer.layers[0].dead == ()
    asked.dataset.x_train[3, 0, 0] = 3  # a hundredth is enough
    assert idle_units(asked).layers[0].seldom == ()


def test_a_filter_is_dead_if_it_is_silent_everywhere() -> None:
    experiment = experiment_with(
        encoding={"kind": "image"},
        layers=[{"kind": "conv2d", "filters": 3, "activation": "relu"}, {"kind": "flatten"}, OUTPUT],
    )
    model = model_of(experiment)
    kernel, _, *rest = model.get_weights()
    kernel[...] = 0
    kernel[1, 1, 0, 2] = 1
    model.set_weights([kernel, np.array([0, 0.5, 0], dtype=np.float32), *rest])
    asked = opened(experiment, model)
    asked.dataset.x_train[:] = 0
    asked.dataset.x_train[:, 4, 4] = 5  # a single pixel is seen by the last filter
    (layer,) = idle_units(asked).layers
    assert layer.dead == (0,)
    np.testing.assert_array_equal(layer.shares.array(), [0, 1, 1])


def test_when_time_runs_out_it_says_how_far_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = experiment_with(layers=[dense(3, "relu"), OUTPUT])
    asked = opened(experiment, model_of(experiment))
    asked.predict.rows_at_a_time = 16
    ticks = iter([0.0, 1.0, 2.0, 99.0])
    assert idle_units(asked, now=lambda: next(ticks)).samples == 48
    assert MOST_PROBES >= 1_000


def test_networks_without_such_units(sequences: tuple[TextNetwork, keras.Model]) -> None:
    assert idle_units(sequences[0]).layers == ()
