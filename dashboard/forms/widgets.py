"""One widget for one field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.forms.fields import Field
from dashboard.language import Language


def draw(
    field: Field,
    value: Any,
    say: Language,
    *,
    key: str,
    changed: Callable[[str], None],
) -> None:
    """Draw a field's widget; `changed(key)` is called when the user has changed it.

    Args:
        field: What it holds.
        value: What it shows at first; later it keeps its own value under its key.
        say: The language.
        key: Its key; another key makes another widget.
        changed: Called with the key; the new value is in the session state under it.
    """
    label = say(field.label_key)
    if _unit_tells(field):
        label = say("form.with_unit", label=label, unit=say(f"unit.{field.unit}"))
    common: dict[str, Any] = {
        "key": key,
        "help": say(field.help_key),
        "on_change": changed,
        "args": (key,),
    }
    if field.kind == "choice":
        st.selectbox(
            label,
            field.choices,
            index=field.choices.index(value) if value in field.choices else 0,
            format_func=lambda code: say(f"option.{field.name}.{code}"),
            **common,
        )
    elif field.kind == "switch":
        st.toggle(label, value=bool(value), **common)
    elif field.kind == "whole":
        if field.optional:
            common["placeholder"] = say("form.all")
        st.number_input(
            label, _whole(field.low), _whole(field.high), value, step=int(field.step or 1), **common
        )
    else:
        number = None if value is None else float(value)
        st.number_input(
            label,
            field.low,
            field.high,
            number,
            step=field.step,
            format=f"%.{field.decimals(number)}f",
            **common,
        )


def _whole(limit: float | None) -> int | None:
    return None if limit is None else int(limit)


def _unit_tells(field: Field) -> bool:
    """Whether the unit says more than the label: "Kernel size (pixels)", but not "Units (units)"."""
    return field.unit == "pixels" or (field.unit == "epochs" and field.name != "epochs")
