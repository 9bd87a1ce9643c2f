"""The meeting place of pages and workers: runs in a database, large things as files.

`Store` is the interface; `open_store` gives the one that the settings name.
"""

from core.storage.artifacts import Artifacts
from core.storage.database import DatabaseStore, open_store
from core.storage.heartbeat import beating
from core.storage.logbook import Logbook, patiently
from core.storage.silence import program_name
from core.storage.store import Store

__all__ = [
    "Artifacts",
    "DatabaseStore",
    "Logbook",
    "Store",
    "beating",
    "open_store",
    "patiently",
    "program_name",
]
