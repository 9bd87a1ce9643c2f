"""An experiment as a plain Keras script: the one that is shown, exported and put into notebooks.

The script needs Keras, TensorFlow and NumPy, nothing of this program, and takes the course of the run digit
for digit on the same computer: the same data recipe (`core.datasets.preparation`), the same Keras calls, the same
first weights and the same order of samples. Only where a run adds up in another order than `fit`
(`core.models.side_by_side`, `core.models.block_lstm`) the script stays plain, and says that its curves come close to
those of the run. Its parts are separated by empty lines, so that a notebook can make a cell of each. The text
stands in `templates`: what images and texts share in `script.jinja`, the rest beside it.
"""

from __future__ import annotations

from typing import Any, Literal

from markupsafe import Markup

from core.catalog import ARRAYS
from core.experiment import Experiment, MultiHotEncoding
from core.experiment.config import written
from core.models.execution import needs_ordered_sums, rounds_otherwise, uses_xla
from core.plain_text import as_title
from core.templates import render

Style = Literal["sequential", "functional"]

HISTORY_FILE = "history.json"
"""Where the script writes its curves: lists of numbers by name ("loss", "val_loss", ...), one an epoch."""


def script(experiment: Experiment, style: Style = "sequential") -> str:
    """The experiment as the text of a Python script.

    Args:
        style: How the network is written: as a list of layers, or as functions applied one after the other.
            Both give the same network with the same weights.
    """
    facts, summary = experiment.facts, experiment.summary
    parts = ["train", "test"] if experiment.split.kind == "none" else ["train", "val", "test"]
    return render(
        f"models/templates/{facts.kind}s.jinja",
        finalize=_python,
        experiment=experiment,
        facts=facts,
        split=experiment.split,
        labels=experiment.labels,
        encoding=experiment.encoding,
        style=style,
        parts=parts,
        title=f"the classes of {_harmless(facts.title)}" if facts.own else facts.task,
        used=ARRAYS[facts.kind],
        history_file=HISTORY_FILE,
        sparse=isinstance(experiment.encoding, MultiHotEncoding),
        single=summary.output_shape == (1,),
        layers=[row.call for row in summary.rows],
        ordered_sums=needs_ordered_sums(experiment),
        xla=uses_xla(experiment),
        rounded=rounds_otherwise(experiment),
    )


def _harmless(title: str) -> str:
    """A title of somebody's, so that it ends neither the line nor the string that it stands in."""
    return as_title(title).replace("\\", "/").replace('"', "'")


def _python(value: Any) -> str:
    """What a template puts in: a value as Python writes it, so that it can be nothing else; only `safe` is as it is."""
    return str(value) if isinstance(value, Markup) else written(value)
