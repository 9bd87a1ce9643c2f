"""A run as a Jupyter notebook: the exported script in cells, with what the run had found."""

from __future__ import annotations

import json
import re

from core.analysis.turning_point import turning_point
from core.models.code import script
from core.run import Run


def notebook(run: Run, style: str = "sequential") -> str:
    """The run's experiment as notebook text (nbformat 4.5), without outputs.

    Args:
        run: The run; what it found is told in the first cell.
        style: "sequential" or "functional", as for `core.models.code.script`.
    """
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
    turn = turning_point(run.epochs)
    if run.epochs:
        last = run.epochs[-1]
        lines.append(
            f"Recorded run of {len(run.epochs)} epochs: training accuracy {last.accuracy:.4f} at the end."
        )
    if turn.epoch is not None:
        lines.append(
            f"The validation loss was lowest in epoch {turn.epoch} ({turn.loss.value:.4f}) and rose after it."
        )
    if run.evaluation is not None:
        lines.append(f"Test accuracy {run.evaluation.accuracy:.4f} on {run.evaluation.samples} samples.")
    lines += ["", "The cells below train the same network anew with plain Keras."]
    return "\n".join(lines)


def _blocks(code: str) -> list[str]:
    """The script's parts between two empty lines at top level, so that nothing indented is torn apart."""
    blocks = re.split(r"\n\n+(?=\S)", code.strip())
    return [block.strip("\n") for block in blocks if block.strip()]


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
