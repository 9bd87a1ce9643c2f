"""How a browser component of our own is made known to Streamlit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st


def register(folder: Path, **options: Any) -> Any:
    """The component whose HTML, CSS and JavaScript stand in a folder, each under the folder's name.

    Args:
        **options: Further options of `st.components.v2.component`.
    """

    def read(ending: str) -> str:
        # Streamlit takes text without an inner line break for a file path; all three have some.
        return (folder / f"{folder.name}.{ending}").read_text(encoding="utf-8")

    return st.components.v2.component(
        f"turning_point_{folder.name}", html=read("html"), css=read("css"), js=read("js"), **options
    )
