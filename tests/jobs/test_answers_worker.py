"""When the process for questions is there: from the first question until nobody has asked for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from typing import Any, cast

import pytest
from distributed import Nanny
from distributed.core import Status

from core.jobs import answers_worker
from core.jobs.answers_worker import AnswersWorker


class StandIn:
    """A nanny without a process; the first fails where it `cannot` start."""

    def __init__(self, *, cannot: bool = False) -> None:
        self.status, self.process, self._cannot = Status.init, None, cannot

    def __await__(self) -> Generator[Any, None, None]:
        return self._start().__await__()

    async def _start(self) -> None:
        await asyncio.sleep(0)
        if self._cannot:
            raise RuntimeError("no memory")
        self.status = Status.running

    async def close(self) -> None:
        self.status = Status.closed


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not so():
            await asyncio.sleep(0.001)


def test_it_comes_with_a_question_and_goes_when_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers_worker, "_LOOK", 0.001)
    made: list[StandIn] = []

    def new() -> Nanny:
        made.append(StandIn(cannot=not made))
        return cast(Nanny, made[-1])

    def running() -> bool:
        return made[-1].status is Status.running

    async def scene() -> None:
        worker = AnswersWorker(new)
        minding = asyncio.create_task(worker.mind())
        await asyncio.sleep(0.01)
        assert not made
        worker.want()
        await until(lambda: bool(made) and made[0].status is Status.closed)  # it could not be started
        assert worker.nannies == []
        for _ in range(3):
            worker.want()
        await until(running)
        worker.want()
        await asyncio.sleep(0.01)
        assert len(made) == 2
        made[1].status = Status.failed  # it has given up
        await until(lambda: not worker.nannies)
        worker.want()
        await until(running)
        assert len(made) == 3
        minding.cancel()
        minding = asyncio.create_task(worker.mind(idle=0.0))
        await until(lambda: made[2].status is Status.closed)
        assert worker.nannies == []
        minding.cancel()

    asyncio.run(scene())
