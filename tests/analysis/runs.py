"""Runs as they come out of storage, made by hand where only a few of their fields matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from core.experiment import Experiment
from core.run import Reason, Run, RunState


def stored(name: str, experiment: Experiment, **changes: Any) -> Run:
    """A run, finished without epochs and evaluation but for what is given by the names of its fields."""
    found = Run(
        id=name,
        experiment=experiment,
        state=RunState.FINISHED,
        reason=Reason("all_epochs", {"epochs": experiment.epochs}),
        title="",
        preset="",
        owner="x",
        continues="",
        created=datetime.now(UTC),
        started=None,
        ended=None,
    )
    return replace(found, **changes)
