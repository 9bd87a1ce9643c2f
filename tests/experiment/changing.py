"""An experiment with other settings that can be trained, or the reason why it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.experiment import Experiment
from core.experiment.changes import changed


def varied(experiment: Experiment, path: str, value: Any) -> Experiment:
    """With one other value."""
    return changed(experiment, {path: value}).checked()


def varied_together(
    experiment: Experiment, levels: Mapping[str, Any], wholes: Mapping[str, Any] | None = None
) -> Experiment:
    """With several other values, single ones and whole settings."""
    return changed(experiment, {**(wholes or {}), **levels}).checked()
