"""`/compare` chooses runs; `/compare?runs=ID,ID` lays them side by side; `?study=ID` shows all runs of a study."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.run import Run
from dashboard.compare.side_by_side import show_comparison
from dashboard.compare.table import STYLE
from dashboard.compare.verdicts import show_verdicts
from dashboard.shared import services
from dashboard.shared.compare_address import STUDY, Wish, missing, read
from dashboard.shared.compare_choosing import show_pairs
from dashboard.shared.language import Language, Message, session_language
from dashboard.shared.run_list import show_list
from dashboard.study.page import show_studies, show_study


def _choose(t: Language) -> None:
    """The runs to choose from, or two to begin with."""
    st.markdown(t("compare.lead"))
    if services.store().count() < 2:
        st.markdown(t("compare.none"))
        show_pairs(t)
        return
    # Only what is open is worked out.
    runs, studies = st.tabs([t("compare.choose"), t("study.list")], key="compare-tabs", on_change="rerun")
    if runs.open:
        with runs:
            show_list(t, choosing=True)
    if studies.open:
        with studies:
            show_studies(t)


def _compare(wish: Wish, runs: Sequence[Run], t: Language) -> None:
    if len(runs) == 1:
        st.info(t("compare.one"), icon=":material/info:")
    show_comparison(wish, runs, t)
    show_verdicts(runs, wish.base, t)


def show() -> None:
    """Lay out the page."""
    t = session_language()
    st.html(STYLE)
    study = st.query_params.get(STUDY, "")
    if study:
        show_study(study, t)
        return
    st.title(t("page.compare.title"), anchor=False)
    wish, notes = read(st.query_params.to_dict())
    runs = services.store().get_many(wish.runs)
    found = wish.of([run.id for run in runs])
    gone = [run for run in wish.runs if run not in found.runs]
    _say_notes([*notes, *([missing(gone)] if gone else [])], t)
    if runs:
        _compare(found, runs, t)
    else:
        _choose(t)


def _say_notes(notes: Sequence[Message], t: Language) -> None:
    if notes:
        st.warning("\n\n".join(note.said(t) for note in notes), icon=":material/link_off:")


show()
