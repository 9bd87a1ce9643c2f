"""What must be true of an experiment as a whole, beyond the bounds of each field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.catalog import DATASETS
from core.errors import Issue
from core.experiment.data import ENCODINGS, FlatEncoding, FoldSplit, MultiHotEncoding, PaddedEncoding
from core.experiment.layers import Conv2D, Dense, Embedding
from core.experiment.shapes import ModelSummary

if TYPE_CHECKING:
    from core.experiment.experiment import Experiment

MOST_PARAMETERS = 30_000_000
MOST_MEGABYTES = 4_000
_MEGA = 1_000_000


def problems(experiment: Experiment) -> tuple[Issue, ...]:
    """Everything that makes an experiment impossible, in the order in which a person would mend it."""
    if experiment.dataset not in DATASETS:
        details = {"field": "dataset", "received": experiment.dataset, "known": ", ".join(DATASETS)}
        return (Issue("unknown_choice", "dataset", details),)
    data = tuple(_data(experiment))
    # Samples in a form that they cannot have give the layers no shape to judge.
    sound = isinstance(experiment.encoding, ENCODINGS[experiment.facts.kind])
    return (*data, *(_network(experiment) if sound else ()), *_callbacks(experiment))


def _data(experiment: Experiment) -> Iterator[Issue]:
    facts = experiment.facts
    fitting = ENCODINGS[facts.kind]
    if not isinstance(experiment.encoding, fitting):
        known = ", ".join(encoding.model_fields["kind"].default for encoding in fitting)
        yield Issue(
            "encoding_not_for_data",
            "encoding",
            {
                "received": experiment.encoding.kind,
                "dataset": facts.name,
                "kind": facts.kind,
                "known": known,
            },
        )
    if facts.kind == "text" and experiment.scaling != "none":
        yield Issue("text_scaled", "scaling", {"dataset": facts.name, "received": experiment.scaling})
    if isinstance(experiment.encoding, MultiHotEncoding | PaddedEncoding) and facts.kind == "text":
        received, most = experiment.encoding.num_words, facts.max_value + 1
        if received > most:
            limits = {"received": received, "dataset": facts.name, "words": facts.words, "bound": most}
            yield Issue("num_words_larger_than_data", "encoding.num_words", limits)
    if experiment.rows > facts.train_size:
        details = {"received": experiment.rows, "dataset": facts.name, "rows": facts.train_size}
        yield Issue("limit_larger_than_data", "train_limit", details)
        return
    split = experiment.split
    if isinstance(split, FoldSplit) and split.fold >= split.folds:
        yield Issue("fold_not_there", "split.fold", {"received": split.fold, "last": split.folds - 1})
        return
    kept = experiment.validation_size
    if kept >= experiment.rows:
        yield Issue("split_too_large", "split", {"received": kept, "rows": experiment.rows})
    elif experiment.batch_size > experiment.train_size:
        details = {"received": experiment.batch_size, "rows": experiment.train_size}
        yield Issue("batch_larger_than_data", "batch_size", details)


def _network(experiment: Experiment) -> Iterator[Issue]:
    if not experiment.layers:
        yield Issue("no_layers", "layers", {"classes": experiment.facts.classes})
        return
    yield from _first_layer(experiment)
    traced = experiment.summary
    if traced.problem is not None:
        yield traced.problem
        return
    yield from _output(experiment, traced)
    yield from _size(experiment, traced)


def _first_layer(experiment: Experiment) -> Iterator[Issue]:
    """What the encoding of the samples asks of the first layer, and an Embedding of its place."""
    encoding, embeddings = experiment.encoding, list(_embeddings(experiment))
    first = experiment.layers[0]
    yield from embeddings
    if embeddings:
        return
    if isinstance(encoding, MultiHotEncoding) and not isinstance(first, Dense):
        yield Issue("multi_hot_needs_dense", "layers.0", {"layer": type(first).__name__})
    elif isinstance(encoding, PaddedEncoding) and not isinstance(first, Embedding):
        yield Issue("padded_needs_embedding", "layers.0", {"layer": type(first).__name__})


def _embeddings(experiment: Experiment) -> Iterator[Issue]:
    encoding, facts = experiment.encoding, experiment.facts
    max_value = encoding.num_words - 1 if isinstance(encoding, PaddedEncoding) else facts.max_value
    fitting = "padded" if facts.kind == "text" else "flat"
    for index, layer in enumerate(experiment.layers):
        if not isinstance(layer, Embedding):
            continue
        where, details = f"layers.{index}", {"position": index + 1}
        if index or not isinstance(encoding, FlatEncoding | PaddedEncoding):
            yield Issue("embedding_not_first", where, {**details, "encoding": fitting})
        elif experiment.scaling != "none":
            yield Issue("embedding_scaled", where, {**details, "received": experiment.scaling})
        elif max_value >= layer.vocabulary:
            limits = {"vocabulary": layer.vocabulary, "received": max_value, "needed": max_value + 1}
            yield Issue("embedding_vocabulary", where, {**details, **limits})


def _output(experiment: Experiment, traced: ModelSummary) -> Iterator[Issue]:
    facts, loss, where = experiment.facts, experiment.loss, f"layers.{len(experiment.layers) - 1}"
    shape = traced.output_shape
    binary = loss == "binary_crossentropy" or (loss == "mse" and facts.classes == 2 and shape == (1,))
    needed = 1 if binary else facts.classes
    last = _activated(experiment)
    activation = last.activation if last else "linear"
    about = {
        "loss": loss,
        "dataset": facts.name,
        "classes": facts.classes,
    }
    if binary and facts.classes > 2:
        yield Issue("binary_loss_with_classes", "loss", about)
        return
    if len(shape) != 1:
        yield Issue("output_rank", where, {"shape": list(shape), "needed": needed})
        return
    if shape[0] != needed:
        code = "categorical_loss_with_one_unit" if shape[0] == 1 and not binary else "output_units"
        yield Issue(code, where, {**about, "received": shape[0], "needed": needed})
    wanted = "sigmoid" if binary else "softmax"
    if activation == "sigmoid" and not binary:
        yield Issue("sigmoid_with_classes", where, about)
    elif activation != wanted:
        yield Issue("output_activation", where, {**about, "received": activation, "needed": wanted})


def _activated(experiment: Experiment) -> Dense | Conv2D | None:
    """The layer whose activation the network ends with: the last one that is not Flatten or Dropout."""
    for layer in reversed(experiment.layers):
        if isinstance(layer, Dense | Conv2D):
            return layer
        if layer.kind not in ("flatten",):
            return None
    return None


def _size(experiment: Experiment, traced: ModelSummary) -> Iterator[Issue]:
    if traced.parameters > MOST_PARAMETERS:
        details = {"received": traced.parameters, "limit": MOST_PARAMETERS}
        yield Issue("too_many_parameters", "layers", details)
        return
    megabytes = round(experiment.footprint.total / _MEGA)
    if megabytes > MOST_MEGABYTES:
        yield Issue("too_much_memory", "batch_size", {"received": megabytes, "limit": MOST_MEGABYTES})


def _callbacks(experiment: Experiment) -> Iterator[Issue]:
    if experiment.validation_size:
        return
    for field in ("early_stopping", "reduce_lr"):
        callback = getattr(experiment, field)
        if callback is not None and callback.monitor.startswith("val_"):
            details = {
                "callback": type(callback).__name__,
                "monitor": callback.monitor,
                "instead": callback.monitor.removeprefix("val_"),
            }
            yield Issue("monitor_needs_validation", f"{field}.monitor", details)
