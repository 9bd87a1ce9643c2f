"""Reading a matrix of classes in words: the row and the column that a reader points at or goes to by arrow keys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dashboard.shared.browser import register
from dashboard.shared.language import Language

_component = register(Path(__file__).parent)


def reader_data(
    rows: Sequence[str],
    columns: Sequence[str],
    labels: Sequence[int],
    t: Language,
    *,
    chart: str,
    chosen: tuple[int, int] | None,
) -> dict[str, Any]:
    """All that the browser needs.

    Args:
        rows: The sentence of each class that is shown, in the order of the matrix.
        columns: Likewise of its columns; none where a matrix is read by rows only.
        labels: The classes that are shown.
        chart: The key of the chart above; "" if it has no cells.
        chosen: The cell that is looked at, by label.
    """
    at = None
    if chosen is not None and set(chosen) <= set(labels):
        at = [labels.index(label) for label in chosen]
    return {
        "rows": list(rows),
        "columns": list(columns),
        "labels": list(labels),
        "chart": chart,
        "at": at,
        "words": {
            **{name: t(f"confusion.reader.{name}") for name in ("name", "row", "column")},
            "hint": t("confusion.reader.point" if chart else "confusion.reader.keys"),
        },
    }


def matrix_reader(data: dict[str, Any], *, key: str) -> None:
    """Say below the chart what its rows and columns tell."""
    _component(data=data, key=key)
