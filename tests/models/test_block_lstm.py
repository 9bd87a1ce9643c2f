"""An LSTM as one operation says and learns what Keras' own does, up to the rounding of its sums."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models.block_lstm import use_block_lstm
from core.models.build import build
from tests.training.experiments import OUTPUT, experiment_with

LAYERS: dict[str, Callable[[], keras.layers.Layer]] = {
    "last step": lambda: keras.layers.LSTM(5),
    "every step": lambda: keras.layers.LSTM(5, return_sequences=True),
    "backwards": lambda: keras.layers.LSTM(5, go_backwards=True, return_sequences=True),
    "dropout": lambda: keras.layers.LSTM(5, dropout=0.5, seed=3),
    "both ways": lambda: keras.layers.Bidirectional(keras.layers.LSTM(4)),
    "both ways, every step": lambda: keras.layers.Bidirectional(
        keras.layers.LSTM(4, return_sequences=True, dropout=0.25, seed=3)
    ),
}


def learned(layer: keras.layers.Layer, x: np.ndarray[Any, Any]) -> list[np.ndarray[Any, Any]]:
    """What a layer says of a batch, and the gradients of a sum over that, for the batch and for each weight."""
    values = tf.constant(x)
    # Weights of the sum that are no symmetry of anything.
    with tf.GradientTape() as tape:
        tape.watch(values)
        said = layer(values, training=True)
        total = tf.reduce_sum(tf.sin(tf.range(tf.size(said), dtype=tf.float32)) * tf.reshape(said, [-1]))
    return [part.numpy() for part in (said, *tape.gradient(total, [values, *layer.trainable_variables]))]


def pair(make: Callable[[], keras.layers.Layer], shape: tuple[int, ...]) -> tuple[Any, Any]:
    """A layer as Keras has it and as we do, with the same weights and biases, none of them 0."""
    theirs, ours = make(), make()
    generator = np.random.default_rng(1)
    for layer in (theirs, ours):
        layer.build(shape)
    ours.set_weights([generator.normal(0, 0.5, weights.shape) for weights in theirs.get_weights()])
    theirs.set_weights(ours.get_weights())
    use_block_lstm(ours)
    return theirs, ours


@pytest.mark.parametrize("name", LAYERS)
def test_it_says_and_learns_what_keras_does(name):
    x = np.random.default_rng(0).normal(size=(7, 6, 3)).astype("float32")
    theirs, ours = pair(LAYERS[name], x.shape)

    for expected, found in zip(learned(theirs, x), learned(ours, x), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@given(rows=st.integers(1, 4), steps=st.integers(1, 5), width=st.integers(1, 4), units=st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_of_whatever_size(rows, steps, width, units):
    x = np.random.default_rng(rows).normal(size=(rows, steps, width)).astype("float32")
    theirs, ours = pair(lambda: keras.layers.LSTM(units, return_sequences=True), x.shape)

    for expected, found in zip(learned(theirs, x), learned(ours, x), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_only_layers_of_few_weights_are_taken_over():
    few, many, other = keras.layers.LSTM(64), keras.layers.LSTM(128), keras.layers.GRU(8)
    for layer in (few, many, other):
        layer.build((None, 10, 64))
        use_block_lstm(layer)

    assert ["inner_loop" in vars(layer) for layer in (few, many, other)] == [True, False, False]


def test_a_mask_is_no_silent_mistake():
    layer = keras.layers.LSTM(2)
    layer.build((None, 3, 1))
    use_block_lstm(layer)

    with pytest.raises(NotImplementedError, match="mask"):
        layer(np.ones((1, 3, 1), "float32"), mask=np.array([[True, True, False]]))


def test_a_saved_network_is_an_ordinary_one(tmp_path: Path):
    network = build(experiment_with(encoding={"kind": "rows"}, layers=[{"kind": "lstm", "units": 4}, OUTPUT]))
    network.save(tmp_path / "network.keras")
    loaded = keras.models.load_model(tmp_path / "network.keras")
    x = np.random.default_rng(0).normal(size=(5, 8, 8)).astype("float32")

    assert "inner_loop" in vars(network.layers[0])
    assert "inner_loop" not in vars(loaded.layers[0])
    np.testing.assert_allclose(network(x), loaded(x), rtol=1e-5, atol=1e-6)
