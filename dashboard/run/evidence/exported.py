"""The evidence for a turning point in the file that is taken home, by the usual rule."""

from __future__ import annotations

from core.analysis.baseline import has_learned
from core.analysis.curves import Measure, generalization_gap
from core.analysis.evidence import evidence
from core.analysis.turning_point import turning_point_of, validation_losses
from core.export.web_page import Part
from core.run import Run
from dashboard.run.evidence import text as words
from dashboard.run.evidence.figures import beyond_sentences, evidence_curves, gap_axis, gap_curves
from dashboard.shared.charts.template import axis_sentences
from dashboard.shared.language import Language
from dashboard.shared.web_page import chart, table, text

_MEASURES: tuple[Measure, ...] = ("loss", "accuracy")


def exported(run: Run, t: Language) -> list[Part]:
    """The rule, what it found and the curve it looked at, other rules, the gap."""
    turn = turning_point_of(run).loss
    if not run.experiment.validation_size or turn.epoch is None:
        none = "verdict.no_numbers" if run.experiment.validation_size else "verdict.no_validation"
        return [text(t(none))]
    found = evidence(run.epochs, words.USUAL, learned=has_learned(run))
    findings = [
        f"{t('evidence.met' if one.met else 'evidence.unmet')} {one.sentence.said(t)}"
        for one in words.findings(found)
    ]
    candidate = t("evidence.found.candidate", epoch=found.turn.epoch, value=f"{found.turn.value:.4f}")
    result = words.result(found).said(t)
    parts: list[Part] = [
        text(words.rule_sentence(found.rule).said(t)),
        *(text(one) for one in (candidate, *findings, result)),
        chart(
            evidence_curves(found, t),
            name=f"evidence-{run.id}",
            alt=f"{t('evidence.title')}. {' '.join(findings)} {result}",
            title=t("evidence.title"),
            caption=" ".join([*beyond_sentences(found, "near", t), t("evidence.curve.about")]),
        ),
    ]
    if found.learned:
        parts.append(
            table(words.rule_table(validation_losses(run.epochs), found.rule, t), t("evidence.table"))
        )
    for measure in _MEASURES:
        gap = generalization_gap(run.epochs, measure, turn.epoch)
        sentences = " ".join(one.said(t) for one in words.gap_sentences(gap, measure, len(run.epochs)))
        title = f"{t('evidence.gap.title')}: {t(f'curve.{measure}')}"
        if measure == "loss":
            sentences = " ".join([sentences, *axis_sentences(gap_axis(run.epochs, "linear"), t)])
        figure = gap_curves(run.epochs, gap, measure, t, confirmed=turn.confirmed)
        name = f"gap-{measure}-{run.id}"
        parts.append(chart(figure, name=name, alt=f"{title}. {sentences}", title=title, caption=sentences))
    return parts
