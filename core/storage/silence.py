"""What is said of a run whose heartbeat has stopped, by the name of whoever carried it out."""

from __future__ import annotations

import os
import socket

from core.run import Reason

#: Seconds without a sign of life after which nobody is taken to carry out a run any more.
SILENCE = 60.0

_PROGRAM = "cli"


def program_name() -> str:
    """The name under which this process, a program of the command line, carries out runs."""
    return f"{_PROGRAM}:{socket.gethostname()}:{os.getpid()}"


def reason_of_silence(worker: str) -> Reason:
    """Why a run was interrupted whose worker of this name has fallen silent.

    What else the sentence names, the state, is added by whoever interrupts it.
    """
    kind, _, rest = worker.partition(":")
    host, _, pid = rest.rpartition(":")
    if kind == _PROGRAM and host and pid:
        return Reason("program_died", {"host": host, "seconds": round(SILENCE)})
    return Reason("no_sign_of_life", {"seconds": round(SILENCE)})
