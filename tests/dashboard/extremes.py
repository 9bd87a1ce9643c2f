"""Experiments that can be with each setting at its ends, and at values that no round number is near to."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from core import presets
from core.errors import ExperimentError
from core.experiment import Experiment
from core.experiment.config import Config
from core.experiment.parts import PARTS
from core.experiment.training import Optimizer
from dashboard.shared.fields import Field, field, plain_fields
from tests.experiment.changing import varied

OUTPUT = {"kind": "dense", "units": 10, "activation": "softmax"}
ODD = (5e-324, 1e-300, 1e-8, 9.9e-8, 1e-7, 1 / 3, 0.1 + 0.2, 0.99999999, 0.9999999999999999)


def bases() -> tuple[Experiment, ...]:
    """Experiments that have every part there is between them."""
    first = presets.load(presets.PLAIN)
    both = {"early_stopping": {}, "reduce_lr": {}}
    dense = {"kind": "dense", "units": 4, "activation": "relu"}
    rate = {"kind": "dropout", "rate": 0.5}
    flat = [dense, rate, {"kind": "batch_normalization"}, OUTPUT]
    image = [
        {"kind": "conv2d", "filters": 4, "padding": "same"},
        {"kind": "max_pooling2d"},
        {"kind": "flatten"},
    ]
    rows = [
        {"kind": "lstm", "units": 4, "return_sequences": True},
        {"kind": "gru", "units": 4, "return_sequences": True},
        {"kind": "bidirectional", "units": 4},
    ]
    words = [{"kind": "embedding", "vocabulary": 5_000, "dimensions": 4}, {"kind": "global_average_pooling"}]
    binary = {"kind": "dense", "units": 1, "activation": "sigmoid"}
    padded = {"kind": "padded", "num_words": 500}
    splits: list[dict[str, Any]] = [
        {"kind": "first", "count": 9},
        {"kind": "fraction", "fraction": 0.5},
        {"kind": "fold"},
    ]
    return (
        first.with_changes(layers=flat, train_limit=1_000, **both),
        first.with_changes(encoding={"kind": "image"}, layers=[*image, OUTPUT]),
        first.with_changes(encoding={"kind": "rows"}, layers=[*rows, OUTPUT]),
        presets.load("mini-reviews"),
        presets.load("mini-reviews").with_changes(encoding=padded, layers=[*words, binary]),
        *(first.with_changes(optimizer={"kind": kind}) for kind in Optimizer.KINDS),
        *(first.with_changes(split=split) for split in [*splits, {"kind": "fold"}]),
    )


def parts(experiment: Experiment) -> Iterator[tuple[str, type[Config], Config]]:
    """Every part of an experiment that a form shows: where it stands, its class and itself; first the whole."""
    yield "", Experiment, experiment
    for name, kinds in PARTS.items():
        part = getattr(experiment, name)
        if part is not None:
            yield f"{name}.", next(model for model in kinds.values() if type(part) is model), part
    for place, layer in enumerate(experiment.layers):
        yield f"layers.{place}.", type(layer), layer


def numbers(experiment: Experiment) -> Iterator[tuple[str, Field, float | None]]:
    """Every number of an experiment: its name, its field and its value."""
    for place, model, part in parts(experiment):
        fields = _OWN if model is Experiment else plain_fields(model)
        for one in fields:
            if one.kind in ("whole", "number"):
                yield f"{place}{one.name}", one, getattr(part, one.name)


_OWN = tuple(field(Experiment, name) for name in ("train_limit", "epochs", "batch_size", "seed"))


def extremes() -> Iterator[tuple[str, Experiment]]:
    """Each setting of each part at its ends and at odd values, where that can be; with the setting's name."""
    for base in bases():
        for name, one, _ in numbers(base):
            odd = ODD if one.kind == "number" else (7,)
            for value in (one.low, one.high, *odd):
                if value is not None:
                    with contextlib.suppress(ExperimentError):
                        yield name, varied(base, name, int(value) if one.kind == "whole" else value)
