"""Several runs as one table for a spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from core.analysis.outcome import Best, outcome
from core.analysis.settings_table import differing_settings
from core.experiment.config import Config
from core.export.spreadsheet import spreadsheet
from core.run import Run


def comparison_csv(runs: Sequence[Run]) -> str:
    """One line a run under a line of names: what it is, the settings that are not the same in all, what came of it.

    Shares stand between 0 and 1, parts of an experiment as JSON.
    """
    rows: list[dict[str, Any]] = []
    settings = differing_settings([run.experiment for run in runs])
    for place, run in enumerate(runs):
        came = outcome(run)
        row: dict[str, Any] = {
            "run": run.id,
            "title": run.title,
            "preset": run.preset,
            "dataset": run.experiment.dataset,
            "state": run.state.value,
            "created": run.created.isoformat(timespec="seconds"),
        }
        row |= {f"setting.{one.setting}": _plain(one.values[place]) for one in settings}
        row |= {"parameters": came.parameters, "epochs": came.epochs, "seconds": came.seconds}
        row |= _best("val_loss", came.val_loss) | _best("val_accuracy", came.val_accuracy)
        test = came.test
        row |= {
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
