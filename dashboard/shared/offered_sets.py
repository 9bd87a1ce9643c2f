"""Which data sets a reader is offered: the published ones, and the own ones that the reader may use."""

from __future__ import annotations

from core.catalog import DATASETS
from core.errors import TurningPointError
from dashboard.shared import services


def offered_sets(now: str = "") -> tuple[str, ...]:
    """The names of published sets, then of own ones, the newest first, and the one that is chosen already."""
    try:
        own = [one.info.name for one in services.store().own_data(services.owner())]
    except TurningPointError:  # said where runs are shown
        own = []
    return tuple(dict.fromkeys(name for name in (*DATASETS, *own, now) if name))
