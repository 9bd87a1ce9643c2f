"""About how long a training takes, told from the experiment alone.

What costs time is counted: multiplications and values of the layers for each sample, the steps of the optimizer on all
parameters, the steps of recurrent layers that must wait for one another. Each of them has one price. The prices were
fitted to the processor time that all presets and some networks at the edges took on a computer of two cores (table in
the tests); they meet each preset within a factor of three. Another computer is faster or slower as a whole, so
whoever knows how long runs took there multiplies by that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.experiment.data import MultiHotEncoding
from core.experiment.experiment import Experiment

# Seconds for one of each.
_MULTIPLICATION = 7e-12
_VALUE = 6e-10
_BATCH = 3e-5
_UPDATE = 3e-9  # of one parameter after one batch
_RECURRENT_STEP = 1.1e-4  # for one batch
_EPOCH = 0.01
_START = 3.0  # preparing the data, building and translating the network

_WAYS = 3  # forwards, and backwards for the layer's input and for its parameters
_WORDS = 130  # different words of a text among those that are kept, as in IMDB; each meets one row of weights


@dataclass(frozen=True)
class Duration:
    """About how long a training takes, in seconds.

    Attributes:
        start: Until the first epoch begins.
        epoch: One epoch, with validation.
    """

    start: float
    epoch: float

    def of(self, epochs: int) -> float:
        """A training of so many epochs."""
        return self.start + epochs * self.epoch


def duration(experiment: Experiment) -> Duration:
    """Estimate how long an experiment takes; early stopping can only make it shorter."""
    sparse = isinstance(experiment.encoding, MultiHotEncoding)
    summary = experiment.summary
    multiplications, values, steps = 0, 0, 0
    for place, row in enumerate(summary.rows):
        values += row.values
        if sparse and not place:
            values += _WORDS * row.output_shape[-1]
        else:
            multiplications += row.parameters * row.layer.uses(row.input_shape, row.output_shape)
        steps += row.layer.steps(row.input_shape)
    batches = math.ceil(experiment.train_size / experiment.batch_size)
    sample = multiplications * _MULTIPLICATION + values * _VALUE
    batch = _BATCH + summary.trainable * _UPDATE + steps * _RECURRENT_STEP
    ways = _WAYS * experiment.train_size + experiment.validation_size
    return Duration(_START, _EPOCH + batches * batch + ways * sample)
