"""What takes long to make and is asked for by several threads: made once, and nobody waits for somebody else's."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(eq=False)
class _Place(Generic[Value]):
    """Where one value is, or is being made.

    Attributes:
        making: Held by the thread that makes it.
        made: The value, once it is there, as the only item.
        given_up: Whether making it has failed; whoever waited for it begins anew.
    """

    making: Lock = field(default_factory=Lock)
    made: list[Value] = field(default_factory=list)
    given_up: bool = False


class OnceEach(Generic[Key, Value]):
    """Values by key, each made by the first who asks for it; only what was made whole is kept.

    Args:
        most: So many are kept, those that were asked for last.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._places: OrderedDict[Key, _Place[Value]] = OrderedDict()
        self._guard = Lock()  # never held while something is made

    def __len__(self) -> int:
        return len(self._places)

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value of this key; `make` is called if it is not there, by one thread only.

        Raises:
            Exception: Whatever `make` raises; the next who asks has it tried again.
        """
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
