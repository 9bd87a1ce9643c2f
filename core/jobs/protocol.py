"""How a question reaches the engine: one message of JSON each way over a loopback connection of `multiprocessing`.

Each side has the other prove first that it knows the secret, which lies in a file that its owner alone may read and
never goes over the connection. The proofs of the two sides differ, so that nobody can hand one's own back to it.
Contents are JSON, checked against the records of `core.inference.kinds`: nothing that is received can run.

`multiprocessing.connection.Client` and `Listener` would wait for ever for whoever is silent, one after the other. So
connections are opened and accepted here, and whatever happens on them has to happen in time.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Literal

from core.jobs.processes import this_computer

LOOPBACK = "127.0.0.1"
_NAME = "answers.json"
_CONNECT = 2.0

#: The longest messages, in bytes: 64 images of 64 x 64 pixels in colours, their numbers written out (a text of 20,000
#: characters takes less); the answer to a text with effects on 46 topics.
LONGEST_QUESTION, LONGEST_ANSWER = 3_300_000, 16_000_000


def exchange(address: Address, question: bytes, patience: float) -> bytes:
    """The engine's answer to a question.

    Raises:
        TimeoutError: If it does not come within `patience` seconds.
        OSError: If nobody listens, or the connection is closed.
        ValueError: If it is not the engine that listens, or its answer is too long.
    """
    with (
        socket.create_connection((LOOPBACK, address.port), timeout=min(_CONNECT, patience)) as connected,
        _connection(connected) as connection,
        _in_time(connection, patience),
    ):
        answer_challenge(connection, address.key("question"))
        deliver_challenge(connection, address.key("answer"))
        connection.send_bytes(question)
        return _message(connection, LONGEST_ANSWER)


@contextmanager
def accepted(connected: socket.socket) -> Iterator[Connection]:
    """The engine's end of a connection, which it closes at last."""
    with connected, _connection(connected) as connection:
        yield connection


def receive(connection: Connection, address: Address, patience: float) -> bytes:
    """The question on a connection that was accepted; it raises the same as `exchange`."""
    with _in_time(connection, patience):
        deliver_challenge(connection, address.key("question"))
        answer_challenge(connection, address.key("answer"))
        return _message(connection, LONGEST_QUESTION)


def reply(connection: Connection, answer: bytes, patience: float) -> None:
    """Answer the question; it raises the same as `exchange`."""
    with _in_time(connection, patience):
        connection.send_bytes(answer)


def _connection(connected: socket.socket) -> Connection:
    connected.settimeout(None)
    # The last proof and the question are two messages in a row: the second would wait for the first to be confirmed.
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Connection(connected.detach())


def _message(connection: Connection, longest: int) -> bytes:
    """What comes next, if it is not too long: then nothing of it is read."""
    try:
        return connection.recv_bytes(longest)
    except OSError as error:
        if not connection.readable:  # which is what becomes of it then
            raise ValueError("the message is too long") from error
        raise


@contextmanager
def _in_time(connection: Connection, seconds: float) -> Iterator[None]:
    """What is done on a connection, and what the library says of it as errors of ours."""
    late = threading.Event()
    with socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM) as end:

        def give_up() -> None:
            late.set()
            with suppress(OSError):  # it is over just now
                end.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(seconds, give_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, EOFError) as error:
            if late.is_set():
                raise TimeoutError("the other side takes too long") from error
            raise ConnectionError("the other side has closed the connection") from error
        except (AuthenticationError, AssertionError) as error:  # the latter for what is no proof at all
            raise ValueError("the other side does not know the secret of this home") from error
        finally:
            timer.cancel()


@dataclass(frozen=True)
class Address:
    """Where the engine of a home listens: on the loopback of a computer (`this_computer`) only."""

    computer: str
    port: int
    secret: str

    def key(self, of: Literal["question", "answer"]) -> bytes:
        """What whoever asks, or answers, has to know."""
        return f"{of} {self.secret}".encode()


def read_address(home: Path) -> Address | None:
    """Where the engine of a home folder listens; None if it does not, or on another computer."""
    try:
        said = json.loads((home / _NAME).read_text(encoding="utf-8"))
        address = Address(str(said["computer"]), int(said["port"]), str(said["secret"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return address if address.computer == this_computer() else None


def write_address(home: Path, port: int) -> Address:
    """Say where the engine of a home folder listens, with a new secret, to whoever owns the folder."""
    address = Address(this_computer(), port, secrets.token_urlsafe(32))
    unfinished = home / f"{_NAME}.{os.getpid()}"
    unfinished.unlink(missing_ok=True)
    opener = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opener, "w", encoding="utf-8") as file:
        json.dump(asdict(address), file)
    unfinished.replace(home / _NAME)
    return address


def remove_address(home: Path) -> None:
    """Say that nobody listens any more."""
    (home / _NAME).unlink(missing_ok=True)
