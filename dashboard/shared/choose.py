"""Choosing one of a few that stand side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

OptionT = TypeVar("OptionT")


def choose(
    label: str,
    options: Sequence[OptionT],
    format_func: Callable[[OptionT], str] = str,
    *,
    key: str,
    default: OptionT | None = None,
    set_by_page: bool = False,
    labelled: bool = True,
    place: DeltaGenerator | None = None,
    **more: Any,
) -> OptionT:
    """One of a few; one is always chosen, and the session keeps it.

    `curve = choose(t("curve"), ("loss", "accuracy"), lambda one: t(f"curve.{one}"), key="study-curve")`

    Args:
        default: What is chosen at first; the first one if not given.
        set_by_page: Whether the page itself puts the choice into the session before, as where an address names it.
        labelled: Whether the label is seen; else only screen readers are told.
        place: Where it stands, such as a column.
        more: What `st.segmented_control` takes besides: `help`, `on_change`, `args`, `width`.
    """
    first = options[0] if default is None else default
    chosen: OptionT | None = (place or st).segmented_control(
        label,
        options,
        default=None if set_by_page else first,
        required=True,
        format_func=format_func,
        key=key,
        label_visibility="visible" if labelled else "collapsed",
        persist_state="session",
        **more,
    )
    return first if chosen is None else chosen
