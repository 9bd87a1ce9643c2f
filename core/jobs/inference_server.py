"""The engine's side of quick questions: takes them from web servers and has one worker process answer them."""

from __future__ import annotations

import asyncio
import logging
import socket
import uuid
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from threading import Thread
from typing import Any

from distributed import Client, Future

from core.errors import JobError
from core.inference.request import ErrorResponse, answer_to_json
from core.jobs import protocol
from core.jobs.cluster import ANSWERS
from core.jobs.tasks import answer_task
from core.jobs.turns import Turns
from core.settings import Settings

_log = logging.getLogger(__name__)

MOST_WAITING = 20
"""So many questions may be under way; further ones are refused at once."""

_LISTEN = 5.0  # seconds that a question may take to arrive
_LOOK = 0.5
_LONGEST = 30.0
"""Seconds after which the worker process is taken for stuck and started anew; no question takes so long."""
_RESTART = 10.0
_RETURN = 8.0  # seconds to wait for a worker process that is just being started


class InferenceServer:
    """Listens on loopback as long as it is open (`async with`), and says in the home folder where.

    The client is an asynchronous one of the cluster that has the worker for questions; `want` is called with each
    question, and brings that worker if it is not there. With `turns` the one worker of a small machine answers.
    """

    def __init__(
        self,
        client: Client,
        settings: Settings,
        want: Callable[[], object] = lambda: None,
        turns: Turns | None = None,
    ) -> None:
        self._client = client
        self._want = want
        self._turns = turns
        self._home = settings.home
        self._environment = settings.to_environment()
        self._waiting = 0

    async def __aenter__(self) -> InferenceServer:
        self._socket = socket.create_server((protocol.LOOPBACK, 0))
        self._socket.setblocking(False)
        self._address = protocol.write_address(self._home, self._socket.getsockname()[1])
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *exception: object) -> None:
        if protocol.read_address(self._home) == self._address:
            with suppress(OSError):  # whoever asks finds nobody there
                protocol.remove_address(self._home)
        self._listening.cancel()
        await asyncio.wait((self._listening,))
        self._socket.close()

    async def _listen(self) -> None:
        """Take each connection in a thread of its own: who is slow or silent holds up nobody else."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                connected, _ = await loop.sock_accept(self._socket)
                Thread(target=self._meet, args=(connected, loop), daemon=True).start()
            except (OSError, RuntimeError):  # no more files or threads
                _log.exception("A question could not be taken; trying again.")
                await asyncio.sleep(_LOOK)

    def _meet(self, connected: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
        """One connection: hear one question, answer it."""
        try:
            with protocol.accepted(connected) as connection:
                question = protocol.receive(connection, self._address, _LISTEN)
                answer = asyncio.run_coroutine_threadsafe(self._answer(question), loop).result()
                protocol.reply(connection, answer, _LISTEN)
        except (OSError, ValueError, CancelledError):
            # Somebody else, or somebody who has gone, or this server ends; there is no one to tell.
            _log.info("A connection to the server for questions came to nothing.", exc_info=True)

    async def _answer(self, question: bytes) -> bytes:
        if self._waiting >= MOST_WAITING:
            return _refused(JobError("answers_busy", received=self._waiting))
        self._waiting += 1
        try:
            if self._turns is None:
                return await self._ask_worker(question)
            async with self._turns.answering():
                return await self._ask_worker(question)
        except JobError as error:
            return _refused(error)
        finally:
            self._waiting -= 1

    async def _ask_worker(self, question: bytes) -> bytes:
        self._want()
        worker = await self._worker()
        if worker is None:
            return _refused(JobError("answers_starting"))
        future = self._client.submit(
            answer_task,
            question,
            self._environment,
            key=f"answer-{uuid.uuid4().hex}",
            workers=[worker],
            allow_other_workers=False,
            pure=False,
            retries=0,
        )
        try:
            answer = await self._outcome(future, worker)
            return _refused(JobError("answers_failed")) if answer is None else answer
        finally:
            future.release()

    async def _outcome(self, future: Future, worker: str) -> bytes | None:
        """What the worker answers; None if it fails, has gone or does not come to an end."""
        waiting = asyncio.ensure_future(future.exception())
        end = asyncio.get_running_loop().time() + _LONGEST
        while not (await asyncio.wait((waiting,), timeout=_LOOK))[0]:
            if asyncio.get_running_loop().time() > end:
                _log.error("A question was not answered for %.0f s; its process is started anew.", _LONGEST)
                waiting.cancel()
                await self._restart(worker)
                return None
            if await self._worker_now() != worker:  # it has gone, perhaps before the question reached it
                break
        await asyncio.wait((waiting,), timeout=_LOOK)
        if not waiting.done() or waiting.cancelled() or future.cancelled() or waiting.exception():
            waiting.cancel()
            return None
        error = waiting.result()
        if error is not None:
            _log.error("A question was not answered: %s", error)
            return None
        answer: bytes = await future.result()
        return answer

    async def _restart(self, worker: str) -> None:
        with suppress(OSError, TimeoutError, ValueError, KeyError):
            await self._client.restart_workers([worker], timeout=_RESTART, raise_for_error=False)

    async def _worker(self) -> str | None:
        """The address of the worker for questions, if need be when it is back."""
        end = asyncio.get_running_loop().time() + _RETURN
        while (worker := await self._worker_now()) is None and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(_LOOK / 5)
        return worker

    async def _worker_now(self) -> str | None:
        identity: dict[str, Any] = await self._client.scheduler.identity(n_workers=-1)
        for address, worker in identity["workers"].items():
            if self._turns is not None or worker["name"] == ANSWERS:
                return str(address)
        return None


def _refused(error: JobError) -> bytes:
    return answer_to_json(ErrorResponse.of(error))
