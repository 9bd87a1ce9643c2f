"""Coroutines in tests that are no coroutines themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def run_apart(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """What a coroutine gives, run in a thread of its own.

    Where browser tests ran before in the same process, Playwright has a loop in the main one.
    """
    thread = ThreadPoolExecutor(1)
    try:
        return thread.submit(asyncio.run, coroutine).result()
    finally:
        thread.shutdown(wait=False)  # one that hangs must not hold up the test that is ended for it
