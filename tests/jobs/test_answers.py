"""The web side of questions: what it says where there is no engine, or one that does not behave."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from core.errors import JobError, TextError
from core.inference.kinds.texts import TextRequest
from core.inference.kinds.words import WordsAnswer, WordsRequest
from core.inference.request import ErrorResponse, answer_to_json
from core.jobs import protocol
from core.jobs.inference_client import ask
from core.jobs.status import StatusFile
from core.settings import Settings

QUESTION = WordsRequest("run")


@contextmanager
def engine(
    settings: Settings, answering: Callable[[bytes], bytes | None], secret: str | None = None
) -> Iterator[None]:
    """Something that listens where an engine would, and answers one connection, or closes it without an answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = protocol.write_address(settings.home, server.getsockname()[1])
        if secret is not None:
            address = replace(address, secret=secret)

        def meet() -> None:
            with suppress(OSError, ValueError), protocol.accepted(server.accept()[0]) as connection:
                answer = answering(protocol.receive(connection, address, 10.0))
                if answer is not None:
                    protocol.reply(connection, answer, 10.0)

        thread = threading.Thread(target=meet)
        thread.start()
        yield
        thread.join()


def code(settings: Settings, patience: float = 10.0) -> str:
    with pytest.raises(JobError) as caught:
        ask(settings, QUESTION, patience)
    return caught.value.code


def test_without_an_engine(settings: Settings) -> None:
    assert code(settings) == "answers_absent"
    StatusFile(settings.home).say("starting")
    assert code(settings) == "answers_starting"
    StatusFile(settings.home).say("failed", "no scheduler")
    assert code(settings) == "answers_absent"


def test_an_engine_that_was_killed_leaves_its_address(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        protocol.write_address(settings.home, server.getsockname()[1])
    assert code(settings) == "answers_absent"


def test_an_answer(settings: Settings) -> None:
    def answering(question: bytes) -> bytes:
        assert question == b'{"run":"run","kind":"words"}'
        return answer_to_json(WordsAnswer(0.25))

    with engine(settings, answering):
        assert ask(settings, QUESTION) == WordsAnswer(0.25)


def test_a_refusal(settings: Settings) -> None:
    refusal = answer_to_json(ErrorResponse("JobError", "answers_busy", {"received": 20}))
    with engine(settings, lambda _: refusal):
        assert code(settings) == "answers_busy"


def test_somebody_else_on_the_port_is_not_believed(settings: Settings) -> None:
    with engine(settings, lambda _: answer_to_json(WordsAnswer(1.0)), secret="a guess"):
        assert code(settings) == "answers_failed"
    with engine(settings, lambda _: b"nonsense"):
        assert code(settings) == "answers_failed"


def test_an_engine_that_closes_or_is_late(settings: Settings) -> None:
    with engine(settings, lambda _: None):
        assert code(settings) == "answers_absent"
    done = threading.Event()

    def late(_: bytes) -> None:
        done.wait(10)

    with engine(settings, late):
        assert code(settings, patience=0.05) == "answers_late"
        done.set()


def test_a_text_that_is_too_long_is_not_even_sent(settings: Settings) -> None:
    with pytest.raises(TextError) as caught:
        ask(settings, TextRequest("run", "good " * 20_000))
    assert (caught.value.code, caught.value.details["received"]) == ("text_too_long", 100_000)


def test_asking_loads_neither_dask_nor_keras() -> None:
    heavy = "{'distributed', 'dask', 'keras', 'tensorflow'}"
    kinds = "from core.inference.request import request_types; request_types()"
    loaded = f"import core.jobs.inference_client, sys; {kinds}; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
