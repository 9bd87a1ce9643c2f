"""Inputs that stay in TensorFlow, from which batches are taken inside a graph: plain arrays and sparse matrices.

A sparse matrix is kept as its columns and values, row after row. A batch of it is a SparseTensor with the same
entries in the same order as the one `fit` makes of the same rows, so the numbers that follow are the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from scipy.sparse import csr_matrix

from core.datasets.encoding import Inputs


class DeviceData:
    """Inputs of all samples in TensorFlow; here those of an array."""

    def __init__(self, inputs: Any) -> None:
        #: What is handed into a graph; a constant made inside one would be copied into it.
        self.tensors: Any = tf.convert_to_tensor(inputs)

    def gather(self, tensors: Any, rows: Any, count: int) -> Any:
        """Inside a graph: the inputs of `count` samples, by their row numbers, int32 (count,)."""
        return tf.gather(tensors, rows)

    def slice(self, tensors: Any, start: Any, stop: Any) -> Any:
        """Inside a graph: the inputs from row `start` up to but not including `stop`."""
        return tensors[start:stop]


def to_device(inputs: Inputs) -> DeviceData:
    """Bring inputs into TensorFlow."""
    return _SparseRows(inputs) if isinstance(inputs, csr_matrix) else DeviceData(inputs)


class _SparseRows(DeviceData):
    def __init__(self, inputs: csr_matrix) -> None:
        self._width = inputs.shape[1]
        splits = tf.constant(inputs.indptr.astype(np.int64))
        columns = tf.constant(inputs.indices.astype(np.int64))
        # Of a multi-hot matrix every value is 1 and need not be kept.
        self._ones = bool((inputs.data == 1).all())
        values = tf.constant(inputs.data[:0] if self._ones else inputs.data)
        self.tensors = (splits, columns, values)

    def gather(self, tensors: Any, rows: Any, count: int) -> Any:
        splits, columns, values = tensors
        picked = tf.gather(tf.RaggedTensor.from_row_splits(columns, splits, validate=False), rows)
        if self._ones:
            chosen = tf.ones_like(picked.values, dtype=tf.float32)
        else:
            chosen = tf.gather(tf.RaggedTensor.from_row_splits(values, splits, validate=False), rows).values
        return self._tensor(picked.value_rowids(), picked.values, chosen, count)

    def slice(self, tensors: Any, start: Any, stop: Any) -> Any:
        splits, columns, values = tensors
        first, last = splits[start], splits[stop]
        picked = tf.RaggedTensor.from_row_splits(
            columns[first:last], splits[start : stop + 1] - first, validate=False
        )
        chosen = tf.ones_like(picked.values, dtype=tf.float32) if self._ones else values[first:last]
        return self._tensor(picked.value_rowids(), picked.values, chosen, stop - start)

    def _tensor(self, rows: Any, columns: Any, values: Any, count: Any) -> Any:
        # The width as a constant: layers want to know it when the graph is made.
        shape = tf.stack([tf.cast(count, tf.int64), tf.constant(self._width, tf.int64)])
        return tf.SparseTensor(tf.stack([rows, columns], axis=1), values, shape)
