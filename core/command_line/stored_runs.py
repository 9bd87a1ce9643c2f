"""`runs`, `export` and `compare`: what is stored, one of it as a file, two of it side by side."""

from __future__ import annotations

import argparse
import json
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.catalog import dataset_info, is_own
from core.command_line.output import Parser, local, say, show, write
from core.errors import ArtifactMissingError, RunError
from core.run import Run, RunSummary
from core.sentences import counted
from core.settings import Settings
from core.training import artifact_names

if TYPE_CHECKING:
    from core.models.code import Style
    from core.storage import Artifacts


def add_runs(runs: Parser) -> None:
    """Add the arguments of `runs`."""
    runs.add_argument("--limit", type=int, default=20, help="at most so many (default 20)")
    runs.add_argument(
        "--recorded", action="store_true", help="list the recorded runs that come with the program instead"
    )
    runs.set_defaults(command=_runs)


def add_export(export: Parser) -> None:
    """Add the arguments of `export`."""
    export.add_argument("run", metavar="RUN")
    export.add_argument(
        "--as", dest="form", required=True, choices=("script", "notebook", "html", "model", "csv")
    )
    export.add_argument("--style", default="sequential", choices=("sequential", "functional"))
    export.add_argument("-o", "--output", required=True, metavar="FILE")
    export.set_defaults(command=_export)


def add_compare(compare: Parser) -> None:
    """Add the arguments of `compare`."""
    compare.add_argument("first", metavar="RUN")
    compare.add_argument("second", metavar="RUN")
    compare.add_argument("--json", action="store_true", help="print the result as one line of JSON")
    compare.set_defaults(command=_compare)


def _runs(options: argparse.Namespace, settings: Settings) -> int:
    from core import recorded
    from core.storage import open_store

    with closing(open_store(settings)) as store:
        listed = recorded.summaries() if options.recorded else store.summaries(limit=options.limit)
        for run in listed:
            test = f"test {run.test_accuracy:.4f}" if run.test_accuracy is not None else ""
            name = run.title or run.preset or run.experiment.dataset
            name = dataset_info(name).title if is_own(name) else name
            epochs = counted(run.epochs_done, "epoch")
            show(
                f"{run.id}  {local(run.created)}  {run.state:11}  {epochs:>10}  {name}  {test}{_hidden(run)}"
            )
    return 0


def _hidden(run: Run | RunSummary) -> str:
    """What the pages hide of a run still. This is the shell of whoever runs the server: here all of it is shown."""
    if run.is_covered:
        return "  [covered on pages until it is predicted]"
    return "  [test result sealed on pages]" if run.is_sealed else ""


def _export(options: argparse.Namespace, settings: Settings) -> int:
    from core.storage import open_store

    with closing(open_store(settings)) as store:
        run, artifacts = store.get(options.run), store.artifacts
    if options.form == "model":
        if not run.state.is_over:
            raise RunError("run_not_over", run=run.id, state=run.state.value)
        name, epoch = artifact_names.evaluated_checkpoint(run)
        with artifacts.fetch_model(run.id, name) as model:
            content = model.read_bytes()
        write(options.output, content)
        say(f"the network after epoch {epoch}, the one that was evaluated; open it with {_keras(run)}")
    else:
        write(options.output, _written(run, options.form, options.style).encode())
    say(f"{options.output} written{_hidden(run)}")
    data = run.experiment.facts
    if options.form in ("script", "notebook") and (data.own or data.generated):
        say(f"it reads {data.name}.npz, from: python -m core data save {data.name} -o {data.name}.npz")
    return 0


def _written(run: Run, form: str, style: Style) -> str:
    """A run as a text; each form imports what only it needs."""
    if form == "csv":
        from core.export.spreadsheet import history_csv

        return history_csv(run.epochs)
    if form == "html":
        from core.export.page import page

        return page(run, dataset_info(run.experiment.dataset).class_names)
    if form == "notebook":
        from core.export.notebook import notebook

        return notebook(run, style=style)
    from core.models.code import script

    return script(run.experiment, style=style)


def _keras(run: Run) -> str:
    """Which Keras opens the files of a run; newer ones read those of older ones."""
    version = run.environment.get("keras")
    return f"Keras {version} or newer" if version else "the Keras that trained it, or a newer one"


def _compare(options: argparse.Namespace, settings: Settings) -> int:
    from core.storage import open_store

    with closing(open_store(settings)) as store:
        runs, artifacts = (store.get(options.first), store.get(options.second)), store.artifacts
    comparison = compare(*runs, settings, artifacts)
    if options.json:
        show(json.dumps(comparison, allow_nan=False))
        return 0
    for name, side, run in zip(("A", "B"), comparison["runs"], runs, strict=True):
        test = side["test_accuracy"]
        words = (
            f"test accuracy {test['share']:.4f} (95%: {test['low']:.4f} to {test['high']:.4f})"
            if test
            else "no test result"
        )
        turn = f"turning point {side['turning_point'] or 'not reached'}"
        if not side["learned"]:
            turn = "nothing learned"
        size = counted(side["parameters"], "parameter")
        show(f"{name}: run {side['run']}  {size}  {turn}  {words}{_hidden(run)}")
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
    from core.experiment.setting_differences import setting_differences

    unequal = setting_differences(first.experiment, second.experiment)
    return {
        "runs": [_side(run) for run in (first, second)],
        "differences": [asdict(one) for one in unequal],
        "mcnemar": _mcnemar(first, second, settings, artifacts),
    }


def _side(run: Run) -> dict[str, Any]:
    from core.analysis.run_metrics import run_metrics

    found = run_metrics(run)
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
    if first.experiment.test_set != second.experiment.test_set or not (
        first.evaluation and second.evaluation
    ):
        return None
    from core.analysis.classification import predicted_classes
    from core.analysis.significance import mcnemar
    from core.datasets.test_labels import test_labels

    labels = test_labels(first.experiment.dataset, settings)
    try:
        answers = [artifacts.load_array(run.id, artifact_names.TEST_PROBABILITIES) for run in (first, second)]
    except ArtifactMissingError:
        return None
    if any(len(probabilities) != len(labels) for probabilities in answers):  # of another version of the data
        return None
    verdict = mcnemar(*(predicted_classes(probabilities) == labels for probabilities in answers))
    return asdict(verdict)
