"""The sections of the run page stand in one list."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from core.run import RunState
from core.storage import Store
from dashboard.run import sections
from dashboard.run.sections import SECTIONS, Section
from dashboard.shared.language import language
from tests.dashboard import runs
from tests.dashboard.pages import opened, words

SAY = language("en")

MODULE = """
import streamlit as st

from dashboard.run.sections import Section


def show(run, t):
    st.markdown(f"What is new about {run.id}")


SECTION = Section("product", show, lambda run: len(run.epochs) > 3)
"""


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Section:
    """A section from a module of its own, at the head of the list."""
    (tmp_path / "a_new_section.py").write_text(MODULE, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    section: Section = importlib.import_module("a_new_section").SECTION
    monkeypatch.setattr(sections, "SECTIONS", (section, *SECTIONS))
    return section


def titles(run: str) -> list[str]:
    return [tab.label for tab in opened("run", run=run).tabs]


def test_a_section_is_a_module_and_an_entry_in_the_list(store: Store, added: Section) -> None:
    run = runs.over(store)
    test = opened("run", run=run)
    assert f"What is new about {run}" in words(test)
    assert titles(run) == [
        SAY(section.title) for section in (added, *SECTIONS) if section.title != "run.tab.other"
    ], "no other set has images as small as these"
    short = runs.over(store, RunState.STOPPED, (0.5, 0.4))
    assert SAY("product") not in titles(short)


def test_a_run_without_epochs_has_only_what_was_set(store: Store) -> None:
    run = runs.over(store, RunState.FAILED, ())
    assert titles(run) == [SAY(f"run.tab.{name}") for name in ("network", "code", "settings")]
