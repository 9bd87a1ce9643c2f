"""Our sums of an Embedding's gradient against TensorFlow's."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from core.models.row_sums import summed, sums_by_scipy

CHANCE = np.random.default_rng(5)
CASES = {
    "words that come again": CHANCE.integers(0, 40, 3_000),
    "words that come once": np.arange(39, -1, -1),
    "one word": np.full(500, 7),
    "one place": np.array([3]),
    "no place": np.array([], np.int64),
}


@pytest.mark.parametrize("kind", [np.int32, np.int64])
@pytest.mark.parametrize("units", [1, 3, 32])
@pytest.mark.parametrize("name", CASES)
def test_sums_are_tensorflows_to_the_last_bit(name, units, kind):
    words = tf.constant(CASES[name], kind)
    # Of very different sizes, so that another order would show.
    sizes = 10.0 ** CHANCE.integers(-6, 6, (len(words), units))
    rows = tf.constant(CHANCE.normal(size=(len(words), units)) * sizes, tf.float32)

    sums = tf.function(lambda rows, words: summed(rows, words, 40))(rows, words)

    np.testing.assert_array_equal(sums, tf.math.unsorted_segment_sum(rows, words, 40))


def dense(rows: tf.Tensor, words: tf.Tensor, shape: tuple[int, ...]) -> tf.Tensor:
    return tf.convert_to_tensor(tf.IndexedSlices(rows, words, tf.constant(shape)))


def operations(*, wanted: bool, shape: tuple[int, ...] = (40, 2), kind: tf.DType = tf.float32) -> set[str]:
    def traced(rows, words):
        with sums_by_scipy(wanted):
            return dense(rows, words, shape)

    specs = tf.TensorSpec((5, *shape[1:]), kind), tf.TensorSpec((5,), tf.int32)
    graph = tf.function(traced, autograph=False).get_concrete_function(*specs).graph.as_graph_def()
    inner = [node.op for function in graph.library.function for node in function.node_def]
    return {*inner, *(node.op for node in graph.node)}


def test_rows_become_a_tensor_by_scipy_in_the_block_alone():
    assert "PyFuncStateless" in operations(wanted=True)
    assert "UnsortedSegmentSum" not in operations(wanted=True)
    assert "UnsortedSegmentSum" in operations(wanted=False)


@pytest.mark.parametrize("other", [{"shape": (40, 2, 2)}, {"kind": tf.float64}])
def test_other_rows_are_left_to_tensorflow(other):
    assert "UnsortedSegmentSum" in operations(wanted=True, **other)


def test_functions_that_tensorflow_keeps_do_not_pile_up():
    def kept():
        return len(tf.compat.v1.get_default_graph()._py_funcs_used_in_graph)

    counts = []
    for _ in range(3):
        graph = tf.function(lambda rows: summed(rows, tf.constant([1, 0]), 2))
        graph(tf.ones((2, 3)))
        counts.append(kept())
    assert len(set(counts)) == 1
