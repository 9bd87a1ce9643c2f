"""The gradient of an Embedding, summed word by word, by SciPy. Loads TensorFlow.

TensorFlow hands it to the optimizer as one row for each place of a text, and Keras adds up the rows of the same word
when the optimizer needs them, most often twice in a step: as they are, and their squares. TensorFlow's own sum over
them takes most of a step. As SciPy's product with a matrix of ones it takes a tenth of the time, on one core, and adds
up in the same order, from the first place to the last. So the sums are equal to the last bit, and a script that leaves
this out takes the same course.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

_here: ContextVar[bool] = ContextVar("_here", default=False)


@contextmanager
def sums_by_scipy(wanted: bool = True) -> Iterator[None]:
    """Have gradients of rows added up this way in graphs that are traced in the block; XLA can translate none such."""
    token = _here.set(wanted)
    try:
        yield
    finally:
        _here.reset(token)


def summed(rows: Any, words: Any, count: int) -> Any:
    """Inside a graph: the sum of the rows of each word, float32 (count, units).

    Args:
        rows: A float32 tensor (places, units).
        words: An integer tensor (places,), each at least 0 and below `count`; nobody looks after that here, but no
            gradient comes from a word that was not found.
        count: How many words there are.
    """
    return tf.ensure_shape(_SUMS(rows, tf.cast(words, tf.int32), count), (count, rows.shape[1]))


def _sums(rows: NDArray[np.float32], words: NDArray[np.int32], count: int) -> NDArray[np.float32]:
    places = len(words)
    ones, ends = np.ones(places, np.float32), np.arange(places + 1, dtype=np.int32)
    sums: NDArray[np.float32] = csc_matrix((ones, words, ends), shape=(int(count), places)) @ rows
    return sums


# Traced once a process, because TensorFlow never forgets a function that a graph calls.
_SUMS: Any = tf.function(
    lambda *inputs: tf.numpy_function(_sums, inputs, tf.float32, stateful=False),
    input_signature=[
        tf.TensorSpec((None, None), tf.float32),
        tf.TensorSpec((None,), tf.int32),
        tf.TensorSpec((), tf.int32),
    ],
    autograph=False,
)


def _as_tensor(
    value: tf.IndexedSlices, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> Any:
    """What TensorFlow asks where rows are to become one tensor; it looks further if this is not for here."""
    shape: Any = None if value.dense_shape is None else tf.get_static_value(value.dense_shape)
    fitting = shape is not None and len(shape) == 2 and value.dtype == tf.float32
    if not _here.get() or not fitting or dtype not in (None, tf.float32):
        return NotImplemented
    return summed(value.values, value.indices, int(shape[0]))


tf.register_tensor_conversion_function(tf.IndexedSlices, _as_tensor, priority=50)
