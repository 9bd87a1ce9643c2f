"""Brings the page back to its top when another step is shown, so that nobody begins to read in its middle."""

from __future__ import annotations

from pathlib import Path

from dashboard.shared.browser import register

_component = register(Path(__file__).parent)


def begin_at_top(place: str) -> None:
    """To be called once on a page that shows this place; the same place again leaves the page where it is."""
    _component(data={"place": place}, key="step-top")
