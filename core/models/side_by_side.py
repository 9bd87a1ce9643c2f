"""The first layers of a network, for several parts of a batch side by side. Loads TensorFlow.

Threads that share one operation wait for one another after each: two of them make a step with convolutions a tenth
quicker. Parts of a batch that go through several layers in a row need not wait, and it takes a third less time
(`benchmarks/step_in_parts.py`). What a layer says of a sample is the same, but the gradient is the sum of those of the
parts, so it is rounded otherwise, and after some epochs curves differ by a hundredth or so. How many parts there are is
the network's own, not the computer's: a training takes the same course with any number of threads.
"""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf


def go_side_by_side(model: keras.Sequential, front: int, parts: int) -> None:
    """Let so many of the first layers of a built model work on so many parts of every batch side by side.

    These layers take each sample for itself and draw no random numbers. A saved network is an ordinary one.
    """
    # On the instance: the class, and with it the file of a saved network, stays what it is.
    model.call = _Call(model.layers, front, parts)


class _Call:
    def __init__(self, layers: list[keras.layers.Layer], front: int, parts: int) -> None:
        self._front, self._rest, self._parts = layers[:front], layers[front:], parts

    def __call__(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Output (batch, units) of inputs (batch, ...)."""

        def whole() -> Any:
            return _through(self._front, inputs, training)

        def parted() -> Any:
            sizes = _sizes(tf.shape(inputs)[0] if rows is None else rows, self._parts)
            split = tf.split(inputs, sizes, num=self._parts)
            return tf.concat([_through(self._front, part, training) for part in split], axis=0)

        rows = inputs.shape[0]
        if rows is None:
            # Some operations cannot do with no rows at all.
            seen = tf.cond(tf.shape(inputs)[0] >= self._parts, parted, whole)
        else:
            seen = parted() if rows >= self._parts else whole()
        return _through(self._rest, seen, training)


def _sizes(rows: Any, parts: int) -> list[Any]:
    """Of parts that are as long as one another, the first ones by one longer where that does not come out."""
    return [(rows + parts - 1 - place) // parts for place in range(parts)]


def _through(layers: list[keras.layers.Layer], values: Any, training: bool | None) -> Any:
    for layer in layers:
        values = layer(values, training=training)
    return values
