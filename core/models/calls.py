"""Which Keras objects an experiment means, as data: `build` makes them, `code` writes them down.

One table for both, so that the network that is trained and the script that is shown cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.experiment import (
    GRU,
    LSTM,
    SGD,
    AdamW,
    BatchNormalization,
    Bidirectional,
    Conv2D,
    Dense,
    Dropout,
    EarlyStopping,
    Embedding,
    Experiment,
    Flatten,
    GlobalAveragePooling,
    LayerSummary,
    MaxPooling2D,
    MultiHotEncoding,
    Optimizer,
    PaddedEncoding,
    ReduceLROnPlateau,
)
from core.experiment.config import Config


@dataclass(frozen=True)
class Call:
    """A class of Keras with its arguments.

    Attributes:
        module: Where it is: "" for Keras itself, "layers", "optimizers", "regularizers" or "callbacks".
        name: The class.
        args: Positional arguments: plain values or calls.
        kwargs: Named arguments: plain values or calls.
    """

    module: str
    name: str
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)


def input_call(experiment: Experiment) -> Call:
    """What the network begins with: the shape of a sample, and in which form it comes."""
    kwargs: dict[str, Any] = {}
    if isinstance(experiment.encoding, MultiHotEncoding):
        kwargs["sparse"] = True
    elif isinstance(experiment.encoding, PaddedEncoding):
        kwargs["dtype"] = "int32"
    return Call("", "Input", (experiment.input_shape,), kwargs)


def layer_calls(experiment: Experiment) -> tuple[Call, ...]:
    """One call for each layer, in order. What Keras does anyway is left out."""
    return tuple(_layer(row) for row in experiment.summary.rows)


def optimizer_call(optimizer: Optimizer) -> Call:
    """The optimizer with its settings."""
    kwargs: dict[str, Any] = {"learning_rate": optimizer.learning_rate}
    if isinstance(optimizer, SGD) and optimizer.momentum:
        kwargs["momentum"] = optimizer.momentum
    if isinstance(optimizer, AdamW):
        kwargs["weight_decay"] = optimizer.weight_decay
    return Call("optimizers", type(optimizer).__name__, (), kwargs)


def callback_calls(experiment: Experiment) -> tuple[Call, ...]:
    """The callbacks that may change the course, in the order in which they are asked after each epoch."""
    calls = []
    if experiment.early_stopping is not None:
        calls.append(_early_stopping(experiment.early_stopping))
    if experiment.reduce_lr is not None:
        calls.append(_reduce_lr(experiment.reduce_lr))
    return tuple(calls)


def _early_stopping(callback: EarlyStopping) -> Call:
    kwargs: dict[str, Any] = {"monitor": callback.monitor, "patience": callback.patience}
    if callback.min_delta:
        kwargs["min_delta"] = callback.min_delta
    if callback.restore_best:
        kwargs["restore_best_weights"] = True
    return Call("callbacks", "EarlyStopping", (), kwargs)


def _reduce_lr(callback: ReduceLROnPlateau) -> Call:
    kwargs: dict[str, Any] = {
        "monitor": callback.monitor,
        "factor": callback.factor,
        "patience": callback.patience,
    }
    if callback.min_learning_rate:
        kwargs["min_lr"] = callback.min_learning_rate
    return Call("callbacks", "ReduceLROnPlateau", (), kwargs)


def _layer(row: LayerSummary) -> Call:
    args, kwargs = _ARGUMENTS[type(row.layer)](row.layer)
    return Call("layers", row.kind, args, kwargs)


_Arguments = tuple[tuple[Any, ...], dict[str, Any]]


def _nothing(layer: Flatten | GlobalAveragePooling) -> _Arguments:
    return (), {}


def _dense(layer: Dense) -> _Arguments:
    return (layer.units,), {**_activation(layer), **_penalty(layer)}


def _dropout(layer: Dropout) -> _Arguments:
    return (layer.rate,), {}


def _batch_normalization(layer: BatchNormalization) -> _Arguments:
    return (), {} if layer.momentum == 0.99 else {"momentum": layer.momentum}


def _conv2d(layer: Conv2D) -> _Arguments:
    kwargs = _activation(layer)
    if layer.stride != 1:
        kwargs["strides"] = layer.stride
    if layer.padding != "valid":
        kwargs["padding"] = layer.padding
    return (layer.filters, layer.kernel), {**kwargs, **_penalty(layer)}


def _max_pooling2d(layer: MaxPooling2D) -> _Arguments:
    return (layer.pool,), {}


def _embedding(layer: Embedding) -> _Arguments:
    return (layer.vocabulary, layer.dimensions), {}


def _recurrent(layer: LSTM | GRU | Bidirectional) -> _Arguments:
    kwargs: dict[str, Any] = {}
    if layer.return_sequences:
        kwargs["return_sequences"] = True
    if layer.dropout:
        kwargs["dropout"] = layer.dropout
    return (layer.units,), {**kwargs, **_penalty(layer)}


def _bidirectional(layer: Bidirectional) -> _Arguments:
    return (Call("layers", layer.cell.upper(), *_recurrent(layer)),), {}


_ARGUMENTS: dict[type[Config], Callable[[Any], _Arguments]] = {
    Dense: _dense,
    Flatten: _nothing,
    Dropout: _dropout,
    BatchNormalization: _batch_normalization,
    Conv2D: _conv2d,
    MaxPooling2D: _max_pooling2d,
    GlobalAveragePooling: _nothing,
    Embedding: _embedding,
    LSTM: _recurrent,
    GRU: _recurrent,
    Bidirectional: _bidirectional,
}


def _activation(layer: Dense | Conv2D) -> dict[str, Any]:
    return {} if layer.activation == "linear" else {"activation": layer.activation}


def _penalty(layer: Dense | Conv2D | LSTM | GRU | Bidirectional) -> dict[str, Any]:
    if layer.l1 and layer.l2:
        penalty = Call("regularizers", "L1L2", (), {"l1": layer.l1, "l2": layer.l2})
    elif layer.l1:
        penalty = Call("regularizers", "L1", (layer.l1,))
    elif layer.l2:
        penalty = Call("regularizers", "L2", (layer.l2,))
    else:
        return {}
    return {"kernel_regularizer": penalty}
