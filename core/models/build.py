"""From an experiment to a Keras model, ready to be trained. Loads Keras."""

from __future__ import annotations

from typing import Any

import keras
import tensorflow as tf
from tensorflow.python.framework import config

from core.experiment import Experiment, MultiHotEncoding
from core.models.calls import Call, input_call, layer_calls, optimizer_call
from core.models.determinism import needs_ordered_sums
from core.models.seed import own_randomness
from core.models.sparse_product import use_sparse_product
from core.models.xla import uses_xla

# What else a keras.json may say: it would change every result.
keras.config.set_floatx("float32")
keras.config.set_epsilon(1e-7)
keras.config.set_image_data_format("channels_last")


def build(experiment: Experiment) -> keras.Model:
    """A compiled network with the weights it starts from.

    Weights and layer names are those of a fresh process that calls `keras.utils.set_random_seed(seed)` and
    builds the same Sequential model. Keras' global state is cleared for that: models built before stay
    usable, but names are counted anew.

    Args:
        experiment: What to build; an Experiment that exists can be built.

    Returns:
        A Sequential model with input (batch, *experiment.input_shape), float32 or for padded texts
        int32, and output (batch, units) float32; optimizer and metrics are built, so training can start at once.
    """
    _order_sums(needs_ordered_sums(experiment))
    # Without its full garbage collection, which takes longer than building.
    keras.utils.clear_session(free_memory=False)
    with own_randomness(experiment.seed):
        model = keras.Sequential([make(input_call(experiment))])
        for call in layer_calls(experiment):
            model.add(make(call))
    if isinstance(experiment.encoding, MultiHotEncoding):
        use_sparse_product(model.layers[0])
    model.compile(
        optimizer=make(optimizer_call(experiment.optimizer)),
        loss=experiment.loss,
        metrics=["accuracy"],
        jit_compile=uses_xla(experiment),
    )
    model.optimizer.build(model.trainable_variables)
    return model


def _order_sums(wanted: bool) -> None:
    """Whether this process keeps the order of its sums from now on: for the network that is trained next."""
    if wanted:
        tf.config.experimental.enable_op_determinism()
    elif config.is_op_determinism_enabled():
        config.disable_op_determinism()  # TensorFlow offers no public way back


def make(call: Call) -> Any:
    """The Keras object that a call describes."""
    place = getattr(keras, call.module) if call.module else keras
    kind = getattr(place, call.name)
    args = [make(value) if isinstance(value, Call) else value for value in call.args]
    kwargs = {name: make(value) if isinstance(value, Call) else value for name, value in call.kwargs.items()}
    return kind(*args, **kwargs)
