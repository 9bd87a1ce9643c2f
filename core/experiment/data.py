"""What an experiment says about its data: which set, how it is encoded, scaled and split, whose labels are right."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from typing_extensions import override

from core.catalog import DataKind, DatasetInfo
from core.experiment.config import Call, Variant, config_field, keras_call

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


class Encoding(Variant):
    """The form in which a sample enters the network."""

    #: The kind of data it is for, and what `keras.Input` must know of it beside the shape.
    FOR: ClassVar[DataKind] = "image"
    INPUT: ClassVar[Mapping[str, Any]] = {}

    def input_shape(self, facts: DatasetInfo) -> tuple[int, ...]:
        """The shape of one encoded sample, without the batch dimension."""
        return facts.shape

    def call(self, facts: DatasetInfo) -> Call:
        """What a Keras network begins with."""
        return keras_call("", "Input", self.input_shape(facts), **self.INPUT)


class FlatEncoding(Encoding):
    """All pixels in one row: (28, 28) becomes (784,), in colours (32, 32, 3) becomes (3072,). For Dense layers."""

    kind: Literal["flat"] = "flat"

    @override
    def input_shape(self, facts: DatasetInfo) -> tuple[int, ...]:
        return (math.prod(facts.shape),)


class ImageEncoding(Encoding):
    """Images with their channels: one grey (28, 28, 1), or three colours (32, 32, 3). For Conv2D and Flatten."""

    kind: Literal["image"] = "image"

    @override
    def input_shape(self, facts: DatasetInfo) -> tuple[int, ...]:
        return (*facts.shape[:2], facts.channels)


class RowsEncoding(Encoding):
    """Images as a sequence of their rows: 28 steps of 28 features. For LSTM and GRU.

    In colours a row is its pixels one after the other, each with its three values: 32 steps of 96 features.
    """

    kind: Literal["rows"] = "rows"

    @override
    def input_shape(self, facts: DatasetInfo) -> tuple[int, ...]:
        return (facts.shape[0], facts.shape[1] * facts.channels)


FEWEST_NUMBERS, MOST_WORDS = 10, 100_000

WordValues = Literal["binary", "counts", "tf_idf"]
Side = Literal["start", "end"]
NumWords = Annotated[
    int,
    config_field(
        "Only numbers below this are kept, so the most frequent words; the others count as unknown.",
        ge=FEWEST_NUMBERS,
        le=MOST_WORDS,
        unit="numbers",
    ),
]


class MultiHotEncoding(Encoding):
    """A text as one long row with a place for each word number: which words occur, not in which order."""

    kind: Literal["multi_hot"] = "multi_hot"
    num_words: NumWords = 10_000
    values: WordValues = config_field(
        "binary: 1 if the word occurs; counts: how often; tf_idf: how often, rare words counting more.",
        default="binary",
    )

    BRIEF: ClassVar[tuple[str, ...]] = ("num_words", "values")
    FOR = "text"
    INPUT: ClassVar[Mapping[str, Any]] = {"sparse": True}

    @override
    def input_shape(self, facts: DatasetInfo) -> tuple[int, ...]:
        return (self.num_words,)


class PaddedEncoding(Encoding):
    """A text as a sequence of word numbers, all of one length: long texts are cut, short ones filled with 0."""

    kind: Literal["padded"] = "padded"
    num_words: NumWords = 10_000
    length: int = config_field("How many numbers each text has.", default=200, ge=2, le=2_500, unit="numbers")
    fill: Side = config_field("At which end a short text is filled with 0.", default="start")
    cut: Side = config_field("At which end a long text is cut.", default="start")

    BRIEF: ClassVar[tuple[str, ...]] = ("num_words", "length")
    FOR = "text"
    INPUT: ClassVar[Mapping[str, Any]] = {"dtype": "int32"}

    @override
    def input_shape(self, facts: DatasetInfo) -> tuple[int, ...]:
        return (self.length,)


def encodings_for(kind: DataKind) -> dict[str, type[Encoding]]:
    """The encodings that fit a kind of data, the most usual one first."""
    return {name: encoding for name, encoding in Encoding.KINDS.items() if kind == encoding.FOR}


Seed = Annotated[int, config_field("The number that decides which ones.", ge=0, le=SEED_LIMIT)]
_STRATIFIED = "Keep the share of each class the same in both parts."


class Split(Variant):
    """What is kept back for validation."""

    def validation_size(self, rows: int) -> int:
        """How many of `rows` samples are kept back for validation (stratified: give or take one a class)."""
        return 0


class NoSplit(Split):
    """Nothing is kept back: all training samples are learned from, and no turning point can be seen."""

    kind: Literal["none"] = "none"


class FirstSplit(Split):
    """The first samples are the validation set, the rest is learned from."""

    kind: Literal["first"] = "first"
    count: int = config_field(
        "How many of the first samples are kept back.", ge=1, le=1_000_000, unit="samples"
    )

    BRIEF: ClassVar[tuple[str, ...]] = ("count",)
    NEW: ClassVar[Mapping[str, Any]] = {"count": 10_000}

    @override
    def validation_size(self, rows: int) -> int:
        return self.count


class FractionSplit(Split):
    """A random share of the samples is the validation set.

    Without `stratified` the choice is that of scikit-learn's `train_test_split(test_size=fraction,
    random_state=seed)`; with it every class gives the same share.
    """

    kind: Literal["fraction"] = "fraction"
    fraction: float = config_field("The share of the samples that is kept back.", gt=0, lt=1, step=0.05)
    seed: Seed = 777
    stratified: bool = config_field(_STRATIFIED, default=False)

    BRIEF: ClassVar[tuple[str, ...]] = ("fraction", "seed")
    NEW: ClassVar[Mapping[str, Any]] = {"fraction": 0.3}

    @override
    def validation_size(self, rows: int) -> int:
        return math.ceil(rows * self.fraction)


MOST_FOLDS = 20


class FoldSplit(Split):
    """The samples are divided at random into folds, and one of them is the validation set.

    Training once on each fold is K-fold cross-validation. Without `stratified` the folds are those of
    scikit-learn's `KFold(folds, shuffle=True, random_state=seed)`; with it every class gives each fold the same
    share, give or take one.
    """

    kind: Literal["fold"] = "fold"
    folds: int = config_field("Into how many parts the samples are divided.", default=5, ge=2, le=MOST_FOLDS)
    fold: int = config_field("Which part is kept back, counted from 0.", default=0, ge=0, lt=MOST_FOLDS)
    seed: Seed = 777
    stratified: bool = config_field(_STRATIFIED, default=True)

    BRIEF: ClassVar[tuple[str, ...]] = ("folds", "fold", "seed")

    @override
    def validation_size(self, rows: int) -> int:
        return len(range(self.fold, rows, self.folds))


class Labels(Variant):
    """Which labels the training samples have; those of validation and test are always the given ones.

    Which samples get which label follows from the experiment's seed; see `core.datasets.preparation`.
    """

    def tell(self, classes: int) -> bool:
        """Whether a label is likelier the sample's own class than any other, so that there is something to learn."""
        return True


class GivenLabels(Labels):
    """The labels that the data set gives."""

    kind: Literal["given"] = "given"


class ReplacedLabels(Labels):
    """A share of the training samples has a label drawn at random from the other classes: wrong on purpose."""

    kind: Literal["replaced"] = "replaced"
    share: float = config_field(
        "The share of the training samples that get a wrong label; the seed of the training decides which ones.",
        default=0.25,
        ge=0,
        le=1,
        step=0.05,
    )

    BRIEF: ClassVar[tuple[str, ...]] = ("share",)

    @override
    def tell(self, classes: int) -> bool:
        return self.share < 1 - 1 / classes


class ShuffledLabels(Labels):
    """The labels of all training samples are dealt out anew at random: they say nothing about the samples."""

    kind: Literal["shuffled"] = "shuffled"

    @override
    def tell(self, classes: int) -> bool:
        return False
