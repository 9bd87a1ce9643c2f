"""An experiment as a TOML file: for presets, and to keep or hand on."""

from __future__ import annotations

import tomllib

import tomli_w

from core.errors import PresetError
from core.experiment.experiment import Experiment


def to_toml(experiment: Experiment) -> str:
    """The experiment as TOML text; settings that are None are left out."""
    return tomli_w.dumps(experiment.to_dict())


def from_toml(text: str, name: str = "the text") -> Experiment:
    """The experiment that a TOML text describes.

    Args:
        text: The TOML text.
        name: What to call it in an error.

    Raises:
        PresetError: If it is not TOML.
        ExperimentError: If what it describes cannot be.
    """
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PresetError("unreadable_toml", name=name, reason=str(error)) from error
    return Experiment.from_dict(plain)
