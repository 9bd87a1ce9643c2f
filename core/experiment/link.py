"""An experiment as the readable parameters of a link: only what differs from a base.

    epochs=10                                   a number, a word, true or false; "none" for no value
    optimizer=adam:0.01                         a part: its kind, then its brief fields in order,
    layers=dense:64:relu,dropout:0.5,dense:10:softmax:l2=0.01      then other fields by name
    layers.0.units=64                           also one value inside a part, as the command line has it

A part's fields that have their default value are left out; brief fields only from the end.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from core.errors import PresetError
from core.experiment.changes import DEPTH, UNITS, changed
from core.experiment.config import Config
from core.experiment.experiment import Experiment
from core.experiment.layers import Layer
from core.experiment.parts import PARTS

LONGEST_NUMBER = 100
"""How many characters a number may have: more than any setting needs."""

_NONE = "none"
_LONGEST = 4_000
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_SWITCHES = {"true": True, "false": False}
_Kinds = Mapping[str, type[Config]]


def to_link(experiment: Experiment, base: Experiment) -> dict[str, str]:
    """The settings in which an experiment differs from a base, as text by setting; `from_link` turns it back."""
    return {
        name: _write(name, getattr(experiment, name))
        for name in Experiment.model_fields
        if getattr(experiment, name) != getattr(base, name)
    }


def from_link(parameters: Mapping[str, str], base: Experiment) -> Experiment:
    """The experiment that differs from a base as a link's parameters say.

    Raises:
        PresetError: If a text cannot be read.
        ExperimentError: If a setting is unknown or the result cannot be.
    """
    return changed(base, settings_of(parameters)).checked()


def settings_of(parameters: Mapping[str, str]) -> dict[str, Any]:
    """What the parameters of a link or of the command line say, as `changed` takes it; nothing is judged yet.

    Raises:
        PresetError: If a text cannot be read.
    """
    return {name: _read(name, text) for name, text in parameters.items()}


def scalar(text: str, name: str) -> int | float | bool | str:
    """What a text stands for: a number as JSON writes it, true or false, or else itself.

    A list or a table is none of these, so nothing that is nested is ever read. What is no number stays a text, and
    the check of the setting `name`, which it is for, says so.

    Raises:
        PresetError: If it is a number that is longer than any setting needs ("number_too_long").
    """
    if text in _SWITCHES:
        return _SWITCHES[text]
    if not _NUMBER.fullmatch(text):
        return text
    if len(text) > LONGEST_NUMBER:
        raise PresetError("number_too_long", field=name, received=len(text), bound=LONGEST_NUMBER)
    value: int | float = json.loads(text)
    return value if math.isfinite(value) else text


def _write(name: str, value: Any) -> str:
    if value is None:
        return _NONE
    if name == "layers":
        return ",".join(_write_part(layer, Layer.KINDS) for layer in value)
    return _write_part(value, PARTS[name]) if name in PARTS else _write_value(value)


def _write_part(part: Config, kinds: _Kinds) -> str:
    kind = next(kind for kind, model in kinds.items() if type(part) is model)
    fields = type(part).model_fields
    differing = {
        field
        for field, info in fields.items()
        if field != "kind" and (info.is_required() or getattr(part, field) != info.default)
    }
    brief = list(part.BRIEF)
    while brief and brief[-1] not in differing:
        brief.pop()
    words = [kind, *(_write_value(getattr(part, field)) for field in brief)]
    named = [field for field in fields if field in differing and field not in brief]
    return ":".join([*words, *(f"{field}={_write_value(getattr(part, field))}" for field in named)])


def _write_value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _read(name: str, text: str) -> Any:
    if len(text) > _LONGEST:
        raise PresetError("link_too_long", field=name, received=len(text), bound=_LONGEST)
    if name in (DEPTH, UNITS) or "." in name:
        return scalar(text, name)
    if name == "layers":
        return [_read_part(name, word, Layer.KINDS) for word in text.split(",") if word]
    if name not in Experiment.model_fields:
        return text
    if text == _NONE and Experiment.model_fields[name].default is None:
        return None
    return _read_part(name, text, PARTS[name]) if name in PARTS else _read_field(Experiment, name, text)


def _read_part(name: str, text: str, kinds: _Kinds) -> dict[str, Any]:
    kind, *words = text.split(":")
    if kind not in kinds:
        raise PresetError("link_unknown_kind", field=name, received=kind, known=", ".join(kinds))
    model = kinds[kind]
    plain: dict[str, Any] = {"kind": kind} if "kind" in model.model_fields else {}
    brief = iter(model.BRIEF)
    for word in words:
        field, equals, value = word.partition("=")
        if not equals:
            field, value = next(brief, ""), word
        if field not in model.model_fields or field == "kind":
            known = ", ".join(known for known in model.model_fields if known != "kind") or "-"
            raise PresetError("link_unknown_setting", received=word, kind=kind, known=known)
        if field in plain:
            raise PresetError("given_twice", field=field)
        plain[field] = _read_field(model, field, value)
    return plain


def _read_field(model: type[BaseModel], field: str, text: str) -> Any:
    """A word where the field holds words, `str` or a Literal of words; else what it stands for."""
    annotation = model.model_fields[field].annotation
    choices = getattr(annotation, "__args__", ())
    words = annotation is str or (bool(choices) and all(isinstance(choice, str) for choice in choices))
    return text if words else scalar(text, field)
