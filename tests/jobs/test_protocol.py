"""Who is heard on a connection and who is not, and the file that says where and with what."""

from __future__ import annotations

import json
import pickle
import socket
import stat
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.connection import Connection

import pytest

from core.jobs import protocol
from core.jobs.protocol import Address
from core.settings import Settings

PATIENCE = 20.0


@contextmanager
def engine(patience: float = PATIENCE, answer: bytes = b"{}") -> Iterator[tuple[Address, Future[bytes]]]:
    """An engine's end of one connection; what it has heard there."""
    with socket.create_server((protocol.LOOPBACK, 0)) as server, ThreadPoolExecutor(1) as thread:
        address = Address("here", server.getsockname()[1], "secret")

        def meet() -> bytes:
            with protocol.accepted(server.accept()[0]) as connection:
                heard = protocol.receive(connection, address, patience)
                protocol.reply(connection, answer, patience)
                return heard

        yield address, thread.submit(meet)


@contextmanager
def listener(meet: Callable[[Iterator[socket.socket]], None]) -> Iterator[Address]:
    """Somebody else on the engine's port."""
    with socket.create_server((protocol.LOOPBACK, 0)) as server:
        thread = threading.Thread(target=meet, args=(iter(lambda: server.accept()[0], None),))
        thread.start()
        yield Address("here", server.getsockname()[1], "secret")
        thread.join()


def test_what_is_asked_is_heard_and_answered() -> None:
    with engine(answer=b"x" * 1_000_000) as (address, heard):
        assert protocol.exchange(address, b'{"a b": 1}', PATIENCE) == b"x" * 1_000_000
        assert heard.result() == b'{"a b": 1}'


def test_who_has_another_secret_is_not_heard() -> None:
    with engine() as (address, heard):
        with pytest.raises(ValueError, match="does not know the secret"):
            protocol.exchange(replace(address, secret="another"), b"{}", PATIENCE)
        with pytest.raises(ValueError, match="does not know the secret"):
            heard.result()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x00\x00\x00\x02{}",
        b"\xff" * 300,
        bytes(300),
    ],
)
def test_what_is_no_proof_is_not_heard(content: bytes) -> None:
    with engine() as (address, heard):
        with socket.create_connection((protocol.LOOPBACK, address.port)) as connection:
            connection.sendall(content)
        with pytest.raises((OSError, ValueError)):
            heard.result()


def test_a_proof_cannot_be_given_again_on_another_connection() -> None:
    proofs: list[bytes] = []
    for _ in range(2):
        with engine() as (address, heard):
            with socket.create_connection((protocol.LOOPBACK, address.port)) as client:
                connection = Connection(client.detach())
                challenge = connection.recv_bytes(256)
                proofs.append(proof(challenge, address))
                connection.send_bytes(proofs[0])  # the second time it is one that was overheard
                assert connection.recv_bytes(256) == (b"#WELCOME#" if len(proofs) == 1 else b"#FAILURE#")
                connection.close()
            with pytest.raises((OSError, ValueError)):
                heard.result()


def proof(challenge: bytes, address: Address) -> bytes:
    """What one who asks answers to an engine's challenge."""
    ours, theirs = (Connection(end.detach()) for end in socket.socketpair())
    with ours, theirs, ThreadPoolExecutor(1) as thread:
        theirs.send_bytes(challenge)
        answering = thread.submit(protocol.answer_challenge, ours, address.key("question"))
        found = theirs.recv_bytes(256)
        theirs.send_bytes(b"#WELCOME#")
        answering.result()
    return found


def test_a_proof_cannot_be_sent_back_to_where_it_came_from() -> None:
    def relay(clients: Iterator[socket.socket]) -> None:
        first, second = (Connection(next(clients).detach()) for _ in range(2))
        with first, second, suppress(OSError, EOFError):
            first.send_bytes(b"#CHALLENGE#" + bytes(20))
            first.recv_bytes(256)
            first.send_bytes(b"#WELCOME#")
            second.send_bytes(first.recv_bytes(256))  # what the first wants proved, the second shall prove
            first.send_bytes(second.recv_bytes(256))
            second.send_bytes(b"#WELCOME#")
            first.recv_bytes(256)
            first.send_bytes(b"believed")

    with listener(relay) as address, ThreadPoolExecutor(2) as pages:
        asked = [pages.submit(protocol.exchange, address, b"{}", PATIENCE) for _ in range(2)]
        assert {type(one.exception()) for one in asked} <= {ValueError, ConnectionError}
        assert all(one.exception() is not None for one in asked)


def test_what_is_too_long_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with engine() as (address, heard):
        with pytest.raises(OSError):  # noqa: PT011
            protocol.exchange(address, b"x" * (protocol.LONGEST_QUESTION + 1), PATIENCE)
        with pytest.raises(ValueError, match="too long"):
            heard.result()
    monkeypatch.setattr(protocol, "LONGEST_ANSWER", 100)
    with (
        engine(answer=b"x" * 101) as (address, _),
        pytest.raises(ValueError, match="too long"),
    ):
        protocol.exchange(address, b"{}", PATIENCE)


def test_a_pickle_is_only_bytes() -> None:
    class Evil:
        def __reduce__(self) -> object:
            return (pytest.fail, ("a pickle was executed",))

    content = pickle.dumps(Evil())
    with engine(answer=content) as (address, heard):
        assert protocol.exchange(address, content, PATIENCE) == content
        assert heard.result() == content


@pytest.mark.parametrize("silent", [True, False], ids=["silent", "slow"])
def test_nobody_is_waited_for_long(silent: bool) -> None:
    with (
        engine(patience=0.3) as (address, heard),
        socket.create_connection((protocol.LOOPBACK, address.port)) as connection,
    ):
        connection.recv(100)
        connection.sendall(struct.pack("!i", 200))
        while not silent and not heard.done():  # each byte comes in time, all of them never do
            with suppress(ConnectionError):
                connection.sendall(b"x")
            time.sleep(0.05)
        with pytest.raises(TimeoutError):
            heard.result(PATIENCE)

    def stopped(clients: Iterator[socket.socket]) -> None:
        with next(clients) as client:
            client.recv(100)

    with listener(stopped) as address, pytest.raises(TimeoutError):
        protocol.exchange(address, b"{}", 0.1)


def test_the_address_is_for_its_owner_only(settings: Settings) -> None:
    assert protocol.read_address(settings.home) is None
    first = protocol.write_address(settings.home, 5)
    second = protocol.write_address(settings.home, 6)
    assert first.secret != second.secret
    assert protocol.read_address(settings.home) == second
    if sys.platform != "win32":
        assert stat.S_IMODE((settings.home / "answers.json").stat().st_mode) == 0o600
    protocol.remove_address(settings.home)
    protocol.remove_address(settings.home)
    assert protocol.read_address(settings.home) is None


def test_a_spoiled_address_and_one_of_another_computer_are_none(settings: Settings) -> None:
    path = settings.home / "answers.json"
    for content in (
        "",
        "{}",
        "[]",
        '{"computer": "elsewhere", "port": 5, "secret": "x"}',
        json.dumps({"port": "x"}),
    ):
        path.write_text(content)
        assert protocol.read_address(settings.home) is None
