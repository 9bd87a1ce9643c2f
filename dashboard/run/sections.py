"""The sections of the run page, in their order. A new one is a folder beside this file, and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.run import Run
from dashboard.run import details
from dashboard.run.confidence.section import show_confidence
from dashboard.run.evidence.section import show_evidence
from dashboard.run.inside.section import show_inside
from dashboard.run.look_back.section import show_look_back
from dashboard.run.test_result.section import show_test_result
from dashboard.shared.language import Language


def _always(run: Run) -> bool:
    return True


def _has_epochs(run: Run) -> bool:
    return bool(run.epochs)


@dataclass(frozen=True)
class Section:
    """A tab of the page of a run that is over.

    Attributes:
        title: The key of what the tab is called.
        show: Lays it out; called only while it is open.
        is_available: Whether there is anything in it for a run.
    """

    title: str
    show: Callable[[Run, Language], None]
    is_available: Callable[[Run], bool] = _always


SECTIONS = (
    Section("run.tab.mistakes", show_test_result, lambda run: run.evaluation is not None),
    Section("run.tab.turning", show_evidence, _has_epochs),
    Section("run.tab.confidence", show_confidence, _has_epochs),
    Section("run.tab.lookback", show_look_back, _has_epochs),
    Section("run.tab.inside", show_inside, _has_epochs),
    Section("run.tab.epochs", details.show_epochs, _has_epochs),
    Section("run.tab.network", details.show_network),
    Section("run.tab.code", details.show_code),
    Section("run.tab.settings", details.show_settings),
)


def show_sections(run: Run, t: Language) -> None:
    """A tab for each section; only what is open is worked out."""
    shown = [section for section in SECTIONS if section.is_available(run)]
    tabs = st.tabs([t(section.title) for section in shown], key="run-tabs", on_change="rerun")
    for section, tab in zip(shown, tabs, strict=True):
        if tab.open:
            with tab:
                section.show(run, t)
