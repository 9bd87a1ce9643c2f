"""Our product of sparse rows with weights, against the same written out in NumPy and against TensorFlow's."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.sparse import csr_matrix, random_array

from core.models.sparse_product import product
from core.training.device_data import to_device


def some_rows(rows: int, *, ones: bool, width: int = 90) -> csr_matrix:
    chance = np.random.default_rng(3)
    matrix = csr_matrix(random_array((rows, width), density=0.05, rng=chance, dtype=np.float32))
    matrix.data[:] = 1 if ones else chance.normal(size=matrix.nnz)
    return matrix


EMPTY_ROWS = csr_matrix(np.array([[0, 0, 0], [0, 2, 0], [0, 0, 0], [0, 0, 0]], dtype=np.float32))
CASES = {
    "ones": some_rows(500, ones=True, width=2_000),
    "other values": some_rows(40, ones=False),
    "one row": some_rows(1, ones=True),
    "empty rows": EMPTY_ROWS,
    "nothing but empty rows": csr_matrix((3, 5), dtype=np.float32),
}


@pytest.mark.parametrize("units", [1, 31, 32, 64])
@pytest.mark.parametrize("name", CASES)
def test_sums_and_gradient_are_those_written_out(name, units):
    matrix = CASES[name]
    height, width = matrix.shape
    chance = np.random.default_rng(4)
    weights = tf.constant(chance.normal(size=(width, units)), tf.float32)
    above = tf.constant(chance.normal(size=(height, units)), tf.float32)
    source = to_device(matrix)
    rows = source.gather(source.tensors, tf.range(height))

    @tf.function
    def both(multiply):
        with tf.GradientTape() as tape:
            tape.watch(weights)
            sums = multiply(rows, weights)
        return sums, tape.gradient(sums, weights, above)

    sums, gradient = both(product)

    dense = matrix.toarray().astype(np.float64)
    np.testing.assert_allclose(sums, dense @ weights.numpy(), atol=1e-4)
    np.testing.assert_allclose(gradient, dense.T @ above.numpy(), atol=1e-4)
    if name != "other values":  # with ones both add up the same numbers in the same order
        theirs = both(tf.sparse.sparse_dense_matmul)
        np.testing.assert_array_equal(sums, theirs[0])
        np.testing.assert_array_equal(gradient, theirs[1])


def test_batches_are_those_that_keras_makes_of_the_matrix():
    matrix, chosen = some_rows(40, ones=False), np.array([7, 3, 39, 0])
    layer, seen = keras.layers.Dense(1), []
    model = keras.Sequential([keras.Input((90,), sparse=True), layer])
    layer.call = lambda inputs, training=None: seen.append(inputs) or tf.zeros((4, 1))
    model.compile(run_eagerly=True)

    model.predict(matrix[chosen], verbose=0)

    source, part = to_device(matrix), to_device(matrix[chosen])
    for ours in (
        source.gather(source.tensors, tf.constant(chosen, tf.int32)),
        part.slice(part.tensors, tf.constant(0), tf.constant(4)),
    ):
        for name in ("indices", "values", "dense_shape"):
            np.testing.assert_array_equal(getattr(ours, name), getattr(seen[0], name))


def test_functions_that_tensorflow_keeps_do_not_pile_up():
    def kept():
        # A graph that Keras has begun anew since has no such list.
        return len(getattr(tf.compat.v1.get_default_graph(), "_py_funcs_used_in_graph", ()))

    counts = []
    for _ in range(3):
        source = to_device(some_rows(40, ones=True))
        graph = tf.function(
            lambda rows, source=source: product(source.gather(source.tensors, rows), tf.ones((90, 40)))
        )
        graph(tf.constant([2, 3]))
        counts.append(kept())
    assert len(set(counts)) == 1
