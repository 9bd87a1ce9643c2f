"""Whose turn the one worker of a small machine is: a training's, or questions' between two of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.errors import JobError

WAIT = 2.0
"""Seconds that a question waits for the end of a training before it is refused: most small trainings are over then."""
PATIENCE = 6.0
"""Seconds for which somebody who was refused is taken to be still there; pages ask again every few seconds."""
LONGEST = 10.0
"""Seconds for which questions may keep the next training waiting once a training is over."""


class Turns:
    """Trainings and questions take the worker one after the other.

    A training never begins in a process that has answered: there TensorFlow has made its threads and done operations,
    and the history would be another one. Such a process is `used`, and has to be replaced before.
    """

    def __init__(self) -> None:
        self.used = False
        self._training = False
        self._asking = 0
        self._refused = float("-inf")
        self._freed = float("-inf")
        self._free = asyncio.Event()
        self._free.set()

    @property
    def busy(self) -> bool:
        """Whether a training or a question has the worker."""
        return self._training or self._asking > 0

    @asynccontextmanager
    async def answering(self) -> AsyncIterator[None]:
        """Have the worker for a question; a JobError ("answers_after_training") if a training has it."""
        if self._training:
            self._refused = time.monotonic()
        try:
            await asyncio.wait_for(self._free.wait(), WAIT)
        except TimeoutError:
            self._refused = time.monotonic()
            raise JobError("answers_after_training") from None
        self._asking += 1
        self.used = True
        self._refused = float("-inf")
        try:
            yield
        finally:
            self._asking -= 1

    def take(self) -> bool:
        """Take the worker for a training, unless it answers or somebody's question has its turn before."""
        if self._training:
            return True
        now = time.monotonic()
        waiting = now - self._refused < PATIENCE or self._asking > 0
        if self._asking or (waiting and now - self._freed < LONGEST):
            return False
        self._training = True
        self._free.clear()
        return True

    def give_back(self) -> None:
        """The training is over, or there was none."""
        if self._training:
            self._training = False
            self._freed = time.monotonic()
            self._free.set()
