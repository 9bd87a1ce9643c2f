"""An LSTM in one operation of TensorFlow's, for all steps of a text, and one for its gradient. Loads TensorFlow.

Keras makes each step of some thirty small operations, and for the gradient of twice as many: with 32 units most of the
time goes by between them. `BlockLSTM` takes two thirds of the time for a batch of 128 samples, a third for one of 32.
It multiplies what is read and what is remembered by their weights at once, where Keras adds up two products: the sums
are rounded otherwise, so answers and gradients differ in the seventh digit, and curves after some epochs in the third.
Its own product is slow for many weights, so a layer with more of them stays as Keras has it
(`benchmarks/step_in_parts.py`).
"""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf

_MOST_WEIGHTS = 50_000


def use_block_lstm(layer: keras.layers.Layer) -> None:
    """Let a built LSTM, one way or both, read this way where that gains. A saved network is an ordinary one."""
    if isinstance(layer, keras.layers.Bidirectional):
        use_block_lstm(layer.forward_layer)
        use_block_lstm(layer.backward_layer)
    elif isinstance(layer, keras.layers.LSTM) and _weights(layer) <= _MOST_WEIGHTS:
        # On the instance: the class, and with it the file of a saved network, stays what it is.
        layer.inner_loop = _Loop(layer)


def _weights(layer: keras.layers.LSTM) -> int:
    kernels = (layer.cell.kernel, layer.cell.recurrent_kernel)
    return sum(int(kernel.shape.num_elements()) for kernel in kernels)


class _Loop:
    """What Keras calls to go through all steps of a batch."""

    def __init__(self, layer: keras.layers.LSTM) -> None:
        self._layer = layer

    def __call__(
        self, sequences: Any, initial_state: list[Any], mask: Any, training: bool | None = False
    ) -> tuple[Any, Any, list[Any]]:
        """What the layer says after the last step, after each (batch, steps, units), and its two memories at the end.

        Raises:
            NotImplementedError: With a mask. No network of ours has one.
        """
        if mask is not None:
            raise NotImplementedError("steps that a mask leaves out")
        layer, cell = self._layer, self._layer.cell
        if training and cell.dropout:
            # Drawn once for all steps, as Keras does it.
            sequences *= tf.expand_dims(cell.get_dropout_mask(sequences[:, 0, :]), 1)
        if layer.go_backwards:
            sequences = tf.reverse(sequences, [1])
        kernel, recurrent = tf.convert_to_tensor(cell.kernel), tf.convert_to_tensor(cell.recurrent_kernel)
        none = tf.zeros((cell.units,))
        ends = tf.raw_ops.BlockLSTM(
            seq_len_max=tf.cast(tf.shape(sequences)[1], tf.int64),
            x=tf.transpose(sequences, (1, 0, 2)),
            h_prev=initial_state[0],
            cs_prev=initial_state[1],
            w=_in_its_order(tf.concat((kernel, recurrent), axis=0)),
            b=_in_its_order(tf.convert_to_tensor(cell.bias)),
            wci=none,
            wcf=none,
            wco=none,
            forget_bias=0.0,
            cell_clip=-1.0,
        )
        last = ends.h[-1]
        outputs = tf.transpose(ends.h, (1, 0, 2)) if layer.return_sequences else tf.expand_dims(last, 1)
        return last, outputs, [last, ends.cs[-1]]


def _in_its_order(weights: Any) -> Any:
    """Keras has them by input gate, forget gate, candidates and output gate; the operation has candidates second."""
    # Not gathered: Keras would take the gradient of that for rows, of which some may be there twice.
    gates = tf.split(weights, 4, axis=-1)
    return tf.concat([gates[place] for place in (0, 2, 1, 3)], axis=-1)
