"""What that waits for which would slow pages down: pages asked for and sent, and whether somebody trains.

No Streamlit.
"""

from __future__ import annotations

import time
from threading import Event

first = Event()
"""Set once one was sent."""
trained = Event()
"""Set once somebody has pressed for a training: the engine is not kept back any more."""
_last = 0.0


def say_asked() -> None:
    """A browser opens a page: it loads what that needs before it asks for the page itself."""
    global _last
    _last = time.monotonic()


def say_sent() -> None:
    """A page was sent: what would have slowed it down may begin."""
    say_asked()
    first.set()


def quiet_for() -> float:
    """Seconds since one was asked for or sent."""
    return time.monotonic() - _last
