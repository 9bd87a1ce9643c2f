"""What becomes of files by the choices made: a data set with its samples."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog import DatasetInfo
from core.datasets.archives import Arrays
from core.own_data.making import Making
from core.own_data.understood import Finding


@dataclass(frozen=True, eq=False)
class Built:
    """A data set made of files: its record, its arrays by the names in the record, and how it was made."""

    info: DatasetInfo
    arrays: Arrays
    making: Making

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was left out of it, and what else is to be known."""
        return self.making.findings
