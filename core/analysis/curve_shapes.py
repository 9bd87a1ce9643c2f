"""What else the curves of a run could be, and how to tell: each shape judged by the run's settings and numbers.

A rise of the validation loss looks like overfitting, but may be the zigzag of single epochs, the chance of a small
validation set, a learning rate too high, or wrong labels; validation better than training looks like a mistake, but
may be Dropout. `suspicions` says of a run which of these fit. Beside each stand the curves of a small training that
was made to have that shape (`shape`); `tools.curve_shapes` trained it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from statistics import fmean, median
from typing import Any, Literal, get_args

from core.analysis.turning_point import turning_point_of
from core.errors import ExperimentError, PresetError
from core.experiment import Experiment
from core.experiment.changes import changed
from core.experiment.data import FoldSplit, GivenLabels, ReplacedLabels
from core.experiment.layers import Dropout
from core.run import Epoch, Run

ShapeCode = Literal["rate", "labels", "early", "dropout", "small", "noise"]
"""What a curve can be taken for, or taken for another by: steps too large, wrong labels, ended too early, Dropout, too
few validation samples, the zigzag of single epochs."""
SHAPES: tuple[ShapeCode, ...] = get_args(ShapeCode)
FILE = "curve_shapes.json"
CURVES = ("loss", "val_loss", "accuracy", "val_accuracy")

#: So many shapes stand beside a run.
MOST = 3
#: Rises of the training loss, as a share of its falls, from which on the steps are too large.
_RISING = 0.5
#: In so many epochs validation must be better than training to be worth a word.
_BETTER = 1 / 3
#: From this half-width on the accuracy of a validation set is not known well enough.
_WIDE = 0.03
#: A rise of more standard deviations of the zigzag is none of its own making: of thirty values that only jump the
#: lowest lies about two below their middle, and the mean of three others seldom more than two above it.
_DEVIATIONS = 4.0
#: What is held against a curve that has risen and against one that has not, where it does not fit.
_RISEN: tuple[ShapeCode, ...] = ("noise", "small", "labels", "rate", "dropout", "early")
_FALLING: tuple[ShapeCode, ...] = ("small", "dropout", "rate", "labels", "noise", "early")
#: Of normal numbers the median distance from 0 is so many standard deviations; a value less the mean of its two
#: neighbours has a variance one and a half times as large.
_NORMAL, _NEIGHBOURS = 0.6745, math.sqrt(1.5)
_FEWEST = 5
_LARGEST_SPLIT = 0.3


@dataclass(frozen=True)
class Suspicion:
    """A shape held against a run.

    Attributes:
        code: Which shape.
        fits: Whether the run has it; None where curves alone cannot tell.
        numbers: What the sentence about it names.
        changes: Settings by their paths that would show whether it is so; none if nothing of the kind can be tried.
    """

    code: ShapeCode
    fits: bool | None
    numbers: Mapping[str, float] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)

    def attempt(self, experiment: Experiment) -> Experiment | None:
        """The experiment to try next; None if there is none that can be."""
        if not self.changes:
            return None
        try:
            tried = changed(experiment, self.changes)
        except (ExperimentError, PresetError):
            return None
        return None if tried.problems else tried


def suspicions(run: Run) -> tuple[Suspicion, ...]:
    """At most three shapes that the curves of a run have or could be confused with, those that fit first.

    None of a run without validation losses, as one that is covered shows them to nobody.
    """
    if not run.experiment.validation_size or not any(_is_number(epoch.val_loss) for epoch in run.epochs):
        return ()
    order = _RISEN if turning_point_of(run).loss.epochs_after else _FALLING
    judged = {code: _RULES[code](run) for code in SHAPES}
    fitting = [one for one in judged.values() if one is not None and one.fits]
    others = [one for code in order if (one := judged[code]) is not None and not one.fits]
    return (*fitting, *others)[:MOST]


def _rate(run: Run) -> Suspicion | None:
    """Steps too large: the training loss itself, which every step should make smaller, goes up and down."""
    rate = run.experiment.optimizer.learning_rate
    changes = {"optimizer.learning_rate": float(f"{rate / 10:.3g}")}
    if run.reason.code == "not_a_number":
        return Suspicion("rate", True, {"rate": rate, "rises": math.nan, "share": math.nan}, changes)
    losses = [epoch.loss for epoch in run.epochs[1:] if _is_number(epoch.loss)]
    if len(losses) < _FEWEST:
        return None
    steps = [after - before for before, after in pairwise(losses)]
    up, down = sum(step for step in steps if step > 0), -sum(step for step in steps if step < 0)
    share = up / down if down else math.inf if up else 0.0
    numbers = {"rate": rate, "rises": sum(step > 0 for step in steps), "steps": len(steps), "share": share}
    return Suspicion("rate", share >= _RISING, numbers, changes)


def _labels(run: Run) -> Suspicion | None:
    """Wrong labels: learning them by heart raises the validation loss early; given ones may be wrong too."""
    labels = run.experiment.labels
    if isinstance(labels, GivenLabels):
        turned = turning_point_of(run).loss.confirmed
        return Suspicion("labels", None, {"share": 0.0}) if turned else None
    share = labels.share if isinstance(labels, ReplacedLabels) else 1.0
    return Suspicion("labels", share > 0, {"share": share}, {"labels": GivenLabels()})


def _early(run: Run) -> Suspicion | None:
    """Ended too early: the validation loss was still falling, so nothing is known of what comes after."""
    turn, done = turning_point_of(run).loss, len(run.epochs)
    more = min(1_000, 2 * run.experiment.epochs)
    changes = {"epochs": more} if more > run.experiment.epochs else {}
    numbers = {"epoch": turn.epoch or done, "after": turn.epochs_after, "last": done}
    return Suspicion("early", turn.epochs_after == 0, numbers, changes)


def _dropout(run: Run) -> Suspicion | None:
    """Validation better than training: Dropout makes training harder, and is off in validation."""
    pairs = [
        (epoch.loss, epoch.val_loss)
        for epoch in run.epochs[1:]
        if _is_number(epoch.loss) and _is_number(epoch.val_loss)
    ]
    better = sum(validation < training for training, validation in pairs if validation is not None)
    layers = run.experiment.layers
    rates = [layer.rate for layer in layers if isinstance(layer, Dropout) and layer.rate]
    rates += [rate for layer in layers if (rate := getattr(layer, "dropout", 0.0))]
    if not rates and not better:
        return None
    numbers = {"better": better, "epochs": len(pairs), "rate": max(rates, default=0.0)}
    fits = bool(rates) and bool(pairs) and better >= _BETTER * len(pairs)
    without = [layer for layer in layers if not isinstance(layer, Dropout)]
    changes = {"layers": without} if fits and len(without) < len(layers) else {}
    return Suspicion("dropout", fits, numbers, changes)


def _small(run: Run) -> Suspicion | None:
    """Too few validation samples: by chance alone the accuracy may lie two standard errors off on either side."""
    experiment, samples = run.experiment, run.experiment.validation_size
    epoch = turning_point_of(run).loss.epoch
    accuracy = run.epochs[(epoch or len(run.epochs)) - 1].val_accuracy
    if accuracy is None or not math.isfinite(accuracy):
        return None
    half = half_width(accuracy, samples)
    changes: dict[str, Any] = {}
    if not isinstance(experiment.split, FoldSplit):
        rows = samples + experiment.train_size
        if samples < _LARGEST_SPLIT * rows:
            changes = {"split": {"kind": "fraction", "fraction": _LARGEST_SPLIT, "seed": experiment.seed}}
    numbers = {"samples": samples, "accuracy": accuracy, "half": half}
    return Suspicion("small", half >= _WIDE, numbers, changes)


def half_width(accuracy: float, samples: int) -> float:
    """Two standard errors of an accuracy measured on so many samples: 2 sqrt(p (1 - p) / n)."""
    return 2 * math.sqrt(max(0.0, accuracy * (1 - accuracy)) / samples)


def _noise(run: Run) -> Suspicion | None:
    """Zigzag: the rise after the lowest epoch is no larger than what the loss jumps from epoch to epoch anyway."""
    losses = [
        epoch.val_loss for epoch in run.epochs if epoch.val_loss is not None and _is_number(epoch.val_loss)
    ]
    after = losses[losses.index(min(losses)) + 1 :]
    if len(losses) < _FEWEST or not after:
        return None
    zigzag, rise = zigzag_of(losses), fmean(after[-3:]) - min(losses)
    numbers = {"zigzag": zigzag, "rise": rise, "times": rise / zigzag if zigzag else math.inf}
    changes = {"optimizer.learning_rate": float(f"{run.experiment.optimizer.learning_rate / 3:.3g}")}
    return Suspicion("noise", rise < _DEVIATIONS * zigzag, numbers, changes)


def zigzag_of(values: Sequence[float]) -> float:
    """The standard deviation of what jumps from epoch to epoch around a smooth curve.

    Each value is held against the mean of its two neighbours; by the median of the distances a single outlier counts
    for little. Of independent normal noise it is the noise's own standard deviation.
    """
    off = [abs(values[at] - (values[at - 1] + values[at + 1]) / 2) for at in range(1, len(values) - 1)]
    return median(off) / (_NORMAL * _NEIGHBOURS) if off else 0.0


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


_RULES: dict[ShapeCode, Callable[[Run], Suspicion | None]] = {
    "rate": _rate,
    "labels": _labels,
    "early": _early,
    "dropout": _dropout,
    "small": _small,
    "noise": _noise,
}


# The curves that stand beside


@dataclass(frozen=True)
class Shape:
    """A small training that has a shape on purpose.

    Attributes:
        code: Which shape.
        experiment: What was trained.
        epochs: What was recorded, rounded; without seconds.
        made: The day of the training.
        versions: Of Python, Keras, TensorFlow and NumPy.
    """

    code: ShapeCode
    experiment: Experiment
    epochs: tuple[Epoch, ...]
    made: str
    versions: dict[str, str]


@lru_cache(maxsize=1)
def _kept() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resources.files(__package__).joinpath(FILE).read_text("utf-8"))
    return found


@lru_cache(maxsize=len(SHAPES))
def shape(code: ShapeCode) -> Shape:
    """The training that stands for a shape."""
    kept = _kept()
    one = kept["shapes"][code]
    experiment = Experiment.from_dict(one["experiment"])
    rate = experiment.optimizer.learning_rate
    epochs = tuple(
        Epoch(number=number, learning_rate=rate, seconds=0.0, **dict(zip(CURVES, values, strict=True)))
        for number, values in enumerate(zip(*(one[name] for name in CURVES), strict=True), start=1)
    )
    return Shape(code, experiment, epochs, kept["made"], kept["versions"])
