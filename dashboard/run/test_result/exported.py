"""The test result of a run in the file that is taken home."""

from __future__ import annotations

from collections.abc import Sequence

from core.analysis.classification import classification_report, largest_confusions, ordered_classes
from core.analysis.confusion_reading import flows
from core.export.web_page import Part
from core.run import Run
from dashboard.run.flow_figure import flow_figure, least_share
from dashboard.shared.charts.class_matrix import FEW, Form
from dashboard.shared.charts.predictions import confusion
from dashboard.shared.language import Language
from dashboard.shared.run_tables import averages_table, confusion_table, report_table
from dashboard.shared.run_words import class_names
from dashboard.shared.samples.matrix_words import flow_sentence, matrix_sentence
from dashboard.shared.web_page import chart, table, text

_MOST_CONFUSIONS = 15
_FORMS: tuple[Form, ...] = ("shares", "counts")


def exported(run: Run, t: Language) -> list[Part]:
    """The matrix in shares and in counts, the scores of each class, what was taken for what."""
    evaluation = run.evaluation
    if evaluation is None:
        return []
    names = class_names(run.experiment.dataset, t)
    matrix, report = evaluation.matrix, classification_report(evaluation.matrix)
    confused = largest_confusions(matrix)
    told = matrix_sentence(matrix, names, t)
    labels = tuple(range(len(names))) if len(names) <= FEW else ordered_classes(matrix, "size")
    scores = {t(f"report.{name}"): ".3f" for name in ("precision", "recall", "f1")}
    parts: list[Part] = [text(told)]
    for form in _FORMS:
        figure = confusion(matrix, names, t, form=form, labels=labels)
        title = f"{t('confusion.title')}: {t(f'confusion.{form}')}"
        parts.append(chart(figure, name=f"confusion-{form}-{run.id}", alt=f"{title}. {told}", title=title))
    parts.append(_flows(run, matrix, labels, names, t))
    parts.append(table(report_table(report, names, t), t("report.title"), scores))
    parts.append(table(averages_table(report, t), t("report.average"), scores))
    all_of_them = {"accuracy": f"{report.accuracy:.2%}", "samples": f"{evaluation.samples:,}"}
    parts.append(text(t("report.about", **all_of_them), quiet=True))
    if confused and len(names) > 2:
        rows = confusion_table(confused[:_MOST_CONFUSIONS], names, t)
        parts.append(table(rows, t("confusion.largest"), {t("confusion.share"): ".1f"}))
    return parts


def _flows(
    run: Run, matrix: Sequence[Sequence[int]], labels: Sequence[int], names: Sequence[str], t: Language
) -> Part:
    """From each true class to the answers."""
    found = flows(matrix, labels, least_share(len(labels)))
    said, title = flow_sentence(found, names, t), f"{t('confusion.title')}: {t('confusion.flows')}"
    name = f"confusion-flows-{run.id}"
    return chart(flow_figure(found, names, t), name=name, alt=f"{title}. {said}", title=title, caption=said)
