"""One setting of an experiment changed by its name, as a study or the command line names it."""

from __future__ import annotations

from typing import Any

from core.errors import PresetError
from core.experiment.experiment import Experiment
from core.experiment.layers import Dense

Level = int | float | str | bool
"""A value that a setting can take."""

DEPTH = "depth"
"""How many hidden Dense layers: that many copies of the first one stand in place of all of them."""

UNITS = "units"
"""The units of every hidden Dense layer."""

WHOLE = (DEPTH, UNITS)
"""The names that stand for the network as a whole, and for no single field."""

_OPTIMIZER = "optimizer.kind"
_NUM_WORDS = "encoding.num_words"


def varied(experiment: Experiment, setting: str, value: Level) -> Experiment:
    """An experiment with another value of one setting.

    Args:
        experiment: The experiment.
        setting: Where the value stands: "epochs", "optimizer.learning_rate", "layers.0.units"; or `DEPTH`, `UNITS`,
            or "optimizer.kind", which gives the new optimizer its own default settings. With "encoding.num_words"
            goes an Embedding that had a place for just so many words.
        value: The new value.

    Raises:
        PresetError: If the experiment has no such setting ("set_unknown_place").
        ExperimentError: If the result cannot be.
    """
    if setting in WHOLE:
        return experiment.with_changes(layers=_layers(experiment, setting, value))
    plain = experiment.to_dict()
    if setting == _OPTIMIZER:
        plain["optimizer"] = {"kind": value}
        return Experiment.from_dict(plain)
    *path, last = setting.split(".")
    here: Any = plain
    for step in path:
        try:
            here = here[int(step)] if isinstance(here, list) else here[step]
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise PresetError("set_unknown_place", received=setting) from error
    if not isinstance(here, dict):
        raise PresetError("set_unknown_place", received=setting)
    if setting == _NUM_WORDS:
        # An Embedding made for just these words stays one for just the words there are.
        for layer in plain["layers"]:
            if layer.get("vocabulary") == here[last]:
                layer["vocabulary"] = value
    here[last] = value
    return Experiment.from_dict(plain)


def hidden_dense(experiment: Experiment) -> tuple[int, ...]:
    """Where the hidden Dense layers stand: all Dense layers but the last layer of the network."""
    layers = experiment.layers[:-1]
    return tuple(place for place, layer in enumerate(layers) if isinstance(layer, Dense))


def level_of(experiment: Experiment, setting: str) -> Level | None:
    """The value a setting has now; None where there is none, or `UNITS` differ from layer to layer."""
    hidden = hidden_dense(experiment)
    if setting == DEPTH:
        return len(hidden) or None
    if setting == UNITS:
        units = {layer["units"] for layer in (experiment.to_dict()["layers"][place] for place in hidden)}
        return int(units.pop()) if len(units) == 1 else None
    here: Any = experiment.to_dict()
    for step in setting.split("."):
        try:
            here = here[int(step)] if isinstance(here, list) else here[step]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return here if isinstance(here, Level) else None


def _layers(experiment: Experiment, setting: str, value: Level) -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = experiment.to_dict()["layers"]
    hidden = hidden_dense(experiment)
    if not hidden:
        raise PresetError("set_unknown_place", received=setting)
    if setting == UNITS:
        return [{**layer, "units": value} if place in hidden else layer for place, layer in enumerate(layers)]
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_DEPTH:
        raise PresetError("set_depth", received=value, bound=MOST_DEPTH)
    first = hidden[0]
    rest = [layer for place, layer in enumerate(layers) if place > first and place not in hidden]
    return [*layers[:first], *([layers[first]] * value), *rest]


MOST_DEPTH = 16
