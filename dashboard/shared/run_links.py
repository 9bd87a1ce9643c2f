"""A few runs as links to their pages, one a line."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.run import RunSummary
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_words import name_of


def show_run_links(runs: Sequence[RunSummary], t: Language) -> None:
    """What each is called, its state and how many epochs it has."""
    for run in runs:
        label = t(
            "runs.line",
            name=escaped(name_of(run, t)),
            state=t(f"state.{run.state.value}"),
            epochs=run.epochs_done,
        )
        st.page_link("run/page.py", label=label, icon=":material/show_chart:", query_params={"run": run.id})
