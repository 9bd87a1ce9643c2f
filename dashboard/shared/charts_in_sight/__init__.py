"""When the browser draws the charts of a page: those in sight at once, the others while it rests, all in its theme."""

from __future__ import annotations

from pathlib import Path

from dashboard.shared import browser
from dashboard.shared.theme import theme

# The charts stand outside of it.
_component = browser.register(Path(__file__).parent, isolate_styles=False)


def draw_what_is_in_sight_first() -> None:
    """Have charts further down the page not keep the reader waiting; all are drawn a moment later, or when printed.

    Where the reader's system turns dark or light, the page runs anew: colours of charts and of code are set here.
    """
    _component(data={"theme": theme()}, key="charts-in-sight", on_theme_change=lambda: None)
