"""Has "Runs" in the sidebar lead back to the list while one run is open: to Streamlit that is the page it is on."""

from __future__ import annotations

from pathlib import Path

from dashboard.shared.browser import register

_component = register(Path(__file__).parent)


def follow_sidebar(button: str) -> None:
    """To be called once on a page with a button that leads to the list, under this key."""
    _component(data={"button": button}, key="list-again")
