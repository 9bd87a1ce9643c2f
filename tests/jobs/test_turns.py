"""Whose turn the one worker of a small machine is."""

from __future__ import annotations

import asyncio

import pytest

from core.errors import JobError
from core.jobs import turns as module
from core.jobs.turns import Turns


async def refusal(turns: Turns) -> str:
    try:
        async with turns.answering():
            return ""
    except JobError as error:
        return error.code


def test_trainings_and_questions_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT", 0.01)

    async def scene() -> None:
        turns = Turns()
        async with turns.answering():
            assert turns.busy
            assert not turns.take()
        assert turns.used
        assert turns.take()
        assert turns.take()
        assert await refusal(turns) == "answers_after_training"
        turns.give_back()
        assert not turns.take()  # whoever was refused comes first
        assert await refusal(turns) == ""
        assert turns.take()
        monkeypatch.setattr(module, "WAIT", 10)
        asking = asyncio.create_task(refusal(turns))
        await asyncio.sleep(0)
        turns.give_back()
        assert await asking == ""  # a training that is over soon is waited for
        turns.take()
        monkeypatch.setattr(module, "WAIT", 0.01)
        assert await refusal(turns) == "answers_after_training"
        monkeypatch.setattr(module, "LONGEST", 0.0)
        turns.give_back()
        assert turns.take()  # but nobody holds up the trainings for ever

    asyncio.run(scene())
