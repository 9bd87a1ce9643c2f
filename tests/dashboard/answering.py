"""Networks that were trained for a test, and answers from them without an engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit as st

from core import presets
from core.run import RunState
from core.settings import Settings
from core.storage import Artifacts, open_store
from dashboard.shared import services

OWNER = "student"


def train(home: Path, preset: str, epochs: int) -> tuple[Settings, str]:
    """A home with one run: a preset, trained here for so many epochs."""
    from core.training.execute import execute

    settings = Settings.from_environment({"TURNING_POINT_HOME": str(home)})
    store = open_store(settings)
    experiment = presets.load(preset).with_changes(epochs=epochs)
    run = store.add(experiment, owner=OWNER, preset=preset, worker="test")
    execute(run, settings, store=store, artifacts=Artifacts(settings.artifacts))
    assert store.get(run).state is RunState.FINISHED, store.get(run).reason
    store.close()
    return settings, run


@contextmanager
def answered_here(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pages look at this home, and their questions are answered here instead of by an engine."""
    from core.inference.service import InferenceService

    monkeypatch.setenv("TURNING_POINT_HOME", str(settings.home))
    monkeypatch.setattr(services, "owner", lambda: OWNER)
    answering = InferenceService(settings, store=services.store(), artifacts=services.artifacts())
    monkeypatch.setattr(services, "ask", answering.answer)
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()
