"""What a network must beat to have learned anything: one and the same answer to every sample.

The best such answer gives each class its share among the samples. Of a cross-entropy its loss is the entropy of
the shares, which is the logarithm of the number of classes only where all are equally frequent: 2.4, not 3.8, for
Reuters. Of the mean squared error it is the mean over the output units of p (1 - p). No constant answer can do
better, so a network that does has looked at its samples. The accuracy of a constant answer is at most the share of
the most frequent class.

How often the classes occur among the validation samples is kept with a run (`VALIDATION_COUNTS`). Of a run without
that, the shares of the whole training set stand for it, with room for chance; so a run can always be judged, whether
its data are here or not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.experiment import Experiment
from core.run import Run

#: Under this name a run's environment holds how many validation samples each class has.
VALIDATION_COUNTS = "validation_counts"

#: By which share of the constant answer's loss a network must be below it to have learned.
_CLEARLY = 0.01
#: Or which share of the way from the constant answer's accuracy to 1 it must have gone: less may be chance.
_PART_OF_THE_WAY = 0.1
_DEVIATIONS = 3.0


@dataclass(frozen=True)
class Baseline:
    """The best constant answer to some samples."""

    loss: float  # its loss, without penalties on weights
    accuracy: float  # the share of the most frequent class, 0 to 1
    least_loss: float  # a loss below this has been learned
    least_accuracy: float  # an accuracy above this has been learned
    #: whether the losses of the network hold penalties too, so that they may be higher although its answers
    #: are better
    penalised: bool


def baseline(run: Run) -> Baseline | None:
    """What the validation curves of a run are held against; None without a validation set."""
    experiment = run.experiment
    samples = experiment.validation_size
    if not samples:
        return None
    counts = _kept_counts(run)
    exact = counts is not None
    if counts is None:
        counts = np.asarray(
            experiment.facts.class_counts or (1,) * experiment.facts.classes, dtype=np.float64
        )
    shares = counts / counts.sum()
    losses = class_losses(shares, experiment)
    loss = float(shares @ losses)
    # Among other samples than those counted, the classes may be spread a little otherwise.
    chance = 0.0 if exact else math.sqrt(float(shares @ (losses - loss) ** 2) / samples)
    most = float(shares.max())
    scatter = math.sqrt(most * (1 - most) / samples)
    return Baseline(
        loss=loss,
        accuracy=most,
        least_loss=loss - max(_CLEARLY * loss, _DEVIATIONS * chance),
        least_accuracy=most + max(_PART_OF_THE_WAY * (1 - most), _DEVIATIONS * scatter),
        penalised=experiment.is_penalized,
    )


def class_losses(shares: NDArray[np.float64], experiment: Experiment) -> NDArray[np.float64]:
    """Keras' loss of answering the class shares (classes,) to one sample of each class; 0 for a class without share.

    Which loss follows from the experiment, and for `mse` with two classes also from its number of output units.
    """
    if experiment.loss == "mse":
        if experiment.summary.output_shape == (1,):
            losses = (1 - shares) ** 2
        else:
            losses = ((np.eye(len(shares)) - shares) ** 2).mean(axis=1)
    else:
        losses = -np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    found: NDArray[np.float64] = np.where(shares > 0, losses, 0.0)
    return found


def has_learned(run: Run) -> bool:
    """Whether any epoch was clearly better than a constant answer, by validation loss or validation accuracy.

    True where nothing speaks against it: without a validation set, without numbers, or with so few validation samples
    that not even to be right about all of them would mean much.
    """
    constant = baseline(run)
    losses = _numbers([epoch.val_loss for epoch in run.epochs])
    accuracies = _numbers([epoch.val_accuracy for epoch in run.epochs])
    if constant is None or constant.least_accuracy >= 1 or not (losses or accuracies):
        return True
    return (
        min(losses, default=math.inf) < constant.least_loss
        or max(accuracies, default=-math.inf) > constant.least_accuracy
    )


def _numbers(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None and math.isfinite(value)]


def _kept_counts(run: Run) -> NDArray[np.float64] | None:
    kept = run.environment.get(VALIDATION_COUNTS)
    if not isinstance(kept, list) or len(kept) != run.experiment.facts.classes or not sum(kept):
        return None
    return np.asarray(kept, dtype=np.float64)
