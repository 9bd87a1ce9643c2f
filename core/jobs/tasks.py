"""What a worker process does with a run or a question. Keras is imported only when it is called."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from core.errors import JobError, StorageError, TurningPointError, UnknownRunError
from core.inference.kept import OnceEach
from core.inference.request import ErrorResponse, answer_to_json, request_from_json
from core.jobs.worker_groups import WorkerGroup
from core.settings import PREFIX, Settings
from core.storage import beating, open_store, patiently
from core.storage.probe import ProbeFiles
from core.training.recorders import TimeLimit

if TYPE_CHECKING:
    from core.inference.service import InferenceService

logger = logging.getLogger(__name__)

#: One, as long as the engine's settings are the same; nobody waits for one that is there.
_services: OnceEach[tuple[tuple[str, str], ...], InferenceService] = OnceEach(1)


def run_task(run: str, environment: Mapping[str, str]) -> None:
    """Carry out a run that was claimed, with a store of this process's own; StorageError if that cannot be used.

    What the worker's own environment says goes before the engine's settings (`Settings.to_environment`): on another
    computer the same folders may have other names.
    """
    settings = _settings_here(environment)
    if settings.scheduler is None:
        settings.expect_home()  # a worker elsewhere may have a home of its own
    store = patiently(lambda: open_store(settings))
    try:
        if "pid" in patiently(lambda: store.get(run)).environment:
            return  # Begun before, by a worker that has died: a run is never begun twice.
        patiently(lambda: store.record_environment(run, where()))
        with beating(store, run):
            from core.training.execute import execute
            from core.training.graphs import kept_graphs

            limit = TimeLimit(settings.page_minutes)
            execute(run, settings, store=store, artifacts=store.artifacts, limit=limit, kept=kept_graphs())
    finally:
        store.close()


def _settings_here(environment: Mapping[str, str]) -> Settings:
    own = {name: value for name, value in os.environ.items() if name.startswith(PREFIX) and value}
    return Settings.from_environment({**environment, **own})


def probe_task(
    run: str, name: str, token: str, environment: Mapping[str, str]
) -> tuple[str, Mapping[str, Any]]:
    """See whether this worker, on a computer elsewhere, has what its engine has; ("", {}) or what is wrong.

    Args:
        run: One that must be known here; "" to look only whether the database answers.
        name: Of the probe among the artifacts, which must hold the token.
        environment: As for `run_task`.

    Returns:
        Code and details of a `JobError` but for the worker.
    """
    settings = _settings_here(environment)
    try:
        probes = ProbeFiles(settings.artifacts)
        if probes.read(name) != token.encode():
            return "worker_other_artifacts", {"folder": settings.artifacts}
        own = f"{name}-{secrets.token_hex(8)}"
        probes.leave(own, b"")
        probes.remove(own)
    except StorageError as error:
        return "worker_no_artifacts", {"reason": str(error)}
    try:
        with closing(open_store(settings)) as store:
            if run:
                store.get(run)
    except UnknownRunError:
        return "worker_other_database", {"database": store.name}
    except StorageError as error:
        return "worker_no_database", {"reason": str(error)}
    return "", {}


def where() -> dict[str, Any]:
    """Where a run is, for its environment: the dispatcher finds its worker by it."""
    from distributed import get_worker

    worker = get_worker()
    group = WorkerGroup.of(worker.address, {"resources": worker.state.total_resources, "nanny": worker.nanny})
    return {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "worker": worker.address,
        "group": group.name,
    }


def answer_task(question: bytes, environment: Mapping[str, str]) -> bytes:
    """Answer a question of `request_to_json` by `answer_to_json`; whatever goes wrong is an answer too."""
    return answer_to_json(_answer(question, environment))


def _answer(question: bytes, environment: Mapping[str, str]) -> object:
    try:
        return _service(environment).answer(request_from_json(question))
    except TurningPointError as error:
        return ErrorResponse.of(error)
    # The process must go on and whoever asks be told; the log has the traceback.
    except Exception:
        logger.exception("A question could not be answered.")
        return ErrorResponse.of(JobError("answers_failed"))


def _service(environment: Mapping[str, str]) -> InferenceService:
    def make() -> InferenceService:
        settings = Settings.from_environment(environment)
        settings.expect_home()
        from core.inference.service import InferenceService

        store = open_store(settings)
        return InferenceService(settings, store=store, artifacts=store.artifacts)

    return _services.get(tuple(sorted(environment.items())), make)
