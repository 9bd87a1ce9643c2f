"""What the worker process for quick questions loads (Dask's `--preload core.jobs.inference_worker`).

It stays from question to question: networks that were asked are kept open. Unlike trainings it does not give way to
anybody.
"""

from __future__ import annotations

import tensorflow as tf
from distributed import Worker

import core.models.predicting  # noqa: F401  (with Keras)
from core.inference.request import request_types
from core.jobs.processes import end_with_parent


def dask_setup(worker: Worker) -> None:
    """Called by Dask in the worker process before it takes questions."""
    if worker.nanny:
        end_with_parent()
    request_types()  # imports all kinds
    tf.function(tf.linalg.matmul)(tf.ones((2, 2)), tf.ones((2, 2)))  # starts TensorFlow's threads
