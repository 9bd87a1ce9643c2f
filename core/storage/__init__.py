"""The meeting place of pages and workers: runs in a database, large things as files."""

from core.storage.artifacts import Artifacts
from core.storage.heartbeat import beating, program_name
from core.storage.logbook import Logbook, patiently
from core.storage.store import Store, clear_old_runs, open_store

__all__ = [
    "Artifacts",
    "Logbook",
    "Store",
    "beating",
    "clear_old_runs",
    "open_store",
    "patiently",
    "program_name",
]
