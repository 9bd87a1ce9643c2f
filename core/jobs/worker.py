"""What a worker process loads before its first run (Dask's `--preload core.jobs.worker`).

Keras takes seconds to import. Here it is imported at module level, so that a process in which it cannot be
imported never reports for work.
"""

from __future__ import annotations

import tensorflow as tf
from distributed import Worker

import core.training.execute  # noqa: F401  (with Keras)
from core.jobs.processes import end_with_parent, lower_priority


def dask_setup(worker: Worker) -> None:
    """Called by Dask in each worker process before it takes work."""
    if worker.nanny:
        end_with_parent()
    lower_priority()
    _warm_up()


def _warm_up() -> None:
    """Have TensorFlow start its threads and compilers, a tenth of a second that the first run need not wait."""
    tf.function(tf.linalg.matmul, jit_compile=True)(tf.ones((2, 2)), tf.ones((2, 2)))
