"""How far tests give way, and what they start.

Trainings give way to everything, also to the tests that wait for them: beside busy tests of usual priority they would
get a sixtieth of a processor and stand still for minutes. So the tests give way nearly as far.
"""

from __future__ import annotations

import os
from contextlib import suppress

import psutil

from core.jobs.processes import lower_session

NICE = 15
_TRIES = 100


def give_way() -> None:
    """Give way with this process and all that it starts."""
    if not hasattr(os, "nice"):
        return
    os.nice(max(0, NICE - os.nice(0)))
    with suppress(OSError):  # it leads its group, and so others
        os.setsid()
        session_gives_way(os.getpid())


def session_gives_way(pid: int | None) -> None:
    """Have a session give way, where Linux shares processors out by sessions ("autogroup"), by one of its processes."""
    if pid is not None:
        with suppress(OSError):  # there is no such thing, or the process has gone
            lower_session(pid, NICE, _TRIES)


def own_sessions_give_way() -> None:
    """Have all give way that this process has started in sessions of their own."""
    for process in psutil.Process().children(recursive=True):
        with suppress(OSError):
            if os.getsid(process.pid) == process.pid:
                session_gives_way(process.pid)
