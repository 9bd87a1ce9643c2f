"""What that waits for which would slow pages down: whether one was sent, when last, and whether somebody trains.

No Streamlit.
"""

from __future__ import annotations

import time
from threading import Event

first = Event()
"""Set once there was one."""
trained = Event()
"""Set once somebody has pressed for a training: the engine is not kept back any more."""
_last = 0.0


def say_sent() -> None:
    """A page was sent: what would have slowed it down may begin."""
    global _last
    _last = time.monotonic()
    first.set()


def quiet_for() -> float:
    """Seconds since the last one."""
    return time.monotonic() - _last
