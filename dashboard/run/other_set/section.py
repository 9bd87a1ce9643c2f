"""How well does the network read others? A set that fits, such as what a class drew, and what comes out."""

from __future__ import annotations

import streamlit as st

from core.analysis.other_set import class_places
from core.catalog import dataset_info
from core.datasets import availability
from core.own_data.choices import SHAPES
from core.run import Run
from dashboard.shared import services
from dashboard.shared.language import Language, session_language
from dashboard.shared.offered_sets import offered_sets, set_words
from dashboard.shared.other_set import refusal, show_other_set


def reads_others(run: Run) -> bool:
    """Whether there can be another set for the network of a run."""
    facts = run.experiment.facts
    return run.evaluation is not None and facts.kind == "image" and facts.shape in SHAPES.values()


def fitting_sets(run: Run) -> tuple[str, ...]:
    """The sets that this reader may use, that are here, and that the network can read."""
    return tuple(
        name
        for name in offered_sets()
        if class_places(run.experiment.facts, dataset_info(name)) is not None
        and availability(name, services.settings()).here
    )


def show_other_sets(run: Run, t: Language) -> None:
    """Lay out the section."""
    st.markdown(t("other.lead"))
    why = refusal(run)
    if why:
        st.info(t(why), icon=":material/lock:")
        return
    _choose(run)


@st.fragment
def _choose(run: Run) -> None:
    t = session_language()
    names = fitting_sets(run)
    if not names:
        st.info(t("other.no_set"), icon=":material/draw:")
        with st.container(horizontal=True):
            st.page_link("data/page.py", label=t("page.data.title"), icon=":material/database:")
            st.page_link("classroom/page.py", label=t("page.class.title"), icon=":material/groups:")
        return
    chosen = st.selectbox(t("other.set"), names, format_func=set_words(names, t), key=f"other-set-{run.id}")
    show_other_set(run, chosen, t, key="other")
