"""What the worker process for questions does with one question. Keras is imported only when it is called."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.errors import JobError, TurningPointError
from core.inference.kept import OnceEach
from core.inference.request import ErrorResponse, answer_to_json, request_from_json
from core.settings import Settings
from core.storage import Artifacts, open_store

if TYPE_CHECKING:
    from core.inference.service import InferenceService

logger = logging.getLogger(__name__)

#: One, as long as the engine's settings are the same; nobody waits for one that is there.
_opened: OnceEach[tuple[tuple[str, str], ...], InferenceService] = OnceEach(1)


def answer_task(question: bytes, environment: Mapping[str, str]) -> bytes:
    """Answer a question; whatever goes wrong is an answer too.

    Args:
        question: As `request_to_json` writes it.
        environment: The engine's settings (`Settings.to_environment`).

    Returns:
        An answer or a refusal, as `answer_to_json` writes it.
    """
    return answer_to_json(_answer(question, environment))


def _answer(question: bytes, environment: Mapping[str, str]) -> object:
    try:
        return _answering(environment).answer(request_from_json(question))
    except TurningPointError as error:
        return ErrorResponse.of(error)
    # The process must go on and whoever asks be told; the log has the traceback.
    except Exception:
        logger.exception("A question could not be answered.")
        return ErrorResponse.of(JobError("answers_failed"))


def _answering(environment: Mapping[str, str]) -> InferenceService:
    return _opened.get(tuple(sorted(environment.items())), lambda: _open(environment))


def _open(environment: Mapping[str, str]) -> InferenceService:
    from core.inference.service import InferenceService

    settings = Settings.from_environment(environment)
    settings.expect_home()
    return InferenceService(settings, store=open_store(settings), artifacts=Artifacts(settings.artifacts))
