"""What the operating system does for worker processes: end them with their parent, and keep them polite."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it ends, however that happens.

    Linux only. Elsewhere Dask's own watch of the parent must do, which a process that is stuck in native
    code does not hear.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def lower_priority() -> None:
    """Run with the lowest priority, so that pages stay quick beside trainings.

    Threads take the priority over from the one that starts them: call this before TensorFlow makes its own.
    """
    if hasattr(os, "nice"):
        os.nice(19)


def kill(pid: int) -> None:
    """End a process at once; nothing happens if it has ended already."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
