"""Hidden units that never do anything, or always the same."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from core.catalog import DataKind
from core.datasets.preparation import rows_of
from core.experiment import Conv2D, Dense
from core.inference.request import InferenceRequest, Values
from core.inference.service import InferenceService, Network

MOST_PROBES = 1_000
"""With how many samples, at most, units are tried out."""

SELDOM = 0.01
"""A relu unit that is above 0 for less than this share of the samples, but for some, is seldom active."""

SATURATED_SHARE = 0.99
SATURATED_AT = 0.01
"""A sigmoid or tanh unit is saturated if for at least `SATURATED_SHARE` of the samples its output is nearer to an end
of its range than `SATURATED_AT` of that range."""

LONGEST = 5.0
"""Seconds that one question may spend on trying out units; what has been seen by then is told."""

#: The ends of the range of an activation that has two.
_RANGES = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}


@dataclass(frozen=True)
class LayerUnits:
    """How the units of a layer behave over a set of samples; a convolution's units are its filters.

    `dead` relu units put out 0 for every sample (filters: at every place of every sample), `seldom` ones are above 0
    for fewer than `SELDOM` of them, `saturated` sigmoid and tanh units are at an end of their range for
    `SATURATED_SHARE`. `shares` says for which share each unit is above 0 (relu), or at an end of its range.
    """

    name: str
    activation: str
    units: int
    dead: tuple[int, ...]
    seldom: tuple[int, ...]
    saturated: tuple[int, ...]
    shares: Values


@dataclass(frozen=True)
class UnitsAnswer:
    """The hidden layers with relu, sigmoid or tanh, in their order, tried with so many samples of one part."""

    layers: tuple[LayerUnits, ...]
    probe: Literal["validation", "training"]
    samples: int
    epoch: int


@dataclass(frozen=True)
class UnitsRequest(InferenceRequest[UnitsAnswer]):
    """Which units never do anything?"""

    run: str
    kind: Literal["units"] = "units"
    about_test: ClassVar[bool] = False
    about_data: ClassVar[tuple[DataKind, ...]] = ()

    def answer(self, service: InferenceService) -> UnitsAnswer:
        """Those of all hidden layers."""
        return idle_units(service.network(self.run))


def idle_units(network: Network, now: Callable[[], float] = time.monotonic) -> UnitsAnswer:
    """Which hidden units never do anything, over the validation samples (without them: the training samples)."""
    experiment = network.run.experiment
    split = rows_of(experiment, network.dataset)
    probe: Literal["validation", "training"] = "validation" if len(split.validation) else "training"
    rows = (split.validation if probe == "validation" else split.training)[:MOST_PROBES]
    watched = [
        (place, row.name, row.layer)
        for place, row in enumerate(experiment.summary.rows[:-1])
        if isinstance(row.layer, Dense | Conv2D)
        and (row.layer.activation == "relu" or row.layer.activation in _RANGES)
    ]
    counts: dict[int, NDArray[np.int64]] = {}
    seen, end = 0, now() + LONGEST
    while watched and seen < len(rows) and (seen == 0 or now() < end):
        part = rows[seen : seen + network.predict.rows_at_a_time]
        outputs = network.predict.layer_outputs(network.inputs("train", part))
        for place, _, layer in watched:
            found = _striking(outputs[place], layer.activation)
            counts[place] = counts.get(place, np.zeros(len(found), dtype=np.int64)) + found
        seen += len(part)
    layers = tuple(_judged(name, layer.activation, counts[place], seen) for place, name, layer in watched)
    return UnitsAnswer(layers, probe, seen, network.epoch)


def _striking(output: NDArray[np.float32], activation: str) -> NDArray[np.int64]:
    """For how many samples each unit is above 0 anywhere (relu), or at an end of its range everywhere: (units,)."""
    places = output.reshape(len(output), -1, output.shape[-1])
    if activation == "relu":
        found = (places > 0).any(axis=1)
    else:
        low, high = _RANGES[activation]
        margin = SATURATED_AT * (high - low)
        found = ((places < low + margin) | (places > high - margin)).all(axis=1)
    counts: NDArray[np.int64] = found.sum(axis=0)
    return counts


def _judged(name: str, activation: str, counts: NDArray[np.int64], samples: int) -> LayerUnits:
    shares = counts / samples
    none = np.zeros(len(counts), dtype=bool)
    relu = activation == "relu"
    return LayerUnits(
        name,
        activation,
        len(counts),
        dead=_places(counts == 0 if relu else none),
        seldom=_places((counts > 0) & (shares < SELDOM) if relu else none),
        saturated=_places(none if relu else shares >= SATURATED_SHARE),
        shares=Values.of(shares),
    )


def _places(chosen: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(map(int, np.flatnonzero(chosen)))
