"""What a page shows of a data set before anything is trained: counts, examples, the effect of scaling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from core.catalog import WORD_SHIFT, DatasetInfo
from core.datasets.dataset import SUBSETS, Dataset, ImageDataset, RaggedTokens, Subset, TextDataset
from core.datasets.scaling import Scale, ValueCounts, scaling_from_counts
from core.datasets.tokenization import START
from core.experiment import Scaling

SCALINGS: tuple[Scaling, ...] = get_args(Scaling)
_BINS = 17


@dataclass(frozen=True)
class ArrayShape:
    """Shape, type, range and bytes of one array; of texts the shortest and the longest length, too."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    smallest: int
    largest: int
    size: int
    lengths: tuple[int, int] | None = None


@dataclass(frozen=True)
class ClassCount:
    """How many samples of each set a class has."""

    label: int
    train: int
    test: int


@dataclass(frozen=True, eq=False)
class Sample:
    """One image (uint8, read-only; grey, or in colours with a last axis of 3) with its class and where it stands."""

    part: Subset
    row: int
    label: int
    pixels: NDArray[np.uint8]


@dataclass(frozen=True)
class ScalingEffect:
    """What a scaling makes of some images, with numbers taken from the training images.

    A scaled value is `(value - shift) / scale`; `replaced` if the divisor would have been 0. The bins' `edges` are in
    scaled units, one more than there are `shares`. `does_nothing` if values stay exactly as they are (never for
    `none`, which means to); `same_as` names an earlier scaling that gives the same numbers.
    """

    scaling: Scaling
    shift: float
    scale: float
    replaced: bool
    smallest: float
    largest: float
    mean: float
    deviation: float
    edges: tuple[float, ...]
    shares: tuple[float, ...]
    does_nothing: bool
    same_as: str


def array_shapes(dataset: ImageDataset | TextDataset) -> tuple[ArrayShape, ...]:
    """Shapes, types and ranges of `x_train`, `y_train`, `x_test`, `y_test` as `keras.datasets` gives them.

    Texts differ in length, so their second axis is given as the shortest and the longest one, start mark included;
    their smallest value is therefore 1. Reads all arrays once.
    """
    shapes = []
    for part in SUBSETS:
        samples, labels = dataset.part(part)
        name = f"x_{part}"
        largest = dataset.facts.words
        shapes.append(
            _texts(name, samples, largest) if isinstance(samples, RaggedTokens) else _array(name, samples)
        )
        shapes.append(_array(f"y_{part}", labels))
    return tuple(shapes)


def _array(name: str, array: NDArray[Any]) -> ArrayShape:
    return ArrayShape(name, array.shape, str(array.dtype), int(array.min()), int(array.max()), array.nbytes)


def _texts(name: str, texts: RaggedTokens, words: int) -> ArrayShape:
    # Beyond the last word are those of own test texts that no training text has: 2, however many are kept.
    rarest = min(int(texts.tokens.max(initial=0)), words)
    numbers = len(texts.tokens) + len(texts)
    return ArrayShape(
        name=name,
        shape=(len(texts),),
        dtype=str(texts.tokens.dtype),
        smallest=START,
        largest=rarest + WORD_SHIFT,
        size=numbers * texts.tokens.itemsize + texts.offsets.nbytes,
        lengths=(int(texts.lengths.min()) + 1, int(texts.lengths.max()) + 1),
    )


def class_counts(dataset: Dataset) -> tuple[ClassCount, ...]:
    """How many samples each class has, by class."""
    classes = dataset.facts.classes
    train = np.bincount(dataset.y_train, minlength=classes)
    test = np.bincount(dataset.y_test, minlength=classes)
    return tuple(ClassCount(label, int(train[label]), int(test[label])) for label in range(classes))


def sample(dataset: ImageDataset, part: Subset, row: int) -> Sample:
    """One sample; an `IndexError` if there is no such row."""
    images, labels = dataset.part(part)
    if not 0 <= row < len(labels):
        raise IndexError(f"row {row} of {len(labels)}")
    return Sample(part, row, int(labels[row]), images[row])


def random_samples(
    dataset: ImageDataset, part: Subset, count: int, *, seed: int, label: int | None = None
) -> tuple[Sample, ...]:
    """Some samples at random, the same ones for the same seed, none twice; seed 0 takes the first ones in order.

    Only of one class if a label is given; fewer where there are not so many.
    """
    _, labels = dataset.part(part)
    rows = np.arange(len(labels)) if label is None else np.flatnonzero(labels == label)
    if seed:
        rows = np.random.default_rng([seed, 0 if label is None else label + 1]).permutation(rows)
    return tuple(sample(dataset, part, int(row)) for row in rows[:count])


def scaling_effects(shown: ValueCounts, fitted: ValueCounts, facts: DatasetInfo) -> tuple[ScalingEffect, ...]:
    """What every scaling makes of the values shown, with its numbers from the values it is fitted to.

    Each bin of a histogram covers the same range of raw values in all of them.
    """
    edges, shares = _histogram(shown, facts.max_value, _BINS)
    effects: list[ScalingEffect] = []
    for name in SCALINGS:
        scale = scaling_from_counts(name, fitted, facts)
        same = next((each.scaling for each in effects if _same(each, scale)), "")
        effects.append(_effect(name, scale, shown, edges, shares, same))
    return tuple(effects)


def _effect(
    name: Scaling,
    scale: Scale,
    shown: ValueCounts,
    edges: NDArray[np.float64],
    shares: NDArray[np.float64],
    same: str,
) -> ScalingEffect:
    shift, divisor = float(scale.shift), float(scale.scale)
    return ScalingEffect(
        scaling=name,
        shift=shift,
        scale=divisor,
        replaced=scale.replaced,
        smallest=(shown.minimum - shift) / divisor,
        largest=(shown.maximum - shift) / divisor,
        mean=(shown.mean - shift) / divisor,
        deviation=shown.deviation / divisor,
        edges=_floats((edges - shift) / divisor),
        shares=_floats(shares),
        does_nothing=name != "none" and shift == 0 and divisor == 1,
        same_as="" if name == "none" else same,
    )


def _same(effect: ScalingEffect, scale: Scale) -> bool:
    return (effect.shift, effect.scale) == (float(scale.shift), float(scale.scale))


def _histogram(
    values: ValueCounts, largest: int, bins: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bins of equal width over the whole numbers 0 to `largest`; edges between whole numbers."""
    width = -(-(largest + 1) // bins)
    starts = np.arange(0, largest + 1, width)
    shares = np.add.reduceat(values.counts[: largest + 1], starts) / values.total
    return np.append(starts, starts[-1] + width) - 0.5, shares


def _floats(values: Sequence[float] | NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
