"""How often something may go wrong for one address before it has to wait: codes, passcodes. No Streamlit.

Only what went wrong counts, so that a class behind one router is not kept out by its own number. It is remembered by
this process alone; who has it started anew may try anew.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from threading import Lock

_ADDRESSES = 10_000


class Attempts:
    """So many failures an address may have in so many seconds.

    Args:
        most: Failures.
        seconds: The time that counts, up to now.
        clock: Seconds that only grow.
    """

    def __init__(self, *, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.seconds, self._clock = most, seconds, clock
        self._lock = Lock()
        self._failures: dict[str, deque[float]] = {}

    def may(self, address: str) -> bool:
        """Whether this address may try now."""
        with self._lock:
            return len(self._recent(address)) < self.most

    def note(self, address: str) -> None:
        """It has failed."""
        with self._lock:
            self._note(address)

    def begin(self, address: str) -> int:
        """Count a try as failed until `forgive`; 0 if it may be made, else after how many seconds the next one may.

        So that of many tries at the same time no more are made than of as many one after the other.
        """
        with self._lock:
            recent = self._recent(address)
            if len(recent) >= self.most:
                return max(1, math.ceil(recent[-self.most] + self.seconds - self._clock()))
            self._note(address)
            return 0

    def forgive(self, address: str) -> None:
        """The try that was begun last has not failed."""
        with self._lock:
            recent = self._recent(address)
            if recent:
                recent.pop()

    def _note(self, address: str) -> None:
        recent = self._recent(address)
        recent.append(self._clock())
        self._failures.pop(address, None)
        self._failures[address] = recent  # the last one to be forgotten
        while len(self._failures) > _ADDRESSES:
            del self._failures[next(iter(self._failures))]

    def minutes_left(self, address: str) -> int:
        """After how many minutes, at least one, it may try again."""
        with self._lock:
            recent = self._recent(address)
            if len(recent) < self.most:
                return 1
            return max(1, math.ceil((recent[-self.most] + self.seconds - self._clock()) / 60))

    def forget(self) -> None:
        """All of them."""
        with self._lock:
            self._failures.clear()

    def _recent(self, address: str) -> deque[float]:
        found = self._failures.get(address, deque(maxlen=self.most))
        while found and found[0] <= self._clock() - self.seconds:
            found.popleft()
        return found
