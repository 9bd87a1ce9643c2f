"""How TensorFlow is to run a network: decisions that follow from the experiment alone.

So they are the same for a run and its continuation, whatever the machine; only how many threads there are depends on
it, too, and that changes no result.
"""

from __future__ import annotations

import json
from itertools import takewhile
from typing import NamedTuple

from core.experiment import (
    LSTM,
    BatchNormalization,
    Bidirectional,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Experiment,
    Flatten,
    GlobalAveragePooling,
    Layer,
    MaxPooling2D,
    MultiHotEncoding,
    Recurrent,
)

_FEWEST_STEPS = 200
_MOST_THREADS = 4
_FEW = 10_000  # samples
_LONG_BATCH = 128  # samples
_WIDE = 64  # units
#: Layers that learn from a sample whatever else is in its batch, beside recurrent ones.
_SINGLE = (Embedding, Conv2D, MaxPooling2D, GlobalAveragePooling, Flatten)
#: Layers without a state of their own beside their variables, and quickly learned with.
_PLAIN = (Dense, Flatten, Dropout, BatchNormalization)
#: What is no part of the graph of a network's steps: it is a variable, an argument, or lies outside.
_OUTSIDE = frozenset(
    {"seed", "epochs", "batch_size", "split", "labels", "train_limit", "early_stopping", "reduce_lr"}
)


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


class Threads(NamedTuple):
    """How many threads a training has."""

    inside: int  # that share one operation
    beside: int  # that carry out operations side by side


def threads(experiment: Experiment, processors: int) -> Threads:
    """How many threads are used on a computer with so many processors.

    With two that share an operation, networks translated by XLA learn half as fast again, and lose a tenth by it where
    two of them learn side by side. Parts of a batch are worked on side by side. All others gain less than a tenth or
    nothing, at up to twice the processor time, which is better given to another training.
    """
    most = min(processors, _MOST_THREADS)
    if uses_xla(experiment):
        return Threads(most, most)
    return Threads(1, min(most, parts(experiment)))


def front(experiment: Experiment) -> int:
    """How many of the first layers work on parts of a batch side by side, 0 if nothing is gained by that.

    Measured on two cores: steps with convolutions take a fifth to a third less time, at the same processor time; those
    with an LSTM or a wide recurrent layer a third to two fifths less, at up to a fourth more processor time. A narrow
    GRU would take nearly half as much again.
    """
    single = list(takewhile(_takes_each_sample_for_itself, experiment.layers))
    return len(single) if any(map(_gains_by_parts, single)) else 0


def parts(experiment: Experiment) -> int:
    """In how many parts every batch goes through the `front`, whatever the computer; 1 without one."""
    if not front(experiment):
        return 1
    return _MOST_THREADS if experiment.batch_size >= _LONG_BATCH else 2


def rounds_otherwise(experiment: Experiment) -> bool:
    """Whether a training adds up in another order than `fit`, and so than the exported script.

    Measured: losses of `mnist-convnet` differ by up to a thousandth after eight epochs, those of `imdb-lstm` by up to a
    hundredth after five, and where a validation loss leaps it leaps to another height. A network of convolutions that
    had hardly begun to learn drew apart by a hundredth within four epochs.
    """
    return front(experiment) > 0 or any(map(_reads_by_lstm, experiment.layers))


def _takes_each_sample_for_itself(layer: Layer) -> bool:
    """Without random numbers, too: they are drawn for a batch."""
    return isinstance(layer, _SINGLE) or (isinstance(layer, Recurrent) and not layer.dropout)


def _gains_by_parts(layer: Layer) -> bool:
    wide = isinstance(layer, Recurrent) and layer.units >= _WIDE
    return wide or isinstance(layer, Conv2D) or _reads_by_lstm(layer)


def _reads_by_lstm(layer: Layer) -> bool:
    return isinstance(layer, LSTM) or (isinstance(layer, Bidirectional) and layer.cell == "lstm")


def kind(experiment: Experiment) -> str:
    """What two experiments have in common if the second may be trained with the graphs of the first.

    "" if a training needs a process of its own: one that XLA translates or that has threads of its own, and one on so
    many samples that a new process costs it nothing.
    """
    plain = all(isinstance(layer, _PLAIN) for layer in experiment.layers)
    if not plain or experiment.rows > _FEW or uses_xla(experiment):
        return ""
    inside = {name: value for name, value in experiment.to_dict().items() if name not in _OUTSIDE}
    inside["optimizer"] = {**inside["optimizer"], "learning_rate": None}
    return json.dumps(inside, sort_keys=True)
