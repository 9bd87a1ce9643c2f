"""What a question of the bank says of a run: numbers, and the right choice where it follows from them.

Each function takes a disclosed run and gives None where the run does not show what the question is about. What a
sentence claims of two numbers, such as that one is higher, holds of them as they are written there: with three
decimals, shares in tenths of a percent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from core.analysis.baseline import VALIDATION_COUNTS, baseline
from core.analysis.turning_point import TurningPoint, turning_point_of
from core.experiment.layers import Dropout
from core.run import Epoch, Run


@dataclass(frozen=True)
class Facts:
    """Numbers by the names that an item has for them; `right` is the id of the right choice if they decide it."""

    values: Mapping[str, int | float | str] = field(default_factory=dict)
    right: str = ""


FactsOf = Callable[[Run], Facts | None]

_JUMPS = 0.3
"""A training jumps if its loss rose in so many of the steps from epoch to epoch."""
_TOO_HIGH = 5
"""A learning rate is high if it is so many times the one that its optimizer has by default."""
_OFTEN = 1.5
"""A class is frequent if it has so many times the share that it would have if all were equal."""


@dataclass(frozen=True)
class _Curves:
    """The epochs of a run with a number for everything, and where it turned."""

    epochs: tuple[Epoch, ...]
    turning: TurningPoint
    over: bool

    @property
    def lowest(self) -> int:
        """The epoch of the lowest validation loss."""
        return self.turning.loss.epoch or 0

    def val_loss(self, epoch: int) -> float:
        return round(_number(self.epochs[epoch - 1].val_loss), 3)

    def loss(self, epoch: int) -> float:
        return round(self.epochs[epoch - 1].loss, 3)

    def val_accuracy(self, epoch: int) -> float:
        return round(_number(self.epochs[epoch - 1].val_accuracy), 3)

    def accuracy(self, epoch: int) -> float:
        return round(self.epochs[epoch - 1].accuracy, 3)

    @property
    def last(self) -> int:
        return len(self.epochs)


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _curves(run: Run) -> _Curves | None:
    """The curves of a run that has learned something and lacks no number; None of another."""
    values = [(one.loss, one.accuracy, one.val_loss, one.val_accuracy) for one in run.epochs]
    if len(values) < 2 or not all(math.isfinite(_number(value)) for row in values for value in row):
        return None
    turning = turning_point_of(run)
    return _Curves(run.epochs, turning, run.state.is_over) if turning.learned else None


def _gap(run: Run) -> Facts | None:
    """A gap at the epoch of the lowest validation loss, up to which it had been falling."""
    found = _curves(run)
    if found is None or found.lowest < 2:
        return None
    epoch, before = found.lowest, (found.lowest + 1) // 2
    values = {"before": before, "val_before": found.val_loss(before), "epoch": epoch}
    values |= {"loss": found.loss(epoch), "val_loss": found.val_loss(epoch)}
    return Facts(values) if values["val_before"] > values["val_loss"] > values["loss"] else None


def _end(run: Run) -> Facts | None:
    """How a run that is over ended, above its own training loss: after a confirmed turn, or at its lowest."""
    found = _curves(run)
    if found is None or not found.over or not found.loss(found.last) < found.val_loss(found.last):
        return None
    right = _turned(found)
    values = {"epoch": found.last, "loss": found.loss(found.last), "val_loss": found.val_loss(found.last)}
    return Facts(values | _lowest(found), right) if right else None


def _more_epochs(run: Run) -> Facts | None:
    """The same, whatever its training loss."""
    found = _curves(run)
    if found is None or not found.over:
        return None
    right = _turned(found)
    values = {"epochs": found.last, "val_loss": found.val_loss(found.last)}
    return Facts(values | _lowest(found), right) if right else None


def _turned(found: _Curves) -> str:
    """After a confirmed turn "turned", if the last epoch is the lowest "falling", "" where neither can be said."""
    if found.turning.epoch is not None:
        return "turned" if found.val_loss(found.last) > found.val_loss(found.lowest) else ""
    return "falling" if found.lowest == found.last else ""


def _lowest(found: _Curves) -> dict[str, int | float]:
    return {"lowest_epoch": found.lowest, "lowest": found.val_loss(found.lowest)}


def _loss_and_accuracy(run: Run) -> Facts | None:
    """After the lowest validation loss, an epoch with a higher loss and yet a higher accuracy."""
    found = _curves(run)
    if found is None or not found.lowest < found.last:
        return None
    first = found.lowest
    later = max(range(first + 1, found.last + 1), key=found.val_accuracy)
    values = {
        "first": first,
        "first_loss": found.val_loss(first),
        "first_accuracy": found.val_accuracy(first),
    }
    values |= {
        "later": later,
        "later_loss": found.val_loss(later),
        "later_accuracy": found.val_accuracy(later),
    }
    rose = values["later_loss"] > values["first_loss"] and values["later_accuracy"] > values["first_accuracy"]
    return Facts(values) if rose else None


def _training_accuracy(run: Run) -> Facts | None:
    """At the end clearly more of the training samples are right than of the others."""
    found = _curves(run)
    if found is None or found.accuracy(found.last) < found.val_accuracy(found.last) + 0.01:
        return None
    values = {"epoch": found.last, "accuracy": found.accuracy(found.last)}
    return Facts(values | {"val_accuracy": found.val_accuracy(found.last)})


def _epoch_to_keep(run: Run) -> Facts | None:
    """The training loss is lowest in another epoch than the validation loss, which rose for good."""
    found = _curves(run)
    if found is None or _turned(found) != "turned":
        return None
    trained = min(range(1, found.last + 1), key=found.loss)
    values = {"epochs": found.last, "trained_epoch": trained, "trained": found.loss(trained)}
    values |= {"val_there": found.val_loss(trained), **_lowest(found)}
    return Facts(values) if trained > found.lowest and values["val_there"] > values["lowest"] else None


def _many_epochs(run: Run) -> Facts | None:
    """How many networks there are to choose from, one an epoch, and the one that validation chooses."""
    found = _curves(run)
    return None if found is None else Facts({"epochs": found.last, "lowest_epoch": found.lowest})


def _size(run: Run) -> Facts | None:
    """How large the network is, and how far its two accuracies are apart at the end."""
    found = _curves(run)
    if found is None or found.accuracy(found.last) < found.val_accuracy(found.last) + 0.01:
        return None
    values: dict[str, int | float] = {"parameters": run.experiment.summary.trainable}
    values |= {"samples": run.experiment.train_size, "accuracy": found.accuracy(found.last)}
    return Facts(values | {"val_accuracy": found.val_accuracy(found.last)})


def _matrix(run: Run) -> Facts | None:
    """The most frequent mistake on the test set, if it is not as frequent the other way round."""
    if run.evaluation is None:
        return None
    counts = np.asarray(run.evaluation.matrix, dtype=np.int64)
    wrong = np.where((counts == counts.T) | np.eye(len(counts), dtype=bool), 0, counts)
    true, taken = (int(place) for place in np.unravel_index(int(wrong.argmax()), wrong.shape))
    if not wrong[true, taken]:
        return None
    values = {
        "true": true,
        "taken": taken,
        "count": int(counts[true, taken]),
        "back": int(counts[taken, true]),
    }
    return Facts({**values, "total": int(counts[true].sum()), "dataset": run.experiment.dataset})


def _noise(run: Run) -> Facts | None:
    """The first rise of the validation loss after which it still fell lower than before."""
    found = _curves(run)
    if found is None:
        return None
    for epoch in range(1, found.lowest - 1):
        values = {"epoch": epoch, "before": found.val_loss(epoch), "next": epoch + 1}
        values |= {"after": found.val_loss(epoch + 1), **_lowest(found)}
        if values["after"] > values["before"] > values["lowest"]:
            return Facts(values)
    return None


def _dropout(run: Run) -> Facts | None:
    """An epoch of a network with Dropout in which it was better on validation than in training."""
    found = _curves(run)
    rates = [layer.rate for layer in run.experiment.layers if isinstance(layer, Dropout)]
    if found is None or not any(rates):
        return None
    for epoch in range(1, found.last + 1):
        if found.val_accuracy(epoch) > found.accuracy(epoch):
            values = {"epoch": epoch, "accuracy": found.accuracy(epoch), "rate": max(rates)}
            return Facts(values | {"val_accuracy": found.val_accuracy(epoch)})
    return None


def _jumping(run: Run) -> Facts | None:
    """A training loss that goes up and down under a learning rate far above its optimizer's usual one."""
    losses = [round(epoch.loss, 3) for epoch in run.epochs]
    optimizer = run.experiment.optimizer
    usual = type(optimizer).model_fields["learning_rate"].default
    if len(losses) < 5 or not all(map(math.isfinite, losses)) or optimizer.learning_rate < _TOO_HIGH * usual:
        return None
    rises = sum(after > before for before, after in pairwise(losses))
    steps = len(losses) - 1
    if rises < _JUMPS * steps:
        return None
    return Facts({"rises": rises, "steps": steps, "rate": optimizer.learning_rate})


def _unbalanced(run: Run) -> Facts | None:
    """A class that is frequent among the validation samples, and what to call everything so would achieve."""
    found, constant = _curves(run), baseline(run)
    if found is None or constant is None or VALIDATION_COUNTS not in run.environment:
        return None
    share = round(constant.accuracy, 3)
    classes = run.experiment.facts.classes
    if constant.accuracy < _OFTEN / classes:
        return None
    return Facts({"share": share, "classes": classes, "val_accuracy": found.val_accuracy(found.last)})


FACTS: Mapping[str, FactsOf] = {
    "dropout": _dropout,
    "end": _end,
    "epoch_to_keep": _epoch_to_keep,
    "gap": _gap,
    "jumping": _jumping,
    "loss_and_accuracy": _loss_and_accuracy,
    "many_epochs": _many_epochs,
    "matrix": _matrix,
    "more_epochs": _more_epochs,
    "noise": _noise,
    "size": _size,
    "training_accuracy": _training_accuracy,
    "unbalanced": _unbalanced,
}
"""By the names that items call them by."""
