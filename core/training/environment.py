"""What a result may depend on beside the experiment: versions and threads."""

from __future__ import annotations

import os
import platform
import sys
from typing import Any

import keras
import numpy as np
import psutil
import tensorflow as tf


def environment() -> dict[str, Any]:
    """Versions, threads and processor, as plain strings and numbers."""
    return {
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "processors": os.cpu_count() or 1,
        "threads": _threads(),
    }


def _threads() -> int:
    """How many threads share one operation: sums, and so the last digits, may depend on it."""
    named = os.environ.get("TF_NUM_INTRAOP_THREADS", "")
    chosen = int(named) if named.isdigit() else int(tf.config.threading.get_intra_op_parallelism_threads())
    return chosen or os.cpu_count() or 1


def peak_megabytes() -> float:
    """The most memory this process ever held at once, in 10**6 bytes."""
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 1e6
    import resource  # not there on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
