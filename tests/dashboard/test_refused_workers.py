"""The first page tells whoever may teach which workers get no runs, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.errors import JobError
from core.jobs.status import MOST_REFUSED, StatusFile
from core.settings import Settings
from dashboard.shared.language import language
from tests.dashboard.pages import opened, run_again, words


def refusals(number: int) -> list[JobError]:
    """That many workers that do not fit, of two kinds in turn."""
    return [
        JobError("worker_silent", worker=f"tcp://10.0.0.{one}:1", seconds=60)
        if one % 2
        else JobError(
            "worker_other_library", worker=f"tcp://10.0.0.{one}:1", name="keras", theirs="3.1", ours="3.15"
        )
        for one in range(number)
    ]


def boxes(test: AppTest, label: str) -> list[Any]:
    return [one for one in test.expander if one.label == label]


@pytest.mark.parametrize("code", ["en", "ko"])
def test_the_first_page_names_the_workers_that_do_not_fit(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    t, status = language(code), StatusFile(settings.home)
    status.say("ready")
    test = opened("", code)
    assert not boxes(test, t("home.workers", count=0))

    few = refusals(2)
    status.refuse(few)
    (box,) = boxes(run_again(test), t("home.workers", count=2))
    assert [one.value for one in box.warning] == [t.error(one) for one in few]

    # Of many only the first are told one by one, but all are counted.
    status.refuse(refusals(MOST_REFUSED + 3))
    (box,) = boxes(run_again(test), t("home.workers", count=MOST_REFUSED + 3))
    assert len(box.warning) == MOST_REFUSED

    # A student hears nothing of it.
    with monkeypatch.context() as away:
        away.setattr("dashboard.shared.teaching.may_teach", lambda _: False)
        assert "10.0.0.0" not in words(run_again(test))

    status.refuse([])
    assert "10.0.0" not in words(run_again(test))
