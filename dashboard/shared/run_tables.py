"""What is recorded of a run as tables, with column names in the reader's language. No Streamlit.

Apart from `run_words`, as pandas is not needed for the first page and takes a third of a second to load.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.analysis.classification import ClassificationReport, ClassScores, Confusion
from core.experiment import ModelSummary
from core.run import Epoch
from dashboard.shared.language import Language
from dashboard.shared.run_words import brief

_RECORDED = ("loss", "val_loss", "accuracy", "val_accuracy", "learning_rate", "seconds")


def epoch_table(epochs: Sequence[Epoch], t: Language) -> pd.DataFrame:
    """One row an epoch with all that was recorded; columns without any number are left out."""
    recorded = {t(f"column.{name}"): [getattr(epoch, name) for epoch in epochs] for name in _RECORDED}
    numbers = {t("curve.epoch"): [epoch.number for epoch in epochs]}
    return pd.DataFrame(numbers | recorded).dropna(axis="columns", how="all")


def report_table(found: ClassificationReport, names: Sequence[str], t: Language) -> pd.DataFrame:
    """One row a class with its scores, by label."""
    return _scores(t("report.class"), list(zip(names, found.classes, strict=True)), t)


def averages_table(found: ClassificationReport, t: Language) -> pd.DataFrame:
    """The three averages over the classes, as scikit-learn's report has them; all are over all samples."""
    rows = [(t(f"report.{name}"), getattr(found, name)) for name in ("micro", "macro", "weighted")]
    return _scores(t("report.average"), rows, t).drop(columns=t("report.support"))


def _scores(what: str, rows: Sequence[tuple[str, ClassScores]], t: Language) -> pd.DataFrame:
    columns = {
        t(f"report.{name}"): [getattr(scores, name) for _, scores in rows]
        for name in ("precision", "recall", "f1", "support")
    }
    return pd.DataFrame({what: [name for name, _ in rows], **columns})


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
