"""An experiment as the readable parameters of a link: only what differs from a base.

    epochs=10                                   a number, a word, true or false; "none" for no value
    optimizer=adam:0.01                         a part: its kind, then its brief fields in order,
    layers=dense:64:relu,dropout:0.5,dense:10:softmax:l2=0.01      then other fields by name

A part's fields that have their default value are left out; brief fields only from the end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from core.errors import PresetError
from core.experiment.config import Config
from core.experiment.data import (
    FirstSplit,
    FlatEncoding,
    FoldSplit,
    FractionSplit,
    ImageEncoding,
    MultiHotEncoding,
    NoSplit,
    PaddedEncoding,
    RowsEncoding,
)
from core.experiment.experiment import Experiment
from core.experiment.layers import LAYERS
from core.experiment.scalars import scalar
from core.experiment.training import OPTIMIZERS, EarlyStopping, ReduceLROnPlateau

_NONE = "none"
_LONGEST = 4_000

_Kinds = Mapping[str, type[Config]]


def _by_kind(*parts: type[Config]) -> _Kinds:
    return {part.model_fields["kind"].default: part for part in parts}


#: The settings that are parts, and what parts each can be.
PARTS: dict[str, _Kinds] = {
    "encoding": _by_kind(FlatEncoding, ImageEncoding, RowsEncoding, MultiHotEncoding, PaddedEncoding),
    "split": _by_kind(NoSplit, FirstSplit, FractionSplit, FoldSplit),
    "optimizer": OPTIMIZERS,
    "early_stopping": {"on": EarlyStopping},
    "reduce_lr": {"on": ReduceLROnPlateau},
}


def to_link(experiment: Experiment, base: Experiment) -> dict[str, str]:
    """The settings in which an experiment differs from a base, as link parameters.

    Args:
        experiment: What the link shall lead to.
        base: What the reader of the link starts from.

    Returns:
        Text by setting; empty if both are equal. `from_link` turns it back.
    """
    return {
        name: _write(name, getattr(experiment, name))
        for name in Experiment.model_fields
        if getattr(experiment, name) != getattr(base, name)
    }


def from_link(parameters: Mapping[str, str], base: Experiment) -> Experiment:
    """The experiment that differs from a base as a link's parameters say.

    Args:
        parameters: Text by setting; every name must be a setting.
        base: What they are differences from.

    Raises:
        PresetError: If a text cannot be read.
        ExperimentError: If a setting is unknown or the result cannot be.
    """
    plain = base.to_dict()
    for name, value in settings_of(parameters).items():
        if value is None:
            plain.pop(name, None)
        else:
            plain[name] = value
    return Experiment.from_dict(plain)


def settings_of(parameters: Mapping[str, str]) -> dict[str, Any]:
    """What a link's parameters say, in the plain form of `Experiment.to_dict`; None where they say "no value".

    Nothing is judged yet but whether it can be read.

    Raises:
        PresetError: If a text cannot be read.
    """
    return {name: _read(name, text) for name, text in parameters.items()}


def _write(name: str, value: Any) -> str:
    if value is None:
        return _NONE
    if name == "layers":
        return ",".join(_write_part(layer, LAYERS) for layer in value)
    if name in PARTS:
        return _write_part(value, PARTS[name])
    return _write_value(value)


def _write_part(part: Config, kinds: _Kinds) -> str:
    kind = next(kind for kind, model in kinds.items() if type(part) is model)
    fields = type(part).model_fields
    changed = {
        field
        for field, info in fields.items()
        if field != "kind" and (info.is_required() or getattr(part, field) != info.default)
    }
    brief = list(part.BRIEF)
    while brief and brief[-1] not in changed:
        brief.pop()
    words = [kind, *(_write_value(getattr(part, field)) for field in brief)]
    named = [field for field in fields if field in changed and field not in brief]
    return ":".join([*words, *(f"{field}={_write_value(getattr(part, field))}" for field in named)])


def _write_value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _read(name: str, text: str) -> Any:
    if len(text) > _LONGEST:
        raise PresetError("link_too_long", field=name, received=len(text), bound=_LONGEST)
    if name == "layers":
        return [_read_part(name, word, LAYERS) for word in text.split(",") if word]
    if name in PARTS:
        optional = Experiment.model_fields[name].default is None
        if text == _NONE and optional:
            return None
        return _read_part(name, text, PARTS[name])
    if text == _NONE and name != "scaling":
        return None
    return _read_field(Experiment, name, text) if name in Experiment.model_fields else text


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
    return text if _is_text(model.model_fields[field].annotation) else scalar(text, field)


def _is_text(annotation: Any) -> bool:
    """Whether a field holds words: `str` or a Literal of words."""
    choices = getattr(annotation, "__args__", ())
    return annotation is str or (bool(choices) and all(isinstance(choice, str) for choice in choices))
