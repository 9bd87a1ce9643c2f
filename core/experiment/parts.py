"""What an experiment is put together from, by name: for whatever reads, writes or shows any part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.experiment.config import Config
from core.experiment.data import Encoding, Labels, Split
from core.experiment.experiment import Experiment
from core.experiment.layers import Layer
from core.experiment.training import EarlyStopping, Optimizer, ReduceLROnPlateau

#: The settings that are parts, and what parts each can be; those that can be off have the one kind "on".
PARTS: dict[str, Mapping[str, type[Config]]] = {
    "encoding": Encoding.KINDS,
    "split": Split.KINDS,
    "labels": Labels.KINDS,
    "optimizer": Optimizer.KINDS,
    "early_stopping": {"on": EarlyStopping},
    "reduce_lr": {"on": ReduceLROnPlateau},
}


def configs() -> Iterator[type[Config]]:
    """Every record that an experiment can have in it, and itself."""
    yield Experiment
    for kinds in (*PARTS.values(), Layer.KINDS):
        yield from kinds.values()


def descriptions() -> Iterator[tuple[str, str]]:
    """Each field as "Dense.units", and its English help."""
    for model in configs():
        for name, field in model.model_fields.items():
            if field.description:
                yield f"{model.__name__}.{name}", field.description
