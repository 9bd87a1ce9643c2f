"""Links to the pages of runs: of one, and of a few, one a line."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.run import RunSummary
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import name_of


def run_link(run: str, label: str, *, icon: str = "show_chart") -> None:
    """A link to the page of the run of this id; `icon` by its name among Material's."""
    st.page_link("run/page.py", label=label, icon=f":material/{icon}:", query_params={"run": run})


def show_run_links(runs: Sequence[RunSummary], t: Language) -> None:
    """What each is called, its state and how many epochs it has."""
    for run in runs:
        label = t(
            "runs.line",
            name=escaped(name_of(run, t)),
            state=t(f"state.{run.state.value}"),
            epochs=run.epochs_done,
        )
        run_link(run.id, label)
