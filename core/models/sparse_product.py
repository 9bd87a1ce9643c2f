"""Sparse rows times weights, and the gradient of that, by SciPy. Loads TensorFlow.

Of 512 newswires each word adds a row of weights to a sum: some 40,000 short additions. From 32 units on SciPy's product
does them eight times as fast as TensorFlow's, on one core, and in the same order: sums of rows with ones come out equal
to the last bit, so a script that multiplies the TensorFlow way takes the same course. Below 32 units TensorFlow adds up
in a plain loop, too, and saves the way through Python, so there its own product is taken (`benchmarks/sparse_step.py`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

_FEWEST_UNITS = 32


def product(rows: Any, weights: Any) -> Any:
    """Inside a graph or outside: what each row adds up, float32 (rows, units).

    Args:
        rows: A float32 SparseTensor (rows, width), its entries row after row, as batches of a CSR matrix have them.
        weights: A float32 tensor (width, units). The gradient flows into it alone.
    """
    if weights.shape[1] < _FEWEST_UNITS:
        return tf.sparse.sparse_dense_matmul(rows, weights)

    def multiplied(weights: Any) -> Any:
        entries = (rows.indices, rows.values, rows.dense_shape)
        sums = tf.ensure_shape(_SUMS(*entries, weights), (rows.shape[0], weights.shape[1]))
        return sums, lambda above: tf.ensure_shape(_SUMS_BY_COLUMN(*entries, above), weights.shape)

    return tf.custom_gradient(multiplied)(weights)


def _sums(
    places: NDArray[np.int64],
    values: NDArray[np.float32],
    shape: NDArray[np.int64],
    weights: NDArray[np.float32],
) -> NDArray[np.float32]:
    sums: NDArray[np.float32] = _matrix(places, values, shape) @ weights
    return sums


def _sums_by_column(
    places: NDArray[np.int64],
    values: NDArray[np.float32],
    shape: NDArray[np.int64],
    above: NDArray[np.float32],
) -> NDArray[np.float32]:
    sums: NDArray[np.float32] = _matrix(places, values, shape).T @ above
    return sums


def _matrix(places: NDArray[np.int64], values: NDArray[np.float32], shape: NDArray[np.int64]) -> csr_matrix:
    height, width = shape.tolist()
    ends = np.searchsorted(places[:, 0], np.arange(height + 1)).astype(np.int32)
    return csr_matrix((values, places[:, 1].astype(np.int32), ends), shape=(height, width))


def _operation(function: Any) -> Any:
    """A function on arrays as one on tensors.

    Traced once a process: TensorFlow keeps a function that a graph calls for ever, so a new one for each graph would
    pile up.
    """
    return tf.function(
        lambda *inputs: tf.numpy_function(function, inputs, tf.float32, stateful=False),
        input_signature=[
            tf.TensorSpec((None, 2), tf.int64),
            tf.TensorSpec((None,), tf.float32),
            tf.TensorSpec((2,), tf.int64),
            tf.TensorSpec((None, None), tf.float32),
        ],
        autograph=False,
    )


_SUMS, _SUMS_BY_COLUMN = _operation(_sums), _operation(_sums_by_column)
