"""Which networks the try page offers."""

from __future__ import annotations

import streamlit as st

from core.run import RunState, RunSummary
from core.storage import Store
from dashboard.shared.samples.text_place import ROW
from dashboard.shared.viewer import COMMAND_LINE

BEGIN_WITH = ("digits-first-network", "mini-reviews")
"""The presets for whoever has no network yet: they need no download and learn in seconds."""

_MOST = 12
_LOOK_AT = 200


def offered(store: Store, owner: str) -> list[RunSummary]:
    """The last evaluated networks of a browser and of the command line, newest first."""
    runs = [
        run
        for each in dict.fromkeys((owner, COMMAND_LINE))
        for run in store.summaries(owner=each, states=(RunState.FINISHED, RunState.STOPPED), limit=_LOOK_AT)
        if run.test_accuracy is not None
    ]
    return sorted(runs, key=lambda run: run.created, reverse=True)[:_MOST]


def open_run(run_id: str) -> None:
    """Ask the network of a run, or with "" choose another one; for buttons."""
    st.query_params.pop(ROW, None)
    if run_id:
        st.query_params["run"] = run_id
    else:
        st.query_params.pop("run", None)
