"""`runs` and `export`: what is stored, and one of it as a file."""

from __future__ import annotations

import argparse
from typing import Any

from core.command_line.output import local, say, show, write
from core.datasets import entry
from core.errors import RunError
from core.export import history_csv, notebook, page
from core.run import Run
from core.sentences import counted
from core.settings import Settings
from core.storage import Artifacts, Store, open_store
from core.training import artifact_names


def add_to(commands: Any) -> None:
    """Add the commands."""
    runs = commands.add_parser("runs", help="list the stored runs, newest first")
    runs.add_argument("--limit", type=int, default=20, help="at most so many (default 20)")
    runs.set_defaults(command=_runs)

    export = commands.add_parser("export", help="write a run to a file")
    export.add_argument("run", metavar="RUN")
    export.add_argument(
        "--as", dest="form", required=True, choices=("script", "notebook", "html", "model", "csv")
    )
    export.add_argument("--style", default="sequential", choices=("sequential", "functional"))
    export.add_argument("-o", "--output", required=True, metavar="FILE")
    export.set_defaults(command=_export)


def _runs(options: argparse.Namespace, settings: Settings) -> int:
    store = opened(settings)
    try:
        for run in store.summaries(limit=options.limit):
            test = f"test {run.test_accuracy:.4f}" if run.test_accuracy is not None else ""
            name = run.title or run.preset or run.experiment.dataset
            epochs = counted(run.epochs_done, "epoch")
            show(f"{run.id}  {local(run.created)}  {run.state:11}  {epochs:>10}  {name}  {test}")
    finally:
        store.close()
    return 0


def _export(options: argparse.Namespace, settings: Settings) -> int:
    from core.models.code import script

    store, artifacts = opened(settings), Artifacts(settings.artifacts)
    try:
        run = store.get(options.run)
    finally:
        store.close()
    if options.form == "model":
        if not run.state.is_over:
            raise RunError("run_not_over", run=run.id, state=run.state.value)
        name, epoch = artifact_names.judged(run)
        with artifacts.fetch_model(run.id, name) as model:
            content = model.read_bytes()
        write(options.output, content)
        say(f"the network after epoch {epoch}, the one that was evaluated; open it with {_keras(run)}")
    else:
        text = {
            "script": lambda: script(run.experiment, style=options.style),
            "notebook": lambda: notebook(run, style=options.style),
            "html": lambda: page(run, entry(run.experiment.dataset).class_names),
            "csv": lambda: history_csv(run.epochs),
        }[options.form]()
        write(options.output, text.encode())
    say(f"{options.output} written")
    return 0


def _keras(run: Run) -> str:
    """Which Keras opens the files of a run; newer ones read those of older ones."""
    version = run.environment.get("keras")
    return f"Keras {version} or newer" if version else "the Keras that trained it, or a newer one"


def opened(settings: Settings) -> Store:
    """The store, with the home folder made if it is missing."""
    settings.make_home()
    return open_store(settings)
