"""What a worker process loads before it takes work (Dask's `--preload core.jobs.worker`).

Keras takes seconds to import. Here it is imported at module level, so that a process in which it cannot be imported
never reports for work. A worker for questions stays from question to question: networks that were asked are kept
open, and unlike those for trainings it does not give way to anybody.
"""

from __future__ import annotations

import tensorflow as tf
from distributed import Worker

import core.training.execute  # noqa: F401  (with Keras)
from core.inference.request import request_types
from core.jobs.cluster import ANSWERS
from core.jobs.processes import end_with_parent, lower_priority

request_types()  # imports all kinds


def dask_setup(worker: Worker) -> None:
    """Called by Dask in each worker process before it takes work."""
    trains = worker.name != ANSWERS
    if worker.nanny:
        end_with_parent()
    if trains:
        lower_priority()
    # Has TensorFlow start its threads and compilers: a tenth of a second that the first run need not wait.
    tf.function(tf.linalg.matmul, jit_compile=trains)(tf.ones((2, 2)), tf.ones((2, 2)))
