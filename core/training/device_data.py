"""Inputs of all samples, from which batches are taken inside a graph: arrays in TensorFlow and sparse matrices.

A batch of a sparse matrix is a SparseTensor with the same entries in the same order as the one that `fit` makes of the
same rows, so the numbers that follow are the same.
"""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from core.datasets.aligned import is_aligned
from core.datasets.encoding import Inputs


class DeviceData:
    """Inputs of all samples; here those of an array, which are kept in TensorFlow."""

    def __init__(self, inputs: Any) -> None:
        #: What is handed into a graph; a constant made inside one would be copied into it.
        self.tensors: Any = _tensor(inputs)

    @property
    def form(self) -> DeviceData:
        """The same without the inputs, for a graph, which may be kept longer than they are."""
        form = copy(self)
        form.tensors = None
        return form

    def gather(self, tensors: Any, rows: Any) -> Any:
        """Inside a graph: the inputs of some samples, by their row numbers, int32 (samples,)."""
        return tf.gather(tensors, rows)

    def slice(self, tensors: Any, start: Any, stop: Any) -> Any:
        """Inside a graph: the inputs from row `start` up to but not including `stop`."""
        return tensors[start:stop]


def to_device(inputs: Inputs) -> DeviceData:
    """The inputs in the form that a graph takes batches from."""
    return _SparseRows(inputs) if isinstance(inputs, csr_matrix) else DeviceData(inputs)


def _tensor(inputs: NDArray[np.generic]) -> Any:
    """An array as a tensor: the same memory where that can be, for the images of a data set are some hundred megabytes.

    Nobody may write into it from now on. Where TensorFlow would have to read a value across the boundary, and where
    NumPy hands out no array that must not be written, it makes a copy.
    """
    if not inputs.size or not is_aligned(inputs) or not inputs.flags.writeable:
        return tf.convert_to_tensor(inputs)
    # In one row: an axis of length 1 may have any stride, of which TensorFlow refuses most.
    row: Any = inputs.reshape(-1)
    return tf.reshape(tf.experimental.dlpack.from_dlpack(row.__dlpack__()), inputs.shape)


class _SparseRows(DeviceData):
    """Rows of a sparse matrix, picked out by SciPy, which takes a third of the time that TensorFlow does."""

    def __init__(self, inputs: csr_matrix) -> None:
        self._width = inputs.shape[1]
        # Of a multi-hot matrix every value is 1 and need not be kept.
        values = inputs.data[:0] if (inputs.data == 1).all() else inputs.data
        self.tensors = (
            tf.constant(inputs.indptr.astype(np.int32)),
            tf.constant(inputs.indices.astype(np.int32)),
            tf.constant(values.astype(np.float32)),
        )

    def gather(self, tensors: Any, rows: Any) -> Any:
        places, values = _picked(rows, *tensors)
        # Layers want to know the width when the graph is made.
        shape = tf.stack([tf.cast(tf.size(rows), tf.int64), tf.constant(self._width, tf.int64)])
        tensor = tf.SparseTensor(tf.ensure_shape(places, (None, 2)), tf.ensure_shape(values, (None,)), shape)
        tensor.set_shape((rows.shape[0], self._width))
        return tensor

    def slice(self, tensors: Any, start: Any, stop: Any) -> Any:
        return self.gather(tensors, tf.range(start, stop))


def _entries(
    rows: NDArray[np.int32], ends: NDArray[np.int32], columns: NDArray[np.int32], values: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Places (entries, 2) and values of some rows of a matrix, whose values are ones if none are given."""
    # How wide the matrix is does not matter here.
    matrix = csr_matrix((values if len(values) else columns, columns, ends), shape=(len(ends) - 1, _WIDEST))
    picked = matrix[rows]
    places = np.empty((picked.nnz, 2), dtype=np.int64)
    places[:, 0] = np.repeat(np.arange(len(rows)), np.diff(picked.indptr))
    places[:, 1] = picked.indices
    return places, picked.data if len(values) else np.ones(picked.nnz, np.float32)


_WIDEST = np.iinfo(np.int32).max


# `_entries` on tensors. Traced once a process, because TensorFlow never forgets a function that a graph calls.
_picked: Any = tf.function(
    lambda *inputs: tf.numpy_function(_entries, inputs, (tf.int64, tf.float32), stateful=False),
    input_signature=[tf.TensorSpec((None,), kind) for kind in (tf.int32, tf.int32, tf.int32, tf.float32)],
    autograph=False,
)
