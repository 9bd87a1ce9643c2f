"""The rule by which old runs go, so that a server that is used every day does not fill its disk.

At most so many runs are kept (`Settings.keep_runs`). If there are more, the oldest are deleted with all their files:
first those that nobody has given a title and that belong to no study, then the others. Nothing goes that ended
within the last day, is not over, or is still needed by a run that goes on from it.
"""

from __future__ import annotations

import logging

from core.errors import RunError, UnknownRunError
from core.storage.store import Store

RESTING = 86_400.0
"""Seconds that a run stays after its end in any case: nobody's lesson is cleared away while it is on."""

_log = logging.getLogger(__name__)


def clear_old_runs(store: Store, keep: int, *, resting: float = RESTING) -> int:
    """Delete the runs that the rule gives up.

    Args:
        keep: How many may stay; 0 for all.
        resting: Seconds that a run stays after its end.

    Returns:
        How many were deleted.

    Raises:
        StorageError: If the database does not answer.
    """
    if not keep:
        return 0
    deleted = 0
    for run in store.expendable(keep, resting=resting):
        try:
            store.delete(run)
        except (UnknownRunError, RunError):
            continue  # somebody deleted it, or goes on from it, just now
        deleted += 1
    if deleted:
        _log.info("%d old runs were deleted, so that %d stay.", deleted, keep)
    return deleted
