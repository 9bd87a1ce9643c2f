"""A field of a form: what is known of it, read from the model that checks it, and its widget."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import streamlit as st
from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel

from dashboard.shared.language import Language

_MOST_DECIMALS = 7  # of a number written in full; with more of them it is written as 9.9e-8


@dataclass(frozen=True)
class Field:
    """One field as a form shows it.

    Label and help have keys of the name and of the model, the class it belongs to. The bounds, and the step that plus
    and minus change, are None for choices and switches; the default is None for what must be given, the unit "" for
    what counts nothing; of an `optional` field "no value" is a value.
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

    def number_format(self, value: float | None = None) -> str:
        """The format in which a number input shows this value with all its digits.

        That is "%g" for many digits: without a precision the browser writes the shortest text that is this number.
        """
        decimals = self.decimals(value)
        return f"%.{decimals}f" if decimals <= _MOST_DECIMALS else "%g"


def field(model: type[BaseModel], name: str) -> Field:
    """Read one field of a part of an experiment, which holds a number, a word or a yes or no."""
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
    """Digits after the point of the shortest decimal text that is this number and no other."""
    exponent = Decimal(repr(float(number))).normalize().as_tuple().exponent
    return max(0, -int(exponent))


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, UnionType):
        rest = [part for part in get_args(annotation) if part is not type(None)]
        return rest[0], len(rest) < len(get_args(annotation))
    return annotation, False


def _bounds(metadata: list[Any], *, whole: bool) -> tuple[float | None, float | None]:
    low: float | None = None
    high: float | None = None
    for limit in metadata:
        if isinstance(limit, Ge):
            low = float(limit.ge)  # type: ignore[arg-type]
        elif isinstance(limit, Gt):
            low = _next(float(limit.gt), math.inf, whole=whole)  # type: ignore[arg-type]
        elif isinstance(limit, Le):
            high = float(limit.le)  # type: ignore[arg-type]
        elif isinstance(limit, Lt):
            high = _next(float(limit.lt), -math.inf, whole=whole)  # type: ignore[arg-type]
    return low, high


def _next(limit: float, towards: float, *, whole: bool) -> float:
    """The nearest number beyond a limit that is not allowed itself: no value that the model takes is left out."""
    return limit + math.copysign(1, towards) if whole else math.nextafter(limit, towards)


def draw_field(
    field: Field,
    value: Any,
    t: Language,
    *,
    key: str,
    changed: Callable[[str], None],
    disabled: bool = False,
) -> None:
    """Draw a field's widget, which shows this value, whatever it showed before; disabled it only shows it.

    `changed(key)` is called when the user has changed it; the new value is in the session state under the key.
    """
    label = t(field.label_key)
    if _unit_tells(field):
        label = t("form.with_unit", label=label, unit=t(f"unit.{field.unit}"))
    common: dict[str, Any] = {
        "key": key,
        "help": t(field.help_key),
        "on_change": changed,
        "args": (key,),
        "disabled": disabled,
    }
    if field.kind == "choice":
        place = field.choices.index(value) if value in field.choices else 0
        show_value(key, field.choices[place])
        st.selectbox(
            label,
            field.choices,
            index=place,
            format_func=lambda code: t(f"option.{field.name}.{code}"),
            **common,
        )
    elif field.kind == "switch":
        show_value(key, bool(value))
        st.toggle(label, value=bool(value), **common)
    else:
        if field.kind == "whole" and field.optional:
            common["placeholder"] = t("form.all")
        arguments = number_arguments(field, value)
        show_value(key, arguments["value"])
        st.number_input(label, **arguments, **common)


def show_value(key: str, value: object) -> None:
    """Have the widget of this key, which comes next and is given the same value, show this one if it is there already.

    The browser changes what stands there, which takes a fraction of the time that another widget in its place would.
    """
    if key in st.session_state and st.session_state[key] != value:
        st.session_state[key] = value


def number_arguments(field: Field, value: float | None) -> dict[str, Any]:
    """What a number input needs to hold exactly this value, if any, and any other that the field may have."""
    if field.kind == "whole":
        low, high = _whole(field.low), _whole(field.high)
        return {"min_value": low, "max_value": high, "value": value, "step": int(field.step or 1)}
    number = None if value is None else float(value)
    return {
        "min_value": field.low,
        "max_value": field.high,
        "value": number,
        "step": field.step,
        "format": field.number_format(number),
    }


def _whole(limit: float | None) -> int | None:
    return None if limit is None else int(limit)


def _unit_tells(field: Field) -> bool:
    """Whether the unit says more than the label: "Kernel size (pixels)", but not "Units (units)"."""
    return field.unit == "pixels" or (field.unit == "epochs" and field.name != "epochs")
