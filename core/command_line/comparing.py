"""`compare`: two runs side by side."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import Any

from core.analysis.classification import predicted_classes
from core.analysis.comparison import differences, mcnemar
from core.analysis.outcome import outcome
from core.command_line.output import show
from core.command_line.stored_runs import opened
from core.datasets import open_dataset
from core.errors import ArtifactMissingError
from core.run import Run
from core.sentences import counted
from core.settings import Settings
from core.storage import Artifacts
from core.training import artifact_names


def add_to(commands: Any) -> None:
    """Add the command."""
    compare = commands.add_parser("compare", help="put two runs side by side")
    compare.add_argument("first", metavar="RUN")
    compare.add_argument("second", metavar="RUN")
    compare.add_argument("--json", action="store_true", help="print the result as one line of JSON")
    compare.set_defaults(command=_compare)


def _compare(options: argparse.Namespace, settings: Settings) -> int:
    store, artifacts = opened(settings), Artifacts(settings.artifacts)
    try:
        runs = (store.get(options.first), store.get(options.second))
    finally:
        store.close()
    comparison = compare(*runs, settings, artifacts)
    if options.json:
        show(json.dumps(comparison, allow_nan=False))
        return 0
    for name, side in zip(("A", "B"), comparison["runs"], strict=True):
        test = side["test_accuracy"]
        words = (
            f"test accuracy {test['share']:.4f} (95%: {test['low']:.4f} to {test['high']:.4f})"
            if test
            else "no test result"
        )
        turn = f"turning point {side['turning_point'] or 'not reached'}"
        if not side["learned"]:
            turn = "nothing learned"
        show(f"{name}: run {side['run']}  {counted(side['parameters'], 'parameter')}  {turn}  {words}")
    for one in comparison["differences"]:
        show(f"   {one['setting']}: {one['first']} | {one['second']}")
    verdict = comparison["mcnemar"]
    if verdict:
        show(
            f"only A right: {verdict['only_first']}, only B right: {verdict['only_second']}, p = {verdict['p']:.4g}"
        )
    return 0


def compare(first: Run, second: Run, settings: Settings, artifacts: Artifacts) -> dict[str, Any]:
    """What `compare --json` prints of two runs."""
    unequal = differences(first.experiment, second.experiment)
    return {
        "runs": [_side(run) for run in (first, second)],
        "differences": [{"setting": d.setting, "first": d.first, "second": d.second} for d in unequal],
        "mcnemar": _mcnemar(first, second, settings, artifacts),
    }


def _side(run: Run) -> dict[str, Any]:
    found = outcome(run)
    return {
        "run": found.run,
        "parameters": found.parameters,
        "epochs": found.epochs,
        "learned": found.turning.learned,
        "turning_point": found.turning.epoch,
        "best_val_loss": found.val_loss.value if found.val_loss else None,
        "test_accuracy": asdict(found.test) if found.test else None,
    }


def _mcnemar(first: Run, second: Run, settings: Settings, artifacts: Artifacts) -> dict[str, Any] | None:
    """The test on the common test set; None if there is none."""
    if first.experiment.dataset != second.experiment.dataset or not (first.evaluation and second.evaluation):
        return None
    labels = open_dataset(first.experiment.dataset, settings, fetch=False).y_test
    try:
        answers = [artifacts.load_array(run.id, artifact_names.TEST_PROBABILITIES) for run in (first, second)]
    except ArtifactMissingError:
        return None
    if any(len(probabilities) != len(labels) for probabilities in answers):  # of another version of the data
        return None
    verdict = mcnemar(*(predicted_classes(probabilities) == labels for probabilities in answers))
    return {"only_first": verdict.only_first, "only_second": verdict.only_second, "p": verdict.p}
