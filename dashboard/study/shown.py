"""What is shown of a study, on its page and in its file: sentences, panels, figures, tables. No Streamlit here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean

import pandas as pd
import plotly.graph_objects as go

from core.analysis import bands
from core.analysis.baseline import has_learned
from core.analysis.turning_point import Turn
from core.run import Run, RunState
from dashboard.shared.language import Language, Message
from dashboard.shared.run_words import setting_name, turn_label, value_text
from dashboard.study import figures, text
from dashboard.study.opened import OpenedStudy

MEASURES: tuple[bands.Measure, ...] = ("val_accuracy", "val_loss", "turning_point", "gap", "test_accuracy")
CURVES: tuple[figures.BandCurve, ...] = ("loss", "accuracy")
_MOST_SAID = 8  # levels whose turning points are said one by one


def hidden_said(opened: OpenedStudy) -> list[Message]:
    """That something of some runs is covered or sealed, so that they are missing where it would count."""
    runs = [run for _, run in opened.runs]
    covered = sum(run.is_covered for run in runs)
    sealed = sum(run.is_sealed and not run.is_covered for run in runs)
    found = [Message("study.covered", {"covered": covered, "runs": len(runs)})] if covered else []
    return [*found, Message("study.sealed", {"sealed": sealed, "runs": len(runs)})] if sealed else found


# The verdict


def verdict(opened: OpenedStudy, t: Language) -> list[str]:
    """What the runs say together, in paragraphs."""
    plan, cells = opened.plan, bands.cells(opened.runs, "val_accuracy")
    said = []
    if plan.folds:
        said = [_folds(opened, levels, t) for levels in plan.cells]
    elif not plan.factors:
        spread = cells[()].spread if () in cells else None
        said = [one.said(t) for one in text.repeats_verdict(spread, bands.turns(opened.finished()))]
    if plan.factors:
        sentence = text.levels_verdict(plan, list(cells.values()), "val_accuracy", t)
        said.append(sentence.said(t) if sentence else t("study.verdict.nothing"))
    return said


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


# Bands


def panels(opened: OpenedStudy, curve: figures.BandCurve, t: Language) -> list[figures.Panel]:
    """The bands of each level of which a run has finished."""
    found = []
    for levels in opened.plan.cells:
        if group := opened.finished(levels):
            epochs = [run.epochs for run in group]
            spread = bands.turns(group).spread
            found.append(
                figures.Panel(
                    name=text.level_name(opened.plan, levels, t, settings=True),
                    training=bands.band(epochs, curve),
                    validation=bands.band(epochs, "val_loss" if curve == "loss" else "val_accuracy"),
                    turn=spread.mean if spread else None,
                )
            )
    return found


def panel_said(panel: figures.Panel, curve: figures.BandCurve, t: Language) -> str:
    """The end of a panel's band in words."""
    points, validation = panel.validation or panel.training, bool(panel.validation)
    return text.band_said(panel.name, points, percent=curve == "accuracy", validation=validation, t=t)


# Turning points


def turn_rows(opened: OpenedStudy, t: Language) -> list[figures.TurnRow]:
    """Where the runs of each level turned, of levels that have such runs."""
    rows = []
    for levels in opened.plan.cells:
        turns = bands.turns(opened.finished(levels))
        if turns.reached or turns.open:
            rows.append(figures.TurnRow(text.level_name(opened.plan, levels, t), turns))
    return rows


def turns_figure(opened: OpenedStudy, rows: Sequence[figures.TurnRow], t: Language) -> go.Figure:
    """A mark for each run at the epoch of its lowest validation loss."""
    return figures.turn_strip(rows, max(len(run.epochs) for _, run in opened.runs), t)


def turns_said(opened: OpenedStudy, rows: Sequence[figures.TurnRow], t: Language) -> list[str]:
    """The same in sentences, of many levels in one."""
    told = [(row.name or t("study.bands.all"), row.turns) for row in rows]
    if len(rows) > _MOST_SAID:
        told = [(t("study.bands.all"), bands.turns(opened.finished()))]
    return [sentence.said(t) for name, turns in told if (sentence := text.turns_said(name, turns))]


# Settings


def factors_figure(
    opened: OpenedStudy, measure: bands.Measure, t: Language, *, dark: bool = False
) -> tuple[go.Figure, str]:
    """A measure by the settings that were varied, and its extremes in a sentence."""
    plan, cells = opened.plan, bands.cells(opened.runs, measure)
    told = [cells[levels] for levels in plan.cells if levels in cells]
    names = [[value_text(one.setting, value, t) for value in one.values] for one in plan.factors]
    settings = [setting_name(one.setting, plan.base, t) for one in plan.factors]
    said = text.cells_said(plan, told, measure, t)
    if len(plan.factors) == 1:
        there = [name for name, levels in zip(names[0], plan.cells, strict=True) if levels in cells]
        return figures.factor_curve(told, there, settings[0], t, measure=measure), said
    first, second = plan.factors
    grid = {
        (row, column): cells[one, other]
        for row, one in enumerate(first.values)
        for column, other in enumerate(second.values)
        if (one, other) in cells
    }
    both = (settings[0], settings[1])
    return figures.factor_heatmap(grid, names[0], names[1], both, t, measure=measure, dark=dark), said


def spreads_table(opened: OpenedStudy, t: Language) -> pd.DataFrame:
    """Each measure over all runs of a study without factors."""
    columns = [t(f"study.column.{name}") for name in ("measure", "mean", "deviation", "low", "high", "n")]
    rows = []
    for measure in MEASURES:
        cell = bands.cells(opened.runs, measure).get(())
        if cell and (found := cell.spread):
            mean = text.written(found.mean, measure)
            deviation = text.deviation_said(found.deviation, measure, t)
            ends = [text.written_single(value, measure) for value in (found.low, found.high)]
            rows.append([t(f"study.measure.{measure}"), mean, deviation, *ends, f"{found.n}"])
    return pd.DataFrame(rows, columns=columns)


# The runs


def members_table(opened: OpenedStudy, t: Language) -> pd.DataFrame:
    """Each run with what came of it, a line a member of the plan."""
    return pd.DataFrame(
        [
            _row(text.member_name(opened.plan, member, t), run, _is_reused(opened, run), t)
            for member, run in opened.members
        ]
    )


def _is_reused(opened: OpenedStudy, run: Run | None) -> bool:
    return run is not None and run.id in opened.study.reused


def _row(name: str, run: Run | None, reused: bool, t: Language) -> dict[str, str]:
    def told(measure: bands.Measure) -> str:
        value = bands.measured(run, measure) if run is not None else None
        return "–" if value is None else text.written_single(value, measure)

    state = t("study.deleted") if run is None else t(f"state.{run.state.value}")
    turn = told("turning_point")
    is_told = run is not None and run.state is RunState.FINISHED and not run.is_covered
    if run is not None and is_told and turn == "–" and run.experiment.validation_size:
        turn = turn_label(Turn(), t, learned=has_learned(run))
    return {
        t("study.column.run"): name,
        t("study.column.state"): f"{state} ({t('study.reused')})" if reused else state,
        t("study.measure.val_accuracy"): told("val_accuracy"),
        t("study.measure.val_loss"): told("val_loss"),
        t("study.measure.turning_point"): turn,
        t("study.measure.test_accuracy"): told("test_accuracy"),
    }
