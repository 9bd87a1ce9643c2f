"""Whether a network's training step is translated by XLA, a decision that belongs to the experiment.

XLA melts the many small operations of a step into few. Its sums come out in another order, so after some
epochs the curves differ in the fourth digit: with and without XLA are two courses, each of which repeats
exactly. Hence the choice follows from the experiment alone, the same for a run, for its continuation and
for the exported script, and never from the machine's mood.
"""

from __future__ import annotations

from core.experiment import BatchNormalization, Dense, Experiment, Flatten, MultiHotEncoding

# Measured on two cores. XLA makes steps of dense networks two to three times as fast, but takes a second
# longer to get ready; below some two hundred steps an epoch that second is never earned back.
# Convolutions become four times as slow under XLA (it has no oneDNN), Dropout's random numbers likewise,
# and recurrent layers gain less than their long translation costs. It knows no sparse inputs.
_GAINING = (Dense, Flatten, BatchNormalization)
_FEWEST_STEPS = 200


def uses_xla(experiment: Experiment) -> bool:
    """Whether to compile the model with `jit_compile=True`; does not depend on the number of epochs."""
    if isinstance(experiment.encoding, MultiHotEncoding):
        return False
    steps = experiment.train_size // experiment.batch_size
    return steps >= _FEWEST_STEPS and all(isinstance(layer, _GAINING) for layer in experiment.layers)
