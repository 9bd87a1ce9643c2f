"""How well does a network read us? A run that the teacher chooses, and what it makes of all that the class drew."""

from __future__ import annotations

import streamlit as st

from core.analysis.other_set import class_places
from core.catalog import dataset_info
from core.classroom import Classroom
from core.presets import PRESET
from core.run import RunState, RunSummary
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.other_set import refusal, show_other_set
from dashboard.shared.page_links import lab_link
from dashboard.shared.run_words import name_of

_OVER = (RunState.FINISHED, RunState.STOPPED)
_LOOK_AT = 200
_BEGIN_WITH = "mnist-three-layers"


def readers(classroom: Classroom, dataset: str, teacher: str) -> list[RunSummary]:
    """The runs of a teacher and of the class whose networks can read a set, the newest first."""
    store, other = services.store(), dataset_info(dataset)
    mine = store.summaries(owner=teacher, states=_OVER, limit=_LOOK_AT)
    theirs = store.summaries(classroom=classroom.code, states=_OVER, limit=_LOOK_AT)
    found = {run.id: run for run in (*mine, *theirs)}
    fit = (
        run
        for run in found.values()
        if not refusal(run)
        and run.test_accuracy is not None
        and class_places(run.experiment.facts, other) is not None
    )
    return sorted(fit, key=lambda run: run.created, reverse=True)


def show_reading(dataset: str, classroom: Classroom, t: Language) -> None:
    """The choice of a run, and what it reads."""
    st.markdown(f"#### {t('other.title')}")
    runs = readers(classroom, dataset, services.owner())
    if not runs:
        st.markdown(t("other.no_run"))
        lab_link(t("other.no_run.lab"), {PRESET: _BEGIN_WITH})
        return
    by_id = {run.id: run for run in runs}
    chosen = st.selectbox(
        t("other.run"),
        [None, *by_id],
        format_func=lambda run: t("other.run.none") if run is None else name_of(by_id[run], t),
        key="drawings-reader",
    )
    if chosen is not None:
        show_other_set(services.store().get(chosen), dataset, t, key="class-other")
