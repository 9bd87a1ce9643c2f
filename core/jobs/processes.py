"""Processes and their computer: end them with their parent, keep them polite, and know which computer this is."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_BOOT = Path("/proc/sys/kernel/random/boot_id")
#: Where processes have numbers of their own, and where loopback is another: two containers are two computers.
_SPACES = ("pid", "net")


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


@cache
def this_computer() -> str:
    """A text that is the same for all processes that see each other's numbers and loopback, and for no others.

    After a restart of the computer it is another one: the process numbers of before mean nothing then.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            spaces = [str((Path("/proc/self/ns") / space).stat().st_ino) for space in _SPACES]
            return ":".join((_BOOT.read_text(encoding="ascii").strip(), *spaces))
    if sys.platform == "darwin":
        with suppress(OSError, subprocess.SubprocessError):
            asked = subprocess.run(
                ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"],
                capture_output=True,
                text=True,
                check=True,
                timeout=5,
            )
            return asked.stdout.strip()
    return socket.gethostname()  # which takes a restart to change on Windows
