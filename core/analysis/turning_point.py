"""The epoch where a network stops learning and starts memorising.

The candidate is the epoch with the lowest validation loss. It counts as confirmed if what came after it is
a rise and not noise, by one of two rules from Lutz Prechelt, "Early Stopping - But When?" (1998):

- generalisation loss: GL(t) = 100 * (E_va(t) / E_opt(t) - 1) exceeds a threshold in two later epochs t (one
  alone may be an outlier), where E_va is the validation loss and E_opt the lowest one up to t;
- successive rises: the validation loss rose in so many epochs in a row.

Otherwise the turning point is "not reached": the network may still have been learning at the end.
The curves are judged as they are; smoothing is for the eye only.

A network that was never better than one constant answer has learned nothing, so it has no turning point either,
whatever its curves do (`core.analysis.baseline`); `turning_point_of` sees to that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from core.analysis.baseline import has_learned
from core.run import Epoch, Run


@dataclass(frozen=True)
class Rule:
    """When a rise counts."""

    threshold: float = 5.0  # generalisation loss in percent that must be exceeded
    epochs_above: int = 2  # in how many epochs after the candidate it must be
    rises: int = 4  # epochs in a row that the loss must have risen, after the candidate


@dataclass(frozen=True)
class Turn:
    """The turn of one curve."""

    epoch: int | None = None  # the best epoch so far, from 1; None if the curve has no numbers
    value: float = math.nan  # the curve there
    confirmed: bool = False  # whether the way down again is beyond doubt by the rule
    generalisation_loss: float = 0.0  # largest GL after the best epoch, in percent; 0 if nothing came after
    rises: int = 0  # longest series of epochs in a row after the best one in which the curve got worse
    epochs_after: int = 0  # epochs recorded after the best one
    last: float = math.nan  # the curve in the last epoch


@dataclass(frozen=True)
class TurningPoint:
    """Where validation loss and validation accuracy turn; they need not agree."""

    loss: Turn  # the turn of the validation loss: this is *the* turning point
    accuracy: Turn  # the turn of the validation accuracy, judged on the error rate 1 - accuracy
    gap: float | None  # validation loss minus training loss in the last epoch; None without validation
    #: whether the network was ever better than a constant answer; if not, neither turn is confirmed
    learned: bool = True

    @property
    def epoch(self) -> int | None:
        """The turning point if it is confirmed, else None: "not reached"."""
        return self.loss.epoch if self.loss.confirmed else None


def turn(errors: Sequence[float], rule: Rule) -> Turn:
    """The turn of a curve of which less is better, not below 0; what is not finite counts as worse than all others."""
    usable = [value if math.isfinite(value) else math.inf for value in errors]
    if not usable or min(usable) == math.inf:
        return Turn()
    best = usable.index(min(usable))
    lowest, after = usable[best], usable[best + 1 :]
    losses = [generalisation_loss(value, lowest) for value in after]
    rises = _longest_rise([lowest, *after])
    return Turn(
        epoch=best + 1,
        value=lowest,
        confirmed=sum(loss > rule.threshold for loss in losses) >= rule.epochs_above or rises >= rule.rises,
        generalisation_loss=max(losses, default=0.0),
        rises=rises,
        epochs_after=len(after),
        last=usable[-1],
    )


def turning_point(epochs: Sequence[Epoch], *, rule: Rule | None = None) -> TurningPoint:
    """Find the turning point in the curves of epochs without gaps; for that of a run there is `turning_point_of`."""
    rule = rule or Rule()
    wrong = [math.inf if epoch.val_accuracy is None else 1 - epoch.val_accuracy for epoch in epochs]
    by_error = turn(wrong, rule)
    accuracy = replace(by_error, value=1 - by_error.value, last=1 - by_error.last)
    last = epochs[-1] if epochs else None
    gap = last.val_loss - last.loss if last is not None and last.val_loss is not None else None
    return TurningPoint(loss=turn(validation_losses(epochs), rule), accuracy=accuracy, gap=gap)


def turning_point_of(run: Run) -> TurningPoint:
    """The turning point of a run, as far as it has come; not confirmed as long as it has learned nothing."""
    found = turning_point(run.epochs)
    if has_learned(run):
        return found
    return replace(
        found,
        loss=replace(found.loss, confirmed=False),
        accuracy=replace(found.accuracy, confirmed=False),
        learned=False,
    )


def validation_losses(epochs: Sequence[Epoch]) -> list[float]:
    """The validation loss of each epoch; infinity where there is none or it is no number."""
    losses = [math.inf if epoch.val_loss is None else epoch.val_loss for epoch in epochs]
    return [loss if math.isfinite(loss) else math.inf for loss in losses]


def generalisation_loss(value: float, lowest: float) -> float:
    """By how many percent a loss is above the lowest, which is a number; infinity for an infinite loss."""
    if lowest > 0:
        return 100 * (value / lowest - 1)
    return math.inf if value > lowest else 0.0


def _longest_rise(values: Sequence[float]) -> int:
    longest = current = 0
    for before, after in pairwise(values):
        current = current + 1 if after > before else 0
        longest = max(longest, current)
    return longest
