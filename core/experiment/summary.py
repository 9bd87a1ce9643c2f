"""Shapes, parameter counts and memory of a network, worked out without building it.

So a form can answer at each key press, in a process that never loads Keras; the rule of each layer is in
`core.experiment.layers`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from core.errors import Issue
from core.experiment.config import Call
from core.experiment.layers import Layer, MisfitError, Shape
from core.experiment.training import Optimizer


@dataclass(frozen=True)
class LayerSummary:
    """One line of the layer table, as Keras' `summary()` gives it; shapes are those of one sample.

    Attributes:
        name: Its name in Keras: "dense", "dense_1", ...
        call: The Keras layer it is.
        trainable: Parameters that learning changes.
        frozen: Parameters that it does not (the running averages of BatchNormalization).
    """

    layer: Layer
    name: str
    call: Call
    input_shape: Shape
    output_shape: Shape
    trainable: int
    frozen: int

    @property
    def kind(self) -> str:
        """Its class in Keras: "Dense", "GlobalAveragePooling1D", ..."""
        return self.call.name

    @property
    def parameters(self) -> int:
        """All parameters of the layer."""
        return self.trainable + self.frozen

    @property
    def values(self) -> int:
        """How many values it keeps of one sample for the way back; recurrent layers also their gates at every step."""
        gates = 8 * self.input_shape[0] * self.output_shape[-1] if self.layer.steps(self.input_shape) else 0
        return math.prod(self.output_shape) + gates


@dataclass(frozen=True)
class ModelSummary:
    """A sample's way through the layers, as far as it gets.

    Attributes:
        rows: One row for each layer up to the first that does not fit.
        problem: Why the next layer does not fit; None if all do.
    """

    input_shape: Shape
    rows: tuple[LayerSummary, ...]
    problem: Issue | None = None

    @property
    def output_shape(self) -> Shape:
        """Shape of one sample after the last layer that fits."""
        return self.rows[-1].output_shape if self.rows else self.input_shape

    @cached_property
    def trainable(self) -> int:
        """Parameters that learning changes."""
        return sum(row.trainable for row in self.rows)

    @cached_property
    def parameters(self) -> int:
        """All parameters of the network."""
        return sum(row.parameters for row in self.rows)

    @property
    def last_hidden(self) -> int | None:
        """The place from 0 of the layer whose output the last layer with parameters gets.

        What comes out there is how the network sees a sample before it decides. None if no layer before the last
        one has learned anything, so that it would be the input itself.
        """
        learned = [place for place, row in enumerate(self.rows) if row.parameters]
        return learned[-1] - 1 if len(learned) > 1 else None


@dataclass(frozen=True)
class Footprint:
    """Estimated memory of a training, in bytes; what it leaves out is Keras itself and the data set.

    Attributes:
        weights: The parameters, 4 bytes each, with the copies of the best and the last epoch.
        optimizer: Gradients and what the optimizer keeps for each parameter.
        activations: What each layer puts out for one batch, kept for the way back.
    """

    weights: int
    optimizer: int
    activations: int

    @property
    def total(self) -> int:
        """All of it, in bytes."""
        return self.weights + self.optimizer + self.activations


def summarize(layers: Sequence[Layer], input_shape: Shape) -> ModelSummary:
    """Send one sample's shape through the layers."""
    rows: list[LayerSummary] = []
    seen: dict[str, int] = {}
    shape = input_shape
    for place, layer in enumerate(layers):
        call = layer.call(shape)
        try:
            after, trainable, frozen = layer.output(shape)
        except MisfitError as misfit:
            details = {"position": place + 1, "layer": call.name, **misfit.details}
            return ModelSummary(input_shape, tuple(rows), Issue(misfit.code, f"layers.{place}", details))
        name = _name(call, seen)
        for inner in call.args:  # the layer inside another takes a name of its own kind
            if isinstance(inner, Call):
                _name(inner, seen)
        rows.append(LayerSummary(layer, name, call, shape, after, trainable, frozen))
        shape = after
    return ModelSummary(input_shape, tuple(rows))


def _name(call: Call, seen: dict[str, int]) -> str:
    """The name that Keras gives a layer: its class in snake case, numbered from the second of a class on."""
    stem = _snake_case(call.name)
    number = seen.get(stem, 0)
    seen[stem] = number + 1
    return f"{stem}_{number}" if number else stem


@lru_cache(maxsize=64)
def _snake_case(name: str) -> str:
    words = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", words).lower()


_BYTES = 4
_COPIES = 3  # the weights in use, those of the best epoch, those of the last


def footprint(summary: ModelSummary, optimizer: Optimizer, batch_size: int, *, sparse: bool) -> Footprint:
    """Estimate the memory a training needs, from float32 arithmetic; `sparse` samples take none themselves."""
    values = (0 if sparse else math.prod(summary.input_shape)) + sum(row.values for row in summary.rows)
    return Footprint(
        weights=_COPIES * _BYTES * summary.parameters,
        optimizer=(1 + optimizer.slots) * _BYTES * summary.trainable,
        activations=2 * _BYTES * batch_size * values,
    )
