"""Where a data set comes from, in order: the program itself, its own cache, a named folder, the network."""

from __future__ import annotations

from collections.abc import Callable

from core.datasets.catalog import entry
from core.datasets.dataset import Availability, Dataset, FetchProgress
from core.errors import DataMissingError
from core.settings import Settings

Progress = Callable[[FetchProgress], None]


def availability(name: str, settings: Settings) -> Availability:
    """Where a data set would be read from."""
    raise NotImplementedError


def open_dataset(
    name: str, settings: Settings, *, fetch: bool = True, progress: Progress | None = None
) -> Dataset:
    """Open."""
    raise DataMissingError("data_missing", dataset=entry(name).name, files="")


def download_dataset(name: str, settings: Settings, *, progress: Progress | None = None) -> Dataset:
    """Fetch."""
    raise NotImplementedError
