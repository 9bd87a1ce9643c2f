"""What pages say of recorded runs, which have figures but no network, and how one gets a run of one's own."""

from __future__ import annotations

from datetime import UTC

import streamlit as st

from core import recorded
from core.datasets import availability
from core.run import Run
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.missing_data import offer_data
from dashboard.shared.training import start_once
from dashboard.shared.trouble import told
from dashboard.shared.url_state import RUN

_VERSIONS = ("keras", "tensorflow", "python")


def provenance(run: Run, t: Language) -> str:
    """When a recorded run was trained and with what: "Recorded on 2026-11-28 with Keras 3.15.0, ..."."""
    keras, tensorflow, python = (str(run.environment.get(name, "?")) for name in _VERSIONS)
    return t(
        "recorded.provenance",
        date=recorded_on(run),
        keras=keras,
        tensorflow=tensorflow,
        python=python,
        machine=str(run.environment.get("machine", "?")),
        processors=int(run.environment.get("processors", 1)),
    )


def recorded_on(run: Run) -> str:
    """The day on which a run was trained, in UTC: "2026-11-28"."""
    return run.created.astimezone(UTC).strftime("%Y-%m-%d")


def can_be_trained(run: Run) -> bool:
    """Whether what follows from a run can be trained at once.

    Any run's can but on own data that are private or gone, a recorded one's where its data are.
    """
    if not recorded.is_recorded(run.id):
        return services.data_refusal(run.experiment.dataset) is None
    return availability(run.experiment.dataset, services.settings()).here


def show_recorded(run: Run, t: Language) -> None:
    """Under the heading of a recorded run: what it is, what it cannot do, and the way to a run of one's own.

    Nothing for any other run.
    """
    if not recorded.is_recorded(run.id):
        return
    st.markdown(f":blue-badge[:material/history: {t('recorded.badge')}] {provenance(run, t)}")
    if can_be_trained(run):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(t("recorded.about"), width="stretch")
            if st.button(t("recorded.train"), key="recorded-train", icon=":material/play_arrow:"):
                _train(run, t)
    else:
        offer_data(run.experiment.dataset, t, said="recorded.no_data")


def _train(run: Run, t: Language) -> None:
    with told(t):
        own = start_once(services.store(), run.experiment, by=services.viewer(), preset=run.preset)
        RUN.set(own)
        st.rerun()
