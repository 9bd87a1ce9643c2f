"""What a process that answers keeps from question to question; any number of threads may ask, and none waits long."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, Protocol, TypeVar

STRETCH = 0.7
"""Seconds of work that one question does."""

MOST_UNDER_WAY = 4
"""So much work of a kind may be under way; what was left by whoever asked goes."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(eq=False)
class _Place(Generic[Value]):
    """Where one value is, or is being made: as the only item of `made`, once it is there."""

    making: Lock = field(default_factory=Lock)
    made: list[Value] = field(default_factory=list)
    given_up: bool = False
    """Whether making it has failed; whoever waited for it begins anew."""


class OnceEach(Generic[Key, Value]):
    """Values by key, each made by the first who asks; the `most` that were asked for last are kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._places: OrderedDict[Key, _Place[Value]] = OrderedDict()
        self._guard = Lock()  # never held while something is made

    def __len__(self) -> int:
        return len(self._places)

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value of this key, made by one thread only; whatever `make` raises, the next who asks tries again."""
        while True:
            with self._guard:
                place = self._places.setdefault(key, _Place())
                self._places.move_to_end(key)
            with place.making:
                if place.given_up:
                    continue
                if not place.made:
                    self._fill(key, place, make)
            self._forget()
            return place.made[0]

    def _fill(self, key: Key, place: _Place[Value], make: Callable[[], Value]) -> None:
        try:
            place.made.append(make())
        finally:
            if not place.made:
                place.given_up = True
                with self._guard:
                    del self._places[key]

    def _forget(self) -> None:
        with self._guard:
            whole = [key for key, place in self._places.items() if place.made]
            for key in whole[: max(0, len(whole) - self._most)]:
                del self._places[key]


class Work(Protocol):
    """What takes longer than one question may."""

    @property
    def done(self) -> float:
        """How far it is, 0 to 1."""

    def step(self) -> bool:
        """Do a small part of it; whether all is done."""


WorkT = TypeVar("WorkT", bound=Work)


@dataclass(frozen=True, eq=False)
class _Begun(Generic[WorkT]):
    work: WorkT
    working: Lock = field(default_factory=Lock)


class UnderWay(Generic[Key, WorkT]):
    """Work by key that each question about it takes a stretch further."""

    def __init__(self) -> None:
        self._begun: OrderedDict[Key, _Begun[WorkT]] = OrderedDict()
        self._beginning = Lock()

    def advance(
        self, key: Key, begin: Callable[[], WorkT], finish: Callable[[WorkT], object] = lambda work: None
    ) -> WorkT:
        """Work for `STRETCH` seconds, on one part at least, unless another thread does: nobody waits for that.

        If `finish` fails, the work stays as it is: whoever asks next has it tried again.
        """
        begun = self._place(key, begin)
        if begun.working.acquire(blocking=False):
            try:
                end = time.monotonic() + STRETCH
                while not (done := begun.work.step()) and time.monotonic() <= end:
                    pass
                if done:
                    finish(begun.work)
                    self._begun.pop(key, None)
            finally:
                begun.working.release()
        return begun.work

    def _place(self, key: Key, begin: Callable[[], WorkT]) -> _Begun[WorkT]:
        with self._beginning:
            begun = self._begun.get(key) or _Begun(begin())
            self._begun[key] = begun
            self._begun.move_to_end(key)
            while len(self._begun) > MOST_UNDER_WAY:
                self._begun.popitem(last=False)
        return begun
