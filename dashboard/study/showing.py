"""Studies as a page shows them: one under way or over, and the list of all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core import presets
from core.analysis import bands
from core.analysis.baseline import has_learned
from core.analysis.turning_point import Turn
from core.errors import TurningPointError, UnknownStudyError
from core.jobs.queue import stop_study
from core.run import Run, RunState
from core.study import Member, Plan, Study
from dashboard.shared import run_words as runs_in_words
from dashboard.shared import services
from dashboard.shared.charts.template import chart_config
from dashboard.shared.compare_address import MOST_RUNS, STUDY, compared
from dashboard.shared.formats import moment
from dashboard.shared.language import Language
from dashboard.shared.markdown import escaped
from dashboard.shared.run_list import reader_timezone
from dashboard.shared.settings_text import setting_name, value_text
from dashboard.shared.theme import table_height, theme
from dashboard.shared.training import start_study_once
from dashboard.shared.trouble import tell, told
from dashboard.study import words
from dashboard.study.study_bands import MOST_OVERLAID, BandCurve, Panel, overlaid, scale
from dashboard.study.study_bands import bands as draw_bands
from dashboard.study.study_factors import factor_curve, factor_heatmap, written, written_single
from dashboard.study.study_turns import TurnRow, turn_strip

_REFRESH_SECONDS = 2
_A_PAGE = 10
_MEASURES: tuple[bands.Measure, ...] = ("val_accuracy", "val_loss", "turning_point", "gap", "test_accuracy")
_CURVES: tuple[BandCurve, ...] = ("loss", "accuracy")
_COLUMNS = 3
_MOST_SAID = 8  # levels whose turning points are said one by one


@dataclass(frozen=True)
class _Opened:
    """A study with the runs it has now.

    Attributes:
        study: The study.
        members: Each member of its plan with its run; None where that was deleted.
    """

    study: Study
    members: tuple[tuple[Member, Run | None], ...]

    @property
    def runs(self) -> list[tuple[bands.Levels, Run]]:
        """The runs there are, with their levels."""
        return [(member.levels, run) for member, run in self.members if run is not None]

    def of_level(self, levels: bands.Levels) -> list[Run]:
        """The runs of one level."""
        return [run for one, run in self.runs if one == levels]

    @property
    def standing(self) -> words.Standing:
        """How far it is."""
        return words.standing(self.study, {run.id: run.state for _, run in self.runs})


def show_study(study_id: str, t: Language) -> None:
    """One study: how far it is, and what its runs show together.

    Args:
        study_id: As it stands in the address, typed by anybody.
    """
    st.button(
        t("study.all"),
        key="all-studies",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=_leave,
        args=(t,),
    )
    try:
        opened = _open(study_id)
    except UnknownStudyError:
        st.title(t("study.missing"), anchor=False)
        st.markdown(t("study.missing.about", study=escaped(study_id[:40])))
        return
    except TurningPointError as error:
        tell(error, t)
        return
    _heading(opened.study, t)
    _progress(opened, t)
    _ended_badly(opened, t)
    _results(opened, t)


def _leave(t: Language) -> None:
    """Go back to the list of studies, which is a tab of its page."""
    st.query_params.pop(STUDY, None)
    st.session_state["compare-tabs"] = t("study.list")


def _open(study_id: str) -> _Opened:
    store = services.store()
    study = store.get_study(study_id)
    found = {run.id: run for run in store.get_many([run for run in study.runs if run])}
    pairs = zip(study.plan.members, study.runs, strict=True)
    return _Opened(study, tuple((member, found.get(run)) for member, run in pairs))


def _heading(study: Study, t: Language) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(escaped(words.name_of(study, t)), anchor=False, width="stretch")
        if services.viewer().may_change(study.owner):
            with st.popover(t("study.delete"), icon=":material/delete:", type="tertiary"):
                _delete(study, t)
    facts = [moment(study.created, reader_timezone())]
    if study.title:
        facts = [runs_in_words.network_name(study.plan.base, t), words.kind_of(study.plan, t), *facts]
    st.caption(" · ".join(escaped(fact) for fact in facts))
    st.page_link(
        "lab/page.py",
        label=t("run.open_in_lab"),
        icon=":material/science:",
        query_params=presets.link(study.plan.base),
    )


def _delete(study: Study, t: Language) -> None:
    st.caption(t("study.delete.about"))
    sure = st.checkbox(t("study.delete.sure"), key=f"sure-{study.id}")
    if st.button(t("study.delete"), key="delete-study", icon=":material/delete:", disabled=not sure):
        services.store().delete_study(study.id)
        _leave(t)
        st.rerun()


# How far it is


def _progress(opened: _Opened, t: Language) -> None:
    """The bar; while something is under way it is looked at every two seconds, and only what is still open."""
    moving = opened.standing.open > 0
    st.fragment(_bar, run_every=_REFRESH_SECONDS if moving else None)(opened, t)


def _bar(opened: _Opened, t: Language) -> None:
    with told(t):
        _bar_now(opened, t)


def _bar_now(opened: _Opened, t: Language) -> None:
    before = opened.standing
    known = {run.id: run.state for _, run in opened.runs}
    open_runs = [run for run, state in known.items() if not state.is_over]
    if open_runs:
        now = {run.id: run for run in services.store().get_many(open_runs)}
        known = {run: now[run].state if run in now else state for run, state in known.items()}
        for gone in set(open_runs) - set(now):
            del known[gone]
    standing = words.standing(opened.study, known)
    if standing.over != before.over:
        st.rerun()  # the whole page: another run has something to show
    st.progress(standing.over / max(standing.total, 1), text=_said(standing, t))
    if not standing.open:
        return
    if services.viewer().may_change(opened.study.owner):
        if st.button(
            t("study.cancel", runs=standing.open),
            key="cancel-study",
            icon=":material/stop_circle:",
            help=t("study.cancel.help"),
        ):
            stop_study(services.store(), opened.study.id)
            st.rerun()
    else:
        st.caption(t("study.not_yours"))


def _said(standing: words.Standing, t: Language) -> str:
    parts = [t("study.progress", finished=standing.finished, total=standing.total)]
    for name in ("running", "waiting", "failed", "stopped", "deleted", "reused"):
        number = getattr(standing, name)
        if number:
            parts.append(t(f"study.progress.{name}", number=number))
    return " · ".join(parts)


def _ended_badly(opened: _Opened, t: Language) -> None:
    plan = opened.study.plan
    reasons: dict[str, list[str]] = {}
    for member, run in opened.members:
        if run is not None and runs_in_words.ended_badly(run):
            reasons.setdefault(t.reason(run.reason), []).append(words.member_name(plan, member, t))
    if reasons:
        lines = [f"- {escaped('; '.join(names))}: {reason}" for reason, names in reasons.items()]
        st.warning("\n".join([t("study.failed"), "", *lines]), icon=":material/error:")


# What came of it


def _results(opened: _Opened, t: Language) -> None:
    if not opened.standing.finished:
        st.markdown(t("study.nothing_yet" if opened.standing.open else "study.nothing_left"))
        _offer_more(opened, t)
    else:
        _verdict(opened, t)
        _offer_more(opened, t)
        _show_bands(opened, t)
        _show_turns(opened, t)
        if opened.study.plan.factors:
            _show_factors(opened, t)
        else:
            _show_spreads(opened, t)
    _show_members(opened, t)


def _verdict(opened: _Opened, t: Language) -> None:
    plan = opened.study.plan
    if opened.standing.open:
        st.caption(t("study.verdict.so_far"))
    if plan.folds:
        said = [line for levels in plan.cells for line in _folds(opened, levels, t)]
    elif not plan.factors:
        every = words.finished([run for _, run in opened.runs])
        cell = bands.cells(opened.runs, "val_accuracy").get(())
        said = [
            one.said(t) for one in words.repeats_verdict(cell.spread if cell else None, bands.turns(every))
        ]
    else:
        said = []
    if plan.factors:
        cells = list(bands.cells(opened.runs, "val_accuracy").values())
        sentence = words.levels_verdict(plan, cells, "val_accuracy", t)
        said.append(sentence.said(t) if sentence else t("study.verdict.nothing"))
    st.markdown("\n\n".join(said))


def _offer_more(opened: _Opened, t: Language) -> None:
    """What a reader would press next: train what is missing, or as many seeds as the verdict needs."""
    if opened.standing.open:
        return
    plan = opened.study.plan
    more = words.with_more_seeds(plan)
    missing = words.missing([run for _, run in opened.members])
    with st.container(horizontal=True):
        if missing:
            _start_button(opened.study, plan, "study.missing_runs", t, runs=missing)
        if more is not None:
            _start_button(
                opened.study, more, "study.more_seeds", t, seeds=len(more.seeds), runs=more.size - plan.size
            )


def _start_button(study: Study, plan: Plan, key: str, t: Language, **details: int) -> None:
    """A button that begins a study that follows from this one; what was trained counts in it."""
    if not st.button(
        t(key, **details),
        key=key,
        icon=":material/dynamic_feed:",
        help=t(f"{key}.help", **details),
    ):
        return
    try:
        found = start_study_once(services.store(), plan, by=services.viewer(), title=study.title)
    except TurningPointError as error:
        st.warning(t.error(error), icon=":material/error:")
        return
    st.query_params[STUDY] = found
    st.rerun()


def _folds(opened: _Opened, levels: bands.Levels, t: Language) -> list[str]:
    """What the cross-validation of one level says."""
    plan = opened.study.plan
    by_fold: dict[int, list[float]] = {}
    for member, run in opened.members:
        value = bands.last(run, "val_accuracy") if run and run.state is RunState.FINISHED else None
        if member.levels == levels and member.fold is not None and value is not None:
            by_fold.setdefault(member.fold, []).append(value)
    folds = [sum(values) / len(values) for values in by_fold.values()]
    finished = [run.epochs for run in words.finished(opened.of_level(levels))]
    best = bands.lowest(bands.band(finished, "val_loss"))
    said = [one.said(t) for one in words.folds_said(bands.spread(folds), best, plan.folds)]
    name = words.level_name(plan, levels, t, settings=True)
    return [f"**{name}**: {' '.join(said)}" if name else " ".join(said)]


@st.fragment
def _show_bands(opened: _Opened, t: Language) -> None:
    st.subheader(t("study.bands"), anchor=False, help=t("study.bands.help"))
    plan = opened.study.plan
    levels = [one for one in plan.cells if words.finished(opened.of_level(one))]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        curve = st.segmented_control(
            t("study.bands.curve"),
            _CURVES,
            default="loss",
            required=True,
            format_func=lambda one: t(f"curve.{one}"),
            key="study-curve",
            label_visibility="collapsed",
        )
        together = False
        if len(levels) > 1:
            together = (
                st.segmented_control(
                    t("study.bands.layout"),
                    ("apart", "together"),
                    default="apart",
                    required=True,
                    format_func=lambda one: t(f"study.bands.{one}"),
                    key="study-layout",
                    label_visibility="collapsed",
                )
                == "together"
            )
    pages = math.ceil(len(levels) / MOST_OVERLAID)
    page = min(pages, int(st.session_state.get("study-page") or 1))
    panels = [_panel(opened, one, curve, t) for one in levels]
    axes = scale(panels, curve)
    if axes is None:
        st.caption(t("study.bands.none"))
        return
    shown = panels[(page - 1) * MOST_OVERLAID : page * MOST_OVERLAID]
    config = chart_config(t, name=f"study-{opened.study.id}")
    said = [_band_said(panel, curve, t) for panel in shown]
    if together:
        picture = overlaid(shown, axes, t, curve=curve)
        st.plotly_chart(picture, key="study-bands", config=config, alt=" ".join(said))
        st.caption(" ".join(said))
    else:
        for start in range(0, len(shown), _COLUMNS):
            columns = st.columns(min(_COLUMNS, len(shown)))
            for place, column in enumerate(columns[: len(shown) - start], start=start):
                with column:
                    if shown[place].name:
                        st.markdown(f"**{shown[place].name}**")
                    picture = draw_bands(shown[place], axes, t, curve=curve)
                    st.plotly_chart(picture, key=f"study-bands-{place}", config=config, alt=said[place])
                    st.caption(said[place])
    if axes.cut:
        st.caption(t("study.bands.cut"))
    if pages > 1:
        st.pagination(pages, key="study-page")


def _panel(opened: _Opened, levels: bands.Levels, curve: BandCurve, t: Language) -> Panel:
    group = words.finished(opened.of_level(levels))
    turns = bands.turns(group)
    return Panel(
        name=words.level_name(opened.study.plan, levels, t, settings=True),
        training=bands.band([run.epochs for run in group], curve),
        validation=bands.band([run.epochs for run in group], f"val_{curve}"),  # type: ignore[arg-type]
        turn=turns.spread.mean if turns.spread else None,
    )


def _band_said(panel: Panel, curve: BandCurve, t: Language) -> str:
    points = panel.validation or panel.training
    if not points:
        return ""
    last, thins = points[-1], bands.thins_out(points)
    percent = curve == "accuracy"
    said = t(
        "study.bands.said",
        name=panel.name or t("study.bands.all"),
        curve=t("curve.validation" if panel.validation else "curve.training"),
        epoch=last.epoch,
        mean=f"{last.mean:.1%}" if percent else f"{last.mean:.3f}",
        low=f"{last.low:.1%}" if percent else f"{last.low:.3f}",
        high=f"{last.high:.1%}" if percent else f"{last.high:.3f}",
        runs=last.runs,
    )
    return said if thins is None else f"{said} {t('study.bands.thins', epoch=thins)}"


def _show_turns(opened: _Opened, t: Language) -> None:
    plan = opened.study.plan
    rows = []
    for levels in plan.cells:
        turns = bands.turns(words.finished(opened.of_level(levels)))
        if turns.reached or turns.open:
            rows.append(TurnRow(words.level_name(plan, levels, t), turns))
    if not rows:
        return
    st.subheader(t("study.turns"), anchor=False, help=t("study.turns.help"))
    told = [(row.name or t("study.bands.all"), row.turns) for row in rows]
    if len(rows) > _MOST_SAID:
        every = bands.turns(words.finished([run for _, run in opened.runs]))
        told = [(t("study.bands.all"), every)]
    said = [one.said(t) for one in (words.turns_said(*pair) for pair in told) if one is not None]
    epochs = max(len(run.epochs) for _, run in opened.runs)
    st.plotly_chart(
        turn_strip(rows, epochs, t),
        key="study-turns",
        config=chart_config(t, name=f"turning-points-{opened.study.id}"),
        alt=" ".join(said),
    )
    st.caption("  \n".join(said))


@st.fragment
def _show_factors(opened: _Opened, t: Language) -> None:
    st.subheader(t("study.factors"), anchor=False)
    measure = _choose_measure(t)
    plan = opened.study.plan
    cells = bands.cells(opened.runs, measure)
    told = [cells[levels] for levels in plan.cells if levels in cells]
    said = _cells_said(opened, told, measure, t)
    names = [[value_text(one.setting, value, t) for value in one.values] for one in plan.factors]
    settings = [setting_name(one.setting, plan.base, t) for one in plan.factors]
    if len(plan.factors) == 1:
        places = [place for place, levels in enumerate(plan.cells) if levels in cells]
        figure = factor_curve(told, [names[0][place] for place in places], settings[0], t, measure=measure)
    else:
        first, second = plan.factors
        grid = {
            (row, column): cells[(one, other)]
            for row, one in enumerate(first.values)
            for column, other in enumerate(second.values)
            if (one, other) in cells
        }
        figure = factor_heatmap(
            grid,
            names[0],
            names[1],
            (settings[0], settings[1]),
            t,
            measure=measure,
            dark=theme() == "dark",
        )
    st.plotly_chart(
        figure, key="study-factors", config=chart_config(t, name=f"factors-{opened.study.id}"), alt=said
    )
    st.caption(said)


def _choose_measure(t: Language) -> bands.Measure:
    measure = st.segmented_control(
        t("study.measure"),
        _MEASURES,
        default="val_accuracy",
        required=True,
        format_func=lambda one: t(f"study.measure.{one}"),
        key="study-measure",
        label_visibility="collapsed",
    )
    if measure == "test_accuracy":
        st.warning(t("study.measure.test_accuracy.warning"), icon=":material/lock:")
    else:
        st.caption(t(f"study.measure.{measure}.about"))
    return measure


def _cells_said(opened: _Opened, cells: Sequence[bands.Cell], measure: bands.Measure, t: Language) -> str:
    """The extremes of a figure in a sentence; for the test set too it names them, but not as better or worse."""
    plan = opened.study.plan
    told = [(cell, cell.spread) for cell in cells if cell.spread is not None]
    if not told:
        return t("study.factor.none_at_all")
    low, high = min(told, key=lambda one: one[1].mean), max(told, key=lambda one: one[1].mean)
    said = t(
        "study.factor.said",
        measure=t(f"study.measure.{measure}"),
        low=written(low[1].mean, measure),
        low_name=words.level_name(plan, low[0].levels, t),
        high=written(high[1].mean, measure),
        high_name=words.level_name(plan, high[0].levels, t),
    )
    missing = sum(cell.runs - len(cell.values) for cell in cells)
    more = [t("study.factor.missing", runs=missing)] if missing else []
    more += [t("study.factor.share")] if len(plan.factors) > 1 else []
    return " ".join([said, *more])


def _show_spreads(opened: _Opened, t: Language) -> None:
    """Without factors: each measure over all runs."""
    st.subheader(t("study.spreads"), anchor=False)
    rows = []
    for measure in _MEASURES:
        cell = bands.cells(opened.runs, measure).get(())
        found = cell.spread if cell else None
        if found is None:
            continue
        rows.append(
            [
                t(f"study.measure.{measure}"),
                written(found.mean, measure),
                words.deviation_said(found.deviation, measure, t),
                written_single(found.low, measure),
                written_single(found.high, measure),
                f"{found.n}",
            ]
        )
    columns = ["measure", "mean", "deviation", "low", "high", "n"]
    frame = pd.DataFrame(rows, columns=[t(f"study.column.{name}") for name in columns])
    st.dataframe(frame, hide_index=True, height=table_height(frame))
    st.caption(t("study.spreads.about"))


# The runs


@st.fragment
def _show_members(opened: _Opened, t: Language) -> None:
    st.subheader(t("study.members"), anchor=False)
    plan, rows, known = opened.study.plan, [], {}
    for member, run in opened.members:
        name = words.member_name(plan, member, t)
        if run is not None:
            known[run.id] = name
        rows.append(_row(name, run, reused=run is not None and run.id in opened.study.reused, t=t))
    frame = pd.DataFrame(rows)
    st.dataframe(
        frame,
        hide_index=True,
        height=table_height(frame),
        column_config={
            t("study.column.link"): st.column_config.LinkColumn(display_text=r"run=(\w+)"),
        },
    )
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
        if st.button(
            t("study.compare", runs=len(chosen)), key="compare-chosen", icon=":material/compare_arrows:"
        ):
            st.query_params.from_dict(compared(chosen))
            st.rerun()
    elif chosen:
        st.page_link(
            "run/page.py",
            label=t("study.open_run"),
            icon=":material/arrow_forward:",
            query_params={"run": chosen[0]},
        )


def _row(name: str, run: Run | None, *, reused: bool, t: Language) -> dict[str, str | None]:
    def told(measure: bands.Measure) -> str:
        value = bands.measured(run, measure) if run is not None else None
        return "–" if value is None else written_single(value, measure)

    state = t("study.deleted") if run is None else t(f"state.{run.state.value}")
    turn = told("turning_point")
    if run is not None and run.state is RunState.FINISHED and turn == "–" and run.experiment.validation_size:
        turn = runs_in_words.turn_label(Turn(), t, learned=has_learned(run))
    return {
        t("study.column.run"): name,
        t("study.column.state"): f"{state} ({t('study.reused')})" if reused else state,
        t("study.measure.val_accuracy"): told("val_accuracy"),
        t("study.measure.val_loss"): told("val_loss"),
        t("study.measure.turning_point"): turn,
        t("study.measure.test_accuracy"): told("test_accuracy"),
        t("study.column.link"): f"run?run={run.id}" if run is not None else None,
    }


# All studies


def show_studies(t: Language) -> None:
    """The list of all studies, newest first, each with how far it is."""
    store = services.store()
    try:
        number = store.count_studies()
        pages = max(1, math.ceil(number / _A_PAGE))
        page = min(pages, int(st.session_state.get("studies-page") or 1))
        found = store.studies(limit=_A_PAGE, offset=(page - 1) * _A_PAGE)
        under_way = {*store.queue(), *store.under_way()} if found else set()
    except TurningPointError as error:
        tell(error, t)
        return
    if not found:
        st.markdown(t("study.list.none"))
        st.page_link("lab/page.py", label=t("study.list.lab"), icon=":material/science:")
        return
    for study in found:
        _line(study, under_way, t)
    if pages > 1:
        st.pagination(pages, key="studies-page")


def _line(study: Study, under_way: set[str], t: Language) -> None:
    left = sum(run in under_way for run in study.runs)
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="stretch", gap=None):
            st.button(
                f"**{escaped(words.name_of(study, t))}**",
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
