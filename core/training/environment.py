"""What a result may depend on beside the experiment: versions and threads."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from contextlib import suppress
from typing import Any

import keras
import numpy as np
import psutil
import tensorflow as tf
from tensorflow.python.util import _pywrap_util_port

from core.models.execution import Threads
from core.processors import processors, said, schedulable


def environment() -> dict[str, Any]:
    """Versions, threads and processor, as plain strings and numbers."""
    return {
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "processors": processors(),
        "threads": _threads(),
        "onednn": "on" if _pywrap_util_port.IsMklEnabled() else "off",
    }


def use_threads(threads: Threads) -> None:
    """Have so many threads, unless whoever started this process said how many, or there are some."""
    if said():
        return
    with suppress(RuntimeError):  # TensorFlow makes them at its first operation
        tf.config.threading.set_intra_op_parallelism_threads(threads.inside)
        tf.config.threading.set_inter_op_parallelism_threads(threads.beside)


def _threads() -> int:
    """How many threads share one operation."""
    named = os.environ.get("TF_NUM_INTRAOP_THREADS", "")
    chosen = int(tf.config.threading.get_intra_op_parallelism_threads())
    return chosen or (int(named) if named.isdigit() else 0) or schedulable()


def release_freed() -> None:
    """Give memory that was freed back to the system: what a thread had is not used by others once it has ended.

    Linux with glibc only; elsewhere nothing happens.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def peak_megabytes() -> float:
    """The most memory this process ever held at once, in 10**6 bytes."""
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 1e6
    import resource  # not there on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
