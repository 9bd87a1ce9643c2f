"""What a worker process loads before its first run (Dask's `--preload core.jobs.worker`).

Keras takes seconds to import. Here it is imported at module level, so that a process in which it cannot be
imported never reports for work.
"""

from __future__ import annotations

import keras  # noqa: F401
from distributed import Worker

import core.training.execute  # noqa: F401
from core.jobs.processes import end_with_parent, give_way


def dask_setup(worker: Worker) -> None:
    """Called by Dask in each worker process before it takes work."""
    if worker.nanny:
        end_with_parent()
    give_way()
