"""A run as a Jupyter notebook: the exported script in cells, with what the run had found."""

from __future__ import annotations

import ast
import json

from core.analysis.turning_point import turning_point_of
from core.datasets.catalog import entry
from core.export.page import GENERATED, NOTHING_LEARNED
from core.models.code import Style, script
from core.run import Run
from core.sentences import counted


def notebook(run: Run, style: Style = "sequential") -> str:
    """The run's experiment as notebook text (nbformat 4.5), without outputs; its first cell tells what was found."""
    cells = [_markdown("intro", _introduction(run))]
    code = script(run.experiment, style=style)
    for number, block in enumerate(_blocks(code), start=1):
        cells.append(_code(f"code-{number}", block))
    book = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"


def _introduction(run: Run) -> str:
    lines = [f"# {run.title or run.preset or 'Experiment'}", ""]
    turn = turning_point_of(run)
    if run.epochs:
        last = run.epochs[-1]
        lines.append(
            f"Recorded run of {counted(len(run.epochs), 'epoch')}: training accuracy {last.accuracy:.4f} at the end."
        )
    if not turn.learned:
        lines.append(NOTHING_LEARNED)
    elif turn.epoch is not None:
        lines.append(
            f"The validation loss was lowest in epoch {turn.epoch} ({turn.loss.value:.4f}) and rose after it."
        )
    if run.evaluation is not None:
        lines.append(
            f"Test accuracy {run.evaluation.accuracy:.4f} on {counted(run.evaluation.samples, 'sample')}."
        )
    if entry(run.experiment.dataset).generated:
        lines.append(GENERATED)
    lines += ["", "The cells below train the same network anew with plain Keras."]
    return "\n".join(lines)


def _blocks(code: str) -> list[str]:
    """The script's paragraphs, each a cell: cut at empty lines, but never inside a statement."""
    lines = code.splitlines()
    inside = {
        number
        for statement in ast.parse(code).body
        for number in range(statement.lineno, statement.end_lineno or statement.lineno)
    }
    blocks: list[list[str]] = [[]]
    for number, line in enumerate(lines, start=1):
        if not line and number not in inside:
            blocks.append([])
        else:
            blocks[-1].append(line)
    return ["\n".join(block) for block in blocks if block]


def _markdown(name: str, text: str) -> dict[str, object]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(name: str, text: str) -> dict[str, object]:
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "source": text.splitlines(keepends=True),
        "execution_count": None,
        "outputs": [],
    }
