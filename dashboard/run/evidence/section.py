"""The evidence for a run's turning point: the rule, what it found, what other rules answer, and the gap."""

from __future__ import annotations

import streamlit as st

from core.analysis.baseline import has_learned
from core.analysis.curves import Measure, exponential_moving_average, generalization_gap
from core.analysis.evidence import Evidence, evidence
from core.analysis.loss_axis import SCALES, Scale
from core.analysis.turning_point import Rule, turning_point_of, validation_losses
from core.run import Run
from dashboard.run.evidence import text
from dashboard.run.evidence.figures import (
    Shown,
    beyond_sentences,
    evidence_curves,
    gap_axis,
    gap_curves,
    near_the_lowest,
    rule_answers,
)
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.template import axis_sentences
from dashboard.shared.controls import choose
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language, session_language
from dashboard.shared.theme import table_height, theme

# As narrow as their headings, so that the table fits its half of the page.
_PIXELS = (56, 46, 72, 58)
_SMOOTHINGS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9)
_THRESHOLD, _ABOVE, _RISES = "evidence-threshold", "evidence-above", "evidence-rises"
_THRESHOLDS = (0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0)


def show_evidence(run: Run, t: Language) -> None:
    """Everything about the turning point of a run that is over and has epochs."""
    turning = turning_point_of(run)
    if run.experiment.validation_size == 0:
        st.info(t("verdict.no_validation"), icon=":material/info:")
    elif turning.loss.epoch is None:
        st.info(t("verdict.no_numbers"), icon=":material/info:")
    else:
        _show_rule(run)
        _show_gap(run, turning.loss.epoch, confirmed=turning.loss.confirmed)


@st.fragment
def _show_rule(run: Run) -> None:
    t = session_language()
    chart_side, words_side = st.columns([3, 2], gap="large")
    with words_side:
        words, controls = st.container(), st.container(border=True)
        with controls:
            rule = _choose_rule(t)
    found = evidence(run.epochs, rule, learned=has_learned(run))
    with words:
        _found(found, t)
    with chart_side:
        st.subheader(t("evidence.title"), anchor=False)
        _curve(run, found, t)
    if found.learned:  # else there is nothing that other rules could find either
        _other_rules(run, found, t)


def _choose_rule(t: Language) -> Rule:
    st.markdown(f"**{t('evidence.try')}**")
    usual = text.USUAL
    threshold = st.select_slider(
        t("evidence.threshold"),
        _THRESHOLDS,
        value=usual.threshold,
        format_func=lambda value: f"{value:g}%",
        key=_THRESHOLD,
        persist_state="session",
    )
    above = st.slider(
        t("evidence.above"), 1, text.MOST_ABOVE, usual.epochs_above, key=_ABOVE, persist_state="session"
    )
    rises = st.slider(
        t("evidence.rises"), 1, text.MOST_RISES, usual.rises, key=_RISES, persist_state="session"
    )
    rule = Rule(float(threshold), int(above), int(rises))
    details = text.rule_sentence(usual).details
    if rule == usual:
        st.caption(t("evidence.try.about", **details))
    else:
        st.caption(t("evidence.trying", **details))
        st.button(t("evidence.usual"), key="evidence-usual", icon=":material/undo:", on_click=_back_to_usual)
    return rule


def _back_to_usual() -> None:
    usual = text.USUAL
    st.session_state[_THRESHOLD] = usual.threshold
    st.session_state[_ABOVE] = usual.epochs_above
    st.session_state[_RISES] = usual.rises


def _found(found: Evidence, t: Language) -> None:
    turn = found.turn
    st.markdown(f"**{t('evidence.rule.title')}**", help=t("evidence.gl.help"))
    st.markdown(text.rule_sentence(found.rule).said(t))
    lines = [t("evidence.found.candidate", epoch=turn.epoch, value=f"{turn.value:.4f}")]
    for one in text.findings(found):
        lines.append(f"{t('evidence.met' if one.met else 'evidence.unmet')} {one.sentence.said(t)}")
    st.markdown("\n".join(f"- {line}" for line in lines))
    st.markdown(text.result(found).said(t))


def _curve(run: Run, found: Evidence, t: Language) -> None:
    shown: Shown = "linear"
    with st.container(horizontal=True, vertical_alignment="center"):
        weight = st.select_slider(
            t("evidence.smoothing"),
            _SMOOTHINGS,
            value=0.0,
            format_func=lambda value: t("evidence.smoothing.off") if value == 0 else f"{value:g}",
            key="evidence-smoothing",
            width=320,
            help=t("evidence.smoothing.help"),
            persist_state="session",
        )
        near: tuple[Shown, ...] = ("near",) if near_the_lowest(found) is not None else ()
        shown = choose(
            t("axis.scale"),
            (*near, *SCALES),
            lambda one: t("evidence.scale.near" if one == "near" else f"axis.scale.{one}"),
            key=f"evidence-scale{len(near)}",
        )
    smoothed = None
    if weight:
        smoothed = exponential_moving_average(validation_losses(run.epochs), float(weight))
    sentences = " ".join(one.sentence.said(t) for one in text.findings(found))
    beyond = beyond_sentences(found, shown, t)
    show_chart(
        evidence_curves(found, t, smoothed=smoothed, shown=shown),
        t,
        key="evidence-curve",
        alt=f"{t('evidence.title')}. {sentences} {text.result(found).said(t)} {' '.join(beyond)}",
        name=f"evidence-{run.id}",
    )
    if smoothed:
        st.caption(text.smoothing(smoothed, found).said(t))
    st.caption(" ".join([*beyond, marked(t("evidence.curve.about"), t)]))


def _other_rules(run: Run, found: Evidence, t: Language) -> None:
    st.subheader(t("evidence.other"), anchor=False)
    st.markdown(marked(t("evidence.other.about"), t))
    st.caption(t("evidence.other.back", epoch=found.turn.epoch))
    losses, lowest = validation_losses(run.epochs), found.turn.epoch or 1
    left, right = st.columns(2, gap="large")
    with left:
        rows: text.Rows = choose(
            t("evidence.rows"), ("above", "rises"), lambda one: t(f"evidence.{one}"), key="evidence-rows"
        )
        matrix = text.rule_matrix(losses, found.rule, rows)
        sentence = text.matrix_sentence(matrix, lowest).said(t)
        show_chart(
            rule_answers(matrix, t, rows=t(f"evidence.{rows}"), lowest=lowest, dark=theme() == "dark"),
            t,
            key="evidence-matrix",
            alt=sentence,
        )
        st.caption(sentence)
        st.caption(t("evidence.matrix.colours"))
    with right:
        st.markdown(f"**{t('evidence.table')}**", help=t("evidence.table.help"))
        table = text.rule_table(losses, found.rule, t)
        narrow = {
            name: st.column_config.TextColumn(width=pixels, alignment="right")
            for name, pixels in zip(table.columns[1:], _PIXELS, strict=True)
        }
        st.dataframe(table, hide_index=True, height=table_height(table), column_config=narrow)


@st.fragment
def _show_gap(run: Run, at: int, *, confirmed: bool) -> None:
    t = session_language()
    st.subheader(t("evidence.gap.title"), anchor=False)
    scale: Scale = "linear"
    with st.container(horizontal=True):
        measure: Measure = choose(
            t("evidence.gap.title"),
            ("loss", "accuracy"),
            lambda one: t(f"curve.{one}"),
            key="evidence-measure",
            labelled=False,
        )
        if measure == "loss":
            scale = choose(
                t("axis.scale"),
                SCALES,
                lambda one: t(f"axis.scale.{one}"),
                key="evidence-gap-scale",
                labelled=False,
            )
    beyond = axis_sentences(gap_axis(run.epochs, scale), t) if measure == "loss" else []
    found = generalization_gap(run.epochs, measure, at)
    sentences = [one.said(t) for one in text.gap_sentences(found, measure, len(run.epochs))]
    chart_side, words_side = st.columns([3, 2], gap="large")
    with chart_side:
        show_chart(
            gap_curves(run.epochs, found, measure, t, confirmed=confirmed, scale=scale),
            t,
            key="evidence-gap",
            alt=f"{t('evidence.gap.title')}. {' '.join([*sentences, *beyond])}",
            name=f"gap-{run.id}",
        )
    with words_side:
        for sentence in sentences:
            st.markdown(sentence)
        if beyond:
            st.caption(" ".join(beyond))
        for caveat in text.gap_caveat(run.experiment, found):
            st.caption(caveat.said(t))
