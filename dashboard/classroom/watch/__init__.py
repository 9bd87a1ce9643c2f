"""The look-out of a browser in a class: the page runs again when something has changed for it, and only then."""

from __future__ import annotations

from pathlib import Path

from dashboard.shared import browser

_component = browser.register(Path(__file__).parent)


def watch(code: str, stamp: str) -> None:
    """Have the browser ask for the stamp of the class, of which the page knows this one; it is not seen."""
    _component(
        data={"address": browser.CLASS_STAMP.format(code=code), "stamp": stamp},
        key=f"class-watch-{code}",
        on_changed_change=lambda: None,
    )
