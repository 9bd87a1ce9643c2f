"""What came of a study: its verdict, curves as bands, turning points, what the settings do, and its runs one by one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.analysis import bands
from core.analysis.loss_axis import SCALES
from core.analysis.loss_axis import Scale as LossScale
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.template import axis_sentences
from dashboard.shared.compare_address import MOST_RUNS, compared
from dashboard.shared.controls import choose, paginate
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language
from dashboard.shared.page_links import run_link
from dashboard.shared.theme import table_height, theme
from dashboard.study import figures, shown, text
from dashboard.study.opened import OpenedStudy

_LAYOUTS = ("apart", "together")
_COLUMNS = 3


def show_results(opened: OpenedStudy, t: Language, *, under_verdict: Callable[[], None]) -> None:
    """What the runs show together, as far as some have finished; `under_verdict` shows what to do next."""
    if not opened.progress.finished:
        st.markdown(t("study.nothing_yet" if opened.progress.open else "study.nothing_left"))
        under_verdict()
        return
    _verdict(opened, t)
    under_verdict()
    _bands(opened, t)
    _turns(opened, t)
    if opened.plan.factors:
        _factors(opened, t)
    else:
        _spreads(opened, t)


def _verdict(opened: OpenedStudy, t: Language) -> None:
    if opened.progress.open:
        st.caption(t("study.verdict.so_far"))
    st.markdown("\n\n".join(shown.verdict(opened, t)))
    if hidden := shown.hidden_said(opened):
        st.caption(" ".join(one.said(t) for one in hidden))


@st.fragment
def _bands(opened: OpenedStudy, t: Language) -> None:
    st.subheader(t("study.bands"), anchor=False, help=t("study.bands.help"))
    levels = [one for one in opened.plan.cells if opened.finished(one)]
    together = False
    with st.container(horizontal=True, vertical_alignment="bottom"):
        curve = choose(
            t("study.bands.curve"),
            shown.CURVES,
            lambda one: t(f"curve.{one}"),
            key="study-curve",
            labelled=False,
        )
        losses: LossScale = "linear"
        if curve == "loss":
            losses = choose(
                t("axis.scale"), SCALES, lambda one: t(f"axis.scale.{one}"), key="study-scale", labelled=False
            )
        if len(levels) > 1:
            layout = choose(
                t("study.bands.layout"),
                _LAYOUTS,
                lambda one: t(f"study.bands.{one}"),
                key="study-layout",
                labelled=False,
            )
            together = layout == "together"
    panels = shown.panels(opened, curve, t)
    axes = figures.scale(panels, curve, losses)
    if axes is None:
        st.caption(t("study.bands.none"))
        return
    with paginate(len(panels), figures.MOST_OVERLAID, key="study-page") as page:
        seen = panels[page]
        said, beyond = [shown.panel_said(panel, curve, t) for panel in seen], axis_sentences(axes.loss, t)
        name = f"study-{opened.study.id}"
        if together:
            picture = figures.overlaid(seen, axes, t, curve=curve)
            show_chart(picture, t, key="study-bands", alt=" ".join([*said, *beyond]), name=name)
            st.caption(" ".join(said))
        for start in [] if together else range(0, len(seen), _COLUMNS):
            columns = st.columns(min(_COLUMNS, len(seen)))
            for place, (column, panel) in enumerate(zip(columns, seen[start:], strict=False), start):
                with column:
                    if panel.name:
                        st.markdown(f"**{panel.name}**")
                    picture = figures.bands(panel, axes, t, curve=curve)
                    alt = " ".join([said[place], *beyond])
                    show_chart(picture, t, key=f"study-bands-{place}", alt=alt, name=name)
                    st.caption(said[place])
        if beyond:
            st.caption(" ".join(beyond))


def _turns(opened: OpenedStudy, t: Language) -> None:
    rows = shown.turn_rows(opened, t)
    if not rows:
        return
    st.subheader(t("study.turns"), anchor=False, help=t("study.turns.help"))
    said = shown.turns_said(opened, rows, t)
    show_chart(
        shown.turns_figure(opened, rows, t),
        t,
        key="study-turns",
        alt=" ".join(said),
        name=f"turning-points-{opened.study.id}",
    )
    st.caption("  \n".join(said))


@st.fragment
def _factors(opened: OpenedStudy, t: Language) -> None:
    st.subheader(t("study.factors"), anchor=False)
    figure, said = shown.factors_figure(opened, _choose_measure(t), t, dark=theme() == "dark")
    show_chart(figure, t, key="study-factors", alt=said, name=f"factors-{opened.study.id}")
    st.caption(said)


def _choose_measure(t: Language) -> bands.Measure:
    measure = choose(
        t("study.measure"),
        shown.MEASURES,
        lambda one: t(f"study.measure.{one}"),
        key="study-measure",
        labelled=False,
    )
    if measure == "test_accuracy":
        st.warning(t("study.measure.test_accuracy.warning"), icon=":material/lock:")
    else:
        st.caption(marked(t(f"study.measure.{measure}.about"), t))
    return measure


def _spreads(opened: OpenedStudy, t: Language) -> None:
    """Without factors: each measure over all runs."""
    st.subheader(t("study.spreads"), anchor=False)
    frame = shown.spreads_table(opened, t)
    st.dataframe(frame, hide_index=True, height=table_height(frame))
    st.caption(marked(t("study.spreads.about"), t))


# The runs


@st.fragment
def show_members(opened: OpenedStudy, t: Language) -> None:
    """All runs in a table, and those to choose that are opened or compared."""
    st.subheader(t("study.members"), anchor=False)
    names = [text.member_name(opened.plan, member, t) for member, _ in opened.members]
    runs = [run for _, run in opened.members]
    links = [f"run?run={run.id}" if run is not None else None for run in runs]
    frame = shown.members_table(opened, t)
    frame[t("study.column.link")] = links
    link = st.column_config.LinkColumn(display_text=r"run=(\w+)")
    height = table_height(frame)
    st.dataframe(frame, hide_index=True, height=height, column_config={t("study.column.link"): link})
    known = {run.id: name for name, run in zip(names, runs, strict=True) if run is not None}
    if not known:
        return
    chosen = st.multiselect(
        t("study.choose"),
        list(known),
        format_func=lambda run: known[run],
        max_selections=MOST_RUNS,
        placeholder=t("study.choose.placeholder", most=MOST_RUNS),
        key=f"chosen-{opened.study.id}",
    )
    if len(chosen) > 1:
        icon = ":material/compare_arrows:"
        if st.button(t("study.compare", runs=len(chosen)), key="compare-chosen", icon=icon):
            st.query_params.from_dict(compared(chosen))
            st.rerun()
    elif chosen:
        run_link(chosen[0], t("study.open_run"), icon="arrow_forward")
