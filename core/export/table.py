"""The history of a run as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

from core.export.spreadsheet import spreadsheet
from core.run import Epoch


def history_csv(epochs: Sequence[Epoch]) -> str:
    """One line an epoch under a line of names, for a spreadsheet."""
    return spreadsheet([field.name for field in fields(Epoch)], map(asdict, epochs))
