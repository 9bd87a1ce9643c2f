"""What a form must know of one field, read from the model that checks it. No Streamlit here."""

from __future__ import annotations

from dataclasses import dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel

_SMALLEST = 1e-7  # what a form offers where a field must only be greater than its limit
_MOST_DECIMALS = 7


@dataclass(frozen=True)
class Field:
    """One field as a form shows it.

    Attributes:
        name: The field.
        model: The class it belongs to; with the name it gives the keys of its label and help.
        kind: "whole", "number", "choice" or "switch".
        low: Smallest value; None for choices and switches.
        high: Largest value; None for choices and switches.
        step: What plus and minus change; None for choices and switches.
        choices: The codes of a choice.
        optional: Whether "no value" is one.
        default: Its value where none is given; None if it must be given.
        unit: What the number counts, as a code; "" if nothing.
    """

    name: str
    model: str
    kind: Literal["whole", "number", "choice", "switch"]
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    default: Any = None
    unit: str = ""

    @property
    def label_key(self) -> str:
        """Key of the label in the language files."""
        return f"field.{self.name}"

    @property
    def help_key(self) -> str:
        """Key of the help text in the language files."""
        return f"help.{self.model}.{self.name}"

    def decimals(self, value: float | None = None) -> int:
        """Digits after the point that its step and this value need, at least two."""
        return max(2, *(_decimals(number) for number in (self.step, value) if number))


def field(model: type[BaseModel], name: str) -> Field:
    """Read one field of a part of an experiment.

    Args:
        model: The part's class.
        name: A field that holds a number, a word or a yes or no.
    """
    info = model.model_fields[name]
    annotation, optional = _without_none(info.annotation)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    about: dict[str, Any] = {
        "name": name,
        "model": model.__name__,
        "optional": optional,
        "default": None if info.is_required() else info.default,
        "unit": str(extra.get("unit", "")),
    }
    if get_origin(annotation) is Literal:
        return Field(kind="choice", choices=get_args(annotation), **about)
    if annotation is bool:
        return Field(kind="switch", **about)
    whole = annotation is int
    low, high = _bounds(info.metadata, whole=whole)
    given = extra.get("step")
    step = float(given) if isinstance(given, int | float) else (1 if whole else 0.01)
    return Field(kind="whole" if whole else "number", low=low, high=high, step=step, **about)


def plain_fields(model: type[BaseModel]) -> tuple[Field, ...]:
    """All fields of a part but its kind."""
    return tuple(field(model, name) for name in model.model_fields if name != "kind")


def _decimals(number: float) -> int:
    text = f"{number:.{_MOST_DECIMALS}f}".rstrip("0")
    return len(text) - text.index(".") - 1


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, UnionType):
        rest = [part for part in get_args(annotation) if part is not type(None)]
        return rest[0], len(rest) < len(get_args(annotation))
    return annotation, False


def _bounds(metadata: list[Any], *, whole: bool) -> tuple[float | None, float | None]:
    low: float | None = None
    high: float | None = None
    margin = 1.0 if whole else _SMALLEST
    for limit in metadata:
        if isinstance(limit, Ge):
            low = float(limit.ge)  # type: ignore[arg-type]
        elif isinstance(limit, Gt):
            low = float(limit.gt) + margin  # type: ignore[arg-type]
        elif isinstance(limit, Le):
            high = float(limit.le)  # type: ignore[arg-type]
        elif isinstance(limit, Lt):
            high = float(limit.lt) - margin  # type: ignore[arg-type]
    return low, high
