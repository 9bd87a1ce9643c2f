"""An experiment as a plain Keras script: the one that is shown, exported and put into notebooks.

The script needs Keras, TensorFlow and NumPy, nothing of this program, and takes the course of the run digit
for digit on the same computer: the same data recipe (`core.datasets.preparation`), the same Keras calls
(`core.models.calls`), the same first weights and the same order of samples. Parts are separated by empty
lines, so that a notebook can make a cell of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from types import ModuleType
from typing import Any, Literal

from core.experiment import (
    Experiment,
    FirstSplit,
    FoldSplit,
    FractionSplit,
    MultiHotEncoding,
    NoSplit,
)
from core.models import code_images, code_texts
from core.models.calls import Call, callback_calls, input_call, layer_calls, optimizer_call
from core.models.determinism import needs_ordered_sums
from core.models.xla import uses_xla
from core.sentences import counted

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
    form = _form(experiment)
    parts = [
        _head(experiment),
        _imports(experiment),
        *form.data(experiment),
        *_limit(experiment),
        *_split(experiment),
        *form.preparation(experiment),
        *_targets(experiment),
        *([code_texts.sparse_dense()] if _is_sparse(experiment) else []),
        _network(experiment, style),
        _compilation(experiment),
        *_callbacks(experiment),
        _training(experiment),
        _evaluation(experiment),
    ]
    text = "\n".join(parts[0])
    for before, part in pairwise(parts):
        defines = any(lines[0].startswith(("def ", "class ")) for lines in (before, part))
        gap = "\n\n\n" if defines else "\n\n"
        text += gap + "\n".join(part)
    return text + "\n"


_Lines = list[str]


def _form(experiment: Experiment) -> ModuleType:
    """The module that knows how the samples of the experiment are fetched and encoded."""
    return code_texts if experiment.facts.kind == "text" else code_images


def _head(experiment: Experiment) -> _Lines:
    form = _form(experiment)
    packages = " ".join(("keras", "tensorflow", *form.needs(experiment)))
    return [
        f'"""A network that learns to tell {experiment.facts.task} apart.',
        "",
        f"Needs: pip install {packages}",
        *form.about(experiment),
        f"The curves are written to {HISTORY_FILE}.",
        '"""',
    ]


def _imports(experiment: Experiment) -> _Lines:
    lines = ["import json"]
    if isinstance(experiment.split, FractionSplit):
        lines.append("import math")
    if experiment.facts.origin != "bundled":
        lines.append("import sys")
    uses_tensorflow = needs_ordered_sums(experiment) or _is_sparse(experiment)
    return [
        *lines,
        "from pathlib import Path",
        "",
        "import keras",
        "import numpy as np",
        *(["import tensorflow as tf"] if uses_tensorflow else []),
        "from keras import layers",
        *_form(experiment).imports(experiment),
    ]


def _is_sparse(experiment: Experiment) -> bool:
    return isinstance(experiment.encoding, MultiHotEncoding)


# Data


def _limit(experiment: Experiment) -> Iterator[_Lines]:
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
            f"# Keep back the first {counted(count, 'sample')}: the network never learns from what is kept back,",
            "# which so shows whether it learns what holds for others too.",
            f"x_val, y_val = x_train[:{count}], y_train[:{count}]",
            f"x_train, y_train = x_train[{count}:], y_train[{count}:]",
        ]
        return
    yield [
        *(_fold(split) if isinstance(split, FoldSplit) else _share(split)),
        "x_val, y_val = x_train[validation], y_train[validation]",
        "x_train, y_train = x_train[training], y_train[training]",
    ]


_BY_CLASS = 'by_class = order[np.argsort(y_train[order], kind="stable")]'
_THE_REST = "training = np.setdiff1d(np.arange(len(order)), validation)"


def _share(split: FractionSplit) -> _Lines:
    lines = [
        f"# Keep back a random share of {split.fraction:.10g}: the network never learns from it, so it shows",
        "# whether the network learns what holds for other samples too.",
        f"order = np.random.RandomState({split.seed}).permutation(len(y_train))",
        f"size = math.ceil(len(y_train) * {split.fraction!r})",
    ]
    if not split.stratified:
        return [*lines, "validation, training = order[:size], order[size:]"]
    return [
        *lines,
        "# Every class gives the same share: sort by class and take rows at equal distances.",
        _BY_CLASS,
        "validation = np.sort(by_class[np.arange(size) * len(order) // size])",
        _THE_REST,
    ]


def _fold(split: FoldSplit) -> _Lines:
    lines = [
        f"# Keep back fold {split.fold} of {split.folds} (counted from 0). Cross-validation trains once on each:",
        "# change the number to get the others.",
        f"folds, fold = {split.folds}, {split.fold}",
        f"order = np.random.RandomState({split.seed}).permutation(len(y_train))",
    ]
    if not split.stratified:
        return [*lines, "validation = np.sort(np.array_split(order, folds)[fold])", _THE_REST]
    return [
        *lines,
        "# Every class gives each fold the same share: sort by class and deal the rows out.",
        _BY_CLASS,
        "validation = np.sort(by_class[fold::folds])",
        _THE_REST,
    ]


def _targets(experiment: Experiment) -> Iterator[_Lines]:
    names = ["y_train", "y_test"] if isinstance(experiment.split, NoSplit) else ["y_train", "y_val", "y_test"]
    if experiment.loss == "sparse_categorical_crossentropy":
        return
    if experiment.summary.output_shape == (1,):
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
    layers, first = [written(call) for call in layer_calls(experiment)], written(input_call(experiment))
    if _is_sparse(experiment):
        layers[0] = layers[0].replace("layers.Dense", code_texts.SPARSE_DENSE, 1)
    head = [
        "# The network. The seed decides its first weights.",
        f"keras.utils.set_random_seed({experiment.seed})",
    ]
    if needs_ordered_sums(experiment):
        head += [
            "# Sums are to be added up in one order, so that the course repeats itself to the last digit.",
            "tf.config.experimental.enable_op_determinism()",
        ]
    if style == "sequential":
        lines = [f"        {layer}," for layer in layers]
        return [
            *head,
            "model = keras.Sequential(",
            "    [",
            f"        {first},",
            *lines,
            "    ]",
            ")",
        ]
    lines = [f"inputs = {first}"]
    before = "inputs"
    for place, layer in enumerate(layers, start=1):
        after = "outputs" if place == len(layers) else "x"
        lines.append(f"{after} = {layer}({before})")
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
    module = "layers" if call.module == "layers" else f"keras.{call.module}".rstrip(".")
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
        f"    order = np.random.default_rng([{experiment.seed}, epoch]).permutation(len(y_train))",
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
