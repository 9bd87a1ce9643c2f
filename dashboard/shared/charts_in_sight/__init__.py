"""The order in which the browser draws the charts of a page: those in sight at once, the others while it rests."""

from __future__ import annotations

from pathlib import Path

from dashboard.shared import browser

# The charts stand outside of it.
_component = browser.register(Path(__file__).parent, isolate_styles=False)


def draw_what_is_in_sight_first() -> None:
    """Have charts further down the page not keep the reader waiting; all are drawn a moment later, or when printed."""
    _component(key="charts-in-sight")
