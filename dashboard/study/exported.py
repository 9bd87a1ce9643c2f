"""A study as one file that is taken home: its verdict, bands, turning points, what the settings do, its runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

import plotly.graph_objects as go

from core.analysis import bands
from core.analysis.loss_axis import Scale as LossScale
from core.catalog import dataset_info
from core.export.web_page import Chart, Facts, Part, Section, WebPage
from core.study import Plan
from dashboard.shared import services
from dashboard.shared.charts.template import axis_sentences
from dashboard.shared.formats import moment
from dashboard.shared.language import Language
from dashboard.shared.run_tables import layer_table
from dashboard.shared.run_words import label_note, name_of, setting_name, settings_of, value_text
from dashboard.shared.web_page import chart, quotes, section, table, text, web_page
from dashboard.study import figures, shown
from dashboard.study import text as words
from dashboard.study.opened import OpenedStudy, open_study


def study_page(
    study_id: str,
    notes: Mapping[str, str],
    t: Language,
    timezone: tzinfo | None,
    losses: LossScale = "linear",
) -> str:
    """The file as HTML text, with losses on an axis so scaled, and the reader's own notes.

    Of runs of which something is covered or sealed it holds what the page shows.
    """
    opened = open_study(services.store(), study_id)
    several = len(opened.plan.cells) > 1
    sections = [
        section(t("study.bands"), lambda: band_charts(opened, t, losses), t),
        section(
            t("study.bands.each"), lambda: _each_level(opened, t, losses) if several else [], t, folded=True
        ),
        section(t("study.turns"), lambda: turn_charts(opened, t), t),
        section(t("study.factors"), lambda: factor_charts(opened, t), t),
        section(t("study.spreads"), lambda: _spreads(opened, t), t),
        section(t("study.members"), lambda: _members(opened, t), t),
        Section(t("takehome.run_notes"), _notes_of_runs(opened, t)),
        section(t("study.settings"), lambda: _settings(opened.plan, t), t),
    ]
    page = WebPage(
        title=words.name_of(opened.study, t),
        label=t("takehome.study"),
        language=t.code,
        lead=_lead(opened, notes, t, timezone),
        sections=[one for one in sections if one.parts],
        contents=t("takehome.contents"),
        no_charts=t("takehome.no_charts"),
        no_script=t("takehome.no_script"),
    )
    return web_page(page, t)


def _lead(opened: OpenedStudy, notes: Mapping[str, str], t: Language, timezone: tzinfo | None) -> list[Part]:
    study, base = opened.study, opened.plan.base
    facts = [
        t(f"option.dataset.{base.dataset}"),
        words.kind_of(study.plan, t),
        moment(study.created, timezone),
    ]
    generated = t("takehome.generated") if dataset_info(base.dataset).generated else ""
    said = shown.verdict(opened, t) if opened.progress.finished else [_nothing(opened, t)]
    hidden = " ".join(one.said(t) for one in shown.hidden_said(opened))
    so_far = t("study.verdict.so_far") if opened.progress.open and opened.progress.finished else ""
    quiet = [" · ".join(facts), words.progress_said(opened.progress, t), label_note(base, t), so_far]
    return [
        *(text(one, quiet=True) for one in quiet if one),
        *(text(one) for one in said),
        *(text(one, quiet=True) for one in (hidden, generated) if one),
        *quotes(notes, t),
    ]


def _nothing(opened: OpenedStudy, t: Language) -> str:
    return t("study.nothing_yet" if opened.progress.open else "study.nothing_left")


# Bands


def band_charts(
    opened: OpenedStudy,
    t: Language,
    losses: LossScale = "linear",
    only: Sequence[figures.BandCurve] = shown.CURVES,
) -> list[Part]:
    """The curves as bands, of losses and of accuracies: of one level training and validation, of several the latter."""
    parts: list[Part] = []
    for curve in only:
        panels = shown.panels(opened, curve, t)
        axes = figures.scale(panels, curve, losses)
        if axes is None:
            continue
        for start in range(0, len(panels), figures.MOST_OVERLAID):
            seen = panels[start : start + figures.MOST_OVERLAID]
            single = len(panels) == 1
            draw = (
                figures.bands(seen[0], axes, t, curve=curve)
                if single
                else figures.overlaid(seen, axes, t, curve=curve)
            )
            parts.append(_band_chart(draw, seen, axes, curve, f"study-{curve}-{start + 1}", t))
    if parts:
        parts.append(text(t("study.bands.help"), quiet=True))
    return parts


def _each_level(opened: OpenedStudy, t: Language, losses: LossScale) -> list[Part]:
    """Training and validation of each level by itself, all on the same axes."""
    parts: list[Part] = []
    for curve in shown.CURVES:
        panels = shown.panels(opened, curve, t)
        axes = figures.scale(panels, curve, losses)
        if axes is None:
            continue
        for number, panel in enumerate(panels, start=1):
            draw = figures.bands(panel, axes, t, curve=curve)
            parts.append(_band_chart(draw, [panel], axes, curve, f"level-{number}-{curve}", t))
    return parts


def _band_chart(
    draw: go.Figure,
    panels: Sequence[figures.Panel],
    axes: figures.Scale,
    curve: figures.BandCurve,
    name: str,
    t: Language,
) -> Chart:
    title = t(f"curve.{curve}")
    if len(panels) == 1 and panels[0].name:
        title = f"{title} · {panels[0].name}"
    said = " ".join([*(shown.panel_said(one, curve, t) for one in panels), *axis_sentences(axes.loss, t)])
    return chart(draw, name=name, alt=f"{title}. {said}", title=title, caption=said)


# Turning points and settings


def turn_charts(opened: OpenedStudy, t: Language) -> list[Part]:
    """Where each run turned."""
    rows = shown.turn_rows(opened, t)
    if not rows:
        return []
    said = " ".join(shown.turns_said(opened, rows, t))
    figure = shown.turns_figure(opened, rows, t)
    return [
        chart(figure, name="turning-points", alt=said, caption=said),
        text(t("study.turns.help"), quiet=True),
    ]


def factor_charts(opened: OpenedStudy, t: Language, only: bands.Measure | None = None) -> list[Part]:
    """Each measure by the settings that were varied, or only one; nothing of a study that varies none."""
    if not opened.plan.factors or not opened.progress.finished:
        return []
    parts: list[Part] = []
    for measure in shown.MEASURES if only is None else (only,):
        if not any(cell.spread for cell in bands.cells(opened.runs, measure).values()):
            continue  # sealed, or without validation
        figure, said = shown.factors_figure(opened, measure, t)
        title = t(f"study.measure.{measure}")
        about = t(f"study.measure.{measure}.{'warning' if measure == 'test_accuracy' else 'about'}")
        parts.append(
            chart(
                figure,
                name=f"factors-{measure}",
                alt=f"{title}. {said}",
                title=title,
                caption=f"{said} {about}",
            )
        )
    return parts


def _spreads(opened: OpenedStudy, t: Language) -> list[Part]:
    if opened.plan.factors:
        return []
    rows = shown.spreads_table(opened, t)
    return [] if rows.empty else [table(rows, t("study.spreads")), text(t("study.spreads.about"), quiet=True)]


# The runs


def _members(opened: OpenedStudy, t: Language) -> list[Part]:
    ids = ["–" if run is None else run.id for _, run in opened.members]
    return [table(shown.members_table(opened, t).assign(ID=ids), t("study.members"))]


def _notes_of_runs(opened: OpenedStudy, t: Language) -> list[Part]:
    found: list[Part] = []
    for member, run in opened.members:
        if run is not None and run.notes:
            found += [
                text(f"{words.member_name(opened.plan, member, t)} · {name_of(run, t)}"),
                *quotes(run.notes, t),
            ]
    return found


def _settings(plan: Plan, t: Language) -> list[Part]:
    """What was varied and repeated, and the experiment behind it."""
    varied = {
        setting_name(one.setting, plan.base, t): " · ".join(
            value_text(one.setting, value, t) for value in one.values
        )
        for one in plan.factors
    }
    repeated = {t("field.seed"): " · ".join(map(str, plan.seeds))}
    if plan.folds:
        repeated[t("study.form.number_of_folds")] = str(plan.folds)
    parts: list[Part] = [Facts(list({**varied, **repeated}.items()))]
    same = {
        name: value
        for name, value in settings_of(plan.base, t).items()
        if name not in varied and name != t("field.seed")
    }
    parts += [text(t("study.settings.base")), Facts(list(same.items()))]
    return [*parts, table(layer_table(plan.base.summary, t), t("run.tab.network"))]
