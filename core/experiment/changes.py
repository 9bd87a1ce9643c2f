"""Settings of an experiment changed by their names, as a study or the command line names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import PresetError
from core.experiment.config import Config
from core.experiment.experiment import Experiment
from core.experiment.layers import LAYERS, Dense
from core.experiment.link import PARTS

Level = int | float | str | bool
"""A value that a setting can take."""

DEPTH = "depth"
"""How many hidden Dense layers: that many copies of the first one stand in place of all of them."""

UNITS = "units"
"""The units of every hidden Dense layer."""

WHOLE = (DEPTH, UNITS)
"""The names that stand for the network as a whole, and for no single field."""

_NUM_WORDS = "encoding.num_words"
_KIND = "kind"


def varied(experiment: Experiment, setting: str, value: Level) -> Experiment:
    """An experiment with another value of one setting; see `varied_together`."""
    return varied_together(experiment, {setting: value})


def varied_together(
    experiment: Experiment, levels: Mapping[str, Level], wholes: Mapping[str, Any] | None = None
) -> Experiment:
    """An experiment with other values of several settings, judged only when all of them are there.

    The order in which they are given does not matter. What is wider comes before what is inside it: a whole setting
    before the kind of a part, that before the network's depth, and that before single layers, which are counted in
    the network as it then is.

    Args:
        levels: The new value of each setting by its name: "epochs", "optimizer.learning_rate", "layers.0.units";
            `DEPTH`, `UNITS`; or the kind of a part, as "optimizer.kind", which gives the new part its own default
            settings. With "encoding.num_words" goes an Embedding that had a place for just so many words.
        wholes: Settings of the experiment in the plain form of `Experiment.to_dict`; None for the default.

    Raises:
        PresetError: If the experiment has no such setting ("set_unknown_place", "set_unknown_setting",
            "set_no_settings", "set_unknown_layer", "set_not_a_part", "set_part_is_off"), or cannot have so many
            hidden layers ("set_depth").
        ExperimentError: If the result cannot be.
    """
    plain = experiment.to_dict()
    for name, whole in (wholes or {}).items():
        if whole is None:
            plain.pop(name, None)
        else:
            plain[name] = whole
    for setting in sorted(levels, key=_rank):
        if setting in WHOLE:
            plain["layers"] = _layers(plain, setting, levels[setting])
        else:
            _set(plain, setting, levels[setting], follows="layers" not in (wholes or {}))
    return Experiment.from_dict(plain)


def _rank(setting: str) -> tuple[int, bool, str]:
    """Where among several changes one comes: the wider ones first."""
    name, *path = setting.split(".")
    finer = path[-1:] != [_KIND]
    if name == "layers" and path:
        return 4, finer, setting
    if path:
        return 3 if finer else 1, finer, setting
    return 2 if name in WHOLE else 0, name == UNITS, setting


def _set(plain: dict[str, Any], setting: str, value: Level, *, follows: bool) -> None:
    """Put a value into the plain form of an experiment."""
    name, *path = setting.split(".")
    if not all((name, *path)) or (path and name not in Experiment.model_fields):
        raise PresetError("set_unknown_place", received=setting)
    if not path:
        plain[name] = value
    elif name == "layers":
        _set_in_layer(plain["layers"], setting, path, value)
    elif name not in PARTS:
        raise PresetError("set_not_a_part", place=name, received=setting)
    elif path == [_KIND] and "on" not in PARTS[name]:
        plain[name] = {_KIND: value}
    elif name not in plain:
        raise PresetError("set_part_is_off", place=name, received=setting)
    else:
        before = _set_in_part(plain[name], name, setting, path, value, PARTS[name])
        if setting == _NUM_WORDS and follows:
            # An Embedding made for just these words stays one for just the words there are.
            for layer in plain["layers"]:
                if "vocabulary" in layer and layer["vocabulary"] == before:
                    layer["vocabulary"] = value


def _set_in_layer(layers: Any, setting: str, path: list[str], value: Level) -> None:
    place, *rest = path
    if not isinstance(layers, list) or not layers:
        raise PresetError("set_unknown_place", received=setting)
    # Plain digits only: a place counted from the end, or in another script's digits, is a slip.
    if not (place.isascii() and place.isdigit() and len(place) < _DIGITS and int(place) < len(layers)):
        raise PresetError("set_unknown_layer", received=place, last=len(layers) - 1)
    if rest == [_KIND]:
        layers[int(place)] = {_KIND: value}
    else:
        _set_in_part(layers[int(place)], f"layers.{int(place)}", setting, rest, value, LAYERS)


_DIGITS = 6


def _set_in_part(
    part: Any, place: str, setting: str, path: list[str], value: Level, kinds: Mapping[str, type[Config]]
) -> Any:
    """Put a value into a part, if it has a setting of this name; what stood there before."""
    if not isinstance(part, dict) or len(path) != 1:
        raise PresetError("set_unknown_place", received=setting)
    kind, (name,) = part.get(_KIND, "on"), path
    if kind in kinds:  # of any other kind the experiment itself says that there is none
        known = [field for field in kinds[kind].model_fields if field != _KIND]
        if not known:
            raise PresetError("set_no_settings", place=place, kind=kind, received=name)
        if name not in known:
            raise PresetError(
                "set_unknown_setting", place=place, kind=kind, received=name, known=", ".join(known)
            )
    before = part.get(name)
    part[name] = value
    return before


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


def _layers(plain: Mapping[str, Any], setting: str, value: Level) -> list[dict[str, Any]]:
    layers = plain["layers"]
    if not isinstance(layers, list):
        raise PresetError("set_unknown_place", received=setting)
    hidden = [place for place, layer in enumerate(layers[:-1]) if layer.get(_KIND) == "dense"]
    if not hidden:
        raise PresetError("set_unknown_place", received=setting)
    if setting == UNITS:
        return [{**layer, "units": value} if place in hidden else layer for place, layer in enumerate(layers)]
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_DEPTH:
        raise PresetError("set_depth", received=value, bound=MOST_DEPTH)
    first = hidden[0]
    rest = [layer for place, layer in enumerate(layers) if place > first and place not in hidden]
    return [*layers[:first], *(dict(layers[first]) for _ in range(value)), *rest]


MOST_DEPTH = 16
