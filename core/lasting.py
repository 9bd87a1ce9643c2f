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
def lasting() -> Iterator[None]:
    """Keep all that is there after the block, which imports, from the collector for good.

    Keras and what it loads are some 400,000 objects. The collector would go through them again and again while they are
    made, and at the end of the process, and would give back next to nothing: a third of the processor time of a process
    that imports Keras and does little else.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if collects:
            gc.enable()
