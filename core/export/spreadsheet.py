"""Rows as CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

#: Without it Excel takes UTF-8 for the code page of its country, and Korean becomes something else.
BYTE_ORDER_MARK = "\ufeff"
#: What spreadsheets take for the beginning of a formula, narrow or full-width.
_FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")


def spreadsheet(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A line of names and one line a row, behind a byte order mark; to be written as UTF-8.

    Words that a spreadsheet would take for a formula have an apostrophe in front. Numbers stand in full precision,
    nothing where there is no number.

    Args:
        names: The names of the columns.
        rows: The cells of each row by name.
    """
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n").replace(
        "\r", "\n"
    )  # which alone would not be quoted, and end the row
    return f"'{value}" if value.startswith(_FORMULA) else value
