"""One widget for one field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.forms.fields import Field
from dashboard.language import Language

OPTION_GROUPS = {"cell": "cell", "monitor": "monitor", "padding": "padding", "activation": "activation"}


def draw(
    field: Field,
    value: Any,
    say: Language,
    *,
    key: str,
    changed: Callable[[str], None],
    options: tuple[str, ...] | None = None,
    option_group: str | None = None,
) -> None:
    """Draw a field's widget; `changed(key)` is called when the user has changed it.

    Args:
        field: What it holds.
        value: What it shows at first; later it keeps its own value under its key.
        say: The language.
        key: Its key; another key makes another widget.
        changed: Called with the key; the new value is in the session state under it.
        options: The codes to choose from, where they are fewer than the field allows.
        option_group: The codes' labels are "option.GROUP.CODE"; the field's name if not given.
    """
    label = say(field.label_key)
    if field.unit and field.kind in ("whole", "number"):
        label = (
            say("form.with_unit", label=label, unit=say(f"unit.{field.unit}"))
            if _unit_tells(field)
            else label
        )
    common: dict[str, Any] = {
        "key": key,
        "help": say(field.help_key),
        "on_change": changed,
        "args": (key,),
    }
    if field.kind == "choice":
        codes = options or field.choices
        group = option_group or field.name
        st.selectbox(
            label,
            codes,
            index=codes.index(value) if value in codes else 0,
            format_func=lambda code: say(f"option.{group}.{code}"),
            **common,
        )
    elif field.kind == "switch":
        st.toggle(label, value=bool(value), **common)
    elif field.kind == "whole":
        st.number_input(
            label, _whole(field.low), _whole(field.high), value, step=int(field.step or 1), **common
        )
    else:
        number = None if value is None else float(value)
        st.number_input(
            label, field.low, field.high, number, step=field.step, format=f"%.{field.decimals}f", **common
        )


def _whole(limit: float | None) -> int | None:
    return None if limit is None else int(limit)


def _unit_tells(field: Field) -> bool:
    """Whether the unit says more than the label: "Kernel size (pixels)", but not "Units (units)"."""
    return field.unit in ("pixels", "samples") or field.name == "patience"
