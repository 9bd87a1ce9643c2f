"""What an experiment says about its data: which set, how it is encoded, scaled and split."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from core.experiment.part import Part, setting

SEED_LIMIT = 2**31 - 1


@dataclass(frozen=True)
class DatasetFacts:
    """What must be known of a data set to judge an experiment on it, without opening it.

    Attributes:
        name: The code of the data set.
        kind: "image" (text sets come with their own kind).
        shape: Shape of one raw sample, (height, width) for images.
        classes: How many classes there are.
        train_size: Samples to learn and validate with.
        test_size: Samples to test with.
        largest: The largest possible raw value: 255 for grey bytes, 16 for the bundled digits.
    """

    name: str
    kind: Literal["image"]
    shape: tuple[int, ...]
    classes: int
    train_size: int
    test_size: int
    largest: int


DATASETS: dict[str, DatasetFacts] = {
    facts.name: facts
    for facts in (
        DatasetFacts("digits", "image", (8, 8), 10, 1_500, 297, 16),
        DatasetFacts("mnist", "image", (28, 28), 10, 60_000, 10_000, 255),
        DatasetFacts("fashion_mnist", "image", (28, 28), 10, 60_000, 10_000, 255),
    )
}

Scaling = Literal["none", "pixel", "min_max", "standard", "robust"]
"""How raw values x become inputs, with numbers taken from the training part only:

- `none`: x as it is
- `pixel`: x / the largest possible value (255, or 16 for the bundled digits)
- `min_max`: (x - min) / (max - min)
- `standard`: (x - mean) / standard deviation
- `robust`: (x - median) / (third quartile - first quartile)

The numbers are taken over all pixels together, not pixel by pixel. A divisor of 0 counts as 1, as in
scikit-learn.
"""


class FlatEncoding(Part):
    """All pixels in one row: (28, 28) becomes (784,). For Dense layers."""

    kind: Literal["flat"] = "flat"


class ImageEncoding(Part):
    """Images with one grey channel: (28, 28) becomes (28, 28, 1). For Conv2D and Flatten."""

    kind: Literal["image"] = "image"


class RowsEncoding(Part):
    """Images as a sequence of their rows: 28 steps of 28 features. For LSTM and GRU."""

    kind: Literal["rows"] = "rows"


Encoding = Annotated[FlatEncoding | ImageEncoding | RowsEncoding, Field(discriminator="kind")]

#: The encodings that fit a kind of data, the most usual one first.
ENCODINGS: dict[str, tuple[type[Part], ...]] = {"image": (FlatEncoding, ImageEncoding, RowsEncoding)}


def input_shape(facts: DatasetFacts, encoding: Part) -> tuple[int, ...]:
    """The shape of one encoded sample, without the batch dimension."""
    if isinstance(encoding, FlatEncoding):
        return (math.prod(facts.shape),)
    if isinstance(encoding, ImageEncoding):
        return (*facts.shape, 1)
    return facts.shape


class NoSplit(Part):
    """Nothing is kept back: all training samples are learned from, and no turning point can be seen."""

    kind: Literal["none"] = "none"

    def validation_size(self, rows: int) -> int:
        """How many of `rows` samples are kept back for validation."""
        return 0


class FirstSplit(Part):
    """The first samples are the validation set, the rest is learned from."""

    kind: Literal["first"] = "first"
    count: int = setting("How many of the first samples are kept back.", ge=1, le=1_000_000, unit="samples")

    BRIEF: ClassVar[tuple[str, ...]] = ("count",)

    def validation_size(self, rows: int) -> int:
        """How many of `rows` samples are kept back for validation."""
        return self.count


class FractionSplit(Part):
    """A random share of the samples is the validation set.

    Without `stratified` the choice is that of scikit-learn's `train_test_split(test_size=fraction,
    random_state=seed)`; with it every class gives the same share.
    """

    kind: Literal["fraction"] = "fraction"
    fraction: float = setting("The share of the samples that is kept back.", gt=0, lt=1, step=0.05)
    seed: int = setting("The number that decides which ones.", default=777, ge=0, le=SEED_LIMIT)
    stratified: bool = setting("Keep the share of each class the same in both parts.", default=False)

    BRIEF: ClassVar[tuple[str, ...]] = ("fraction", "seed")

    def validation_size(self, rows: int) -> int:
        """How many of `rows` samples are kept back (stratified: give or take one a class)."""
        return math.ceil(rows * self.fraction)


Split = Annotated[NoSplit | FirstSplit | FractionSplit, Field(discriminator="kind")]
