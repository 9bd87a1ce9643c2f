"""CSV for spreadsheets: the history of a run, and several runs in one table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from core.analysis.classification import ClassScores, classification_report
from core.analysis.run_metrics import Best, run_metrics
from core.experiment.config import Config
from core.experiment.setting_differences import differing_settings
from core.run import Epoch, Run

#: Without it Excel takes UTF-8 for the code page of its country, and Korean becomes something else.
BYTE_ORDER_MARK = "\ufeff"
#: What spreadsheets take for the beginning of a formula, narrow or full-width.
_FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")


def spreadsheet(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A line of names and one line a row, behind a byte order mark; to be written as UTF-8.

    Words that a spreadsheet would take for a formula have an apostrophe in front. Numbers stand in full precision,
    nothing where there is no number.
    """
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    # A carriage return alone would not be quoted, and end the row.
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{value}" if value.startswith(_FORMULA) else value


def history_csv(epochs: Sequence[Epoch]) -> str:
    """One line an epoch under a line of names, for a spreadsheet."""
    return spreadsheet([field.name for field in fields(Epoch)], map(asdict, epochs))


def histories_csv(runs: Sequence[Run]) -> str:
    """One line for each epoch of each run, the runs one after the other."""
    names = ["run", "title", *(field.name for field in fields(Epoch))]
    rows = (
        {"run": run.id, "title": run.title or run.preset, **asdict(epoch)}
        for run in runs
        for epoch in run.epochs
    )
    return spreadsheet(names, rows)


def matrix_csv(matrix: Sequence[Sequence[int]], names: Sequence[str]) -> str:
    """A confusion matrix: one line a true class, one column a predicted one; classes by their labels and names."""
    columns = [f"{label} {name}" if name != str(label) else name for label, name in enumerate(names)]
    rows = (
        {"true": true, **dict(zip(columns, counts, strict=True))}
        for true, counts in zip(columns, matrix, strict=True)
    )
    return spreadsheet(["true", *columns], rows)


def report_csv(matrix: Sequence[Sequence[int]], names: Sequence[str]) -> str:
    """The scores of each class and their averages, one line each."""
    scores = classification_report(matrix)
    averages = [(f"{name} average", getattr(scores, name)) for name in ("macro", "weighted", "micro")]
    rows = (
        {"class": name, **asdict(one)} for name, one in [*zip(names, scores.classes, strict=True), *averages]
    )
    return spreadsheet(["class", *(field.name for field in fields(ClassScores))], rows)


def comparison_csv(runs: Sequence[Run]) -> str:
    """One line a run under a line of names: what it is, the settings that are not the same in all, what came of it.

    Shares stand between 0 and 1, parts of an experiment as JSON.
    """
    rows: list[dict[str, Any]] = []
    settings = differing_settings([run.experiment for run in runs])
    for place, run in enumerate(runs):
        came = run_metrics(run)
        test = came.test
        row: dict[str, Any] = {
            "run": run.id,
            "title": run.title,
            "preset": run.preset,
            "dataset": run.experiment.dataset,
            "state": run.state.value,
            "created": run.created.isoformat(timespec="seconds"),
        }
        row |= {f"setting.{one.setting}": _plain(one.values[place]) for one in settings}
        row |= {
            "parameters": came.parameters,
            "epochs": came.epochs,
            "seconds": came.seconds,
            **_best("val_loss", came.val_loss),
            **_best("val_accuracy", came.val_accuracy),
            "test_accuracy": test and test.share,
            "test_accuracy_low": test and test.low,
            "test_accuracy_high": test and test.high,
            "test_samples": came.samples or None,
            "gap": came.gap,
            "learned": came.turning.learned,
            "turning_point": came.turning.epoch,
        }
        rows.append(row)
    return spreadsheet(list(rows[0]) if rows else [], rows)


def _best(name: str, best: Best | None) -> dict[str, Any]:
    return {f"best_{name}": best and best.value, f"best_{name}_epoch": best and best.epoch}


def _plain(value: Any) -> Any:
    if isinstance(value, Config):
        return json.dumps(value.model_dump(mode="json", exclude_none=True))
    if isinstance(value, tuple):
        return json.dumps([part.model_dump(mode="json", exclude_none=True) for part in value])
    return value
