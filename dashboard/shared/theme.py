"""What the theme of the reader's page gives to those who draw by themselves."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from dashboard.shared.charts import colours


def theme() -> Literal["light", "dark"]:
    """Which of the two themes of `dashboard/.streamlit/config.toml` the reader sees."""
    return "dark" if st.context.theme.type == "dark" else "light"


def run_colours() -> tuple[str, ...]:
    """Colours for lines side by side, which all eyes can tell apart on the reader's page."""
    found = st.get_option(f"theme.{theme()}.chartCategoricalColors")
    return tuple(found or (colours.TRAINING, colours.VALIDATION, colours.TURNING_POINT))


def background() -> str:
    """The colour of the reader's page."""
    return str(st.get_option(f"theme.{theme()}.backgroundColor") or "Canvas")
