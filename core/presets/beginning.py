"""Where one begins with an own data set: a first network for its kind of samples, their shape and their number."""

from __future__ import annotations

from core.catalog import DatasetInfo
from core.experiment import (
    Adam,
    Conv2D,
    Dense,
    Encoding,
    Experiment,
    FlatEncoding,
    Flatten,
    FractionSplit,
    ImageEncoding,
    Layer,
    MaxPooling2D,
    MultiHotEncoding,
    Optimizer,
    RMSprop,
)
from core.experiment.data import FEWEST_NUMBERS
from core.experiment.training import Loss

_WORDS = 10_000
_SMALLEST = 8  # a picture is halved as long as it has so many pixels each way
_FILTERS = (16, 32, 64)
_HIDDEN = 64
_WRITTEN = 16  # hidden units for texts, whose first layer has a weight for each word anyway
_KEPT_BACK = 0.2
_BATCHES = 20  # so many steps an epoch has at least, so that it learns something in each
_LARGEST_BATCH = 128
#: Epochs by training samples: fewer samples give fewer steps an epoch. Long enough to pass the turning point.
_EPOCHS = ((2_000, 40), (20_000, 20))
_FEWEST_EPOCHS = 10


def beginning(info: DatasetInfo) -> Experiment:
    """The experiment with which one begins on a data set: a fifth is kept back, the same share of each class.

    Grey images go through two Dense layers, as in the first presets; colours through a small convolutional network, as
    a Dense layer would have a weight for each colour of each place; of texts it counts which words they have.
    """
    if info.kind == "text":
        numbers = max(FEWEST_NUMBERS, min(_WORDS, info.max_value + 1))
        hidden: list[Layer] = [
            Dense(units=_WRITTEN, activation="relu"),
            Dense(units=_WRITTEN, activation="relu"),
        ]
        return _experiment(info, MultiHotEncoding(num_words=numbers), hidden, RMSprop())
    if info.channels > 1:
        return _experiment(info, ImageEncoding(), _convolutions(info.shape[0], info.shape[1]), Adam())
    hidden = [Dense(units=_HIDDEN, activation="relu"), Dense(units=_HIDDEN, activation="relu")]
    return _experiment(info, FlatEncoding(), hidden, RMSprop())


def _convolutions(height: int, width: int) -> list[Layer]:
    layers: list[Layer] = []
    for filters in _FILTERS:
        layers.append(Conv2D(filters=filters, kernel=3, activation="relu", padding="same"))
        if min(height, width) < _SMALLEST:
            break
        layers.append(MaxPooling2D(pool=2))
        height, width = height // 2, width // 2
    return [*layers, Flatten(), Dense(units=_HIDDEN, activation="relu")]


def _experiment(
    info: DatasetInfo, encoding: Encoding, hidden: list[Layer], optimizer: Optimizer
) -> Experiment:
    binary = info.classes == 2
    loss: Loss = "binary_crossentropy" if binary else "sparse_categorical_crossentropy"
    output = (
        Dense(units=1, activation="sigmoid") if binary else Dense(units=info.classes, activation="softmax")
    )
    split = FractionSplit(fraction=_KEPT_BACK, stratified=True)
    learned = info.train_size - split.validation_size(info.train_size)
    epochs = next((epochs for below, epochs in _EPOCHS if info.train_size < below), _FEWEST_EPOCHS)
    return Experiment(
        dataset=info.name,
        encoding=encoding,
        scaling="none" if info.kind == "text" else "pixel",
        split=split,
        layers=(*hidden, output),
        optimizer=optimizer,
        loss=loss,
        epochs=epochs,
        batch_size=_batch(learned),
    ).checked()


def _batch(samples: int) -> int:
    """The largest power of two that gives enough steps an epoch."""
    size = 1
    while size * 2 <= min(_LARGEST_BATCH, samples // _BATCHES):
        size *= 2
    return size
