"""Links to other pages: to a run, to a few of them one a line, to the lab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.run import RunSummary
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import name_of


def run_link(run: str, label: str, *, icon: str = "show_chart") -> None:
    """A link to the page of the run of this id; `icon` by its name among Material's."""
    st.page_link("run/page.py", label=label, icon=f":material/{icon}:", query_params={"run": run})


def lab_link(label: str, parameters: Mapping[str, str] | None = None) -> None:
    """A link to the lab, with what its address says."""
    st.page_link("lab/page.py", label=label, icon=":material/science:", query_params=parameters)


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
