"""How high a table stands on a page."""

from __future__ import annotations

import pandas as pd

_ROW_PIXELS, _MOST_ROWS = 35, 16


def table_height(rows: pd.DataFrame) -> int:
    """Pixels: as high as its rows, up to a screen; then it scrolls."""
    return _ROW_PIXELS * (min(len(rows), _MOST_ROWS) + 1) + 3
