"""How TensorFlow is to run a network: two decisions that follow from the experiment alone.

So they are the same for a run, for its continuation and for the exported script, whatever the machine.
"""

from __future__ import annotations

from core.experiment import Embedding, Experiment, MultiHotEncoding

_FEWEST_STEPS = 200


def uses_xla(experiment: Experiment) -> bool:
    """Whether to compile the model with `jit_compile=True`; does not depend on the number of epochs.

    XLA melts the many small operations of a step into few. Its sums come out in another order, so after some epochs
    the curves differ in the fourth digit: with and without XLA are two courses, each of which repeats exactly.

    Measured on two cores: XLA makes steps of dense networks two to three times as fast, but takes a second longer to
    get ready; below some two hundred steps an epoch that second is never earned back. Convolutions become four times
    as slow under XLA (it has no oneDNN), Dropout's random numbers likewise, and recurrent layers gain less than their
    long translation costs. It knows no sparse inputs.
    """
    if isinstance(experiment.encoding, MultiHotEncoding):
        return False
    steps = experiment.train_size // experiment.batch_size
    return steps >= _FEWEST_STEPS and all(layer.GAINS_BY_XLA for layer in experiment.layers)


def needs_ordered_sums(experiment: Experiment) -> bool:
    """Whether a training repeats itself only if TensorFlow keeps the order of its sums.

    The gradient of an Embedding is a sum over all places at which a word stood. On several threads TensorFlow adds in
    whatever order they finish: after one epoch of an LSTM on reviews the losses differ in the third digit. Told to
    keep an order, it repeats itself to the last bit. That costs such networks nothing that could be measured, but
    networks translated by XLA lose half of their speed, so it is asked for only where it is needed.
    """
    return any(isinstance(layer, Embedding) for layer in experiment.layers)
