"""The command line: the same code as the pages use, for batch work."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core import presets
from core.analysis.classification import predicted_classes
from core.analysis.comparison import differences, mcnemar, wilson
from core.analysis.turning_point import turning_point
from core.datasets import FetchProgress, availability, catalog, entry, open_dataset
from core.errors import ArtifactMissingError, PresetError, RunError, StorageError, TurningPointError
from core.experiment import Experiment
from core.experiment.link import from_link
from core.experiment.variation import WHOLE, Level, varied
from core.export import data_file, history_csv, notebook, page
from core.run import Epoch, Run, RunState
from core.settings import Settings
from core.storage import Artifacts, Store, beating, open_store
from core.training import kept

OWNER = "cli"
_MEGA = 1_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Its words; those of the process if None.

    Returns:
        0 if it did what was asked, 1 if a run did not finish, 2 if it could not be done.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    options = _parser().parse_args(arguments)
    try:
        status: int = options.command(options, Settings.from_environment())
        sys.stdout.flush()
    except TurningPointError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        # Whoever read the output has enough, as `head` does. Python must not try to write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core", description="Train and compare networks without a browser."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    listing = commands.add_parser("presets", help="list the experiments that come with the product")
    listing.set_defaults(command=_presets)

    train = commands.add_parser("train", help="train a preset or a TOML file here and store the run")
    train.add_argument("name", metavar="NAME_OR_FILE", help="a preset, or a file that ends in .toml")
    train.add_argument("--epochs", help="train for so many epochs")
    train.add_argument("--seed", help="the number behind all chance")
    train.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="change a setting: batch_size=64, optimizer=adam:0.01, layers.0.units=32; may be repeated",
    )
    train.add_argument("--title", default="", help="what to call the run")
    train.add_argument("--json", action="store_true", help="print the result as one line of JSON at the end")
    train.set_defaults(command=_train)

    data = commands.add_parser("data", help="show which data sets are here, or fetch one")
    data.set_defaults(command=_data)
    data_commands = data.add_subparsers(metavar="COMMAND")
    fetch = data_commands.add_parser("fetch", help="bring a data set onto this computer")
    fetch.add_argument("name", metavar="NAME")
    fetch.set_defaults(command=_fetch)
    save = data_commands.add_parser("save", help="write a data set to a file that exported scripts read")
    save.add_argument("name", metavar="NAME")
    save.add_argument("-o", "--output", required=True, metavar="FILE", help="for example NAME.npz")
    save.set_defaults(command=_save)

    runs = commands.add_parser("runs", help="list the stored runs, newest first")
    runs.add_argument("--limit", type=int, default=20, help="at most so many (default 20)")
    runs.set_defaults(command=_runs)

    compare = commands.add_parser("compare", help="put two runs side by side")
    compare.add_argument("first", metavar="RUN")
    compare.add_argument("second", metavar="RUN")
    compare.add_argument("--json", action="store_true", help="print the result as one line of JSON")
    compare.set_defaults(command=_compare)

    export = commands.add_parser("export", help="write a run to a file")
    export.add_argument("run", metavar="RUN")
    export.add_argument(
        "--as", dest="form", required=True, choices=("script", "notebook", "html", "model", "csv")
    )
    export.add_argument("--style", default="sequential", choices=("sequential", "functional"))
    export.add_argument("-o", "--output", required=True, metavar="FILE")
    export.set_defaults(command=_export)
    return parser


def _presets(options: argparse.Namespace, settings: Settings) -> int:
    for name in presets.NAMES:
        experiment = presets.load(name)
        layers = " > ".join(row.kind for row in experiment.trace.rows)
        print(
            f"{name:22} {experiment.dataset:14} {experiment.epochs:3} epochs  "
            f"{experiment.trace.parameters:9,} parameters  {layers}"
        )
    return 0


# train


def _train(options: argparse.Namespace, settings: Settings) -> int:
    from core.training.execute import execute  # loads Keras, which the other commands do without

    experiment = _chosen(options)
    open_dataset(experiment.dataset, settings, progress=_show_fetch)
    settings.make_home()
    store, artifacts = open_store(settings), Artifacts(settings.artifacts)
    worker = f"cli:{os.getpid()}"
    preset = "" if options.name.endswith(".toml") else options.name
    # The run begins at once: it never stands in the queue, where an engine could take it too.
    run_id = store.add(experiment, owner=OWNER, title=options.title, preset=preset, worker=worker)
    try:
        previous = signal.signal(signal.SIGINT, lambda *_: store.request_stop(run_id))
        watcher = _Watcher(store, run_id, experiment.epochs)
        watcher.start()
        try:
            with beating(store, run_id):
                execute(run_id, settings, store=store, artifacts=artifacts)
        finally:
            watcher.end()
            signal.signal(signal.SIGINT, previous)
        run = store.get(run_id)
        _say(f"{run.state}: {run.reason}")
        if run.evaluation is not None:
            _say(f"test accuracy {run.evaluation.accuracy:.4f}, test loss {run.evaluation.loss:.4f}")
        _say(f"run {run_id}")
        if options.json:
            print(json.dumps(result(run), allow_nan=False), flush=True)
        return 0 if run.state in (RunState.FINISHED, RunState.STOPPED) else 1
    finally:
        store.close()


def _chosen(options: argparse.Namespace) -> Experiment:
    experiment = presets.load_named_or_file(options.name)
    changes = [("epochs", options.epochs), ("seed", options.seed)]
    changes += [_pair(text) for text in options.set]
    for name, text in changes:
        if text is not None:
            experiment = _changed(experiment, name, text)
    return experiment


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise PresetError("set_needs_value", received=text)
    return name.strip(), value.strip()


def _changed(experiment: Experiment, name: str, text: str) -> Experiment:
    if name not in WHOLE and "." not in name:
        return from_link({name: text}, experiment)
    return varied(experiment, name, _value(text))


def _value(text: str) -> Level:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, Level) else text


class _Watcher(threading.Thread):
    """Prints what storage learns of a run, as any other viewer would see it."""

    def __init__(self, store: Store, run: str, planned: int) -> None:
        super().__init__(daemon=True)
        self._store, self._run, self._planned = store, run, planned
        self._over = threading.Event()
        self._shown = 0

    def run(self) -> None:
        while not self._over.wait(0.25):
            self._show()

    def end(self) -> None:
        """Show what is left and end."""
        self._over.set()
        self.join()
        self._show()

    def _show(self) -> None:
        for epoch in self._store.epochs_since(self._run, self._shown):
            self._shown = epoch.number
            _say(_line(epoch, self._planned))


def _line(epoch: Epoch, planned: int) -> str:
    text = f"epoch {epoch.number:3}/{planned}  loss {epoch.loss:.4f}  accuracy {epoch.accuracy:.4f}"
    if epoch.val_loss is not None and epoch.val_accuracy is not None:
        text += f"  val_loss {epoch.val_loss:.4f}  val_accuracy {epoch.val_accuracy:.4f}"
    return f"{text}  {epoch.seconds:.2f} s"


def result(run: Run) -> dict[str, Any]:
    """What `train --json` prints of a run; numbers that are not there are None."""
    turn = turning_point(run.epochs)
    names = ("loss", "accuracy", "val_loss", "val_accuracy")
    timing = run.timing
    return {
        "run": run.id,
        "state": run.state.value,
        "reason": str(run.reason),
        "experiment": run.experiment.to_dict(),
        "history": {name: [getattr(epoch, name) for epoch in run.epochs] for name in names},
        "turning_point": {
            "epoch": turn.epoch,
            "confirmed": turn.loss.confirmed,
            "lowest_epoch": turn.loss.epoch,
            "lowest_val_loss": turn.loss.value if turn.loss.epoch else None,
            "accuracy_epoch": turn.accuracy.epoch,
            "highest_val_accuracy": turn.accuracy.value if turn.accuracy.epoch else None,
        },
        "test": {"loss": run.evaluation.loss, "accuracy": run.evaluation.accuracy}
        if run.evaluation
        else None,
        "seconds": {"prepare": timing.prepare, "fit": timing.fit, "evaluate": timing.evaluate}
        if timing
        else None,
        "peak_mb": round(timing.peak_mb) if timing else None,
    }


# data


def _data(options: argparse.Namespace, settings: Settings) -> int:
    for one in catalog():
        facts = one.facts
        there = availability(facts.name, settings)
        place = {
            "bundled": "here (comes with the product)",
            "generated": "here (generated by the product)",
            "cache": "here",
            "folder": "here (in a folder, not yet prepared)",
            "none": f"not here, {one.download_bytes / _MEGA:.0f} MB to fetch",
        }[there.where]
        size = (
            f"{facts.words:,} words"
            if facts.kind == "text"
            else f"{facts.shape[0]} x {facts.shape[1]} pixels"
        )
        print(f"{facts.name:14} {facts.train_size:6,} + {facts.test_size:6,} samples  {size:14} {place}")
    return 0


def _fetch(options: argparse.Namespace, settings: Settings) -> int:
    settings.make_home()
    data = open_dataset(options.name, settings, progress=_show_fetch)
    _say(f"{options.name} is here: {len(data.y_train):,} training and {len(data.y_test):,} test samples.")
    return 0


def _save(options: argparse.Namespace, settings: Settings) -> int:
    settings.make_home()
    data = open_dataset(options.name, settings, fetch=False)
    _write(options.output, data_file(data))
    _say(f"{options.output} has {len(data.y_train):,} training and {len(data.y_test):,} test samples.")
    return 0


_shown_percent: dict[str, int] = {}


def _show_fetch(progress: FetchProgress) -> None:
    percent = 100 * progress.done_bytes // (progress.total_bytes or 1)
    if _shown_percent.get(progress.file) != percent // 10:
        _shown_percent[progress.file] = percent // 10
        _say(f"{progress.file}: {progress.done_bytes / _MEGA:.1f} of {progress.total_bytes / _MEGA:.1f} MB")


# runs, compare, export


def _runs(options: argparse.Namespace, settings: Settings) -> int:
    store = _open(settings)
    try:
        for run in store.summaries(limit=options.limit):
            test = f"test {run.test_accuracy:.4f}" if run.test_accuracy is not None else ""
            name = run.title or run.preset or run.experiment.dataset
            print(
                f"{run.id}  {run.created:%Y-%m-%d %H:%M}  {run.state:11}  {run.epochs_done:4} epochs  {name}  {test}"
            )
    finally:
        store.close()
    return 0


def _compare(options: argparse.Namespace, settings: Settings) -> int:
    store, artifacts = _open(settings), Artifacts(settings.artifacts)
    try:
        runs = (store.get(options.first), store.get(options.second))
    finally:
        store.close()
    comparison = compare(*runs, settings, artifacts)
    if options.json:
        print(json.dumps(comparison, allow_nan=False))
        return 0
    for name, side in zip(("A", "B"), comparison["runs"], strict=True):
        test = side["test_accuracy"]
        words = (
            f"test accuracy {test['share']:.4f} (95 %: {test['low']:.4f} to {test['high']:.4f})"
            if test
            else "no test result"
        )
        turn = (
            f"turning point {side['turning_point']}" if side["turning_point"] else "turning point not reached"
        )
        print(f"{name}: run {side['run']}  {side['parameters']:,} parameters  {turn}  {words}")
    for one in comparison["differences"]:
        print(f"   {one['setting']}: {one['first']} | {one['second']}")
    verdict = comparison["mcnemar"]
    if verdict:
        print(
            f"only A right: {verdict['only_first']}, only B right: {verdict['only_second']}, p = {verdict['p']:.4g}"
        )
    return 0


def compare(first: Run, second: Run, settings: Settings, artifacts: Artifacts) -> dict[str, Any]:
    """What `compare --json` prints of two runs."""
    sides = []
    for run in (first, second):
        test = None
        if run.evaluation is not None and run.evaluation.samples:
            hits = sum(row[label] for label, row in enumerate(run.evaluation.matrix))
            interval = wilson(hits, run.evaluation.samples)
            test = {"share": interval.share, "low": interval.low, "high": interval.high}
        sides.append(
            {
                "run": run.id,
                "parameters": run.experiment.trace.parameters,
                "epochs": len(run.epochs),
                "turning_point": turning_point(run.epochs).epoch,
                "best_val_loss": min(
                    (e.val_loss for e in run.epochs if e.val_loss is not None), default=None
                ),
                "test_accuracy": test,
            }
        )
    unequal = differences(first.experiment, second.experiment)
    return {
        "runs": sides,
        "differences": [{"setting": d.setting, "first": d.first, "second": d.second} for d in unequal],
        "mcnemar": _mcnemar(first, second, settings, artifacts),
    }


def _mcnemar(first: Run, second: Run, settings: Settings, artifacts: Artifacts) -> dict[str, Any] | None:
    """The test on the common test set; None if there is none."""
    if first.experiment.dataset != second.experiment.dataset or not (first.evaluation and second.evaluation):
        return None
    labels = open_dataset(first.experiment.dataset, settings, fetch=False).y_test
    try:
        right = [
            predicted_classes(artifacts.load_array(run.id, kept.TEST_PROBABILITIES)) == labels
            for run in (first, second)
        ]
    except ArtifactMissingError:
        return None
    verdict = mcnemar(*right)
    return {"only_first": verdict.only_first, "only_second": verdict.only_second, "p": verdict.p}


def _export(options: argparse.Namespace, settings: Settings) -> int:
    from core.models.code import script

    store, artifacts = _open(settings), Artifacts(settings.artifacts)
    try:
        run = store.get(options.run)
    finally:
        store.close()
    if options.form == "model":
        if not run.state.is_over:
            raise RunError("run_not_over", run=run.id, state=run.state.value)
        with artifacts.fetch_file(run.id, kept.LAST) as model:
            _write(options.output, model.read_bytes())
    else:
        text = {
            "script": lambda: script(run.experiment, style=options.style),
            "notebook": lambda: notebook(run, style=options.style),
            "html": lambda: page(run, entry(run.experiment.dataset).class_names),
            "csv": lambda: history_csv(run.epochs),
        }[options.form]()
        _write(options.output, text.encode())
    _say(f"{options.output} written")
    return 0


def _write(name: str, content: bytes) -> None:
    try:
        Path(name).write_bytes(content)
    except OSError as error:
        raise StorageError("file_unwritable", name=name, reason=error.strerror or str(error)) from error


def _open(settings: Settings) -> Store:
    settings.make_home()
    return open_store(settings)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
