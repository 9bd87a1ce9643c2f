"""Processes and their computer: end them with their parent, keep them polite, and know which computer this is."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_MADV_DONTNEED = 4
_PATH = 5
"""Which word of a line of `/proc/self/smaps` names the file."""
#: Priority of this process' session; without it sessions do not count.
_AUTOGROUP = Path("/proc/self/autogroup")
_BETWEEN = 0.05  # seconds
_LOWEST = 19
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

    Where Linux shares the processors out by sessions ("autogroup"), a priority counts only among the processes of one
    session: trainings in the engine's took as much as all pages and the browser together. So the process gets a
    session of its own, and that session the lowest priority.
    """
    if hasattr(os, "nice"):
        os.nice(_LOWEST)
    if _AUTOGROUP.exists():
        # The leader of a group cannot leave it, and its neighbours are not to be slowed down.
        with suppress(OSError):
            os.setsid()
            lower_session(os.getpid(), _LOWEST)


def lower_session(pid: int, nice: int, tries: int = 20) -> None:
    """Have the session of a process, where sessions count, give way at least as far as `nice`; so many tries of 50 ms.

    OSError if there is no such process, or sessions do not count here.
    """
    session = Path(f"/proc/{pid}/autogroup")  # says "/autogroup-46 nice 0"
    for _ in range(tries):
        try:
            if int(session.read_text(encoding="ascii").split()[-1]) < nice:
                session.write_text(str(nice), encoding="ascii")
        except BlockingIOError:  # a tenth of a second has to be between any two on a computer
            time.sleep(_BETWEEN)
        else:
            return


def release_file_pages() -> None:
    """Let go of the pages of libraries that were only needed to import them: hundreds of megabytes of TensorFlow.

    Linux only. They are as they are in their files, and read again from there, mostly from the system's cache, by who
    uses them. Pages that were written to, as when a library was loaded, are left alone.
    """
    if sys.platform != "linux":
        return
    release = ctypes.CDLL(None, use_errno=True).madvise
    release.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    with suppress(OSError):
        for start, end in _unwritten(Path("/proc/self/smaps").read_text(encoding="utf-8", errors="replace")):
            release(start, end - start, _MADV_DONTNEED)


def _unwritten(smaps: str) -> Iterator[tuple[int, int]]:
    """From where to where files are mapped that cannot be written and of which no page was, by the kernel's table."""
    start = end = 0
    for line in smaps.splitlines():
        words = line.split()
        bounds, dash, rest = words[0].partition("-")
        if dash and len(words) > _PATH and ":" not in words[0]:
            of_a_file = words[1] in ("r-xp", "r--p") and words[_PATH].startswith("/")
            start, end = (int(bounds, 16), int(rest, 16)) if of_a_file else (0, 0)
        elif dash and ":" not in words[0]:
            start = end = 0
        elif words[0] == "Anonymous:" and words[1] == "0" and end:
            yield start, end


def kill(pid: int) -> None:
    """End a process at once; nothing happens if it has ended already."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def tell_service_manager() -> None:
    """Say to systemd that this service is ready, where it has started the process and waits for that."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.sendto(b"READY=1", address.replace("@", "\0", 1) if address[0] == "@" else address)


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
