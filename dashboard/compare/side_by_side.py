"""Runs side by side: their curves, what differs in their settings, and what came of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.recorded import is_recorded
from core.run import Run, RunState
from dashboard.compare.curves import (
    ComparedRun,
    compared_runs,
    measures,
    reading_notes,
    run_curves,
    sentences,
    summary,
)
from dashboard.compare.table import swatch, whole_table
from dashboard.live.shapes.section import Held, show_shapes_of
from dashboard.live.winner import runs_seen, runs_to_see
from dashboard.live.winner.question import Onlooker
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.run_curves import Axes, RunCurves, apart, axes_for, together
from dashboard.shared.charts.template import axis_sentences
from dashboard.shared.compare_address import CHOICES, Wish, read
from dashboard.shared.compare_choosing import go_to, show_add
from dashboard.shared.controls import choose
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.recorded_runs import provenance
from dashboard.shared.run_files import table_offer
from dashboard.shared.run_words import name_of, short_names
from dashboard.shared.take_home import save_button
from dashboard.shared.theme import background, run_colours
from dashboard.shared.trouble import told

_REFRESH_SECONDS = 4
_A_ROW = 3  # charts or cards
_MAIN = ("show", "align", "layout", "scale")
OneT = TypeVar("OneT")


def show_comparison(wish: Wish, runs: Sequence[Run], looks: Onlooker, t: Language) -> None:
    """Everything that follows from the records of the runs alone, as far as who `looks` may see them.

    It is a fragment of its own: a change of the curves does not work out the verdicts anew. While a run is under
    way it looks every few seconds for what is new.
    """
    moving = any(not run.state.is_over for run in runs)
    st.fragment(_show, run_every=_REFRESH_SECONDS if moving else None)(wish, tuple(runs), looks, moving, t)


def _show(asked: Wish, runs: tuple[Run, ...], looks: Onlooker, moving: bool, t: Language) -> None:
    with told(t):
        if moving:
            runs = tuple(runs_to_see(asked.runs, looks)[1])
        now = read(st.query_params.to_dict())[0].of([run.id for run in runs])
        ended = moving and all(run.state.is_over for run in runs)
        if ended or (now.runs, now.base, now.guess) != (asked.runs, asked.base, asked.guess):
            st.rerun()  # the whole page: question and verdicts follow from these
        compared = compared_runs(runs, short_names(runs, t), run_colours())
        _cards(now, compared, t)
        _curves(now, compared, t)
        seen = [one for one in compared if one.run.id not in now.hide]
        show_shapes_of([Held(one.run, one.letter, escaped(one.name)) for one in seen], t)
        _table(now, compared, looks, t)


# The runs


def _in_rows(some: Sequence[OneT]) -> Iterator[tuple[DeltaGenerator, OneT]]:
    """Each with the column in which it stands, a few beside each other."""
    for start in range(0, len(some), _A_ROW):
        yield from zip(st.columns(min(_A_ROW, len(some))), some[start:], strict=False)


def _cards(wish: Wish, compared: Sequence[ComparedRun], t: Language) -> None:
    for column, one in _in_rows(compared):
        with column.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            _card(wish, one, t)
    with st.container(horizontal=True, vertical_alignment="center"):
        base = next(one.run for one in compared if one.run.id == wish.base)
        show_add(wish, base.experiment.dataset, t)
        # What is sealed is asked for anyway.
        if len(compared) == 2 and not any(one.run.is_sealed for one in compared):
            _guess_switch(wish, t)
        st.button(
            t("compare.others.choose"), key="compare-leave", type="tertiary", on_click=go_to, args=(Wish(),)
        )


def _card(wish: Wish, one: ComparedRun, t: Language) -> None:
    run = one.run
    name = escaped(name_of(run, t))
    st.html(swatch(one.colour), width="content")
    key = f"compare-show-{run.id}"
    st.session_state[key] = run.id not in wish.hide
    with st.container(width="stretch", gap=None):
        st.checkbox(
            f"**{one.letter}** · {name}",
            key=key,
            disabled=not run.epochs,
            on_change=go_to,
            args=(wish.toggled(run.id),),
        )
        facts = [escaped(one.name)] if one.name != name_of(run, t) else []
        facts.append(t(f"option.dataset.{run.experiment.dataset}"))
        if not run.state.is_over:
            facts.append(t("runs.epochs", done=len(run.epochs), epochs=run.experiment.epochs))
        if run.is_covered:
            facts.append(f"**{t('runs.covered')}**")
        if run.state is not RunState.FINISHED:
            facts.append(f"**{t(f'state.{run.state.value}')}**")
        st.caption(" · ".join(facts))
    if st.button(
        "",
        key=f"compare-open-{run.id}",
        icon=":material/show_chart:",
        type="tertiary",
        help=t("compare.open", name=name),
    ):
        st.switch_page("run/page.py", query_params={"run": run.id})
    st.button(
        "",
        key=f"compare-remove-{run.id}",
        icon=":material/close:",
        type="tertiary",
        help=t("compare.remove", name=name),
        on_click=go_to,
        args=(wish.without(run.id),),
    )


def _guess_switch(wish: Wish, t: Language) -> None:
    key = "compare-guess"
    st.session_state[key] = wish.guess
    st.toggle(
        t("guess.first"),
        key=key,
        help=t("guess.first.help"),
        width="content",
        on_change=go_to,
        args=(replace(wish, guess=not wish.guess),),
    )


# The curves


def _curves(wish: Wish, compared: Sequence[ComparedRun], t: Language) -> None:
    st.subheader(t("compare.curves"), anchor=False)
    if not any(one.run.epochs for one in compared):
        st.markdown(t("compare.no_epochs"))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        for name in _MAIN:
            if name != "scale" or wish.show != "accuracy":
                _choice(wish, name, t)
        with st.popover(t("compare.more"), icon=":material/tune:", type="tertiary", key="compare-more"):
            for name in CHOICES:
                if name not in _MAIN:
                    _choice(wish, name, t)
    drawn = {measure: run_curves(compared, wish, measure) for measure in measures(wish)}
    if not any(curves for curves in drawn.values()):
        st.markdown(t("compare.all_hidden"))
        return
    axes = {
        measure: axes_for(curves, measure, wish.align, scale=wish.scale) for measure, curves in drawn.items()
    }
    said = {measure: sentences(wish, compared, measure, t) for measure in drawn}
    if wish.layout == "together":
        for column, (measure, curves) in zip(st.columns(len(drawn)), drawn.items(), strict=True):
            with column:
                st.markdown(f"**{t(f'curve.{measure}')}**")
                figure = together(curves, axes[measure], t)
                _chart(figure, measure, [*said[measure], *axis_sentences(axes[measure].loss, t)], t)
    else:
        for measure, curves in drawn.items():
            st.markdown(f"**{t(f'curve.{measure}')}**")
            _multiples(curves, axes[measure], compared, t)
    for paragraph in filter(None, said.values()):
        st.markdown(" ".join(paragraph))
    cut = [sentence for one in axes.values() for sentence in axis_sentences(one.loss, t)]
    st.caption(" ".join([*cut, *reading_notes(wish, compared, t)]))


def _choice(wish: Wish, name: str, t: Language) -> None:
    key = f"compare-{name}"
    st.session_state[key] = str(getattr(wish, name))
    choose(
        t(f"compare.{name}"),
        CHOICES[name],
        lambda code: t(f"compare.{name}.{code}"),
        key=key,
        set_by_page=True,
        on_change=_changed,
        args=(wish, name, key),
    )


def _changed(wish: Wish, name: str, key: str) -> None:
    go_to(wish.with_choice(name, st.session_state[key]))


def _multiples(curves: Sequence[RunCurves], axes: Axes, compared: Sequence[ComparedRun], t: Language) -> None:
    metrics = {one.letter: one.metrics for one in compared}
    for column, curve in _in_rows(curves):
        with column:
            st.markdown(f"**{curve.letter}** · {escaped(curve.name)}")
            said = [one.said(t) for one in summary([metrics[curve.letter]], [curve.letter], axes.measure)]
            said += axis_sentences(axes.loss, t)
            _chart(apart(curve, axes, t), f"{axes.measure}-{curve.letter}", said, t)


def _chart(figure: Any, name: str, said: Sequence[str], t: Language) -> None:
    show_chart(figure, t, key=f"compare-chart-{name}", alt=" ".join(said), name=f"comparison-{name}")


# The table


def _table(wish: Wish, compared: Sequence[ComparedRun], looks: Onlooker, t: Language) -> None:
    st.subheader(t("compare.table"), anchor=False)
    runs = [one.run for one in compared]
    names = {one.run.id: f"{one.letter} · {name_of(one.run, t)}" for one in compared}
    base = wish.runs.index(wish.base)
    if len(runs) > 1:
        key = "compare-base"
        st.session_state[key] = wish.base
        st.selectbox(
            t("compare.base.choose"),
            wish.runs,
            format_func=lambda run: names[run],
            key=key,
            help=t("compare.base.help"),
            width=420,
            on_change=_based,
            args=(wish, key),
        )
    st.html(whole_table(compared, base, t, back=background()))
    if len(runs) > 1:
        st.caption(marked(t("compare.table.about"), t))
    for one in compared:
        if is_recorded(one.run.id):
            st.caption(f"**{one.letter}** · {provenance(one.run, t)}")
    read = partial(runs_seen, wish.runs, looks)
    save_button(table_offer(read, t, label=t("run.csv")), key="compare-csv")


def _based(wish: Wish, key: str) -> None:
    go_to(replace(wish, base=st.session_state[key]))
