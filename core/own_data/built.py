"""What becomes of files by the choices made: a data set with its samples."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog import DatasetInfo
from core.datasets.archives import Arrays
from core.own_data.understood import Finding


@dataclass(frozen=True, eq=False)
class Built:
    """A data set made of files: its record, its arrays by the names in the record, and what was left out of it."""

    info: DatasetInfo
    arrays: Arrays
    findings: tuple[Finding, ...]
