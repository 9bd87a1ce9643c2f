"""A comparison as one file that is taken home: curves, table, verdicts and what two networks answer otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

import pandas as pd

from core.analysis.agreement import PairwiseTest, matrix_difference, pairwise_tests
from core.analysis.bands import Measure as BandMeasure
from core.analysis.caveats import caveats
from core.analysis.macro_f1 import macro_f1_difference
from core.analysis.repeats import compare_designs, repeats, seeds_needed
from core.export.web_page import Html, Part, Section, Table, WebPage
from core.recorded import is_recorded
from core.run import Run
from dashboard.compare import text as words
from dashboard.compare.curves import (
    ComparedRun,
    compared_runs,
    measures,
    reading_notes,
    run_curves,
    sentences,
)
from dashboard.compare.figures import matrix_difference as difference_figure
from dashboard.compare.table import STYLE, whole_table
from dashboard.live.winner import runs_to_see
from dashboard.live.winner.question import Onlooker, Question
from dashboard.live.winner.text import outcome_messages, outcome_of, when_said
from dashboard.shared import services
from dashboard.shared.charts.class_matrix import FEW
from dashboard.shared.charts.run_curves import axes_for, together
from dashboard.shared.charts.template import axis_sentences
from dashboard.shared.compare_address import Wish
from dashboard.shared.judged_runs import JudgedRuns, judged_runs
from dashboard.shared.language import Language
from dashboard.shared.recorded_runs import provenance
from dashboard.shared.run_words import class_names, name_of, short_names
from dashboard.shared.theme import run_colours
from dashboard.shared.web_page import chart, quotes, section, table, text, web_page

_MEASURES: tuple[BandMeasure, ...] = ("test_accuracy", "turning_point", "gap")
_MOST_OPEN = 3  # pairs that are shown in full
_NAME = "\0"  # stands for a name, which is not to lose signs that mark words elsewhere


def comparison_page(
    wish: Wish, notes: Mapping[str, str], looks: Onlooker, timezone: tzinfo | None, t: Language
) -> str:
    """The file as HTML text, with the curves as they are shown on the page, the reader's own guess and notes."""
    question, runs = runs_to_see(wish.runs, looks)
    shown = wish.of([run.id for run in runs])
    compared = compared_runs(runs, short_names(runs, t), run_colours("light"))
    sections = [
        section(t("compare.curves"), lambda: curve_charts(shown, compared, t), t),
        section(t("compare.table"), lambda: _table(shown, compared, t), t),
        section(t("guess.title"), lambda: _guess(question, compared, timezone, t), t),
        section(t("verdicts.title"), lambda: [] if question.is_open else _verdicts(shown, compared, t), t),
        Section(t("takehome.run_notes"), [] if question.is_open else _notes_of_runs(compared, t)),
    ]
    page = WebPage(
        title=title_of(runs, t),
        label=t("page.compare.title"),
        language=t.code,
        lead=[_runs(compared, t), *quotes(notes, t)],
        sections=[one for one in sections if one.parts],
        contents=t("takehome.contents"),
        no_charts=t("takehome.no_charts"),
        no_script=t("takehome.no_script"),
    )
    return web_page(page, t)


def title_of(runs: Sequence[Run], t: Language) -> str:
    """What a comparison is called: by its runs, of many by the first."""
    names = list(dict.fromkeys(name_of(run, t) for run in runs))
    return " · ".join(names[:_MOST_OPEN]) + (" …" if len(names) > _MOST_OPEN else "")


def _runs(compared: Sequence[ComparedRun], t: Language) -> Table:
    names = [t("takehome.run"), t("field.dataset"), t("runs.state"), "ID"]
    rows = []
    for one in compared:
        run = one.run
        called = f"{one.letter} · {name_of(run, t)}"
        if one.name != name_of(run, t):
            called += f" · {one.name}"
        state = provenance(run, t) if is_recorded(run.id) else t(f"state.{run.state.value}")
        rows.append((called, t(f"option.dataset.{run.experiment.dataset}"), state, run.id))
    return Table(t("takehome.runs"), names, rows)


def curve_charts(wish: Wish, compared: Sequence[ComparedRun], t: Language) -> list[Part]:
    """All runs on the same axes, a chart a measure."""
    parts: list[Part] = []
    for measure in measures(wish):
        curves = run_curves(compared, wish, measure)
        if curves:
            axes = axes_for(curves, measure, wish.align, scale=wish.scale)
            figure = together(curves, axes, t)
            said = " ".join([*sentences(wish, compared, measure, t), *axis_sentences(axes.loss, t)])
            title = t(f"curve.{measure}")
            name = f"comparison-{measure}"
            parts.append(chart(figure, name=name, alt=f"{title}. {said}", title=title, caption=said))
    return (
        [*parts, text(*reading_notes(wish, compared, t, first="takehome.compare.read"), quiet=True)]
        if parts
        else []
    )


def _table(wish: Wish, compared: Sequence[ComparedRun], t: Language) -> list[Part]:
    base = wish.runs.index(wish.base)
    style = STYLE.read_text("utf-8")
    return [Html(whole_table(compared, base, t, back="var(--st-background-color)"), style)]


def _guess(
    question: Question, compared: Sequence[ComparedRun], timezone: tzinfo | None, t: Language
) -> list[Part]:
    """What was guessed before the test results were seen, and what came of it."""
    if question.is_open:
        return [text(t("guess.hidden"))]
    if question.prediction is None:
        return []
    found = outcome_of([one.run for one in compared], question.prediction)
    said = outcome_messages(found, {one.run.id: one.letter for one in compared})
    made = when_said(question.prediction, timezone)
    return [text(*(one.said(t) for one in said)), text(made.said(t), quiet=True)]


def _notes_of_runs(compared: Sequence[ComparedRun], t: Language) -> list[Part]:
    found: list[Part] = []
    for one in compared:
        if one.run.notes:
            found += [text(f"{one.letter} · {name_of(one.run, t)}"), *quotes(one.run.notes, t)]
    return found


# Verdicts


def _verdicts(wish: Wish, compared: Sequence[ComparedRun], t: Language) -> list[Part]:
    if len(compared) < 2:
        return []
    letters = {one.run.id: one.letter for one in compared}
    judged = judged_of(wish, compared, t)
    parts: list[Part] = [text(told, quiet=True) for told in words.obstacles(judged, t)]
    if len(judged.answers) > 1:
        pairs = pairwise_tests(judged.labels, judged.answers)
        lead = "verdicts.lead" if len(pairs) == 1 else "verdicts.lead.several"
        parts.append(text(t(lead, samples=f"{len(judged.labels):,}", pairs=len(pairs))))
        seen = [one.turned if one.second == wish.base else one for one in pairs]
        of_base = [one for one in seen if one.first == wish.base] or seen
        for pair in of_base[:_MOST_OPEN]:
            parts += _pair(pair, len(pairs), judged, compared, t)
        if len(pairs) > 1:
            all_pairs = t("verdicts.all_pairs", pairs=len(pairs))
            parts.append(table(words.pairs_table(pairs, letters, t), all_pairs))
            parts.append(text(t("verdicts.holm.about", pairs=len(pairs)), quiet=True))
        parts.append(text(t("verdicts.not_designs", needed=seeds_needed()), quiet=True))
    else:
        parts.append(text(t("verdicts.nobody"), quiet=True))
    return [*parts, *_designs(compared, letters, t)]


def judged_of(wish: Wish, compared: Sequence[ComparedRun], t: Language) -> JudgedRuns:
    """What the networks of a comparison answered to the test set of its base; raises where that is not here."""
    runs = [one.run for one in compared]
    dataset = next(run for run in runs if run.id == wish.base).experiment.dataset
    letters = {one.run.id: one.letter for one in compared}
    return judged_runs(runs, dataset, services.test_labels(dataset), services.artifacts(), letters)


def _pair(
    pair: PairwiseTest, pairs: int, judged: JudgedRuns, compared: Sequence[ComparedRun], t: Language
) -> list[Part]:
    of = {one.run.id: one for one in compared}
    first, second = of[pair.first], of[pair.second]
    letters = {one.run.id: one.letter for one in compared}
    both = (first.letter, second.letter)
    warnings = [
        words.caveat_words(found, first.run, second.run, letters, t)
        for found in caveats(first.run, second.run)
    ]
    fourfold = pd.DataFrame(words.agreement_rows(pair.agreement, both, t)).reset_index(names="")
    macro = macro_f1_difference(judged.labels, judged.answers[pair.first], judged.answers[pair.second])
    title = t("verdicts.pair.title", first=both[0], second=both[1])
    parts: list[Part] = [
        text(f"{title}: {words.pair_verdict(pair, pairs, letters, t)}"),
        *(text(one, quiet=True) for one in warnings),
        table(fourfold, t("verdicts.agreement.about")),
        text(words.macro_verdict(macro, both, t)),
    ]
    found = difference_chart(first, second, t)
    return [*parts, *([found] if found is not None else [])]


def difference_chart(first: ComparedRun, second: ComparedRun, t: Language) -> Part | None:
    """The second matrix minus the first; None where a test result is missing."""
    one, two = first.run.evaluation, second.run.evaluation
    if one is None or two is None or len(one.matrix) != len(two.matrix):
        return None
    names = class_names(first.run.experiment.dataset, t)
    both = (first.letter, second.letter)
    difference = matrix_difference(one.matrix, two.matrix)
    labels = tuple(range(len(names))) if len(names) <= FEW else words.changed_classes(difference)
    title = t("verdicts.matrix.title", first=both[0], second=both[1])
    said = words.largest_changes(difference, names, both, t)
    return chart(
        difference_figure(one.matrix, two.matrix, names, both, t, labels=labels),
        name=f"difference-{both[0]}-{both[1]}",
        alt=f"{title}. {said}",
        title=title,
        caption=f"{said} {t('takehome.compare.matrix', first=both[0], second=both[1])}",
    )


def _designs(compared: Sequence[ComparedRun], letters: Mapping[str, str], t: Language) -> list[Part]:
    groups = repeats([one.run for one in compared])
    if not groups:
        return []
    names = words.design_names(groups, short_names([group.runs[0] for group in groups], t), t)
    parts: list[Part] = [text(t("verdicts.designs"))]
    for number, (group, name) in enumerate(zip(groups, names, strict=True), start=1):
        told = text(words.group_words(group, _NAME, letters, t)).text
        parts.append(text(f"{number}. {told}".replace(_NAME, name)))
    found = {measure: compare_designs(groups, measure) for measure in _MEASURES}
    for verdict in found["test_accuracy"]:
        parts.append(text(words.design_verdict(verdict, groups, len(found["test_accuracy"]), t)))
        rows = [
            words.design_row(pair, measure, len(pairs), t)
            for measure, pairs in found.items()
            for pair in pairs
            if (pair.first, pair.second) == (verdict.first, verdict.second)
        ]
        parts.append(table(pd.DataFrame(rows), t("verdicts.designs")))
    return parts
