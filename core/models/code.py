"""An experiment as a plain Keras script: the one that is shown, exported and put into notebooks.

The script needs Keras, TensorFlow and NumPy, nothing of this program, and takes the course of the run digit
for digit on the same computer: the same data recipe (`core.datasets.preparation`), the same Keras calls
(`core.models.calls`), the same first weights and the same order of samples. Parts are separated by empty
lines, so that a notebook can make a cell of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Literal

from core.experiment import (
    Experiment,
    FirstSplit,
    FlatEncoding,
    FractionSplit,
    ImageEncoding,
    NoSplit,
)
from core.models.calls import Call, callback_calls, layer_calls, optimizer_call
from core.models.xla import uses_xla

Style = Literal["sequential", "functional"]

HISTORY_FILE = "history.json"
"""Where the script writes its curves: lists of numbers by name ("loss", "val_loss", ...), one an epoch."""


def script(experiment: Experiment, style: Style = "sequential") -> str:
    """The experiment as the text of a Python script.

    Args:
        experiment: What the script shall do.
        style: How the network is written: as a list of layers, or as functions applied one after the other.
            Both give the same network with the same weights.
    """
    parts = [
        _head(experiment),
        _imports(experiment),
        *_data(experiment),
        *_split(experiment),
        *_preparation(experiment),
        *_targets(experiment),
        _network(experiment, style),
        _compilation(experiment),
        *_callbacks(experiment),
        _training(experiment),
        _evaluation(experiment),
    ]
    text = "\n".join(parts[0])
    for before, part in pairwise(parts):
        gap = "\n\n\n" if "def" in (before[0][:3], part[0][:3]) else "\n\n"
        text += gap + "\n".join(part)
    return text + "\n"


_Lines = list[str]

_TITLES = {
    "mnist": "handwritten digits (MNIST)",
    "fashion_mnist": "pieces of clothing (Fashion-MNIST)",
    "digits": "small handwritten digits (scikit-learn's digits)",
}


def _head(experiment: Experiment) -> _Lines:
    needs = "keras tensorflow" + (" scikit-learn" if experiment.dataset == "digits" else "")
    lines = [f'"""A network that learns to tell {_TITLES[experiment.dataset]} apart.', ""]
    lines.append(f"Needs: pip install {needs}")
    if experiment.dataset != "digits":
        lines += [
            f"The data: {experiment.dataset}.npz in this folder or in one named on the command line,",
            "otherwise Keras fetches them.",
        ]
    return [*lines, f"The curves are written to {HISTORY_FILE}.", '"""']


def _imports(experiment: Experiment) -> _Lines:
    lines = ["import json"]
    if isinstance(experiment.split, FractionSplit):
        lines.append("import math")
    if experiment.dataset != "digits":
        lines.append("import sys")
    lines += [
        "from pathlib import Path",
        "",
        "import keras",
        "import numpy as np",
        "from keras import layers",
    ]
    if experiment.dataset == "digits":
        lines.append("from sklearn.datasets import load_digits")
    return lines


# Data


def _data(experiment: Experiment) -> Iterator[_Lines]:
    facts, name = experiment.facts, experiment.dataset
    height, width = facts.shape
    count = f"{facts.train_size:,} images of {height} x {width} pixels to learn from"
    head = f"# The data: {count} and {facts.test_size:,} to test with."
    if name == "digits":
        cut = facts.train_size
        yield [
            head,
            "digits = load_digits()",
            'images, labels = digits.images.astype("uint8"), digits.target',
            f"x_train, y_train = images[:{cut}], labels[:{cut}]",
            f"x_test, y_test = images[{cut}:], labels[{cut}:]",
        ]
    else:
        yield [
            head,
            f'files = [Path(folder) / "{name}.npz" for folder in (".", *sys.argv[1:])]',
            "files = [file for file in files if file.is_file()]",
            "if files:",
            "    with np.load(files[0]) as data:",
            '        x_train, y_train = data["x_train"], data["y_train"]',
            '        x_test, y_test = data["x_test"], data["y_test"]',
            "else:",
            f"    (x_train, y_train), (x_test, y_test) = keras.datasets.{name}.load_data()",
        ]
    if experiment.train_limit is not None:
        limit = experiment.train_limit
        yield [
            f"# Only the first {limit:,} of them.",
            f"x_train, y_train = x_train[:{limit}], y_train[:{limit}]",
        ]


def _split(experiment: Experiment) -> Iterator[_Lines]:
    split = experiment.split
    if isinstance(split, NoSplit):
        return
    if isinstance(split, FirstSplit):
        count = split.count
        yield [
            f"# Keep back the first {count:,} samples: the network never learns from them, so they show",
            "# whether it learns what holds for others too.",
            f"x_val, y_val = x_train[:{count}], y_train[:{count}]",
            f"x_train, y_train = x_train[{count}:], y_train[{count}:]",
        ]
        return
    share = f"{split.fraction:.10g}"
    lines = [
        f"# Keep back a random share of {share}: the network never learns from it, so it shows",
        "# whether the network learns what holds for other samples too.",
        f"order = np.random.RandomState({split.seed}).permutation(len(x_train))",
        f"size = math.ceil(len(x_train) * {split.fraction!r})",
    ]
    if split.stratified:
        lines += [
            "# Every class gives the same share: sort by class and take rows at equal distances.",
            'by_class = order[np.argsort(y_train[order], kind="stable")]',
            "validation = np.sort(by_class[np.arange(size) * len(order) // size])",
            "training = np.setdiff1d(np.arange(len(order)), validation)",
        ]
    else:
        lines += ["validation, training = order[:size], order[size:]"]
    yield [
        *lines,
        "x_val, y_val = x_train[validation], y_train[validation]",
        "x_train, y_train = x_train[training], y_train[training]",
    ]


def _preparation(experiment: Experiment) -> Iterator[_Lines]:
    numbers, scaled = _scaling(experiment)
    if numbers:
        yield numbers
    if isinstance(experiment.encoding, FlatEncoding):
        said, shaped = "lay each image in one row", f"{_bracketed(scaled)}.reshape(len(images), -1)"
    elif isinstance(experiment.encoding, ImageEncoding):
        said, shaped = "give each image its one grey channel", f"{_bracketed(scaled)}[..., np.newaxis]"
    else:
        said, shaped = "keep each image as a sequence of its rows", scaled
    yield [
        "def prepare(images):",
        f'    """Scale the values and {said}."""',
        f"    return {shaped}",
    ]
    lines = ["x_train, x_test = prepare(x_train), prepare(x_test)"]
    if not isinstance(experiment.split, NoSplit):
        lines.append("x_val = prepare(x_val)")
    yield lines


def _scaling(experiment: Experiment) -> tuple[_Lines, str]:
    """The lines that work out the numbers of the scaling, and the expression that applies them."""
    images = 'images.astype("float32")'
    if experiment.scaling == "none":
        return [], images
    if experiment.scaling == "pixel":
        return [], f"{images} / {experiment.facts.largest}"
    head = "# The numbers for scaling come from the training samples only."
    zero = "  # 0 would not do as a divisor"
    if experiment.scaling == "min_max":
        lines = ["shift = np.float32(x_train.min())", f"scale = np.float32(x_train.max() - shift) or 1{zero}"]
    elif experiment.scaling == "standard":
        lines = ["shift = np.float32(x_train.mean())", f"scale = np.float32(x_train.std()) or 1{zero}"]
    else:
        lines = [
            "shift = np.float32(np.median(x_train))",
            "first, third = np.percentile(x_train, [25, 75])",
            f"scale = np.float32(third - first) or 1{zero}",
        ]
    return [head, *lines], f"({images} - shift) / scale"


def _bracketed(expression: str) -> str:
    return f"({expression})" if " / " in expression else expression


def _targets(experiment: Experiment) -> Iterator[_Lines]:
    names = ["y_train", "y_test"] if isinstance(experiment.split, NoSplit) else ["y_train", "y_val", "y_test"]
    if experiment.loss == "sparse_categorical_crossentropy":
        return
    if experiment.trace.output_shape == (1,):
        yield [
            "# One number a sample, as the network gives it.",
            *(f'{name} = {name}.astype("float32").reshape(-1, 1)' for name in names),
        ]
        return
    classes = experiment.facts.classes
    yield [
        f"# One-hot labels: {classes} numbers a sample, 1 at its class and 0 elsewhere.",
        *(f"{name} = keras.utils.to_categorical({name}, {classes})" for name in names),
    ]


# Network


def _network(experiment: Experiment, style: Style) -> _Lines:
    calls = layer_calls(experiment)
    shape = (
        f"({experiment.input_shape[0]},)" if len(experiment.input_shape) == 1 else str(experiment.input_shape)
    )
    head = [
        "# The network. The seed decides its first weights.",
        f"keras.utils.set_random_seed({experiment.seed})",
    ]
    if style == "sequential":
        lines = [f"        {written(call)}," for call in calls]
        return [
            *head,
            "model = keras.Sequential(",
            "    [",
            f"        keras.Input({shape}),",
            *lines,
            "    ]",
            ")",
        ]
    lines = [f"inputs = keras.Input({shape})"]
    before = "inputs"
    for place, call in enumerate(calls, start=1):
        after = "outputs" if place == len(calls) else "x"
        lines.append(f"{after} = {written(call)}({before})")
        before = after
    return [*head, *lines, "model = keras.Model(inputs, outputs)"]


def _compilation(experiment: Experiment) -> _Lines:
    lines = [
        "model.compile(",
        f"    optimizer={written(optimizer_call(experiment.optimizer))},",
        f'    loss="{experiment.loss}",',
        '    metrics=["accuracy"],',
    ]
    if uses_xla(experiment):
        lines.append("    jit_compile=True,  # let XLA speed up each step")
    return [*lines, ")", "model.summary()"]


def written(call: Call) -> str:
    """A call as Python text: `layers.Dense(64, activation="relu")`."""
    arguments = [_value(value) for value in call.args]
    arguments += [f"{name}={_value(value)}" for name, value in call.kwargs.items()]
    module = "layers" if call.module == "layers" else f"keras.{call.module}"
    return f"{module}.{call.name}({', '.join(arguments)})"


def _value(value: Any) -> str:
    if isinstance(value, Call):
        return written(value)
    return f'"{value}"' if isinstance(value, str) else repr(value)


# Training


def _callbacks(experiment: Experiment) -> Iterator[_Lines]:
    calls = callback_calls(experiment)
    if calls:
        yield [
            "# They watch the curves: asked after each epoch, they may change the course.",
            "callbacks = keras.callbacks.CallbackList(",
            "    [",
            *(f"        {written(call)}," for call in calls),
            "    ],",
            "    model=model,",
            ")",
        ]


def _training(experiment: Experiment) -> _Lines:
    watched = bool(callback_calls(experiment))
    lines = [
        "# Each epoch visits the samples in an order of its own, which follows from the seed: so every",
        "# training of this network takes the same course.",
        "history = {}",
    ]
    if watched:
        lines.append("callbacks.on_train_begin()")
    lines += [
        f"for epoch in range({experiment.epochs}):",
        f"    order = np.random.default_rng([{experiment.seed}, epoch]).permutation(len(x_train))",
        "    result = model.fit(",
        "        x_train[order],",
        "        y_train[order],",
        f"        batch_size={experiment.batch_size},",
        "        shuffle=False,",
        "        initial_epoch=epoch,",
        "        epochs=epoch + 1,",
    ]
    if not isinstance(experiment.split, NoSplit):
        lines.append("        validation_data=(x_val, y_val),")
    lines += [
        "        verbose=2,",
        "    )",
        "    for name, values in result.history.items():",
        "        history.setdefault(name, []).extend(values)",
    ]
    if watched:
        lines += [
            "    callbacks.on_epoch_end(epoch, {name: values[-1] for name, values in history.items()})",
            "    if model.stop_training:",
            "        break",
            "callbacks.on_train_end()",
        ]
    return lines


def _evaluation(experiment: Experiment) -> _Lines:
    return [
        "# The judgement: samples that the network has never seen.",
        "loss, accuracy = model.evaluate(x_test, y_test, verbose=0)",
        'print(f"Test loss {loss:.4f}, test accuracy {accuracy:.4f}")',
        f'Path("{HISTORY_FILE}").write_text(json.dumps(history))',
    ]
