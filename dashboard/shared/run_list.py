"""The list of all runs: find, open, rename, delete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from core import recorded
from core.run import ACTIVE, RunState, RunSummary
from dashboard.shared import services
from dashboard.shared.compare_choosing import show_chosen, show_tick
from dashboard.shared.controls import choose, paginate
from dashboard.shared.ending import delete_run, may_end, rename_run
from dashboard.shared.formats import moment
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.offered_sets import offered_sets, set_words
from dashboard.shared.page_links import lab_link
from dashboard.shared.run_words import changes_of, name_of
from dashboard.shared.trouble import told
from dashboard.shared.url_state import RUN

PAGE = 15
_REFRESH_SECONDS = 4
_COLOURS = {
    RunState.QUEUED: "gray",
    RunState.RUNNING: "blue",
    RunState.STOPPING: "orange",
    RunState.FINISHED: "green",
    RunState.STOPPED: "gray",
    RunState.FAILED: "red",
    RunState.INTERRUPTED: "orange",
}


def show_list(t: Language, *, choosing: bool = False) -> None:
    """The runs that fit the filter, newest first, a page at a time; those that are ticked can be compared.

    `choosing`: on the page of comparisons, only to choose from.
    """
    store = services.store()
    if store.count() == 0:
        st.markdown(t("runs.none"))
        lab_link(t("runs.none.lab"))
        show_recorded_list(t, choosing=choosing)
        return
    filters = _filters(t)
    number = store.count(**filters)
    st.caption(t("runs.count", number=number))
    active = ACTIVE.intersection(filters.get("states", ACTIVE))
    moving = bool(active) and store.count(**{**filters, "states": active}) > 0
    rows = st.fragment(_rows, run_every=_REFRESH_SECONDS if moving else None)
    with paginate(number, PAGE, key="runs-page") as shown:
        rows(filters, shown.start, t, choosing=choosing)
    if keep := services.settings().keep_runs:
        st.caption(t("runs.kept", keep=f"{keep:,}"))
    box = st.expander(
        t("runs.recorded.box", number=len(recorded.NAMES)),
        icon=":material/history:",
        key="runs-recorded",
        on_change="rerun",
    )
    if box.open:
        with box:
            _recorded_rows(t, choosing=choosing)


def show_recorded_list(t: Language, *, choosing: bool = False) -> None:
    """The recorded runs where there are no others: to look at, and to compare."""
    st.subheader(t("runs.recorded"), anchor=False)
    show_chosen(t, here=choosing)
    _recorded_rows(t, choosing=choosing)


def _recorded_rows(t: Language, *, choosing: bool) -> None:
    st.caption(t("runs.recorded.about"))
    for run in recorded.summaries():
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            _row(run, t, choosing=choosing)


def _filters(t: Language) -> dict[str, Any]:
    def box(label: str, options: tuple[str, ...], called: Callable[[str], str], key: str) -> str | None:
        return st.selectbox(
            t(label),
            options,
            index=None,
            placeholder=t("runs.any"),
            format_func=called,
            key=key,
            persist_state="session",
        )

    text, dataset, state, whose = st.columns([3, 2, 2, 2], vertical_alignment="bottom")
    found: dict[str, Any] = {}
    with text:
        found["text"] = st.text_input(
            t("runs.search"), key="runs-text", icon=":material/search:", persist_state="session"
        ).strip()
    with dataset:
        offered = offered_sets(st.session_state.get("runs-dataset") or "")
        if name := box("field.dataset", offered, set_words(offered, t), "runs-dataset"):
            found["dataset"] = name
    with state:
        states = tuple(one.value for one in RunState)
        if chosen := box("runs.state", states, lambda code: t(f"state.{code}"), "runs-state"):
            found["states"] = (RunState(chosen),)
    with whose:
        mine = choose(t("runs.whose"), ("all", "mine"), lambda one: t(f"runs.{one}"), key="runs-whose")
        if mine == "mine":
            found["owner"] = services.owner()
    return found


def _rows(filters: dict[str, Any], offset: int, t: Language, *, choosing: bool) -> None:
    with told(t):
        runs = services.store().summaries(**filters, limit=PAGE, offset=offset)
        if not runs:
            st.markdown(t("runs.nothing_fits"))
        show_chosen(t, here=choosing)
        for run in runs:
            with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
                _row(run, t, choosing=choosing)


def _row(run: RunSummary, t: Language, *, choosing: bool) -> None:
    show_tick(run, t)
    with st.container(width="stretch", gap=None):
        if st.button(f"**{escaped(name_of(run, t))}**", key=f"open-{run.id}", type="tertiary"):
            if choosing:
                st.switch_page("run/page.py", query_params={"run": run.id})
            open_run(run.id)
            st.rerun()  # the whole page: the rows alone are run when something in them is pressed
        st.caption(" · ".join(_facts(run, t)))
    if recorded.is_recorded(run.id):
        st.badge(t("recorded.badge"), icon=":material/history:", color="blue")
        return
    st.badge(_state(run, t), color=_COLOURS[run.state])  # type: ignore[arg-type]
    if not choosing and may_end(run.owner):
        with st.popover("", icon=":material/more_vert:", type="tertiary", help=t("runs.more")):
            change(run.id, run.title, t, owner=run.owner, over=run.state.is_over)


def _state(run: RunSummary, t: Language) -> str:
    if run.position is None:
        return t(f"state.{run.state.value}")
    return t("state.queued.place", position=run.position)


def _facts(run: RunSummary, t: Language) -> list[str]:
    facts = [
        t(f"option.dataset.{run.experiment.dataset}"),
        *(escaped(change) for change in changes_of(run, t)),
        t("runs.epochs", done=run.epochs_done, epochs=run.experiment.epochs),
    ]
    if run.is_covered:
        facts.append(t("runs.covered"))
    if run.best_val_accuracy is not None:
        facts.append(t("runs.val_accuracy", value=f"{run.best_val_accuracy:.1%}"))
    if run.test_accuracy is not None:
        facts.append(t("runs.test_accuracy", value=f"{run.test_accuracy:.1%}"))
    elif run.is_sealed and not run.is_covered:
        facts.append(t("runs.sealed"))
    return [*facts, moment(run.created, reader_timezone())]


def open_run(run_id: str) -> None:
    """Go to a run from within the run page, or with "" back to the list; for buttons.

    A link from a page to itself would run it with other parameters, but leave the address as it was.
    """
    RUN.set(run_id)


def change(run_id: str, title: str, t: Language, *, owner: str, over: bool) -> None:
    """Forms to rename and delete a run; deleting takes a second press, and only what is over can be.

    A teacher deletes what is a student's, but does not rename it.
    """
    with told(t, level="warning"):  # somebody else was quicker
        if services.viewer().may_change(owner):
            _rename(run_id, title, t)
        else:
            st.caption(t("run.delete.of_a_student"))
        if over:
            _delete(run_id, t)
        else:
            st.caption(t("run.delete.not_over"))


def _rename(run_id: str, title: str, t: Language) -> None:
    with st.form(f"rename-{run_id}", border=False):
        new = st.text_input(
            t("run.title"),
            title,
            max_chars=200,
            placeholder=t("run.title.placeholder"),
            key=f"title-{run_id}",
        )
        if st.form_submit_button(t("run.rename"), icon=":material/edit:"):
            rename_run(run_id, new.strip())
            st.rerun()


def _delete(run_id: str, t: Language) -> None:
    sure = st.checkbox(t("run.delete.sure"), key=f"sure-{run_id}")
    if st.button(t("run.delete"), key=f"delete-{run_id}", icon=":material/delete:", disabled=not sure):
        delete_run(run_id)
        if RUN.get() == run_id:
            open_run("")
        st.rerun()


def reader_timezone() -> tzinfo | None:
    """The time zone of the reader's browser; None if it is unknown here."""
    name = st.context.timezone
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
