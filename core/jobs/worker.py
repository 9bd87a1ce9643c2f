"""What a worker process loads before it takes work (Dask's `--preload core.jobs.worker`).

Keras takes seconds to import. Here it is imported at module level, so that a process in which it cannot be imported
never reports for work. A worker for questions stays from question to question: networks that were asked are kept
open, and unlike those for trainings it does not give way to anybody.
"""

from __future__ import annotations

from pathlib import Path

from distributed import Worker
from sqlalchemy.orm import configure_mappers

import core.training.execute  # noqa: F401  (with Keras)
from core.inference.request import request_types
from core.jobs.cluster import ANSWERS
from core.jobs.kit import ANNOUNCED, kit
from core.jobs.processes import end_with_parent, lower_priority
from core.training.translations import put_slot_into

request_types()  # imports all kinds
configure_mappers()  # of the tables, which the first statement of each process would do otherwise
kit()  # of the files that were just loaded, whatever becomes of them on the disk


def dask_setup(worker: Worker) -> None:
    """Called by Dask in each worker process before it takes work, and before it tells the scheduler about itself."""
    import tensorflow as tf  # which is here already, but must not be before `core.models` has said how it shall be

    worker.startup_information[ANNOUNCED] = lambda _: kit().to_dict()
    trains = worker.name != ANSWERS
    if worker.nanny:
        end_with_parent()
    if trains:
        lower_priority()
        put_slot_into(Path(worker.local_directory))
    else:
        # Has TensorFlow start its threads, which the first question need not wait for. How many a training has follows
        # from the run.
        tf.function(tf.linalg.matmul)(tf.ones((2, 2)), tf.ones((2, 2)))
