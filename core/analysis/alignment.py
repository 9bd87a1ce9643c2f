"""Where the epochs of a run stand on an axis that runs of different batch sizes and speeds can share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

from core.experiment import Experiment
from core.run import Epoch

Alignment = Literal["epoch", "batches", "seconds"]
"""By how often the samples were seen, by how many steps the optimizer made, or by how long it took."""


def positions(experiment: Experiment, epochs: Sequence[Epoch], by: Alignment) -> tuple[float, ...]:
    """The end of each epoch.

    Args:
        experiment: What was trained; its training part and batch size give the batches of an epoch.
        epochs: What was recorded, in order.

    Returns:
        For each epoch its number, the batches seen since the start, or the seconds since the start (the
        time spent in epochs, validation included, without what came before and between).
    """
    if by == "epoch":
        return tuple(float(epoch.number) for epoch in epochs)
    if by == "batches":
        steps = math.ceil(experiment.train_size / experiment.batch_size)
        return tuple(float(steps * epoch.number) for epoch in epochs)
    return tuple(accumulate(epoch.seconds for epoch in epochs))
