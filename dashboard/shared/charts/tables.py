"""Records as tables, with column names in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.analysis.classification import ClassificationReport, ClassScores, Confusion
from core.experiment import ModelSummary
from core.run import Epoch
from dashboard.shared.language import Language
from dashboard.shared.run_words import brief


def epoch_table(epochs: Sequence[Epoch], t: Language) -> pd.DataFrame:
    """One row an epoch with all that was recorded; columns without any number are left out."""
    return pd.DataFrame(
        {
            t("curve.epoch"): [epoch.number for epoch in epochs],
            t("column.loss"): [epoch.loss for epoch in epochs],
            t("column.val_loss"): [epoch.val_loss for epoch in epochs],
            t("column.accuracy"): [epoch.accuracy for epoch in epochs],
            t("column.val_accuracy"): [epoch.val_accuracy for epoch in epochs],
            t("column.learning_rate"): [epoch.learning_rate for epoch in epochs],
            t("column.seconds"): [epoch.seconds for epoch in epochs],
        }
    ).dropna(axis="columns", how="all")


def report_table(found: ClassificationReport, names: Sequence[str], t: Language) -> pd.DataFrame:
    """One row a class with its scores, by label."""
    return _scores(t("report.class"), list(zip(names, found.classes, strict=True)), t)


def averages_table(found: ClassificationReport, t: Language) -> pd.DataFrame:
    """The three averages over the classes, as scikit-learn's report has them; all are over all samples."""
    rows = [
        (t("report.micro"), found.micro),
        (t("report.macro"), found.macro),
        (t("report.weighted"), found.weighted),
    ]
    return _scores(t("report.average"), rows, t).drop(columns=t("report.support"))


def _scores(what: str, rows: Sequence[tuple[str, ClassScores]], t: Language) -> pd.DataFrame:
    return pd.DataFrame(
        {
            what: [name for name, _ in rows],
            t("report.precision"): [scores.precision for _, scores in rows],
            t("report.recall"): [scores.recall for _, scores in rows],
            t("report.f1"): [scores.f1 for _, scores in rows],
            t("report.support"): [scores.support for _, scores in rows],
        }
    )


def confusion_table(found: Sequence[Confusion], names: Sequence[str], t: Language) -> pd.DataFrame:
    """One row for each class that was taken for another, in the order given; shares in percent."""
    return pd.DataFrame(
        {
            t("confusion.true"): [brief(names[one.true]) for one in found],
            t("confusion.predicted"): [brief(names[one.predicted]) for one in found],
            t("confusion.count"): [one.count for one in found],
            t("confusion.share"): [100 * one.share for one in found],
        }
    )


def layer_table(trace: ModelSummary, t: Language) -> pd.DataFrame:
    """The layers with their output shapes and parameters, as Keras' `summary()` lists them."""
    return pd.DataFrame(
        {
            t("lab.table.layer"): [f"{row.name} ({row.kind})" for row in trace.rows],
            t("lab.table.shape"): [f"(None, {', '.join(map(str, row.output_shape))})" for row in trace.rows],
            t("lab.table.parameters"): [row.parameters for row in trace.rows],
        }
    )
