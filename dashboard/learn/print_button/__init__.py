"""A button that prints the page."""

from __future__ import annotations

from pathlib import Path

from dashboard.shared.browser import register
from dashboard.shared.language import Language

_component = register(Path(__file__).parent)


def print_button(t: Language, *, key: str) -> None:
    """Show the button; it is not printed itself."""
    _component(data={"label": t("learn.print")}, key=key)
