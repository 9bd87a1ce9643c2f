"""From an experiment to a Keras model, ready to be trained. Loads Keras."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf
from keras.src.random import seed_generator
from tensorflow.python.framework import config

from core.experiment import Experiment, MultiHotEncoding
from core.experiment.config import Call
from core.models.block_lstm import use_block_lstm
from core.models.execution import front, needs_ordered_sums, parts, uses_xla
from core.models.side_by_side import go_side_by_side
from core.models.sparse_product import product
from core.processors import fit_threads

logger = logging.getLogger(__name__)

fit_threads()  # which TensorFlow makes at its first operation

# What else a keras.json may say: it would change every result.
keras.config.set_floatx("float32")
keras.config.set_epsilon(1e-7)
keras.config.set_image_data_format("channels_last")


def build(experiment: Experiment, *, named_anew: bool = True) -> keras.Model:
    """A compiled network with the weights it starts from.

    Weights and layer names are those of a fresh process that calls `keras.utils.set_random_seed(seed)` and
    builds the same Sequential model. Keras' global state is cleared for that: models built before stay
    usable, but names are counted anew, and TensorFlow forgets how it carries their functions out: who needs no names
    leaves that out.

    Returns:
        A Sequential model with input (batch, *experiment.input_shape), float32 or for padded texts
        int32, and output (batch, units) float32; optimizer and metrics are built, so training can start at once.

    Raises:
        ExperimentError: If the experiment has problems.
    """
    experiment.checked()
    _order_sums(needs_ordered_sums(experiment))
    if named_anew:
        # Without its full garbage collection, which takes longer than building.
        keras.utils.clear_session(free_memory=False)
    with own_randomness(experiment.seed):
        model = keras.Sequential([make(experiment.encoding.call(experiment.facts))])
        for row in experiment.summary.rows:
            model.add(make(row.call))
    if isinstance(experiment.encoding, MultiHotEncoding):
        _use_sparse_product(model.layers[0])
    for layer in model.layers:
        use_block_lstm(layer)
    if front(experiment):
        go_side_by_side(model, front(experiment), parts(experiment))
    model.compile(
        optimizer=make(experiment.optimizer.call()),
        loss=experiment.loss,
        metrics=["accuracy"],
        jit_compile=uses_xla(experiment),
    )
    model.optimizer.build(model.trainable_variables)
    return model


def make(call: Call) -> Any:
    """The Keras object that a call describes."""
    place = getattr(keras, call.module) if call.module else keras
    args = [make(value) if isinstance(value, Call) else value for value in call.args]
    kwargs = {name: make(value) if isinstance(value, Call) else value for name, value in call.kwargs.items()}
    return getattr(place, call.name)(*args, **kwargs)


def _order_sums(wanted: bool) -> None:
    """Whether this process keeps the order of its sums from now on: for the network that is trained next."""
    if wanted:
        tf.config.experimental.enable_op_determinism()
    elif config.is_op_determinism_enabled():
        config.disable_op_determinism()  # TensorFlow offers no public way back


def _use_sparse_product(layer: Any) -> None:
    """Let a built Dense layer on sparse rows multiply by a product of a sparse with a dense matrix.

    Keras takes another way (it looks up a row of weights for each value that is not 0, and adds them up), which makes
    a step of a network on 10,000-word reviews take several times as long. Both are the same sums, rounded in
    another order: after ten epochs the curves differ in the fourth digit. So this is the way of every network on
    multi-hot texts, in runs and in their continuations; the exported script always takes TensorFlow's own product,
    which adds up in the same order as SciPy's. A saved network is an ordinary one.
    """

    def call(inputs: Any, training: bool | None = None) -> Any:
        return layer.activation(product(inputs, tf.convert_to_tensor(layer.kernel)) + layer.bias)

    # On the instance: the class, and with it the file of a saved network, stays what it is.
    layer.call = call


@contextmanager
def own_randomness(seed: int) -> Iterator[None]:
    """Give layers made inside the seeds they would have after `keras.utils.set_random_seed(seed)`.

    Keras draws the seed of each layer from Python's global `random`. Any other thread of the process that
    draws from it (a job system's event loop does) would shift them, so Keras gets a generator of its own.
    If a later Keras draws otherwise, this says so in the log and seeds the global generators instead.
    """
    if getattr(seed_generator, "python_random", None) is not random:
        logger.error(
            "Keras %s takes its seeds from another place than expected; other threads that draw random "
            "numbers may now change results.",
            keras.__version__,
        )
        keras.utils.set_random_seed(seed)
        yield
        return
    seed_generator.python_random = random.Random(seed)  # noqa: S311 - not for secrets
    try:
        yield
    finally:
        seed_generator.python_random = random
