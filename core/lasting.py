"""Imports that stay to the end of a process, which the garbage collector need not go through."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def keep() -> None:
    """Keep all that is there now from the collector for good, but for what is garbage already."""
    gc.collect()
    gc.freeze()


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector off during the block, which imports.

    Keras and what it loads are some 400,000 objects. The collector would go through them again and again while they are
    made, and would give back next to nothing: a fifth of the processor time of the import.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@contextmanager
def lasting() -> Iterator[None]:
    """Keep all that is there after the block, which imports, from the collector for good, also at the process' end.

    What is garbage by then is kept, too: to look for it would take longer than most such processes live.
    """
    with uncollected():
        yield
        gc.freeze()
