"""How much memory the processes of this program may use together: that of the computer, or of its container."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

#: The limit of a container as it sees it itself, of control groups of version 2 and 1.
_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def memory(limits: tuple[Path, ...] = _LIMITS) -> int | None:
    """Bytes there are; None where nobody says."""
    found = []
    with suppress(OSError, ValueError, AttributeError):  # not on Windows
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for path in limits:
        with suppress(OSError, ValueError):  # "max" where there is no limit
            found.append(int(path.read_text(encoding="ascii")))
    return min((size for size in found if size > 0), default=None)
