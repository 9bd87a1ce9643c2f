"""From a data set and an experiment to the arrays that training takes: the one recipe, for exports too.

Given the raw arrays `x_train`, `y_train`, `x_test`, `y_test`, an exported script does exactly this:

1. **Limit.** With `train_limit` N: `x, y = x_train[:N], y_train[:N]`, otherwise all rows. `n = len(x)`.
2. **Split** into row numbers `training` and `validation`; their order is the order of the prepared rows.

   - `none`: `training = numpy.arange(n)`, no validation.
   - `first`, count c: `validation = numpy.arange(c)`, `training = numpy.arange(c, n)`.
   - `fraction`, the rows of scikit-learn's `train_test_split(test_size=fraction, random_state=seed)` in the
     order in which it returns them (permuted, not sorted)::

         size = math.ceil(n * fraction)
         order = numpy.random.RandomState(seed).permutation(n)
         validation, training = order[:size], order[size:]

   - `fraction`, `stratified`: the same permutation, sorted by class, of which every (n / size)-th row is kept
     back. Both parts are in ascending order::

         by_class = order[numpy.argsort(y[order], kind="stable")]
         validation = numpy.sort(by_class[numpy.arange(size) * n // size])
         training = numpy.setdiff1d(numpy.arange(n), validation)

     So the validation set has exactly `size` rows, and each class its share of them, give or take one.
   - `fold` f of k: what scikit-learn's `KFold(k, shuffle=True, random_state=seed)` keeps back as fold f. Both
     parts are in ascending order::

         order = numpy.random.RandomState(seed).permutation(n)
         validation = numpy.sort(numpy.array_split(order, k)[f])
         training = numpy.setdiff1d(numpy.arange(n), validation)

   - `fold`, `stratified`: every k-th row of the same permutation sorted by class::

         by_class = order[numpy.argsort(y[order], kind="stable")]
         validation = numpy.sort(by_class[f::k])

3. **Labels replaced** on purpose, where the experiment says so: only of the training part `y = y[training]`, in
   its order, after the split; validation and test keep theirs. All chance comes from a stream of its own, which no
   order of batches and no first weights share::

       chance = numpy.random.default_rng([seed, 0, 1])

   - `given`: as they are.
   - `replaced`, share s: exactly `round(s * n)` samples get a label drawn uniformly from the other classes::

         wrong = chance.permutation(n)[: round(s * n)]
         steps = numpy.zeros(n, dtype=int)
         steps[wrong] = chance.integers(1, classes, len(wrong))
         y = (y + steps) % classes

     So with the same seed a larger share replaces the same labels, by the same ones, and more.
   - `shuffled`: `y = chance.permutation(y)`. Some samples get their own class back by chance.

4. **Scale.** `shift` and `scale` are two float32 numbers, taken over all values of `x[training]` together (of
   colours all three), and used for the training, validation and test images alike:
   `(x.astype("float32") - shift) / scale`.

   ==========  =======================  ==========================================
   scaling     shift                    scale
   ==========  =======================  ==========================================
   `none`      0                        1
   `pixel`     0                        255 (`digits`: 16)
   `min_max`   `t.min()`                `t.max() - t.min()`
   `standard`  `t.mean()`               `t.std()`
   `robust`    `numpy.median(t)`        `q3 - q1` of `numpy.percentile(t, [25, 75])`
   ==========  =======================  ==========================================

   with `t = x[training]`. Each is worked out in float64, then rounded to float32; a scale of 0 becomes 1.
   (Here they come from a histogram of the 256 possible values, which needs no float64 copy of the images;
   with the expressions above a script gets the same float32 numbers.)
   Texts are not scaled.
5. **Encode.** `flat`: `x.reshape(len(x), -1)`; `image`: `x[..., numpy.newaxis]`; `rows`: as it is. Images in colours
   have their channels already: `image` leaves them as they are, and `rows` is `x.reshape(len(x), height, -1)`, each
   row its pixels one after the other.
   Texts: `core.datasets.encoding`, from the numbers of `core.datasets.tokenization`. `multi_hot`: a sparse row with a
   1 (or a count) at each number that occurs; with `tf_idf` counts times `ln((1 + n) / (1 + d)) + 1`, n training
   texts, d of them with the number, each row then divided by its Euclidean length. `padded`:
   `keras.utils.pad_sequences(numbers, length, padding=..., truncating=...)`, where `fill` and `cut` `start` are
   Keras' `"pre"` and `end` is `"post"`.
6. **Targets.** `categorical_crossentropy`, and `mse` unless the network ends in a single unit: one-hot float32
   `numpy.eye(classes, dtype="float32")[y]`; `sparse_categorical_crossentropy`: `y.astype("int32")`;
   `binary_crossentropy`, and `mse` with a single unit: `y.astype("float32").reshape(-1, 1)`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from core.datasets.dataset import ImageDataset, RaggedTokens, TextDataset
from core.datasets.encoding import Inputs, TextEncoder, encode_images, text_encoder
from core.datasets.scaling import FIXED_SCALINGS, Scale, fit_scaling
from core.experiment import (
    Encoding,
    Experiment,
    FirstSplit,
    FoldSplit,
    FractionSplit,
    MultiHotEncoding,
    ReplacedLabels,
    ShuffledLabels,
    Split,
)

#: Behind the seed, for the chance of the labels; [seed, e], which NumPy takes for [seed, e, 0], orders epoch e.
_LABELS_STREAM = (0, 1)


@dataclass(frozen=True)
class Rows:
    """Rows of the raw training set to learn from and to keep back, int64, in the order of the prepared rows."""

    training: NDArray[np.int64]
    validation: NDArray[np.int64]


@dataclass(frozen=True)
class ImageEncoder:
    """Turns raw images into a network's inputs."""

    encoding: Encoding
    scale: Scale

    def __call__(self, raw: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Encode raw images, uint8 (n, *shape of the data set): float32 (n, *input shape of the experiment)."""
        return encode_images(self.scale(raw), self.encoding)


@dataclass(frozen=True, eq=False)
class Prepared:
    """What training takes: encoded, scaled and split; without a validation set its arrays are None.

    Inputs are (samples, *input shape): float32; int32 for padded texts; for multi-hot texts a sparse matrix (CSR).
    Targets are one-hot float32 (samples, classes), int32 (samples,) or float32 (samples, 1), as the loss wants.
    Labels are the plain classes, uint8: `labels_train` those that are learned from, `true_train` those of the data,
    which differ where the experiment has them replaced. `train_rows` and `val_rows` are where each row stands in the
    raw training set.
    """

    x_train: Inputs
    y_train: NDArray[np.generic]
    x_val: Inputs | None
    y_val: NDArray[np.generic] | None
    x_test: Inputs
    y_test: NDArray[np.generic]
    labels_train: NDArray[np.uint8]
    true_train: NDArray[np.uint8]
    labels_val: NDArray[np.uint8] | None
    labels_test: NDArray[np.uint8]
    train_rows: NDArray[np.int64]
    val_rows: NDArray[np.int64]


def prepare(experiment: Experiment, dataset: ImageDataset | TextDataset) -> Prepared:
    """Limit, split, scale, encode: the recipe at the head of this module.

    Memory beyond the result: one copy of the raw part under way. A `ValueError` if the data set is another one than
    the experiment's.
    """
    if dataset.name != experiment.dataset:
        raise ValueError(f"the experiment is about {experiment.dataset}, the data are {dataset.name}")
    labels = np.asarray(dataset.y_train[: experiment.rows])
    rows = rows_of(experiment, dataset)
    training = _taken(dataset, rows.training)
    encode: Callable[[Any], Inputs] = _encoder(experiment, training)
    x_train = encode(training)
    del training  # it is in nobody's way while the others are encoded

    def wanted(classes: NDArray[np.uint8]) -> NDArray[np.generic]:
        return targets(classes, experiment)

    true_train = labels[rows.training]
    labels_train = learned_labels(true_train, experiment)
    has_validation = len(rows.validation) > 0
    labels_val = labels[rows.validation] if has_validation else None
    labels_test = np.asarray(dataset.y_test)
    return Prepared(
        x_train=x_train,
        y_train=wanted(labels_train),
        x_val=encode(_taken(dataset, rows.validation)) if has_validation else None,
        y_val=wanted(labels_val) if labels_val is not None else None,
        x_test=encode(dataset.x_test),
        y_test=wanted(labels_test),
        labels_train=labels_train,
        true_train=true_train,
        labels_val=labels_val,
        labels_test=labels_test,
        train_rows=rows.training,
        val_rows=rows.validation,
    )


@overload
def encoder_of(experiment: Experiment, dataset: TextDataset) -> TextEncoder: ...


@overload
def encoder_of(experiment: Experiment, dataset: ImageDataset) -> ImageEncoder: ...


def encoder_of(experiment: Experiment, dataset: ImageDataset | TextDataset) -> TextEncoder | ImageEncoder:
    """What turns raw samples into the inputs of an experiment's network, as in its training."""
    rows = rows_of(experiment, dataset).training
    if isinstance(dataset, TextDataset):
        encoding = experiment.text_encoding
        learns = isinstance(encoding, MultiHotEncoding) and encoding.values == "tf_idf"
    else:
        learns = experiment.scaling not in FIXED_SCALINGS
    return _encoder(experiment, _taken(dataset, rows if learns else rows[:0]))


def _encoder(
    experiment: Experiment, training: RaggedTokens | NDArray[np.uint8]
) -> TextEncoder | ImageEncoder:
    """How raw samples are encoded, with what is learned from the training samples."""
    if isinstance(training, RaggedTokens):
        return text_encoder(experiment.text_encoding, training)
    return ImageEncoder(experiment.encoding, fit_scaling(experiment.scaling, training, experiment.facts))


def _taken(dataset: ImageDataset | TextDataset, rows: NDArray[np.int64]) -> RaggedTokens | NDArray[np.uint8]:
    """Rows of the raw training set, copied."""
    return dataset.x_train.take(rows) if isinstance(dataset, TextDataset) else dataset.x_train[rows]


def rows_of(experiment: Experiment, dataset: ImageDataset | TextDataset) -> Rows:
    """Which rows of its data set an experiment learns from and which it keeps back."""
    return split_rows(experiment.split, np.asarray(dataset.y_train[: experiment.rows]))


def split_rows(split: Split, labels: NDArray[np.uint8]) -> Rows:
    """The rows 0 to n - 1, each in exactly one part; only a stratified split looks at the values of the labels."""
    n = len(labels)
    everything = np.arange(n, dtype=np.int64)
    if isinstance(split, FirstSplit):
        return Rows(everything[split.count :], everything[: split.count])
    if not isinstance(split, FractionSplit | FoldSplit):
        return Rows(everything, everything[:0])
    order = np.random.RandomState(split.seed).permutation(n).astype(np.int64, copy=False)
    by_class = order[np.argsort(labels[order], kind="stable")] if split.stratified else order
    if isinstance(split, FractionSplit):
        size = math.ceil(n * split.fraction)
        if not split.stratified:
            return Rows(order[size:], order[:size])
        kept = by_class[np.arange(size) * n // size]
    elif split.stratified:
        kept = by_class[split.fold :: split.folds]
    else:
        kept = np.array_split(order, split.folds)[split.fold]
    validation = np.sort(kept)
    return Rows(np.setdiff1d(everything, validation, assume_unique=True), validation)


def learned_labels(labels: NDArray[np.uint8], experiment: Experiment) -> NDArray[np.uint8]:
    """The labels that training samples are learned with, from those of the data, in the order of the prepared rows."""
    noise, classes = experiment.labels, experiment.facts.classes
    chance = np.random.default_rng([experiment.seed, *_LABELS_STREAM])
    if isinstance(noise, ShuffledLabels):
        return chance.permutation(labels)
    if not isinstance(noise, ReplacedLabels):
        return labels
    wrong = chance.permutation(len(labels))[: round(noise.share * len(labels))]
    steps = np.zeros(len(labels), dtype=np.int64)
    steps[wrong] = chance.integers(1, classes, len(wrong))
    return ((labels + steps) % classes).astype(np.uint8)


def taught_labels(experiment: Experiment, dataset: ImageDataset | TextDataset) -> NDArray[np.uint8]:
    """The labels of all rows of the raw training set, uint8 (rows,), those of the training part as they are learned."""
    labels, rows = np.array(dataset.y_train, dtype=np.uint8), rows_of(experiment, dataset).training
    labels[rows] = learned_labels(labels[rows], experiment)
    return labels


def targets(labels: NDArray[np.uint8], experiment: Experiment) -> NDArray[np.generic]:
    """Labels in the form the experiment's loss wants; for `mse` the number of output units decides, too."""
    if experiment.loss == "sparse_categorical_crossentropy":
        return labels.astype(np.int32)
    single = experiment.loss == "mse" and experiment.summary.output_shape == (1,)
    if experiment.loss == "binary_crossentropy" or single:
        return labels.astype(np.float32).reshape(-1, 1)
    one_hot: NDArray[np.float32] = np.eye(experiment.facts.classes, dtype=np.float32)[labels]
    return one_hot
