"""The web side of quick questions: ask the engine, wait for the answer. Needs neither Dask nor Keras."""

from __future__ import annotations

from core.errors import JobError
from core.inference.request import (
    AnswerT,
    ErrorResponse,
    InferenceRequest,
    answer_from_json,
    request_to_json,
)
from core.jobs import protocol
from core.jobs.status import LIVING, engine_status
from core.settings import Settings

PATIENCE = 10.0
"""Seconds to wait for an answer."""


def ask(settings: Settings, request: InferenceRequest[AnswerT], patience: float = PATIENCE) -> AnswerT:
    """Ask the engine of a home folder a question about a trained network. Any number of threads may.

    Raises:
        JobError: If there is no engine ("answers_absent"), it is not ready yet ("answers_starting"), too many
            questions wait ("answers_busy"), the answer takes too long ("answers_late"), or the process that should
            answer fails ("answers_failed").
        TurningPointError: What the kind of request raises, with the same code and details.
    """
    request.check()
    address = protocol.read_address(settings.home)
    if address is None:
        raise _not_there(settings)
    try:
        answer = answer_from_json(request, protocol.exchange(address, request_to_json(request), patience))
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
