"""Which computer this is, by something that stays when its name changes."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
#: Where processes have numbers of their own, and where loopback is another: two containers are two computers.
_SPACES = ("pid", "net")


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
