"""What is wrong with the whole server, for every page: no folder, no room on the disk, no locks."""

from __future__ import annotations

import time

from core.errors import MESSAGES, StorageError
from core.jobs.status import engine_status
from core.settings import Settings
from core.storage.space import full
from core.storage.space import trouble as trouble_of
from dashboard.shared import services

#: Seconds that an answer holds; many sessions ask, and those with a live curve twice a second.
_HOLDS = 2.0
_known: tuple[float, Settings, StorageError | None] | None = None


def trouble() -> StorageError | None:
    """What keeps anything from being written down now; None if nothing does. Cheap enough for every page.

    Raises:
        SettingsError: If the server has no settings.
    """
    global _known
    settings, now = services.settings(), time.monotonic()
    if _known is None or _known[1] is not settings or now - _known[0] > _HOLDS:
        _known = now, settings, _found(settings)
    return _known[2]


def _found(settings: Settings) -> StorageError | None:
    files = services.artifacts().folder
    return (
        _of_the_engine(settings)  # which has tried
        or trouble_of((settings.home,))
        or (full((files,)) if files is not None else None)
    )


def _of_the_engine(settings: Settings) -> StorageError | None:
    status = engine_status(settings)
    if status.state != "failed" or status.code not in MESSAGES:
        return None
    try:
        return StorageError(status.code, **status.details)
    except KeyError:  # of another version
        return None
