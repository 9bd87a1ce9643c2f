"""How long a run may take, handed from the settings to the training."""

from __future__ import annotations

from typing import Any

import pytest

from core import presets
from core.__main__ import main
from core.jobs import tasks
from core.settings import RUN_MINUTES, Settings
from core.storage import open_store
from core.training import execute as executing
from core.training.recorders import TimeLimit


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The minutes that each run was given; none is trained."""
    given: list[float] = []

    def noted(*_: Any, limit: TimeLimit, **__: Any) -> None:
        given.append(limit.minutes)

    monkeypatch.setattr(executing, "execute", noted)
    monkeypatch.setattr(tasks, "where", dict)
    return given


@pytest.mark.parametrize(
    ("said", "page", "command_line"),
    [("", RUN_MINUTES, 0), ("7", 7, 7), ("0", 0, 0)],
    ids=["unset", "7", "0"],
)
def test_a_page_has_a_limit_and_the_command_line_where_it_is_set(
    said: str, page: int, command_line: int, limits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TURNING_POINT_RUN_MINUTES", said)
    settings = Settings.from_environment()
    settings.make_home()
    store = open_store(settings)
    try:
        run = store.add(presets.load(presets.FIRST), owner="ann")
        assert store.start(run, "worker")
        monkeypatch.delenv("TURNING_POINT_RUN_MINUTES")  # another computer, which is told by the engine
        tasks.run_task(run, settings.to_environment())
    finally:
        store.close()
    monkeypatch.setenv("TURNING_POINT_RUN_MINUTES", said)
    main(["train", presets.FIRST])
    assert limits == [page, command_line]


def test_a_time_limit_counts_from_the_first_question() -> None:
    now = 1_000.0
    limit = TimeLimit(2, clock=lambda: now)
    assert not limit.reached()
    now += 119
    assert not limit.reached()
    now += 1
    assert limit.reached()
    assert limit.was_reached
    assert not TimeLimit(0, clock=lambda: now).reached()
