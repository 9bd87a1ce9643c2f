"""What an experiment says about its data: which set, how it is encoded, scaled and split."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from core.catalog import DataKind, DatasetInfo
from core.experiment.config import Config, config_field

SEED_LIMIT = 2**31 - 1

Scaling = Literal["none", "pixel", "min_max", "standard", "robust"]
"""How raw values x become inputs, with numbers taken from the training part only:

- `none`: x as it is
- `pixel`: x / the largest possible value (255, or 16 for the bundled digits)
- `min_max`: (x - min) / (max - min)
- `standard`: (x - mean) / standard deviation
- `robust`: (x - median) / (third quartile - first quartile)

The numbers are taken over all pixels together, not pixel by pixel. A divisor of 0 counts as 1, as in
scikit-learn. Texts are not scaled: word numbers are names, not amounts.
"""


class FlatEncoding(Config):
    """All pixels in one row: (28, 28) becomes (784,). For Dense layers."""

    kind: Literal["flat"] = "flat"


class ImageEncoding(Config):
    """Images with one grey channel: (28, 28) becomes (28, 28, 1). For Conv2D and Flatten."""

    kind: Literal["image"] = "image"


class RowsEncoding(Config):
    """Images as a sequence of their rows: 28 steps of 28 features. For LSTM and GRU."""

    kind: Literal["rows"] = "rows"


_NUM_WORDS = "Only numbers below this are kept, so the most frequent words; the others count as unknown."
MOST_WORDS = 100_000

WordValues = Literal["binary", "counts", "tf_idf"]
Side = Literal["start", "end"]


class MultiHotEncoding(Config):
    """A text as one long row with a place for each word number: which words occur, not in which order."""

    kind: Literal["multi_hot"] = "multi_hot"
    num_words: int = config_field(_NUM_WORDS, default=10_000, ge=10, le=MOST_WORDS, unit="numbers")
    values: WordValues = config_field(
        "binary: 1 if the word occurs; counts: how often; tf_idf: how often, rare words counting more.",
        default="binary",
    )

    BRIEF: ClassVar[tuple[str, ...]] = ("num_words", "values")


class PaddedEncoding(Config):
    """A text as a sequence of word numbers, all of one length: long texts are cut, short ones filled with 0."""

    kind: Literal["padded"] = "padded"
    num_words: int = config_field(_NUM_WORDS, default=10_000, ge=10, le=MOST_WORDS, unit="numbers")
    length: int = config_field("How many numbers each text has.", default=200, ge=2, le=2_500, unit="numbers")
    fill: Side = config_field("At which end a short text is filled with 0.", default="start")
    cut: Side = config_field("At which end a long text is cut.", default="start")

    BRIEF: ClassVar[tuple[str, ...]] = ("num_words", "length")


Encoding = Annotated[
    FlatEncoding | ImageEncoding | RowsEncoding | MultiHotEncoding | PaddedEncoding,
    Field(discriminator="kind"),
]

#: The encodings that fit a kind of data, the most usual one first.
ENCODINGS: dict[DataKind, tuple[type[Config], ...]] = {
    "image": (FlatEncoding, ImageEncoding, RowsEncoding),
    "text": (MultiHotEncoding, PaddedEncoding),
}


def input_shape(facts: DatasetInfo, encoding: Config) -> tuple[int, ...]:
    """The shape of one encoded sample, without the batch dimension."""
    if isinstance(encoding, MultiHotEncoding):
        return (encoding.num_words,)
    if isinstance(encoding, PaddedEncoding):
        return (encoding.length,)
    if isinstance(encoding, FlatEncoding):
        return (math.prod(facts.shape),)
    if isinstance(encoding, ImageEncoding):
        return (*facts.shape, 1)
    return facts.shape


class NoSplit(Config):
    """Nothing is kept back: all training samples are learned from, and no turning point can be seen."""

    kind: Literal["none"] = "none"

    def validation_size(self, rows: int) -> int:
        """How many of `rows` samples are kept back for validation."""
        return 0


class FirstSplit(Config):
    """The first samples are the validation set, the rest is learned from."""

    kind: Literal["first"] = "first"
    count: int = config_field(
        "How many of the first samples are kept back.", ge=1, le=1_000_000, unit="samples"
    )

    BRIEF: ClassVar[tuple[str, ...]] = ("count",)

    def validation_size(self, rows: int) -> int:
        """How many of `rows` samples are kept back for validation."""
        return self.count


class FractionSplit(Config):
    """A random share of the samples is the validation set.

    Without `stratified` the choice is that of scikit-learn's `train_test_split(test_size=fraction,
    random_state=seed)`; with it every class gives the same share.
    """

    kind: Literal["fraction"] = "fraction"
    fraction: float = config_field("The share of the samples that is kept back.", gt=0, lt=1, step=0.05)
    seed: int = config_field("The number that decides which ones.", default=777, ge=0, le=SEED_LIMIT)
    stratified: bool = config_field("Keep the share of each class the same in both parts.", default=False)

    BRIEF: ClassVar[tuple[str, ...]] = ("fraction", "seed")

    def validation_size(self, rows: int) -> int:
        """How many of `rows` samples are kept back (stratified: give or take one a class)."""
        return math.ceil(rows * self.fraction)


MOST_FOLDS = 20


class FoldSplit(Config):
    """The samples are divided at random into folds, and one of them is the validation set.

    Training once on each fold is K-fold cross-validation. Without `stratified` the folds are those of
    scikit-learn's `KFold(folds, shuffle=True, random_state=seed)`; with it every class gives each fold the same
    share, give or take one.
    """

    kind: Literal["fold"] = "fold"
    folds: int = config_field("Into how many parts the samples are divided.", default=5, ge=2, le=MOST_FOLDS)
    fold: int = config_field("Which part is kept back, counted from 0.", default=0, ge=0, lt=MOST_FOLDS)
    seed: int = config_field("The number that decides which ones.", default=777, ge=0, le=SEED_LIMIT)
    stratified: bool = config_field("Keep the share of each class the same in both parts.", default=True)

    BRIEF: ClassVar[tuple[str, ...]] = ("folds", "fold", "seed")

    def validation_size(self, rows: int) -> int:
        """How many of `rows` samples are kept back."""
        return len(range(self.fold, rows, self.folds))


Split = Annotated[NoSplit | FirstSplit | FractionSplit | FoldSplit, Field(discriminator="kind")]
