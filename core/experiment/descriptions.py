"""The help of every field of an experiment, as its definition says it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from core.experiment.data import FirstSplit, FoldSplit, FractionSplit, MultiHotEncoding, PaddedEncoding
from core.experiment.experiment import Experiment
from core.experiment.layers import LAYERS
from core.experiment.training import OPTIMIZERS, EarlyStopping, ReduceLROnPlateau

#: Everything an experiment is put together from that has fields.
CONFIGS: tuple[type[BaseModel], ...] = (
    Experiment,
    FirstSplit,
    FoldSplit,
    FractionSplit,
    MultiHotEncoding,
    PaddedEncoding,
    EarlyStopping,
    ReduceLROnPlateau,
    *LAYERS.values(),
    *OPTIMIZERS.values(),
)


def descriptions() -> Iterator[tuple[str, str]]:
    """Each field as "Dense.units", and its English help."""
    for model in CONFIGS:
        for name, field in model.model_fields.items():
            if field.description:
                yield f"{model.__name__}.{name}", field.description
