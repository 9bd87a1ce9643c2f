"""The web side of quick questions: ask the engine, wait for the answer. Needs neither Dask nor Keras."""

from __future__ import annotations

import socket
import time

from core.errors import JobError
from core.inference.request import AnswerT, ErrorResponse, InferenceRequest, answer_from_json, request_to_json
from core.jobs import protocol
from core.jobs.status import LIVING, engine_status
from core.settings import Settings

PATIENCE = 10.0
"""Seconds to wait for an answer."""

_CONNECT = 2.0
_PART = 65_536


def ask(settings: Settings, question: InferenceRequest[AnswerT], patience: float = PATIENCE) -> AnswerT:
    """Ask the engine of a home folder a question about a trained network. Any number of threads may.

    Raises:
        JobError: If there is no engine ("answers_absent"), it is not ready yet ("answers_starting"), too many
            questions wait ("answers_busy"), the answer takes too long ("answers_late"), or the process that should
            answer fails ("answers_failed").
        TurningPointError: What `core.inference.service` raises, with the same code and details.
    """
    question.check()
    address = protocol.read_address(settings.home)
    if address is None:
        raise _not_there(settings)
    content = request_to_json(question)
    try:
        line = _exchange(address, content, time.monotonic() + patience)
        answer = answer_from_json(question, line)
    except TimeoutError:
        raise JobError("answers_late", seconds=f"{patience:g}") from None
    except OSError as error:
        raise _not_there(settings) from error
    except ValueError as error:
        raise JobError("answers_failed") from error
    if isinstance(answer, ErrorResponse):
        raise answer.to_error()
    return answer


def _not_there(settings: Settings) -> JobError:
    waiting = engine_status(settings).state in LIVING
    return JobError("answers_starting" if waiting else "answers_absent")


def _exchange(address: protocol.Address, content: bytes, deadline: float) -> bytes:
    with socket.create_connection(("127.0.0.1", address.port), timeout=_CONNECT) as connection:
        greeting = _line(connection, deadline, 100)
        connection.sendall(protocol.signed(address.secret, greeting, "question", content))
        line = _line(connection, deadline, protocol.LONGEST["answer"])
    return protocol.checked(address.secret, greeting, "answer", line)


def _line(connection: socket.socket, deadline: float, longest: int) -> bytes:
    parts: list[bytes] = []
    while not parts or not parts[-1].endswith(b"\n"):
        connection.settimeout(max(0.001, deadline - time.monotonic()))
        part = connection.recv(_PART)
        if not part:
            raise ConnectionError("the engine has closed the connection")
        parts.append(part)
        if sum(map(len, parts)) > longest:
            raise ValueError("the answer is too long")
    return b"".join(parts)
