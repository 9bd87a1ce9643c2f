"""The files of an experiment and of a run that several pages offer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePath

from core.catalog import DatasetInfo, dataset_info
from core.datasets.own_files import gone
from core.errors import StorageError
from core.experiment import Experiment
from core.export import data_file
from core.export.notebook import notebook
from core.export.spreadsheet import comparison_csv, histories_csv, history_csv, matrix_csv, report_csv
from core.models.code import Style, script
from core.run import Run
from core.training import artifact_names
from dashboard.shared import services
from dashboard.shared.language import Language
from dashboard.shared.run_words import class_names, name_of
from dashboard.shared.take_home import Offer, file_stem

STYLES: tuple[Style, ...] = ("sequential", "functional")


def stem_of(run: Run, t: Language) -> str:
    """What the files of a run are called, without their endings."""
    return file_stem(name_of(run, t), run.id)


def script_offer(experiment: Experiment, style: Style, stem: str, t: Language, *, label: str = "") -> Offer:
    """The Keras script of an experiment."""
    return Offer(
        f"script-{style}",
        label or t("run.code.save"),
        f"{stem}.py",
        "text/x-python",
        lambda: script(experiment, style=style),
    )


def data_offer(experiment: Experiment, t: Language) -> Offer | None:
    """The file that a script on generated or own data reads, which nobody else could give; None for other data.

    Of own data that are private or gone it says so.
    """
    known = dataset_info(experiment.dataset)
    if not (known.generated or known.own):
        return None
    name, refusal = known.name, services.data_refusal(known.name)
    about = t("run.code.save_data.own" if known.own else "run.code.save_data.help", file=f"{name}.npz")
    return Offer(
        "data",
        t("run.code.save_data"),
        f"{name}.npz",
        "application/octet-stream",
        partial(data_content, known) if refusal is None else None,
        "database",
        about if refusal is None else t.error(refusal, plain=True),
    )


def data_content(known: DatasetInfo) -> bytes:
    """The archive that scripts read, of an own set the one that is kept.

    Raises:
        DataError: If this reader may not have it, or it is not here.
    """
    if not known.own:
        return data_file(services.dataset(known.name))
    refusal = services.data_refusal(known.name)
    if refusal is not None:
        raise refusal
    with services.store().data_files.fetch(known.name) as path:
        if path is None:
            raise gone(known)
        return path.read_bytes()


def notebook_offer(run: Run, t: Language) -> Offer:
    """The run as a notebook."""
    return Offer(
        "notebook",
        t("takehome.notebook"),
        f"{stem_of(run, t)}.ipynb",
        "application/x-ipynb+json",
        lambda: notebook(services.store().get(run.id)),
        "book_2",
        t("takehome.notebook.help"),
    )


def model_offer(run: Run, t: Language) -> Offer:
    """The network that was evaluated, if it is kept, whole, and may be seen."""
    artifacts, (name, epoch) = services.artifacts(), artifact_names.evaluated_checkpoint(run)
    make: Callable[[], bytes] | None = partial(artifacts.load_bytes, run.id, name)
    about = t("run.model.about", epoch=epoch, keras=run.environment.get("keras", "3"))
    try:
        if not run.state.is_over:
            make, about = None, t("takehome.not_over")
        elif run.is_covered:
            make, about = None, t("prediction.of_another")
        elif not run.epochs:
            make, about = None, t("takehome.model.none")
        else:
            with artifacts.fetch_model(run.id, name):
                pass
    except StorageError as error:
        make, about = None, t.error(error)
    return Offer(
        "model",
        t("run.model.save"),
        f"{stem_of(run, t)}.keras",
        "application/octet-stream",
        make,
        "neurology",
        about,
    )


def table_offers(run: Run, t: Language) -> list[Offer]:
    """Its tables for a spreadsheet."""
    stem, found = stem_of(run, t), [epochs_offer(run, t)]
    evaluation = run.evaluation
    if evaluation is not None:
        names = class_names(run.experiment.dataset, t)
        tables: dict[str, Callable[[], str]] = {
            "matrix": partial(matrix_csv, evaluation.matrix, names),
            "report": partial(report_csv, evaluation.matrix, names),
        }
        found += [
            Offer(name, t(f"takehome.csv.{name}"), f"{stem}-{name}.csv", "text/csv", make, "table")
            for name, make in tables.items()
        ]
    return found


def epochs_offer(run: Run, t: Language, *, label: str = "") -> Offer:
    """What was recorded of each epoch."""
    return Offer(
        "epochs",
        label or t("takehome.csv.epochs"),
        f"{stem_of(run, t)}-epochs.csv",
        "text/csv",
        partial(history_csv, run.epochs),
        "table",
    )


# Files of several runs

Read = Callable[[], Sequence[Run]]
"""Gives the runs as far as they may be seen when a file is made."""


def table_offer(read: Read, t: Language, *, label: str = "") -> Offer:
    """The settings that differ and the results, one line a run."""
    return Offer(
        "table",
        label or t("compare.table"),
        "comparison.csv",
        "text/csv",
        lambda: comparison_csv(read()),
        "table",
    )


def curves_offer(read: Read, stem: str, t: Language) -> Offer:
    """Every epoch of every run."""
    return Offer(
        "curves",
        t("takehome.csv.epochs"),
        f"{stem}-epochs.csv",
        "text/csv",
        lambda: histories_csv(read()),
        "table",
    )


def archive_offer(runs: Mapping[str, str], read: Read, stem: str, t: Language) -> Offer:
    """Runs, by what their folders begin with, as one archive."""
    return Offer(
        "archive",
        t("takehome.archive"),
        f"{stem}.zip",
        "application/zip",
        partial(_archive, dict(runs), read, t),
        "folder_zip",
        t("takehome.archive.help"),
    )


def _archive(named: Mapping[str, str], read: Read, t: Language) -> bytes:
    """The scripts, notebooks and tables of runs, a folder each, and the table of them all."""
    runs = {run.id: run for run in read()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("comparison.csv", comparison_csv(list(runs.values())))
        for name, run in ((name, runs[one]) for name, one in named.items() if one in runs):
            offers = [script_offer(run.experiment, style, stem_of(run, t), t) for style in STYLES]
            offers += [
                replace(notebook_offer(run, t), make=partial(notebook, run)),
                *(table_offers(run, t) if run.epochs else []),
            ]
            data = data_offer(run.experiment, t)
            for offer in [*offers, *([data] if data else [])]:
                if offer.make is not None:
                    # Short, for some systems take no long paths; a script reads its data by their own name.
                    called = offer.name if offer is data else f"{offer.key}{PurePath(offer.name).suffix}"
                    file.writestr(f"{name}-{stem_of(run, t)}/{called}", offer.make())
    return stream.getvalue()
