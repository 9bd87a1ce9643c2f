"""Studies as the comparing page shows them: one under way or over, and the list of all."""

from __future__ import annotations

import streamlit as st

from core import presets
from core.errors import UnknownStudyError
from core.study import Plan, Study
from dashboard.shared import run_words, services
from dashboard.shared.alone import Chapter, chart_slides, offer, show_slide, wants_slides
from dashboard.shared.compare_address import STUDY
from dashboard.shared.controls import paginate
from dashboard.shared.ending import delete_study, may_end, stop_study
from dashboard.shared.formats import moment
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.page_links import lab_link
from dashboard.shared.run_list import reader_timezone
from dashboard.shared.training import start_study_once
from dashboard.shared.trouble import told
from dashboard.study import text
from dashboard.study.exported import band_charts, factor_charts, turn_charts
from dashboard.study.opened import OpenedStudy, open_study, progress
from dashboard.study.plan import with_more_seeds
from dashboard.study.results import show_members, show_results
from dashboard.study.take_home import show_study_notes, show_take_home

_REFRESH_SECONDS = 2
_A_PAGE = 10


def show_study(study_id: str, t: Language) -> None:
    """One study: how far it is, and what its runs show together; anybody may have typed its id."""
    st.button(
        t("study.all"),
        key="all-studies",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=_leave,
        args=(t,),
    )
    try:
        opened = open_study(services.store(), study_id)
    except UnknownStudyError:
        st.title(t("study.missing"), anchor=False)
        st.markdown(t("study.missing.about", study=escaped(study_id[:40])))
        return
    if wants_slides():
        show_slide(_chapters(opened, t), t, heading=escaped(text.name_of(opened.study, t)))
        return
    offer(*(chapter.name for chapter in _chapters(opened, t)))
    _heading(opened, t)
    # While something is under way it is looked at every two seconds, and only what is still open.
    moving = opened.progress.open > 0
    st.fragment(_progress, run_every=_REFRESH_SECONDS if moving else None)(opened, t)
    _ended_badly(opened, t)
    show_results(opened, t, under_verdict=lambda: _offer_more(opened, t))
    show_study_notes(opened, t)
    show_members(opened, t)


def _chapters(opened: OpenedStudy, t: Language) -> tuple[Chapter, ...]:
    """What of a study can stand alone."""
    return (
        Chapter("bands", lambda: chart_slides(band_charts(opened, t), t, title=t("study.bands"))),
        Chapter("turns", lambda: chart_slides(turn_charts(opened, t), t, title=t("study.turns"))),
        Chapter("factors", lambda: chart_slides(factor_charts(opened, t), t, title="")),
    )


def _leave(t: Language) -> None:
    """Go back to the list of studies, which is a tab of its page."""
    st.query_params.pop(STUDY, None)
    st.session_state["compare-tabs"] = t("study.list")


def _heading(opened: OpenedStudy, t: Language) -> None:
    study = opened.study
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(escaped(text.name_of(study, t)), anchor=False, width="stretch")
        show_take_home(opened, t)
        if may_end(study.owner):
            with st.popover(t("study.delete"), icon=":material/delete:", type="tertiary"):
                _delete(study, t)
    facts = [moment(study.created, reader_timezone())]
    if study.title:
        facts = [run_words.network_name(study.plan.base, t), text.kind_of(study.plan, t), *facts]
    st.caption(" · ".join(escaped(fact) for fact in facts))
    lab_link(t("run.open_in_lab"), presets.link(study.plan.base))


def _delete(study: Study, t: Language) -> None:
    st.caption(t("study.delete.about"))
    sure = st.checkbox(t("study.delete.sure"), key=f"sure-{study.id}")
    if st.button(t("study.delete"), key="delete-study", icon=":material/delete:", disabled=not sure):
        delete_study(study.id)
        _leave(t)
        st.rerun()


def _progress(opened: OpenedStudy, t: Language) -> None:
    with told(t):
        known = opened.states
        open_runs = [run for run, state in known.items() if not state.is_over]
        if open_runs:
            now = {run.id: run.state for run in services.store().get_many(open_runs)}
            known = {run: now.get(run, state) for run, state in known.items() if state.is_over or run in now}
        found = progress(opened.study, known)
        if found.over != opened.progress.over:
            st.rerun()  # the whole page: another run has something to show
        st.progress(found.over / max(found.total, 1), text=text.progress_said(found, t))
        if not found.open:
            return
        if not may_end(opened.study.owner):
            st.caption(t("study.not_yours"))
        elif st.button(
            t("study.cancel", runs=found.open),
            key="cancel-study",
            icon=":material/stop_circle:",
            help=t("study.cancel.help"),
        ):
            stop_study(opened.study.id)
            st.rerun()


def _ended_badly(opened: OpenedStudy, t: Language) -> None:
    reasons: dict[str, list[str]] = {}
    for member, run in opened.members:
        if run is not None and run_words.ended_badly(run):
            reasons.setdefault(t.reason(run.reason), []).append(text.member_name(opened.plan, member, t))
    if reasons:
        lines = [f"- {escaped('; '.join(names))}: {reason}" for reason, names in reasons.items()]
        st.warning("\n".join([t("study.failed"), "", *lines]), icon=":material/error:")


def _offer_more(opened: OpenedStudy, t: Language) -> None:
    """What a reader would press next: train what is missing, or as many seeds as the verdict needs."""
    if opened.progress.open:
        return
    plan, more = opened.plan, with_more_seeds(opened.plan)
    with st.container(horizontal=True):
        if opened.missing:
            _start_button(opened.study, plan, "study.missing_runs", t, runs=opened.missing)
        if more is not None:
            new = more.size - plan.size
            _start_button(opened.study, more, "study.more_seeds", t, seeds=len(more.seeds), runs=new)


def _start_button(study: Study, plan: Plan, key: str, t: Language, **details: int) -> None:
    """A button that begins a study that follows from this one; what was trained counts in it."""
    icon = ":material/dynamic_feed:"
    if not st.button(t(key, **details), key=key, icon=icon, help=t(f"{key}.help", **details)):
        return
    with told(t, level="warning"):
        st.query_params[STUDY] = start_study_once(
            services.store(), plan, by=services.viewer(), title=study.title
        )
        st.rerun()


# All studies


def show_studies(t: Language) -> None:
    """The list of all studies, newest first, each with how far it is."""
    store = services.store()
    with told(t), paginate(store.count_studies(), _A_PAGE, key="studies-page") as shown:
        found = store.studies(limit=_A_PAGE, offset=shown.start)
        under_way = store.not_over() if found else set()
        for study in found:
            _line(study, sum(run in under_way for run in study.runs), t)
        if not found:
            st.markdown(t("study.list.none"))
            lab_link(t("study.list.lab"))


def _line(study: Study, left: int, t: Language) -> None:
    """A study in the list, with how many of its runs are not over."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch", gap=None):
            st.button(
                f"**{escaped(text.name_of(study, t))}**",
                key=f"open-study-{study.id}",
                type="tertiary",
                on_click=st.query_params.from_dict,
                args=({STUDY: study.id},),
            )
            facts = [
                t(f"option.dataset.{study.plan.base.dataset}"),
                t("study.list.runs", runs=len(study.runs)),
                moment(study.created, reader_timezone()),
            ]
            st.caption(" · ".join(facts))
        if left:
            st.badge(t("study.list.left", runs=left), color="blue")
        else:
            st.badge(t("study.list.over"), color="green")
