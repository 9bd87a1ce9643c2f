"""A preset's network in plain Keras, as the course writes it: the other side of the table of `benchmarks/all.py`.

    python benchmarks/plain_course.py fashion-deep --datasets FOLDER [--longest 4] [--in-order]

Nothing of this project is imported. The data are read from the published arrays, prepared by NumPy, a review becomes
a dense row of zeros and ones by a loop, and the network is compiled as Keras does by itself and trained by one call of
`fit` with all epochs and the validation data. `fit` shuffles by itself; the samples in the training set and in the
validation set are those of the preset. Printed is one line of JSON: `whole` seconds since `--began` (the clock when
this process was started), those of `fit` alone, and the most memory held.

With `--longest N` no more than N epochs are trained, and the seconds of the others are worked out from the median of
those after the first. With `--in-order` the training is repeated once that line's figures are taken, epoch by epoch in
the order in which this project visits the samples: the same process, rows of float32, setting them in order not
counted; it is the quicker way here and there.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import resource
import statistics
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

PRESETS = Path(__file__).resolve().parent.parent / "core" / "presets"
CLASSES = {"digits": 10, "mnist": 10, "fashion_mnist": 10, "reuters": 46, "imdb": 2}


def main() -> None:
    """Train as the words on the command line say."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("preset")
    parser.add_argument("--datasets", type=Path, required=True)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--began", type=float, default=time.time())
    parser.add_argument("--longest", type=int)
    parser.add_argument("--in-order", action="store_true")
    options = parser.parse_args()
    preset = tomllib.loads((PRESETS / f"{options.preset}.toml").read_text(encoding="utf-8"))
    preset["epochs"] = options.epochs or preset["epochs"]
    parts = encoded(preset, *split(preset, *read(preset["dataset"], options.datasets)))
    trained = min(preset["epochs"], options.longest or preset["epochs"])
    result = course(preset, trained, parts)
    result["whole"] = time.time() - options.began + result.pop("rest")
    result["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    if options.in_order:
        result["in_order"] = in_order(preset, trained, parts)
    sys.stdout.write(json.dumps(result) + "\n")


def read(dataset: str, folder: Path) -> tuple[Any, Any, Any, Any]:
    """Samples and labels to learn from, and those to test with."""
    if dataset == "digits":
        from sklearn.datasets import load_digits

        digits = load_digits()
        images, labels = digits.images.astype("uint8"), digits.target
        return images[:1500], labels[:1500], images[1500:], labels[1500:]
    with np.load(folder / f"{dataset}.npz") as data:
        if "train_tokens" not in data:
            return data["x_train"], data["y_train"], data["x_test"], data["y_test"]
        texts = [lists(data[f"{part}_tokens"], data[f"{part}_offsets"]) for part in ("train", "test")]
        return texts[0], data["y_train"], texts[1], data["y_test"]


def lists(ranks: Any, offsets: Any, num_words: int = 10_000) -> list[list[int]]:
    """What `load_data(num_words=10_000)` of Keras hands out."""
    numbers = np.where(ranks + 3 < num_words, ranks + 3, 2)
    return [[1, *numbers[a:b].tolist()] for a, b in itertools.pairwise(offsets)]


def split(preset: dict[str, Any], x: Any, y: Any, x_test: Any, y_test: Any) -> tuple[Any, ...]:
    """Keep back what the preset keeps back."""
    kind = preset["split"]["kind"]
    if kind == "none":
        return x, y, None, None, x_test, y_test
    if kind == "first":
        count = preset["split"]["count"]
        return x[count:], y[count:], x[:count], y[:count], x_test, y_test
    order = np.random.RandomState(preset["split"]["seed"]).permutation(len(y))
    size = math.ceil(len(y) * preset["split"]["fraction"])
    kept, training = order[:size], order[size:]
    return x[training], y[training], x[kept], y[kept], x_test, y_test


def encoded(preset: dict[str, Any], *parts: Any) -> list[tuple[Any, Any]]:
    """Samples and targets of training, validation and test as the network takes them."""
    import keras

    encoding, dataset = preset["encoding"], preset["dataset"]

    def samples(x: Any) -> Any:
        if encoding["kind"] == "multi_hot":
            rows = np.zeros((len(x), encoding["num_words"]))
            for row, text in enumerate(x):
                rows[row, text] = 1.0
            return rows
        if encoding["kind"] == "padded":
            return keras.utils.pad_sequences(x, encoding["length"])
        scaled = x.astype("float32") / (16 if dataset == "digits" else 255)
        return scaled.reshape(len(x), -1) if encoding["kind"] == "flat" else scaled[..., np.newaxis]

    def targets(y: Any) -> Any:
        if preset["loss"] == "categorical_crossentropy":
            return keras.utils.to_categorical(y, CLASSES[dataset])
        return y.astype("float32") if preset["loss"] == "binary_crossentropy" else y

    return [
        (None, None) if x is None else (samples(x), targets(y))
        for x, y in zip(parts[::2], parts[1::2], strict=True)
    ]


def network(preset: dict[str, Any], x: Any) -> Any:
    """The layers, compiled."""
    import keras
    from keras import layers

    make = {
        "dense": lambda row: layers.Dense(row["units"], activation=row["activation"]),
        "flatten": lambda row: layers.Flatten(),
        "dropout": lambda row: layers.Dropout(row["rate"]),
        "conv2d": lambda row: layers.Conv2D(row["filters"], row["kernel"], activation=row["activation"]),
        "max_pooling2d": lambda row: layers.MaxPooling2D(row["pool"]),
        "embedding": lambda row: layers.Embedding(row["vocabulary"], row["dimensions"]),
        "global_average_pooling": lambda row: layers.GlobalAveragePooling1D(),
        "lstm": lambda row: layers.LSTM(row["units"]),
    }
    model = keras.Sequential([keras.Input(x.shape[1:])])
    for row in preset["layers"]:
        model.add(make[row["kind"]](row))
    # RMSprop and Adam have this learning rate by themselves: that of all presets here.
    model.compile(preset["optimizer"]["kind"], preset["loss"], metrics=["accuracy"])
    return model


def course(preset: dict[str, Any], trained: int, parts: list[tuple[Any, Any]]) -> dict[str, Any]:
    """Train by one call of `fit`, and judge by `evaluate`; `rest` is what the epochs left out would take."""
    import keras

    (x, y), validation, test = parts
    # Without a seed, as in the course: with one `fit` would shuffle each epoch alike.
    model, ends = network(preset, x), [0.0]
    began = time.perf_counter()
    clock = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter() - began)
    )
    best = max(
        fit(preset, model, x, y, validation, epochs=trained, callbacks=[clock]).get("val_accuracy", [0.0])
    )
    seconds, rest = time.perf_counter() - began, left(preset, ends)
    _, accuracy = model.evaluate(*test, verbose=0)
    return {
        "course": seconds + rest,
        "rest": rest,
        "trained": trained,
        "val_accuracy": best,
        "test_accuracy": accuracy,
    }


def left(preset: dict[str, Any], ends: list[float]) -> float:
    """Seconds of the epochs not trained, from when the others ended."""
    missing = preset["epochs"] - (len(ends) - 1)
    taken = [later - sooner for sooner, later in itertools.pairwise(ends)]
    return missing * statistics.median(taken[1:]) if missing else 0.0


def fit(preset: dict[str, Any], model: Any, x: Any, y: Any, validation: Any, **more: Any) -> dict[str, Any]:
    """One call, and its history; without validation data where none are kept back."""
    kept = None if validation[0] is None else validation
    history: dict[str, Any] = model.fit(
        x, y, batch_size=preset["batch_size"], validation_data=kept, verbose=0, **more
    ).history
    return history


def in_order(preset: dict[str, Any], trained: int, parts: list[tuple[Any, Any]]) -> float:
    """Seconds of the same training, a call an epoch."""
    (x, y), validation, _ = parts
    parts[2] = (None, None)
    if x.dtype == np.float64:
        x, validation = x.astype(np.float32), (validation[0].astype(np.float32), validation[1])
        parts[0] = parts[1] = (None, None)
    model, ends = network(preset, x), [0.0]
    for epoch in range(trained):
        order = np.random.default_rng([preset["seed"], epoch]).permutation(len(y))
        rows, targets = x[order], y[order]
        began = time.perf_counter()
        fit(preset, model, rows, targets, validation, epochs=epoch + 1, initial_epoch=epoch, shuffle=False)
        ends.append(ends[-1] + time.perf_counter() - began)
    return ends[-1] + left(preset, ends)


if __name__ == "__main__":
    main()
