"""What an owner keeps of a comparison: notes, and which of two runs would win before their test results were seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class ComparisonNotes(NamedTuple):
    """What one owner wrote down of a comparison, by kind, and when its record was begun (UTC)."""

    owner: str
    notes: dict[str, str]
    created: datetime


@dataclass(frozen=True)
class ComparisonPrediction:
    """What the owner of a comparison said of two runs before the page showed their test results."""

    #: the run that would be right more often on new data; None: neither, as far as the test can show
    winner: str | None
    shown: bool  # whether nothing was said, and the results were only asked for; then there is no winner
    when: datetime  # UTC
    #: the runs whose test results nobody could see until then, for they were sealed; those of the others were only
    #: left out on the page of the comparison
    sealed: tuple[str, ...]


def comparison_key(runs: Sequence[str]) -> str:
    """What a comparison of these runs goes by, in whatever order they stand."""
    return ",".join(sorted(set(runs)))
