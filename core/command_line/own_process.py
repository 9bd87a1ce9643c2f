"""A process for each training: what Keras keeps of one is not there for the next, and one that dies costs only itself.

On Linux they are forked from a server that has imported Keras, once for all trainings of a command. Elsewhere, where
what Keras loads does not survive a fork, each imports it for itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial

from core.run import Reason, RunState
from core.settings import Settings
from core.storage import Store, patiently

LOOK = 0.5
"""Seconds between two calls of `meanwhile`."""
_KERAS = "core.command_line.lasting_keras"


def prepare() -> None:
    """Begin to import Keras for all processes to come, where they can have it in common.

    To be called in the main thread. Ctrl-C, which reaches every process of a terminal, does not end the import.
    """
    # TensorFlow would greet once a process; the server hands its environment on.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if sys.platform != "linux":
        return
    from multiprocessing.forkserver import ensure_running, set_forkserver_preload

    set_forkserver_preload([_KERAS])
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        ensure_running()
    finally:
        signal.signal(signal.SIGINT, previous)


def train_apart(
    train: Callable[[str, Settings], None],
    run: str,
    settings: Settings,
    store: Store,
    *,
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    """Train a run by a function of a module, in a process of its own; of one that dies the run is ended as failed."""
    context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(1, context, _begin) as process:
        training = process.submit(train, run, settings)
        while not wait((training,), timeout=LOOK).done:
            meanwhile()
        try:
            training.result()
        except BrokenProcessPool:  # killed, as by the system where memory is short
            last = len(patiently(partial(store.get, run)).epochs)
            reason = Reason("worker_died", {"epoch": last + 1})
            patiently(partial(store.finish, run, RunState.FAILED, reason))


def _begin() -> None:
    # Ctrl-C reaches every process of the terminal; the first one tells the others by way of storage.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
