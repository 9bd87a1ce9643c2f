"""One widget for one field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.shared.fields import Field
from dashboard.shared.language import Language


def draw(
    field: Field,
    value: Any,
    t: Language,
    *,
    key: str,
    changed: Callable[[str], None],
) -> None:
    """Draw a field's widget; `changed(key)` is called when the user has changed it.

    Args:
        value: What it shows at first; later it keeps its own value under its key.
        key: Its key; another key makes another widget.
        changed: Called with the key; the new value is in the session state under it.
    """
    label = t(field.label_key)
    if _unit_tells(field):
        label = t("form.with_unit", label=label, unit=t(f"unit.{field.unit}"))
    common: dict[str, Any] = {
        "key": key,
        "help": t(field.help_key),
        "on_change": changed,
        "args": (key,),
    }
    if field.kind == "choice":
        st.selectbox(
            label,
            field.choices,
            index=field.choices.index(value) if value in field.choices else 0,
            format_func=lambda code: t(f"option.{field.name}.{code}"),
            **common,
        )
    elif field.kind == "switch":
        st.toggle(label, value=bool(value), **common)
    else:
        if field.kind == "whole" and field.optional:
            common["placeholder"] = t("form.all")
        st.number_input(label, **number_arguments(field, value), **common)


def number_arguments(field: Field, value: float | None) -> dict[str, Any]:
    """What a number input needs to hold exactly this value, and any other that the field may have.

    Args:
        field: A field of the kind "whole" or "number".
        value: What it holds; None for no value.
    """
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
