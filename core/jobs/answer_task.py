"""What the worker process for questions does with one question. Keras is imported only when it is called."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from core.answers.once import OnceEach
from core.answers.questions import Answer, Refusal, answer_to_json, question_from_json
from core.errors import JobError, TurningPointError
from core.settings import Settings
from core.storage import Artifacts, open_store

if TYPE_CHECKING:
    from core.answers.answering import Answering

logger = logging.getLogger(__name__)

#: One, as long as the engine's settings are the same; nobody waits for one that is there.
_opened: OnceEach[tuple[tuple[str, str], ...], Answering] = OnceEach(1)


def answer_task(question: bytes, environment: Mapping[str, str]) -> bytes:
    """Answer a question; whatever goes wrong is an answer too.

    Args:
        question: As `question_to_json` writes it.
        environment: The engine's settings (`Settings.to_environment`).

    Returns:
        An answer or a refusal, as `answer_to_json` writes it.
    """
    return answer_to_json(_answer(question, environment))


def _answer(question: bytes, environment: Mapping[str, str]) -> Answer | Refusal:
    try:
        return _answering(environment).answer(question_from_json(question))
    except TurningPointError as error:
        return Refusal.of(error)
    # The process must go on and whoever asks be told; the log has the traceback.
    except Exception:
        logger.exception("A question could not be answered.")
        return Refusal.of(JobError("answers_failed"))


def _answering(environment: Mapping[str, str]) -> Answering:
    return _opened.get(tuple(sorted(environment.items())), lambda: _open(environment))


def _open(environment: Mapping[str, str]) -> Answering:
    from core.answers.answering import Answering

    settings = Settings.from_environment(environment)
    settings.expect_home()
    return Answering(settings, store=open_store(settings), artifacts=Artifacts(settings.artifacts))
