"""What a newly added part of a draft begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.experiment.config import Config
from core.experiment.layers import LAYERS

Draft = dict[str, Any]
"""An experiment, or a part of one, as `Experiment.to_dict` writes it: plain dicts, lists, numbers and words."""

#: The settings whose model has no default.
_BEGINNINGS: dict[str, dict[str, Any]] = {
    "dense": {"units": 64, "activation": "relu"},
    "dropout": {"rate": 0.5},
    "conv2d": {"filters": 16, "activation": "relu", "padding": "same"},
    "embedding": {"vocabulary": 256, "dimensions": 16},
    "lstm": {"units": 32},
    "gru": {"units": 32},
    "bidirectional": {"units": 32},
    "first": {"count": 10_000},
    "fraction": {"fraction": 0.3},
}


def new_part(kind: str, models: Mapping[str, type[Config]]) -> Draft:
    """A part of this kind with all its settings filled in."""
    part = models[kind].model_validate({"kind": kind, **_BEGINNINGS.get(kind, {})})
    return part.model_dump(mode="json", exclude_none=True)


def new_layer(kind: str, **settings: Any) -> Draft:
    """A layer of this kind; the settings given are set, the others begin as in `new_part`."""
    return {**new_part(kind, LAYERS), **settings}
