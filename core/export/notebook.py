"""A run as a Jupyter notebook: the exported script in cells, with what the run had found."""

from __future__ import annotations

import ast
import html
import json
import re

from core.analysis.turning_point import turning_point_of
from core.catalog import dataset_info
from core.export.page import GENERATED, NOTE_LABELS, NOTHING_LEARNED
from core.models.code import Style, script
from core.notes import KINDS
from core.recorded import provenance
from core.run import Run
from core.sentences import counted
from core.templates import render


def notebook(run: Run, style: Style = "sequential") -> str:
    """The run's experiment as notebook text (nbformat 4.5), without outputs; its first cell tells what was found."""
    cells = [_markdown("intro", _introduction(run))]
    notes = [(NOTE_LABELS[kind], run.notes[kind]) for kind in KINDS if run.notes.get(kind)]
    if notes:
        cells.append(
            _markdown("notes", "\n\n".join(f"**{label}**\n\n{_lines(note)}" for label, note in notes))
        )
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
    return render(
        "export/notebook.md.jinja",
        run=run,
        title=_escaped(run.title or run.preset or "Experiment"),
        turn=turning_point_of(run),
        epochs=counted(len(run.epochs), "epoch") if run.epochs else "",
        samples=counted(run.evaluation.samples, "sample") if run.evaluation else "",
        provenance=provenance(run),
        nothing_learned=NOTHING_LEARNED,
        generated=GENERATED if dataset_info(run.experiment.dataset).generated else "",
    ).removesuffix("\n")


def _lines(note: str) -> str:
    """A note of somebody's as it was typed, line by line: none begins a list, a heading or code, none is a link."""
    lines = [
        _LINKED.sub(lambda sign: f"&#{ord(sign[0])};", _escaped(line.strip(" ")))
        for line in note.splitlines()
    ]
    return "  \n".join(_BEGINNING.sub(r"\1\\\2", line) or "&nbsp;" for line in lines)


#: What counts only where a line begins: quotes, lists, rules and underlines, numbered lists.
_BEGINNING = re.compile(r"^(\d*)([-+=>.)](?:\s|$|[-=]))")
#: What addresses are found by that nobody marked as links.
_LINKED = re.compile(r":(?=//)|(?<=www)\.|@", re.IGNORECASE)
#: Within a word "_" is no emphasis, and so stays as it is: names of presets are easier to read.
_SPECIAL = re.compile(r"[\\`*\[\]~$|#]|(?<![^\W_])_|_(?![^\W_])")


def _escaped(title: str) -> str:
    """A title of somebody's, so that a notebook shows it as it was typed: neither HTML, nor Markdown, nor a formula."""
    return _SPECIAL.sub(r"\\\g<0>", html.escape(title, quote=False))


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
