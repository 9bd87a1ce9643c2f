"""The history of a run as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, fields

from core.run import Epoch


def history_csv(epochs: Sequence[Epoch]) -> str:
    """One line an epoch under a line of names; numbers in full precision, nothing where there is no number."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Epoch)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(epoch) for epoch in epochs)
    return text.getvalue()
