"""Bring a data set that a command needs onto this computer, and tell of it."""

from __future__ import annotations

from core.catalog import is_own
from core.command_line.output import say
from core.datasets import FetchProgress, complaint, open_dataset
from core.datasets.dataset import Dataset
from core.errors import DataMissingError
from core.settings import Settings


def at_hand(name: str, settings: Settings) -> Dataset:
    """A data set, fetched if it is not here; says first why files that were meant to be there do not serve."""
    if not is_own(name):  # of an own one the error says it
        complain(complaint(name, settings))
    return open_dataset(name, settings, progress=show_fetch)


def complain(about: DataMissingError | None) -> None:
    """Say what is wrong with files, if anything is."""
    if about is not None:
        say(str(about))


_shown_percent: dict[str, int] = {}


def show_fetch(progress: FetchProgress) -> None:
    """Tell of a download, every ten percent."""
    percent = 100 * progress.done_bytes // (progress.total_bytes or 1)
    if _shown_percent.get(progress.file) != percent // 10:
        _shown_percent[progress.file] = percent // 10
        say(
            f"{progress.file}: {progress.done_bytes / 1_000_000:.1f} of {progress.total_bytes / 1_000_000:.1f} MB"
        )
