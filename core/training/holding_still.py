"""How a training makes room for pages: it holds still between two stretches of batches while a press is answered."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

SHORT_STRETCH = 0.03
"""Seconds that a stretch of batches lasts while somebody presses: so soon, at most, it holds still."""
_AWAKE = 10.0
"""Seconds after a press in which another one is expected."""
_MOST_CREDIT = 1.0
_LOOK = 0.02
"""Seconds between two looks whether it may go on."""
_SHORTEST = 0.001


def _nobody_asks() -> float:
    return 0.0


@dataclass
class HoldingStill:
    """Holds a training still as long as `left` says, but never for longer than it has worked since it last did.

    So it keeps at least half of its speed, however many people press.

    Attributes:
        left: Seconds for which to hold still from now on, 0 for not at all.
        clock: Seconds that pass.
        sleep: Waits for so many of them.
    """

    left: Callable[[], float] = _nobody_asks
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _pressed: float | None = None
    _credit: float = 0.0
    _worked_since: float | None = None

    @property
    def expects_presses(self) -> bool:
        """Whether somebody has pressed just now, and so will again."""
        return self._pressed is not None and self.clock() - self._pressed < _AWAKE

    def __call__(self) -> None:
        """Return when the training may go on; to be called between two pieces of work."""
        now = self.clock()
        if self._worked_since is not None:
            self._credit = min(_MOST_CREDIT, self._credit + now - self._worked_since)
        while (left := self.left()) > 0:
            self._pressed = now
            if self._credit <= 0:
                break
            self.sleep(max(_SHORTEST, min(left, self._credit, _LOOK)))
            before, now = now, self.clock()
            self._credit -= now - before
        self._worked_since = now
