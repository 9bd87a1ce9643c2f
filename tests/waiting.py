"""Waiting for what other processes do. On a busy machine they have time for as long as anything of it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable

from core.run import Run, RunState
from core.storage import Store

#: Seconds in which something must happen. Trainings give way to everything, so that a short one beside busy
#: neighbours may take minutes.
LONG = 240.0


def until(condition: Callable[[], object], told: Callable[[], str] = str) -> None:
    """Wait for a condition; `told` gives the words for the case that it never comes true."""
    deadline = time.monotonic() + LONG
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {LONG:.0f} s in vain; {told()}")
        time.sleep(0.05)


def run_over(store: Store, run: str, told: Callable[[], str] = str) -> Run:
    """The run once it is over."""
    return _moved(store, run, lambda seen: seen.state.is_over, told)


def run_learning(store: Store, run: str, epochs: int = 1, told: Callable[[], str] = str) -> Run:
    """The run once so many epochs are recorded; it must still be under way."""
    seen = _moved(store, run, lambda seen: len(seen.epochs) >= epochs or seen.state.is_over, told)
    assert seen.state is RunState.RUNNING, seen.reason
    return seen


def _moved(store: Store, run: str, enough: Callable[[Run], bool], told: Callable[[], str]) -> Run:
    def progress() -> tuple[RunState, int | None, int]:
        seen = store.get(run)
        return seen.state, seen.position, len(seen.epochs)

    while not enough(seen := store.get(run)):
        until(lambda: progress() != (seen.state, seen.position, len(seen.epochs)), told)
    return seen
