"""Where to press in a confusion matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def at_cell(page: Page, true: int, predicted: int) -> tuple[float, float]:
    """A place in a cell of the matrix of ten classes, away from its middle; the mouse rests there and is seen."""
    cells = page.locator("[role=tabpanel] .js-plotly-plot .nsewdrag").first
    cells.scroll_into_view_if_needed()
    box = cells.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * (predicted + 0.25) / 10, box["y"] + box["height"] * (true + 0.7) / 10
    page.mouse.move(x, y)
    page.locator(".hoverlayer text").first.wait_for()
    return x, y
