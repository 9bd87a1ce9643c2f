"""Settings of an experiment changed by their paths: one way for forms, fixes, studies, links and command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import PresetError
from core.experiment.config import Config
from core.experiment.experiment import Experiment, plain_form
from core.experiment.layers import Dense, Layer
from core.experiment.parts import PARTS

Level = int | float | str | bool
"""A value that a setting can take."""

DEPTH = "depth"
"""How many hidden Dense layers: that many copies of the first one stand in place of all of them."""

UNITS = "units"
"""The units of every hidden Dense layer."""

MOST_DEPTH = 16
_WHOLE = (DEPTH, UNITS)
_NUM_WORDS = "encoding.num_words"
_SHARE = "labels.share"
_KIND = "kind"
_DIGITS = 6


def changed(experiment: Experiment, changes: Mapping[str, Any]) -> Experiment:
    """An experiment with other values of some settings; `Experiment.problems` judges them, when all are there.

    The order in which they are given does not matter. What is wider comes before what is inside it: a whole setting
    before the kind of a part, that before the network's depth, and that before single layers, which are counted in
    the network as it then is.

    Args:
        changes: The new value of each setting by its path: "epochs", "optimizer.learning_rate", "layers.0.units";
            `DEPTH`, `UNITS`; the kind of a part, as "optimizer.kind", which gives the new part its own default
            settings; or a whole part, "split" or "layers", as records or in plain form. None stands for the default.
            With "encoding.num_words" goes an Embedding that had a place for just so many words. "labels.share" has the
            labels of the data replaced, so that it can be varied from any experiment.

    Raises:
        PresetError: If the experiment has no such setting ("set_unknown_place", "set_unknown_setting",
            "set_no_settings", "set_unknown_layer", "set_not_a_part", "set_part_is_off"), or cannot have so many
            hidden layers ("set_depth").
        ExperimentError: If a value is of another type or out of bounds.
    """
    plain = plain_form(experiment)
    for path in sorted(changes, key=_rank):
        value = plain_form(changes[path])
        if path in _WHOLE:
            plain["layers"] = _with_hidden(plain, path, value)
        elif value is None and "." not in path:
            plain.pop(path, None)
        else:
            _set(plain, path, value, follows="layers" not in changes)
    return Experiment.model_validate(plain)


def _rank(path: str) -> tuple[int, bool, str]:
    """Where among several changes one comes: the wider ones first."""
    name, *rest = path.split(".")
    finer = rest[-1:] != [_KIND]
    if name == "layers" and rest:
        return 4, finer, path
    if rest:
        return 3 if finer else 1, finer, path
    return 2 if name in _WHOLE else 0, name == UNITS, path


def _set(plain: dict[str, Any], path: str, value: Any, *, follows: bool) -> None:
    """Put a value into the plain form of an experiment."""
    name, *rest = path.split(".")
    if not all((name, *rest)) or (rest and name not in Experiment.model_fields):
        raise PresetError("set_unknown_place", received=path)
    if not rest:
        plain[name] = value
    elif name == "layers":
        _set_in_layer(plain["layers"], path, rest, value)
    elif name not in PARTS:
        raise PresetError("set_not_a_part", place=name, received=path)
    elif rest == [_KIND] and "on" not in PARTS[name]:
        plain[name] = {_KIND: value}
    elif name not in plain:
        raise PresetError("set_part_is_off", place=name, received=path)
    else:
        if path == _SHARE and plain[name] == {_KIND: "given"}:
            plain[name] = {_KIND: "replaced"}
        before = _set_in_part(plain[name], name, path, rest, value, PARTS[name])
        if path == _NUM_WORDS and follows:
            # An Embedding made for just these words stays one for just the words there are.
            for layer in plain["layers"]:
                if "vocabulary" in layer and layer["vocabulary"] == before:
                    layer["vocabulary"] = value


def _set_in_layer(layers: Any, path: str, rest: list[str], value: Any) -> None:
    place, *rest = rest
    if not isinstance(layers, list) or not layers:
        raise PresetError("set_unknown_place", received=path)
    # Plain digits only: a place counted from the end, or in another script's digits, is a slip.
    if not (place.isascii() and place.isdigit() and len(place) < _DIGITS and int(place) < len(layers)):
        raise PresetError("set_unknown_layer", received=place, last=len(layers) - 1)
    if rest == [_KIND]:
        layers[int(place)] = {_KIND: value}
    else:
        _set_in_part(layers[int(place)], f"layers.{place}", path, rest, value, Layer.KINDS)


def _set_in_part(
    part: Any, place: str, path: str, rest: list[str], value: Any, kinds: Mapping[str, type[Config]]
) -> Any:
    """Put a value into a part, if it has a setting of this name; what stood there before."""
    if not isinstance(part, dict) or len(rest) != 1:
        raise PresetError("set_unknown_place", received=path)
    kind, (name,) = part.get(_KIND, "on"), rest
    if kind in kinds:  # of any other kind the experiment itself says that there is none
        known = [field for field in kinds[kind].model_fields if field != _KIND]
        if not known:
            raise PresetError("set_no_settings", place=place, kind=kind, received=name)
        if name not in known:
            about = {"received": name, "known": ", ".join(known)}
            raise PresetError("set_unknown_setting", place=place, kind=kind, **about)
    before = part.get(name)
    if value is None:
        part.pop(name, None)
    else:
        part[name] = value
    return before


def _with_hidden(plain: Mapping[str, Any], path: str, value: Any) -> list[dict[str, Any]]:
    """The layers with so many hidden Dense ones, or with so many units in each of them."""
    layers = plain["layers"]
    hidden = [
        place
        for place, layer in enumerate(layers[:-1] if isinstance(layers, list) else ())
        if layer.get(_KIND) == "dense"
    ]
    if not hidden:
        raise PresetError("set_unknown_place", received=path)
    if path == UNITS:
        return [{**layer, "units": value} if place in hidden else layer for place, layer in enumerate(layers)]
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_DEPTH:
        raise PresetError("set_depth", received=value, bound=MOST_DEPTH)
    first = hidden[0]
    rest = [layer for place, layer in enumerate(layers) if place > first and place not in hidden]
    return [*layers[:first], *(dict(layers[first]) for _ in range(value)), *rest]


def hidden_dense(experiment: Experiment) -> tuple[int, ...]:
    """Where the hidden Dense layers stand: all Dense layers but the last layer of the network."""
    layers = experiment.layers[:-1]
    return tuple(place for place, layer in enumerate(layers) if isinstance(layer, Dense))


def level_of(experiment: Experiment, path: str) -> Level | None:
    """The value a setting has now; None where there is none, or `UNITS` differ from layer to layer."""
    plain = plain_form(experiment)
    hidden = hidden_dense(experiment)
    if path == DEPTH:
        return len(hidden) or None
    if path == UNITS:
        units = {int(plain["layers"][place]["units"]) for place in hidden}
        return units.pop() if len(units) == 1 else None
    here: Any = plain
    for step in path.split("."):
        try:
            here = here[int(step)] if isinstance(here, list) else here[step]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return here if isinstance(here, Level) else None
