"""Networks whose sums TensorFlow would otherwise add up in a different order each time.

The gradient of an Embedding is a sum over all places at which a word stood. On several threads TensorFlow adds
in whatever order they finish, so that the same experiment takes a slightly different course each time: after
one epoch of an LSTM on reviews the losses differ in the third digit. Told to keep an order, it repeats
itself to the last bit. That costs such networks nothing that could be measured, but networks translated by XLA
lose half of their speed, so it is asked for only where it is needed.
"""

from __future__ import annotations

from core.experiment import Embedding, Experiment


def needs_ordered_sums(experiment: Experiment) -> bool:
    """Whether a training repeats itself only if TensorFlow keeps the order of its sums."""
    return any(isinstance(layer, Embedding) for layer in experiment.layers)
