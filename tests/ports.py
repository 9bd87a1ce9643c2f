"""Ports of this computer for servers that are started in a moment, or end and come back."""

from __future__ import annotations

import random
import socket

# Below the ports from which a system takes those of its connections (32768 and more on Linux, 49152 elsewhere): one of
# these could be lost to any connection before its server has begun, or while it is away. The seed of `random` is the
# same in all processes of the tests, what the system draws is not.
_PORTS = range(20_000, 32_768)
_draws = random.SystemRandom()
_given: set[int] = set()


def free_port() -> int:
    """A port of loopback that nobody listens on, and that was not given before."""
    while True:
        port = _draws.choice(_PORTS)
        if port in _given:
            continue
        _given.add(port)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:  # taken
            continue
