"""A Dense layer on sparse rows, by TensorFlow's own product of a sparse with a dense matrix.

Keras takes another way (it looks up a row of weights for each value that is not 0, and adds them up), which makes a
step of a network on 10,000-word reviews take two and a half times as long. Both are the same sums, rounded in
another order: after ten epochs the curves differ in the fourth digit. So this is the way of every network on
multi-hot texts, in runs, in their continuations and in the exported script (`core.models.code_texts`). A saved
network is an ordinary Keras network.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf


def use_sparse_product(layer: Any) -> None:
    """Let a Dense layer, which must be built, multiply by TensorFlow's product from now on.

    Args:
        layer: A `keras.layers.Dense` with bias, whose inputs are sparse tensors (samples, inputs).
    """

    def call(inputs: Any, training: bool | None = None) -> Any:
        product = tf.sparse.sparse_dense_matmul(inputs, tf.convert_to_tensor(layer.kernel))
        return layer.activation(product + layer.bias)

    # On the instance: the class, and with it the file of a saved network, stays what it is.
    layer.call = call
