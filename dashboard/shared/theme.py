"""How things look that pages draw by themselves: the reader's theme, style sheets, the height of tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import streamlit as st

from dashboard.shared.charts import colours

if TYPE_CHECKING:
    import pandas as pd

_STATIC = Path(__file__).parent / "static"
_ROW_PIXELS, _MOST_ROWS = 35, 16


def theme() -> Literal["light", "dark"]:
    """Which of the two themes of `dashboard/.streamlit/config.toml` the reader sees."""
    return "dark" if st.context.theme.type == "dark" else "light"


def run_colours(page: Literal["light", "dark"] | None = None) -> tuple[str, ...]:
    """Colours for lines side by side, which all eyes can tell apart on a page, the reader's if none is named."""
    found = st.get_option(f"theme.{page or theme()}.chartCategoricalColors")
    return tuple(found or (colours.TRAINING, colours.VALIDATION, colours.TURNING_POINT))


def background() -> str:
    """The colour of the reader's page."""
    return str(st.get_option(f"theme.{theme()}.backgroundColor") or "Canvas")


def text_colour() -> str:
    """The colour of the writing on the reader's page."""
    ink = colours.INK_ON_DARK if theme() == "dark" else colours.INK
    return str(st.get_option(f"theme.{theme()}.textColor") or ink)


def frame_colour() -> str:
    """The colour of lines around things on the reader's page."""
    return str(st.get_option(f"theme.{theme()}.borderColor") or "currentColor")


def stylesheet(name: str) -> Path:
    """The CSS file of this name, "texts" or "answers", for `st.html`."""
    return _STATIC / f"{name}.css"


def table_height(rows: pd.DataFrame) -> int:
    """Pixels: as high as its rows, up to a screen; then it scrolls."""
    return _ROW_PIXELS * (min(len(rows), _MOST_ROWS) + 1) + 3
