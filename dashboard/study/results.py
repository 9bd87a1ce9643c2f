"""What came of a study: its verdict, curves as bands, turning points, what the settings do, and its runs one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from statistics import fmean

import pandas as pd
import streamlit as st

from core.analysis import bands
from core.analysis.baseline import has_learned
from core.analysis.loss_axis import SCALES
from core.analysis.loss_axis import Scale as LossScale
from core.analysis.turning_point import Turn
from core.run import Run, RunState
from dashboard.shared.chart import show_chart
from dashboard.shared.charts.template import axis_sentences
from dashboard.shared.compare_address import MOST_RUNS, compared
from dashboard.shared.controls import choose, paginate
from dashboard.shared.glossary import marked
from dashboard.shared.language import Language
from dashboard.shared.run_words import setting_name, turn_label, value_text
from dashboard.shared.theme import table_height, theme
from dashboard.study import figures, text
from dashboard.study.opened import OpenedStudy

_MEASURES: tuple[bands.Measure, ...] = ("val_accuracy", "val_loss", "turning_point", "gap", "test_accuracy")
_CURVES: tuple[figures.BandCurve, ...] = ("loss", "accuracy")
_LAYOUTS = ("apart", "together")
_COLUMNS = 3
_MOST_SAID = 8  # levels whose turning points are said one by one


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
    plan, cells = opened.plan, bands.cells(opened.runs, "val_accuracy")
    if opened.progress.open:
        st.caption(t("study.verdict.so_far"))
    said = []
    if plan.folds:
        said = [_folds(opened, levels, t) for levels in plan.cells]
    elif not plan.factors:
        spread = cells[()].spread if () in cells else None
        said = [one.said(t) for one in text.repeats_verdict(spread, bands.turns(opened.finished()))]
    if plan.factors:
        sentence = text.levels_verdict(plan, list(cells.values()), "val_accuracy", t)
        said.append(sentence.said(t) if sentence else t("study.verdict.nothing"))
    st.markdown("\n\n".join(said))


def _folds(opened: OpenedStudy, levels: bands.Levels, t: Language) -> str:
    """What the cross-validation of one level says."""
    plan = opened.plan
    by_fold: defaultdict[int, list[float]] = defaultdict(list)
    for member, run in opened.members:
        value = bands.last(run, "val_accuracy") if run and run.state is RunState.FINISHED else None
        if member.levels == levels and member.fold is not None and value is not None:
            by_fold[member.fold].append(value)
    means = [fmean(values) for values in by_fold.values()]
    best = bands.lowest(bands.band([run.epochs for run in opened.finished(levels)], "val_loss"))
    said = " ".join(one.said(t) for one in text.folds_said(bands.spread(means), best, plan.folds))
    name = text.level_name(plan, levels, t, settings=True)
    return f"**{name}**: {said}" if name else said


@st.fragment
def _bands(opened: OpenedStudy, t: Language) -> None:
    st.subheader(t("study.bands"), anchor=False, help=t("study.bands.help"))
    levels = [one for one in opened.plan.cells if opened.finished(one)]
    together = False
    with st.container(horizontal=True, vertical_alignment="bottom"):
        curve = choose(
            t("study.bands.curve"), _CURVES, lambda one: t(f"curve.{one}"), key="study-curve", labelled=False
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
    panels = [_panel(opened, one, curve, t) for one in levels]
    axes = figures.scale(panels, curve, losses)
    if axes is None:
        st.caption(t("study.bands.none"))
        return
    with paginate(len(panels), figures.MOST_OVERLAID, key="study-page") as page:
        shown = panels[page]
        said, beyond = [_panel_said(panel, curve, t) for panel in shown], axis_sentences(axes.loss, t)
        name = f"study-{opened.study.id}"
        if together:
            picture = figures.overlaid(shown, axes, t, curve=curve)
            show_chart(picture, t, key="study-bands", alt=" ".join([*said, *beyond]), name=name)
            st.caption(" ".join(said))
        for start in [] if together else range(0, len(shown), _COLUMNS):
            columns = st.columns(min(_COLUMNS, len(shown)))
            for place, (column, panel) in enumerate(zip(columns, shown[start:], strict=False), start):
                with column:
                    if panel.name:
                        st.markdown(f"**{panel.name}**")
                    picture = figures.bands(panel, axes, t, curve=curve)
                    alt = " ".join([said[place], *beyond])
                    show_chart(picture, t, key=f"study-bands-{place}", alt=alt, name=name)
                    st.caption(said[place])
        if beyond:
            st.caption(" ".join(beyond))


def _panel(opened: OpenedStudy, levels: bands.Levels, curve: figures.BandCurve, t: Language) -> figures.Panel:
    group = opened.finished(levels)
    epochs = [run.epochs for run in group]
    spread = bands.turns(group).spread
    return figures.Panel(
        name=text.level_name(opened.plan, levels, t, settings=True),
        training=bands.band(epochs, curve),
        validation=bands.band(epochs, "val_loss" if curve == "loss" else "val_accuracy"),
        turn=spread.mean if spread else None,
    )


def _panel_said(panel: figures.Panel, curve: figures.BandCurve, t: Language) -> str:
    points, validation = panel.validation or panel.training, bool(panel.validation)
    return text.band_said(panel.name, points, percent=curve == "accuracy", validation=validation, t=t)


def _turns(opened: OpenedStudy, t: Language) -> None:
    rows = []
    for levels in opened.plan.cells:
        turns = bands.turns(opened.finished(levels))
        if turns.reached or turns.open:
            rows.append(figures.TurnRow(text.level_name(opened.plan, levels, t), turns))
    if not rows:
        return
    st.subheader(t("study.turns"), anchor=False, help=t("study.turns.help"))
    told = [(row.name or t("study.bands.all"), row.turns) for row in rows]
    if len(rows) > _MOST_SAID:
        told = [(t("study.bands.all"), bands.turns(opened.finished()))]
    said = [sentence.said(t) for name, turns in told if (sentence := text.turns_said(name, turns))]
    epochs = max(len(run.epochs) for _, run in opened.runs)
    show_chart(
        figures.turn_strip(rows, epochs, t),
        t,
        key="study-turns",
        alt=" ".join(said),
        name=f"turning-points-{opened.study.id}",
    )
    st.caption("  \n".join(said))


@st.fragment
def _factors(opened: OpenedStudy, t: Language) -> None:
    st.subheader(t("study.factors"), anchor=False)
    measure = _choose_measure(t)
    plan, cells = opened.plan, bands.cells(opened.runs, measure)
    told = [cells[levels] for levels in plan.cells if levels in cells]
    names = [[value_text(one.setting, value, t) for value in one.values] for one in plan.factors]
    settings = [setting_name(one.setting, plan.base, t) for one in plan.factors]
    if len(plan.factors) == 1:
        there = [name for name, levels in zip(names[0], plan.cells, strict=True) if levels in cells]
        figure = figures.factor_curve(told, there, settings[0], t, measure=measure)
    else:
        first, second = plan.factors
        grid = {
            (row, column): cells[one, other]
            for row, one in enumerate(first.values)
            for column, other in enumerate(second.values)
            if (one, other) in cells
        }
        figure = figures.factor_heatmap(
            grid, names[0], names[1], (settings[0], settings[1]), t, measure=measure, dark=theme() == "dark"
        )
    said = text.cells_said(plan, told, measure, t)
    show_chart(figure, t, key="study-factors", alt=said, name=f"factors-{opened.study.id}")
    st.caption(said)


def _choose_measure(t: Language) -> bands.Measure:
    measure = choose(
        t("study.measure"),
        _MEASURES,
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
    columns = [t(f"study.column.{name}") for name in ("measure", "mean", "deviation", "low", "high", "n")]
    rows = []
    for measure in _MEASURES:
        cell = bands.cells(opened.runs, measure).get(())
        if cell and (found := cell.spread):
            mean = text.written(found.mean, measure)
            deviation = text.deviation_said(found.deviation, measure, t)
            ends = [text.written_single(value, measure) for value in (found.low, found.high)]
            rows.append([t(f"study.measure.{measure}"), mean, deviation, *ends, f"{found.n}"])
    frame = pd.DataFrame(rows, columns=columns)
    st.dataframe(frame, hide_index=True, height=table_height(frame))
    st.caption(marked(t("study.spreads.about"), t))


# The runs


@st.fragment
def show_members(opened: OpenedStudy, t: Language) -> None:
    """All runs in a table, and those to choose that are opened or compared."""
    st.subheader(t("study.members"), anchor=False)
    names = [text.member_name(opened.plan, member, t) for member, _ in opened.members]
    runs = [run for _, run in opened.members]
    reused = opened.study.reused
    frame = pd.DataFrame(
        [
            _row(name, run, run is not None and run.id in reused, t)
            for name, run in zip(names, runs, strict=True)
        ]
    )
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
        icon = ":material/arrow_forward:"
        st.page_link("run/page.py", label=t("study.open_run"), icon=icon, query_params={"run": chosen[0]})


def _row(name: str, run: Run | None, reused: bool, t: Language) -> dict[str, str | None]:
    def told(measure: bands.Measure) -> str:
        value = bands.measured(run, measure) if run is not None else None
        return "–" if value is None else text.written_single(value, measure)

    state = t("study.deleted") if run is None else t(f"state.{run.state.value}")
    turn = told("turning_point")
    if run is not None and run.state is RunState.FINISHED and turn == "–" and run.experiment.validation_size:
        turn = turn_label(Turn(), t, learned=has_learned(run))
    return {
        t("study.column.run"): name,
        t("study.column.state"): f"{state} ({t('study.reused')})" if reused else state,
        t("study.measure.val_accuracy"): told("val_accuracy"),
        t("study.measure.val_loss"): told("val_loss"),
        t("study.measure.turning_point"): turn,
        t("study.measure.test_accuracy"): told("test_accuracy"),
        t("study.column.link"): f"run?run={run.id}" if run is not None else None,
    }
